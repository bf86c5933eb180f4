"""How urgent it is, and where it stands against the matrix: the referrer's view and the hub's, side by side."""

from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from referrals.vocabulary import GridCell, Rag
from thresholds.models import Indicator, Matrix

from .contact import Contact


class Rating(models.Model):
    """Each time a priority is set, with the reason and what it did to the due time."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="ratings")
    rag = models.CharField(max_length=5, choices=Rag.choices())
    reason = models.TextField()
    due_before = models.DateTimeField()
    due_after = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return self.rag


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def latest_of(self, contact: Contact, side: str) -> "Assessment | None":
        return (
            self.filter(contact=contact, side=side)
            .select_related("by", "matrix")
            .prefetch_related("findings__indicator__level", "findings__indicator__domain__factor")
            .order_by("-at", "-id")
            .first()
        )

    def by_the_hub(self, contact: Contact) -> Self:
        return self.filter(contact=contact, side=Assessment.HUB)


class Assessment(models.Model):
    """Two records against one published matrix (front-door.md 3.4). The rules suggest a level; a person decides."""

    REFERRER = "referrer"
    HUB = "hub"

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="assessments")
    side = models.CharField(max_length=8, choices=[(REFERRER, "Referrer"), (HUB, "MASH")])
    matrix = models.ForeignKey(Matrix, on_delete=models.PROTECT, related_name="+")
    suggested_level = models.PositiveSmallIntegerField(null=True)
    alerts = ArrayField(models.CharField(max_length=12), default=list)
    because = models.JSONField(default=list, help_text="Sentences that say why the rules suggest this level.")
    level = models.PositiveSmallIntegerField()
    rationale = models.TextField(blank=True)
    care_profile_grade = models.PositiveSmallIntegerField(null=True)
    dvrim_scale = models.PositiveSmallIntegerField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects: ClassVar[AssessmentQuerySet] = AssessmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=("contact", "side", "-at"), name="latest_assessment"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(level__range=(1, 4)), name="level_one_to_four"),
            models.CheckConstraint(
                condition=models.Q(side="referrer")
                | models.Q(level=models.F("suggested_level"))
                | ~models.Q(rationale=""),
                name="another_level_needs_a_rationale",
            ),
        )

    def __str__(self) -> str:
        return f"{self.side}: level {self.level}"

    @property
    def has_harm_alert(self) -> bool:
        return "harm" in self.alerts


class Finding(models.Model):
    """One indicator of an assessment: is it evidenced, and by what."""

    EVIDENCED = "evidenced"
    NOT_EVIDENCED = "not_evidenced"
    REFUTED = "refuted"

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="findings")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")
    finding = models.CharField(
        max_length=13,
        choices=[(EVIDENCED, "Evidenced"), (NOT_EVIDENCED, "Not evidenced"), (REFUTED, "Refuted")],
        default=EVIDENCED,
    )
    evidence = models.TextField(blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("assessment", "indicator"), name="an_indicator_once"),)

    def __str__(self) -> str:
        return f"{self.indicator}: {self.finding}"


class GridEntry(models.Model):
    """One thought in one cell of the discrepancy or the resilience grid, kept with the assessment it belongs to."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="grid")
    cell = models.CharField(max_length=13, choices=GridCell.choices())
    text = models.TextField()

    class Meta:
        ordering = ("id",)
        verbose_name_plural = "grid entries"

    def __str__(self) -> str:
        return GridCell(self.cell).label
