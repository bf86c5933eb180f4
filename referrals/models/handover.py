"""After the decision: who takes each child over, and what the case management system is sent."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from mash_portal.accounts.models import Agency
from referrals.vocabulary import HANDED_OVER, Outcome

from .contact import Contact
from .decision import Decision
from .people import Child


class Referral(models.Model):
    """A contact that became a referral, per child: the row of return list 3. It points at its contact; nothing guesses.

    Made when a decision with an outcome of REFERRAL is signed off. A later decision without one ends it; it stays.
    """

    child = models.OneToOneField(Child, on_delete=models.CASCADE, related_name="referral")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="referrals")
    outcome = models.CharField(max_length=20, choices=Outcome.choices())
    referred_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, help_text="A later decision took it back.")
    need = models.CharField(
        max_length=2, blank=True, default="", db_default="", help_text="National primary need code, for the census."
    )

    class Meta:
        indexes = (models.Index(fields=("referred_at",), name="referrals_by_day"),)

    def __str__(self) -> str:
        return f"Referral of {self.child_id}"


class HandoverQuerySet(models.QuerySet["Handover"]):
    def waiting(self) -> Self:
        return self.filter(accepted_at=None, declined_at=None, ended_at=None)

    def in_hand(self) -> Self:
        """On offer or accepted: what its team sees the contact for."""
        return self.filter(declined_at=None, ended_at=None)

    def of_team(self, agency_id: int | None) -> Self:
        """Nothing for a person without a team; what has no team yet belongs to nobody's."""
        return self.filter(team=agency_id) if agency_id is not None else self.none()


class Handover(models.Model):
    """One child offered to one team: accepted, or sent back with the reason. Its clock is about `handover:<id>`."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="handovers")
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="handovers")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="handovers")
    outcome = models.CharField(max_length=20, choices=[(one.value, one.label) for one in Outcome if one in HANDED_OVER])
    team = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="handovers")
    note = models.TextField(blank=True)
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    due_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    accepted_for = models.CharField(
        max_length=120, blank=True, help_text="Who accepted, where the hub writes it down for a team without accounts."
    )
    declined_at = models.DateTimeField(null=True, blank=True)
    declined_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    declined_because = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Offered elsewhere, or the decision was changed.")

    objects: ClassVar[HandoverQuerySet] = HandoverQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("due_at", "id")
        indexes = (models.Index(fields=("team", "-offered_at"), name="handovers_of_team"),)
        constraints = (
            models.UniqueConstraint(
                fields=("child", "outcome"),
                condition=Q(accepted_at__isnull=True, declined_at__isnull=True, ended_at__isnull=True),
                name="one_handover_waiting",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(declined_at__isnull=True), name="accepted_or_sent_back"
            ),
            models.CheckConstraint(
                condition=Q(declined_at__isnull=True) | ~Q(declined_because=""), name="sent_back_with_a_reason"
            ),
        )

    def __str__(self) -> str:
        return f"Handover of {self.child_id}"

    @property
    def about(self) -> str:
        """What its deadline is about, among the deadlines of the contact."""
        return f"handover:{self.pk}"

    @property
    def is_waiting(self) -> bool:
        return self.accepted_at is None and self.declined_at is None and self.ended_at is None

    @property
    def as_outcome(self) -> Outcome:
        return Outcome(self.outcome)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def failed(self) -> Self:
        return self.filter(failed_at__isnull=False)


class Delivery(models.Model):
    """A contact to be posted to the case management system: a row with its reference, written in the transaction.

    What is sent is built when it is sent, through the same export; no child's data waits here.
    """

    key = models.CharField(max_length=80, unique=True, help_text="One decision is delivered once.")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="deliveries")
    created_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)

    objects: ClassVar[DeliveryQuerySet] = DeliveryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-created_at", "-id")
        verbose_name_plural = "deliveries"
        indexes = (
            models.Index(
                fields=("next_attempt_at", "id"), name="delivery_waiting", condition=Q(sent_at=None, failed_at=None)
            ),
        )

    def __str__(self) -> str:
        return self.key
