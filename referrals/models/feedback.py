"""What the referrer is told, and the proof that they have read it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from referrals.vocabulary import Grade

from .contact import Contact
from .decision import Decision


class Feedback(models.Model):
    """Read in the portal after sign-in, never in an e-mail (front-door.md 3.6)."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="feedback")
    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="feedback")
    reason = models.TextField()
    next_steps = models.TextField()
    who_to_call = models.TextField()
    services = models.ManyToManyField("referrals.Service", blank=True, related_name="+")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    lead_told_at = models.DateTimeField(null=True, blank=True, help_text="Unread after 48 hours: the lead was told.")
    phoned_at = models.DateTimeField(null=True, blank=True)
    phoned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    phoned_words = models.TextField(blank=True, help_text="Whom the hub spoke to, and what they said.")
    understood_at = models.DateTimeField(null=True, blank=True)
    understood_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("-sent_at", "-id")

    def __str__(self) -> str:
        return f"Feedback on {self.contact}"


class FeedbackQuestion(models.Model):
    """The referrer asks what the feedback means; the hub answers, on a clock about `ask:<id>`."""

    feedback = models.ForeignKey(Feedback, on_delete=models.CASCADE, related_name="questions")
    text = models.TextField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("asked_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("feedback",), condition=Q(answered_at__isnull=True), name="one_question_about_feedback"
            ),
        )

    def __str__(self) -> str:
        return f"Question on {self.feedback_id}"

    @property
    def about(self) -> str:
        """What its deadline is about, among the deadlines of the contact."""
        return f"ask:{self.pk}"


class QualityMark(models.Model):
    """What the MASH makes of a referral form, with one line of advice. The referrer reads it; nobody rates the hub."""

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="quality")
    evidence = models.CharField(max_length=6, choices=Grade.choices())
    consent = models.CharField(max_length=6, choices=Grade.choices())
    threshold = models.CharField(max_length=6, choices=Grade.choices())
    childs_voice = models.CharField(max_length=6, choices=Grade.choices())
    advice = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Quality of {self.contact_id}"


class Service(models.Model):
    """Somewhere that a family or a referrer can turn to: the partnership's own small directory."""

    name = models.CharField(max_length=120, unique=True)
    what = models.TextField(help_text="What it does, for whom.")
    how = models.TextField(help_text="How to reach it.")
    levels = ArrayField(models.PositiveSmallIntegerField(), default=list)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
