"""The matrix of need by version: levels, factors, domains and indicators. A published version never changes.

The database refuses it too (migration 0002): once a matrix is no draft, its rows take no insert, update or delete,
and the matrix itself can only go from published to superseded.
"""

from collections.abc import Iterable
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQueryField, SearchVectorField
from django.db import models

from . import matrix as rules
from .groups import LevelGroup, grouped


class MatrixQuerySet(models.QuerySet["Matrix"]):
    def current(self) -> "Matrix":
        """The one published matrix. A migrated database always has it."""
        return self.get(status=Matrix.Status.PUBLISHED)


class Matrix(models.Model):
    """One version of a partnership's threshold guidance. `published_by` is empty for the one the portal ships with."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        SUPERSEDED = "superseded", "Superseded"

    code = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)
    version = models.PositiveIntegerField(unique=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.DRAFT)
    effective_from = models.DateField()
    source = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = MatrixQuerySet.as_manager()

    class Meta:
        ordering = ("-version",)
        verbose_name_plural = "matrices"
        constraints: ClassVar = [
            models.UniqueConstraint("status", condition=models.Q(status="published"), name="one_published_matrix"),
            models.CheckConstraint(
                condition=models.Q(status="draft", published_at__isnull=True)
                | (~models.Q(status="draft") & models.Q(published_at__isnull=False)),
                name="published_matrix_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"

    def ruler(self) -> rules.Ruler:
        """What the rules need of this version, in two queries."""
        return rules.Ruler(
            levels=tuple(level.as_rule() for level in self.levels.all()),
            indicators=tuple(indicator.as_rule() for indicator in self.indicators.with_places()),
        )

    def suggest(
        self, codes: Iterable[str], *, care_profile_grade: int | None = None, dvrim_scale: int | None = None
    ) -> rules.Suggestion:
        """The level that evidence for these codes points to; `matrix.UnknownCodes` names codes this version lacks."""
        ruler = self.ruler()
        return rules.suggest(
            ruler.pick(codes), care_profile_grade=care_profile_grade, dvrim_scale=dvrim_scale, ruler=ruler
        )

    def grouped(self) -> list[LevelGroup]:
        """For pages: level → factor → domain → indicators, in two queries; places without an indicator are left out."""
        return grouped(self.levels.all(), self.indicators.with_places())


class Level(models.Model):
    """A level of need, what meets it, and what agreement it takes."""

    class ConsentRule(models.TextChoices):
        AGENCY = "agency", "Each agency’s own arrangements"
        REQUIRED = "required", "Agreement is required"
        UNLESS_HARM = "required_unless_significant_harm", "Agreement is required unless seeking it risks harm"

    matrix = models.ForeignKey(Matrix, on_delete=models.CASCADE, related_name="levels")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    need = models.TextField()
    care_profile_grades = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    care_profile = models.TextField(blank=True)
    neglect = models.CharField(max_length=60, blank=True)
    assessment = models.TextField()
    intervention = models.TextField()
    consent_rule = models.CharField(max_length=40, choices=ConsentRule.choices)
    consent = models.TextField()

    class Meta:
        ordering = ("number",)
        constraints: ClassVar = [models.UniqueConstraint("matrix", "number", name="one_level_of_a_number")]

    def __str__(self) -> str:
        return f"Level {self.number}: {self.name}"

    def as_rule(self) -> rules.Level:
        return rules.Level(self.number, tuple(self.care_profile_grades))


class Factor(models.Model):
    """One side of the assessment triangle."""

    matrix = models.ForeignKey(Matrix, on_delete=models.CASCADE, related_name="factors")
    code = models.SlugField(max_length=30)
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("position",)
        constraints: ClassVar = [models.UniqueConstraint("matrix", "code", name="one_factor_of_a_code")]

    def __str__(self) -> str:
        return self.name


class Domain(models.Model):
    """A field of the child's life within a factor."""

    factor = models.ForeignKey(Factor, on_delete=models.CASCADE, related_name="domains")
    code = models.CharField(max_length=10)
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("position",)
        constraints: ClassVar = [models.UniqueConstraint("factor", "code", name="one_domain_of_a_code")]

    def __str__(self) -> str:
        return self.name


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def with_places(self) -> "IndicatorQuerySet":
        """With level, domain and factor, in the same query."""
        return self.select_related("level", "domain__factor")

    def by_code(self, codes: Iterable[str]) -> "IndicatorQuerySet":
        """Those of these codes, in the order of the matrix. A code it lacks is left out; `Matrix.suggest` refuses."""
        return self.with_places().filter(code__in=list(codes))


class Indicator(models.Model):
    """An example of need at one level. `code` is stable across versions; `position` is its order in the matrix."""

    matrix = models.ForeignKey(Matrix, on_delete=models.CASCADE, related_name="indicators")
    level = models.ForeignKey(Level, on_delete=models.CASCADE, related_name="indicators")
    domain = models.ForeignKey(Domain, on_delete=models.CASCADE, related_name="indicators")
    code = models.CharField(max_length=20)
    text = models.TextField()
    alerts = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    dv_scales = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    position = models.PositiveSmallIntegerField()

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        ordering = ("position",)
        constraints: ClassVar = [models.UniqueConstraint("matrix", "code", name="one_indicator_of_a_code")]

    def __str__(self) -> str:
        return f"{self.text} ({self.code})"

    def as_rule(self) -> rules.Indicator:
        return rules.Indicator(self.code, self.text, self.level.number, tuple(self.alerts), tuple(self.dv_scales))


class EverydaySynonym(models.Model):
    """One word of a group of the thesaurus (words/thesaurus.yaml). `head` is the stem of its first word."""

    group = models.CharField(max_length=40)
    wider = models.CharField(max_length=40, blank=True)
    mood = models.CharField(max_length=10, blank=True)
    words = models.CharField(max_length=120)
    pattern = SearchQueryField()
    head = models.CharField(max_length=120)

    class Meta:
        indexes = (models.Index(fields=("head",), name="synonym_by_first_word"),)
        constraints: ClassVar = [models.UniqueConstraint(fields=("group", "words"), name="one_synonym_in_a_group")]

    def __str__(self) -> str:
        return f"{self.words} ({self.group})"


class EverydayWord(models.Model):
    """A word that some phrase or group has, as it is spelt: what a misspelt one is compared with."""

    word = models.CharField(max_length=120, unique=True)
    lexeme = models.CharField(max_length=120)

    class Meta:
        indexes = (
            GinIndex(fields=("word",), opclasses=["gin_trgm_ops"], name="everyday_word_alike"),
            models.Index(fields=("lexeme",), name="everyday_word_by_stem"),
        )

    def __str__(self) -> str:
        return self.word


class EverydayTerm(models.Model):
    """How much a stem, or a group of the thesaurus ("=mother"), says about an indicator of one matrix."""

    matrix = models.ForeignKey(Matrix, on_delete=models.CASCADE, related_name="+")
    term = models.CharField(max_length=120)
    weight = models.FloatField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("matrix", "term"), name="one_weight_of_a_term")]

    def __str__(self) -> str:
        return self.term


class EverydayPhrase(models.Model):
    """What people say for an indicator. It stands beside the frozen indicator, so that words can grow after it."""

    matrix = models.ForeignKey(Matrix, on_delete=models.CASCADE, related_name="+")
    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="everyday_phrases")
    phrase = models.TextField()
    vector = SearchVectorField()
    size = models.FloatField()

    class Meta:
        indexes = (GinIndex(fields=("vector",), name="everyday_phrase_by_words"),)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("indicator", "phrase"), name="one_phrase_of_an_indicator")
        ]

    def __str__(self) -> str:
        return self.phrase
