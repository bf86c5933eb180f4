"""Promises with a time in them, and what the portal does when one is at risk or broken."""

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from mash_portal.accounts.models import Agency
from referrals.vocabulary import Clock

from .contact import Contact


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def live(self) -> Self:
        return self.filter(met_at=None, cancelled_at=None)


class Deadline(models.Model):
    """One running clock. due_at is computed once, from receipt, under the rule kept beside it."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="deadlines")
    clock = models.CharField(max_length=24, choices=Clock.choices())
    about = models.CharField(max_length=30, blank=True, help_text="Which check, discussion or hand-over; else empty.")
    agency = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who owes it, where that is another agency than the referrer's.",
    )
    rule = models.JSONField(help_text="The partnership's rule as it was when the clock opened.")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True, help_text="Replaced by a new one, or no longer owed.")
    rebased_because = models.TextField(blank=True, help_text="Why it was computed again under a newer rule.")

    objects: ClassVar[DeadlineQuerySet] = DeadlineQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("due_at", "id")
        constraints = (
            # G4: an open contact has exactly one live clock of a kind about one thing
            models.UniqueConstraint(
                fields=("contact", "clock", "about"),
                condition=Q(met_at__isnull=True, cancelled_at__isnull=True),
                name="one_live_deadline_of_a_kind",
            ),
            models.CheckConstraint(condition=Q(due_at__gt=F("opened_at")), name="due_after_opening"),
        )

    def __str__(self) -> str:
        return f"{self.clock} due {self.due_at:%Y-%m-%d %H:%M}"


class EscalationQuerySet(models.QuerySet["Escalation"]):
    def due(self, now: datetime) -> Self:
        """Steps whose time has come. Served by the partial index escalation_due."""
        return self.filter(fired_at=None, cancelled_at=None, due_at__lte=now).order_by("due_at", "id")

    def fired(self) -> Self:
        return self.filter(fired_at__isnull=False)

    def unacknowledged(self) -> Self:
        return self.fired().filter(acknowledged_at=None)

    def after(self, due_at: datetime | F, pk: int | F) -> Self:
        """Steps later than the one of that time and number: of two at one minute, the one that was armed second."""
        return self.filter(Q(due_at__gt=due_at) | Q(due_at=due_at, pk__gt=pk))

    def up_to(self, due_at: datetime, pk: int) -> Self:
        """That step, and those before it."""
        return self.filter(Q(due_at__lt=due_at) | Q(due_at=due_at, pk__lte=pk))


class Escalation(models.Model):
    """One step of a deadline’s ladder: armed as the clock opens, fired once by the sweep, acknowledged by a person."""

    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, related_name="escalations")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="escalations")
    step = models.CharField(max_length=30, help_text="The ladder step's key; a repeating step is numbered.")
    label = models.CharField(max_length=120)
    due_at = models.DateTimeField()
    roles = ArrayField(models.CharField(max_length=20), help_text="Whom it is for; 'owner' is who holds the contact.")
    only_if_unclaimed = models.BooleanField(default=False)
    repeats_every_hours = models.FloatField(default=0, help_text="0: fires once.")
    fired_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    goes_up_minutes = models.PositiveIntegerField(
        null=True, blank=True, help_text="How long it waits to be acknowledged; empty: as long as the partnership says."
    )
    told = models.ManyToManyField(settings.AUTH_USER_MODEL, through="Telling", related_name="escalations", blank=True)
    goes_up_at = models.DateTimeField(
        null=True, blank=True, help_text="Not acknowledged by then: it is told to the next person up."
    )
    went_up_at = models.DateTimeField(null=True, blank=True, help_text="When it last went up.")
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[EscalationQuerySet] = EscalationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("due_at", "id")
        indexes = (
            # the sweep: armed steps by time; as small as the open work
            models.Index(fields=("due_at", "id"), name="escalation_due", condition=Q(fired_at=None, cancelled_at=None)),
            # what nobody has acknowledged, by when it goes up
            models.Index(
                fields=("goes_up_at",),
                name="escalation_goes_up",
                condition=Q(fired_at__isnull=False, acknowledged_at=None, goes_up_at__isnull=False),
            ),
            # the board: fired and not yet acknowledged
            models.Index(
                fields=("-fired_at",),
                name="escalation_board",
                condition=Q(fired_at__isnull=False, acknowledged_at=None),
            ),
        )
        constraints = (models.UniqueConstraint(fields=("deadline", "step"), name="a_step_fires_once"),)

    def __str__(self) -> str:
        return f"{self.step} of {self.deadline_id}"


class Telling(models.Model):
    """Who was told of a step, and when: as it fired, or as it went up to them."""

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="tellings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(null=True, blank=True, help_text="Empty for what was told before this was kept.")

    class Meta:
        db_table = "referrals_escalation_told"
        unique_together = (("escalation", "user"),)
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.user_id} told of {self.escalation_id}"
