"""What happens to a referral after it is sent: more information, questions and answers, a wish to withdraw it."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from .contact import Contact


class Addition(models.Model):
    """Something the referrer adds later. Appended: what was sent stays as it was."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="additions")
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"Added to {self.contact}"


class QuestionQuerySet(models.QuerySet["Question"]):
    def waiting(self) -> Self:
        return self.filter(answered_at=None, dropped_at=None)


class Question(models.Model):
    """“We need something from you”: asked by the hub, answered in the portal, on a clock. No decision waits for it."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="questions")
    text = models.TextField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True, help_text="No longer wanted, because it was decided.")

    objects: ClassVar[QuestionQuerySet] = QuestionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-asked_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("contact",),
                condition=Q(answered_at__isnull=True, dropped_at__isnull=True),
                name="one_question_waiting",
            ),
        )

    def __str__(self) -> str:
        return f"Question on {self.contact}"


class Withdrawal(models.Model):
    """The referrer wishes to withdraw. The hub decides whether to stop: a child may still need it."""

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="withdrawal")
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    carry_on_because = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Withdrawal of {self.contact}"
