"""Professional disagreement (front-door.md 3.7): every one a row, every stage on a clock, none forgotten."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from referrals.vocabulary import DisagreementResult, Ground

from .contact import Contact
from .decision import Decision


class DisagreementQuerySet(models.QuerySet["Disagreement"]):
    def open(self) -> Self:
        return self.filter(ended_at=None)


class Disagreement(models.Model):
    """A referrer, or their safeguarding lead, thinks that a decision leaves a child at risk.

    It rewinds nothing: the decision stands until a new one supersedes it, signed off like any other.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="disagreements")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="disagreements")
    ground = models.CharField(max_length=24, choices=Ground.choices())
    why = models.TextField()
    wanted = models.TextField()
    safety_plan = models.TextField(help_text="What keeps the child safe until it is settled.")
    in_danger = models.BooleanField(
        default=False, help_text="A child is at immediate risk: it started at a later stage."
    )
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="disagreements")
    raised_at = models.DateTimeField()
    stage = models.PositiveSmallIntegerField()
    ended_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(max_length=10, choices=DisagreementResult.choices(), blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_because = models.TextField(blank=True)
    new_decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Where it was changed."
    )

    objects: ClassVar[DisagreementQuerySet] = DisagreementQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-raised_at", "-id")
        indexes = (models.Index(fields=("-raised_at",), name="disagreements_newest_first"),)
        constraints = (
            models.CheckConstraint(condition=Q(stage__range=(1, 4)), name="stage_one_to_four"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | (~Q(result="") & ~Q(settled_because="")),
                name="a_disagreement_ends_with_a_result",
            ),
            models.UniqueConstraint(
                fields=("contact",), condition=Q(ended_at__isnull=True), name="one_disagreement_open"
            ),
        )

    def __str__(self) -> str:
        return f"Disagreement on {self.contact_id}"


class DisagreementStage(models.Model):
    """One stage: who answers on each side, by when, what was said. Its clock is about `disagreement:<id>`."""

    disagreement = models.ForeignKey(Disagreement, on_delete=models.CASCADE, related_name="stages")
    number = models.PositiveSmallIntegerField()
    hub_responder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="responds_to"
    )
    agency_responder = models.CharField(
        max_length=120, blank=True, help_text="Who speaks for the agency at this stage."
    )
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True, blank=True, help_text="When the two sides met or spoke.")
    who_met = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    moved_on_at = models.DateTimeField(null=True, blank=True, help_text="The agency took it to the next stage.")
    moved_on_because = models.TextField(blank=True)

    class Meta:
        ordering = ("number", "id")
        constraints = (
            models.UniqueConstraint(fields=("disagreement", "number"), name="a_stage_once"),
            models.CheckConstraint(condition=Q(due_at__gt=F("started_at")), name="stage_due_after_it_starts"),
        )

    def __str__(self) -> str:
        return f"Stage {self.number} of {self.disagreement_id}"

    @property
    def about(self) -> str:
        """What its deadline is about, among the deadlines of the contact."""
        return f"disagreement:{self.disagreement_id}"
