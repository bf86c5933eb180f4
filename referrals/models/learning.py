"""What agencies and the hub learn from: meetings and training, dip samples and audits."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from mash_portal.accounts.models import Agency, User
from referrals.vocabulary import LearningKind

from .people import Child


class LearningEvent(models.Model):
    """Threshold training, or a meeting with agencies about their referrals, with who came (front-door.md 3.8)."""

    kind = models.CharField(max_length=10, choices=LearningKind.choices())
    held_on = models.DateField()
    topic = models.CharField(max_length=200)
    agencies = models.ManyToManyField(Agency, related_name="learning")
    who_came = models.TextField()
    agreed = models.TextField(blank=True, help_text="What was agreed to change.")
    follow_up_on = models.DateField(help_text="Six weeks later, as the scrutiny report asked.")
    followed_up_at = models.DateTimeField(null=True, blank=True)
    followed_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    follow_up = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-held_on", "-id")
        constraints = (
            models.CheckConstraint(condition=Q(follow_up_on__gt=F("held_on")), name="follow_up_comes_later"),
        )

    def __str__(self) -> str:
        return f"{self.topic}, {self.held_on}"


class DipSample(models.Model):
    """A month's random audit, drawn again exactly from its seed (front-door.md 3.8)."""

    month = models.DateField(unique=True, help_text="The first day of the month.")
    seed = models.CharField(max_length=40)
    size = models.PositiveSmallIntegerField()
    strata = models.JSONField(default=dict, help_text="How many there were, and how many were drawn, by stratum.")
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()

    class Meta:
        ordering = ("-month",)

    def __str__(self) -> str:
        return f"Dip sample {self.month:%B %Y}"


class SampledQuerySet(models.QuerySet["Sampled"]):
    def of_auditor(self, user: User) -> Self:
        """What this person audits, as the first or the second of two."""
        return self.filter(Q(auditor=user) | Q(second_auditor=user))

    def waiting_for(self, user: User) -> Self:
        """Of these, what they have not audited yet."""
        return self.of_auditor(user).exclude(audits__by=user)


class Sampled(models.Model):
    """One child's contact of a dip sample, with the stratum that it stands for."""

    sample = models.ForeignKey(DipSample, on_delete=models.CASCADE, related_name="cases")
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="sampled")
    stratum = models.CharField(max_length=80)
    auditor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    second_auditor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[SampledQuerySet] = SampledQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("id",)
        verbose_name_plural = "sampled"
        constraints = (
            models.UniqueConstraint(fields=("sample", "child"), name="a_child_once_per_sample"),
            models.CheckConstraint(condition=~Q(auditor=F("second_auditor")), name="two_auditors_are_two_people"),
        )

    def __str__(self) -> str:
        return f"{self.child_id} in {self.sample_id}"


class Audit(models.Model):
    """What one auditor found: a grade and its evidence for each question. Two of them show how far people agree."""

    sampled = models.ForeignKey(Sampled, on_delete=models.CASCADE, related_name="audits")
    grades = models.JSONField(help_text="Question → grade 1 (outstanding) to 4 (inadequate).")
    evidence = models.JSONField(help_text="Question → what was seen in the record.")
    threshold_right = models.BooleanField(help_text="Was the level decided the right one?")
    overall = models.PositiveSmallIntegerField()
    finding = models.TextField()
    for_worker = models.TextField(blank=True)
    for_agency = models.TextField(blank=True)
    worker_told_at = models.DateTimeField(null=True, blank=True)
    agency_told_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.UniqueConstraint(fields=("sampled", "by"), name="an_auditor_once_per_case"),
            models.CheckConstraint(condition=Q(overall__range=(1, 4)), name="overall_one_to_four"),
        )

    def __str__(self) -> str:
        return f"Audit of {self.sampled_id}"


class AuditAction(models.Model):
    """What follows from an audit, who does it, and when it was done."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="actions")
    what = models.TextField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="audit_actions")
    due = models.DateField()
    done_at = models.DateTimeField(null=True, blank=True)
    done = models.TextField(blank=True)

    class Meta:
        ordering = ("due", "id")

    def __str__(self) -> str:
        return self.what
