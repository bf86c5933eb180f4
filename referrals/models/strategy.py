"""Meetings that decide: the strategy discussion about one family, and the daily domestic abuse meeting about many."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from mash_portal.accounts.models import Agency
from referrals.vocabulary import AgencyKind, MeetingDecision, StrategyDecision

from .contact import Contact
from .people import Child


class StrategyDiscussionQuerySet(models.QuerySet["StrategyDiscussion"]):
    def open(self) -> Self:
        """Called, and neither recorded nor called off."""
        return self.filter(recorded_at=None, called_off_at=None)

    def in_force(self) -> Self:
        return self.filter(called_off_at=None)


class StrategyDiscussion(models.Model):
    """Whether a section 47 enquiry starts: at least social care, police and health (Working Together).

    Its clock is a Deadline of the contact whose `about` is `strategy:<id>`.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="strategy_discussions")
    children = models.ManyToManyField(Child, related_name="+")
    reason = models.TextField()
    called_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    called_at = models.DateTimeField()
    due_at = models.DateTimeField()
    planned_for = models.DateTimeField(null=True, blank=True)
    how_to_join = models.TextField(blank=True, help_text="The room, the number to ring or the link.")
    held_at = models.DateTimeField(null=True, blank=True)
    chaired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    risk = models.TextField(blank=True)
    childs_voice = models.TextField(blank=True)
    decision = models.CharField(max_length=20, choices=StrategyDecision.choices(), blank=True)
    rationale = models.TextField(blank=True)
    contingency = models.TextField(blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField(null=True, blank=True)
    called_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    called_off_at = models.DateTimeField(null=True, blank=True)
    called_off_because = models.TextField(blank=True)

    objects: ClassVar[StrategyDiscussionQuerySet] = StrategyDiscussionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-called_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("contact",),
                condition=Q(recorded_at__isnull=True, called_off_at__isnull=True),
                name="one_strategy_discussion_open",
            ),
            models.CheckConstraint(
                condition=Q(recorded_at__isnull=True) | (~Q(decision="") & Q(held_at__isnull=False)),
                name="a_recorded_discussion_decided",
            ),
        )

    def __str__(self) -> str:
        return f"Strategy discussion on {self.contact_id}"

    @property
    def about(self) -> str:
        """What its deadline is about, among the deadlines of the contact."""
        return f"strategy:{self.pk}"


class Invitation(models.Model):
    """Who was invited, whether they came, and why not."""

    discussion = models.ForeignKey(StrategyDiscussion, on_delete=models.CASCADE, related_name="invitations")
    kind = models.CharField(max_length=20, choices=AgencyKind.choices())
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    who = models.CharField(max_length=120, blank=True)
    not_invited_because = models.TextField(blank=True, help_text="Where police or health are left out, the reason.")
    attended = models.BooleanField(null=True)
    absent_because = models.TextField(blank=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.who or AgencyKind(self.kind).label

    @property
    def is_invited(self) -> bool:
        return not self.not_invited_because


class StrategyAction(models.Model):
    """What somebody will do after the discussion, and by when."""

    discussion = models.ForeignKey(StrategyDiscussion, on_delete=models.CASCADE, related_name="actions")
    what = models.TextField()
    owner = models.CharField(max_length=120)
    due = models.DateField()

    class Meta:
        ordering = ("due", "id")

    def __str__(self) -> str:
        return self.what


class AbuseMeeting(models.Model):
    """The daily domestic abuse meeting: its list, who came, what was decided for each child (front-door.md 3.8)."""

    held_on = models.DateField(unique=True)
    chaired_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-held_on",)

    def __str__(self) -> str:
        return f"Domestic abuse meeting {self.held_on}"


class MeetingAttendance(models.Model):
    """One agency of the meeting: who came for it, or why nobody did."""

    meeting = models.ForeignKey(AbuseMeeting, on_delete=models.CASCADE, related_name="attendance")
    kind = models.CharField(max_length=20, choices=AgencyKind.choices())
    who = models.CharField(max_length=120, blank=True)
    attended = models.BooleanField()
    absent_because = models.TextField(blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("meeting", "kind"), name="an_agency_once_per_meeting"),)

    def __str__(self) -> str:
        return AgencyKind(self.kind).label


class MeetingItem(models.Model):
    """One child on the meeting's list: the decision, and the child's own focus in it (Nottinghamshire)."""

    meeting = models.ForeignKey(AbuseMeeting, on_delete=models.CASCADE, related_name="items")
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="meeting_items")
    child_focus = models.TextField(blank=True, help_text="What it is like for this child; not for the adults.")
    decision = models.CharField(max_length=20, choices=MeetingDecision.choices(), blank=True)
    reason = models.TextField(blank=True)
    action = models.TextField(blank=True)
    action_owner = models.CharField(max_length=120, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("meeting", "child"), name="a_child_once_per_meeting"),
            models.CheckConstraint(
                condition=Q(decision="") | ~Q(child_focus=""), name="no_meeting_decision_without_the_child"
            ),
        )

    def __str__(self) -> str:
        return f"{self.child_id} at {self.meeting_id}"
