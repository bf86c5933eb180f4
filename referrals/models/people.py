"""Who a contact is about: children (each counted), adults, how they are related, and what the family agreed to."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from mash_portal.accounts.models import Agency
from referrals.vocabulary import NFA, Outcome

from .contact import Contact
from .sounding import BirthYearField, SoundField


class Person(models.Model):
    """A child known across contacts. It holds nothing about them: every fact is on the contact that reported it."""

    external_reference = models.CharField(max_length=60, null=True, blank=True, unique=True)

    def __str__(self) -> str:
        return f"Person {self.pk}"


def could_come_back(within: timedelta, now: datetime) -> Q:
    """Closed with no further action so long ago, and known across contacts: of these it is said how many came back."""
    return Q(outcome__in=sorted(NFA), person__isnull=False, decided_at__lte=now - within)


class ChildQuerySet(models.QuerySet["Child"]):
    def counted(self, starts: datetime, ends: datetime) -> Self:
        """What figures and returns call contacts: every child who was referred from `starts` until before `ends`."""
        return self.filter(in_scope=True, received_at__gte=starts, received_at__lt=ends)

    def earlier_than(self, contact: Contact) -> Self:
        """Every earlier contact about the children of this one, newest first."""
        people = contact.children.exclude(person=None).values("person")
        return (
            self.filter(person__in=people, received_at__lt=contact.received_at)
            .exclude(contact=contact)
            .select_related("contact__agency")
            .order_by("-received_at")
        )

    def by_person(self, contact: Contact) -> dict[int | None, list["Child"]]:
        """Earlier contacts about each child of this one, by the person they are known as. One query."""
        found: dict[int | None, list[Child]] = {}
        for row in self.earlier_than(contact):
            found.setdefault(row.person_id, []).append(row)
        return found


class Child(models.Model):
    """One child in one contact: the row that every return and every rate counts.

    received_at, source, agency and the decided_… columns repeat the contact and its decision, so that the
    dashboard reads one covering index (design/performance.md); they are written by the same actions.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="children")
    # child_history begins with the person: an index of the key alone would be written for nothing
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="appearances", db_index=False
    )
    key = models.CharField(max_length=40, blank=True, help_text="The child's key within the form.")
    given_names = models.CharField(max_length=120, blank=True)
    family_name = models.CharField(max_length=120, blank=True)
    date_of_birth = models.DateField(null=True, blank=True)
    expected_date = models.DateField(null=True, blank=True)
    estimated_age = models.PositiveSmallIntegerField(null=True, blank=True)
    sex = models.CharField(max_length=1, blank=True)
    ethnicity = models.CharField(max_length=4, blank=True)
    nhs_number = models.CharField(max_length=10, blank=True)
    upn = models.CharField(max_length=13, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    family_sound = SoundField(of="family_name")
    given_sound = SoundField(of="given_names")
    birth_year = BirthYearField()
    is_disabled = models.BooleanField(default=False)
    in_scope = models.BooleanField(default=True, help_text="False: named as a brother or sister only, not referred.")

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=2)
    received_at = models.DateTimeField()
    level_believed = models.PositiveSmallIntegerField(null=True, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices(), blank=True)
    level_decided = models.PositiveSmallIntegerField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ChildQuerySet] = ChildQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("id",)
        verbose_name_plural = "children"
        indexes = (
            # the dashboard: everything it counts, without touching the table
            models.Index(
                fields=("received_at",),
                include=(
                    "agency",
                    "source",
                    "outcome",
                    "decided_at",
                    "in_scope",
                    "level_believed",
                    "level_decided",
                    "contact",  # which of them are restricted
                ),
                name="child_counted",
            ),
            models.Index(fields=("person", "-received_at"), name="child_history"),
            # is this child known? each is one of the ways in which known.py finds candidates
            models.Index(fields=("nhs_number",), name="child_by_nhs_number", condition=~Q(nhs_number="")),
            models.Index(fields=("upn",), name="child_by_upn", condition=~Q(upn="")),
            models.Index(fields=("date_of_birth", "family_sound"), name="child_by_birth_and_family"),
            models.Index(fields=("date_of_birth", "given_sound"), name="child_by_birth_and_given"),
            models.Index(fields=("family_sound", "given_sound", "birth_year"), name="child_by_names_and_year"),
            models.Index(fields=("postcode", "given_sound"), name="child_by_postcode", condition=~Q(postcode="")),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(date_of_birth__isnull=True) | Q(expected_date__isnull=True), name="born_or_expected"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_unborn(self) -> bool:
        return self.expected_date is not None

    @property
    def name(self) -> str:
        if self.is_unborn and not self.given_names:
            return f"Unborn baby {self.family_name}".strip()
        return f"{self.given_names} {self.family_name}".strip() or "Name not known"

    @property
    def was_nfa(self) -> bool:
        return self.outcome in NFA


class Adult(models.Model):
    """A parent, carer or other person of the household, or an alleged source of risk."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="adults")
    given_names = models.CharField(max_length=120, blank=True)
    family_name = models.CharField(max_length=120, blank=True)
    date_of_birth = models.DateField(null=True, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    in_household = models.BooleanField(null=True)
    is_source_of_risk = models.BooleanField(default=False)

    class Meta:
        ordering = ("id",)
        # who else has this adult been named with? (the first look reads the history of every adult)
        indexes = (models.Index("date_of_birth", Upper("family_name"), name="adult_by_birth_and_family"),)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.given_names} {self.family_name}".strip() or "Name not known"


class Relationship(models.Model):
    """What an adult is to one child: said per child, because it differs within a family."""

    adult = models.ForeignKey(Adult, on_delete=models.CASCADE, related_name="relationships")
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="relationships")
    relationship = models.CharField(max_length=60, blank=True)
    has_parental_responsibility = models.BooleanField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("adult", "child"), name="one_relationship_per_pair"),)

    def __str__(self) -> str:
        return self.relationship


class Consent(models.Model):
    """Three separate things (front-door.md 3.1, section 4): was the family told, did they agree, and if not why."""

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="consent")
    family_informed = models.BooleanField(null=True)
    not_informed_reason = models.CharField(max_length=60, blank=True)
    agreement_given = models.BooleanField(null=True)
    agreement_by = models.CharField(max_length=120, blank=True)
    agreement_covers = models.TextField(blank=True)
    no_agreement_reason = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return "agreed" if self.agreement_given else "not agreed"
