"""What was decided for each child, why, by whom, and who signed it off."""

from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from referrals.vocabulary import Outcome

from .contact import Contact
from .people import Child


class DecisionQuerySet(models.QuerySet["Decision"]):
    def latest_of(self, contact: Contact) -> "Decision | None":
        return (
            self.filter(contact=contact)
            .select_related("recommended_by", "signed_off_by", "sent_back_by")
            .prefetch_related("outcomes__child", "actions")
            .order_by("-id")
            .first()
        )

    def signed_off(self, contact: Contact) -> "Decision":
        """The decision in force: the last one that was signed off. A decided contact always has one."""
        return self.filter(contact=contact, signed_off_at__isnull=False).latest("id")


class Decision(models.Model):
    """A management decision record: recommended, then signed off or sent back. A later one supersedes it.

    Four eyes is law here, not courtesy: the database refuses a row signed off by the person who recommended it.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="decisions")
    on_version = models.PositiveIntegerField(help_text="The contact's version that this recommendation is about.")
    facts = models.TextField()
    risk_analysis = models.TextField()
    childs_voice = models.TextField()
    rationale = models.TextField()
    why_no_strategy = models.TextField(blank=True)
    advice = models.TextField(blank=True)
    advice_service = models.CharField(
        max_length=200, blank=True, default="", db_default="", help_text="Which service the referrer should try."
    )
    advice_level = models.PositiveSmallIntegerField(null=True, blank=True)
    agreement_obtained = models.TextField(blank=True, help_text="Who agreed to support, and when, if the hub asked.")
    strategy_invited = models.TextField(blank=True, help_text="Police and health; who is absent and why.")
    side_routes = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    recommended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="recommended")
    recommended_at = models.DateTimeField()
    why_nfa_still_right = models.TextField(blank=True, help_text="The manager's words where history argues against.")
    signed_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="signed_off"
    )
    signed_off_at = models.DateTimeField(null=True, blank=True)
    sent_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sent_back_at = models.DateTimeField(null=True, blank=True)
    sent_back_reason = models.TextField(blank=True)
    is_imported = models.BooleanField(default=False, help_text="From an earlier system, which kept no names.")

    objects: ClassVar[DecisionQuerySet] = DecisionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("contact", "-id"), name="latest_decision"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(signed_off_by__isnull=True) | ~Q(signed_off_by=F("recommended_by")), name="four_eyes"
            ),
            models.CheckConstraint(
                condition=Q(signed_off_at__isnull=True) | Q(signed_off_by__isnull=False) | Q(is_imported=True),
                name="signed_off_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(signed_off_at__isnull=True) | Q(sent_back_at__isnull=True), name="signed_off_or_sent_back"
            ),
            models.UniqueConstraint(
                fields=("contact",),
                condition=Q(signed_off_at__isnull=True, sent_back_at__isnull=True),
                name="one_recommendation_waiting",
            ),
        )

    def __str__(self) -> str:
        return f"Decision on {self.contact}"

    @property
    def is_waiting(self) -> bool:
        return self.signed_off_at is None and self.sent_back_at is None


class ChildOutcome(models.Model):
    """Several outcomes may apply to one child; the level is the one decided for that child."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="outcomes")
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="outcomes")
    outcome = models.CharField(max_length=20, choices=Outcome.choices())
    level = models.PositiveSmallIntegerField()
    need = models.CharField(
        max_length=2, blank=True, default="", db_default="", help_text="National primary need code, of a referral."
    )

    class Meta:
        ordering = ("child_id", "id")
        constraints = (
            models.UniqueConstraint(fields=("decision", "child", "outcome"), name="an_outcome_once_per_child"),
            # "returned for information" is a state, and no outcome
            models.CheckConstraint(
                condition=Q(outcome__in=[one.value for one in Outcome]), name="an_outcome_of_the_list"
            ),
        )

    def __str__(self) -> str:
        return Outcome(self.outcome).label


class RecommendationDraft(models.Model):
    """A recommendation that is being written. One for a contact: whoever holds it next goes on from there.

    `answers` is what the pages' forms were given, right or wrong. Sending the recommendation ends it.
    """

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="recommendation_draft")
    answers = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Recommendation on {self.contact_id}, not sent yet"


class Action(models.Model):
    """What somebody will do, and by when."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="actions")
    what = models.TextField()
    owner = models.CharField(max_length=120)
    due = models.DateField()

    class Meta:
        ordering = ("due", "id")

    def __str__(self) -> str:
        return self.what


class EmergencyActQuerySet(models.QuerySet["EmergencyAct"]):
    def to_confirm(self) -> Self:
        """No manager has looked at it yet."""
        return self.filter(confirmed_at=None)

    def with_people(self) -> Self:
        return self.select_related("by", "confirmed_by").prefetch_related("children")


class EmergencyAct(models.Model):
    """Immediate danger: a qualified worker acts now and writes it down; a manager looks at it within the hour.

    It decides nothing: the contact goes on to its decision. Its clock is the contact's EMERGENCY clock.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="emergency_acts")
    children = models.ManyToManyField(Child, related_name="+")
    danger = models.TextField()
    done = models.TextField(help_text="What was done, when, and by whom.")
    told = models.TextField(help_text="Police, health, EDT: who was told, with their reference.")
    police_protection_at = models.DateTimeField(null=True, blank=True, help_text="When the police took protection.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    was_right = models.BooleanField(null=True)
    managers_words = models.TextField(blank=True)

    objects: ClassVar[EmergencyActQuerySet] = EmergencyActQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("by")), name="an_act_needs_four_eyes"
            ),
            models.UniqueConstraint(
                fields=("contact",), condition=Q(confirmed_at__isnull=True), name="one_act_to_confirm"
            ),
        )

    def __str__(self) -> str:
        return f"Act on {self.contact_id}"

    @property
    def about(self) -> str:
        """What the clock of the police protection is about, among the deadlines of the contact."""
        return f"act:{self.pk}"
