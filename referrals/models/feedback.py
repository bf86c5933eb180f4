"""What the referrer is told, and the proof that they have read it."""

from django.conf import settings
from django.db import models

from .contact import Contact
from .decision import Decision


class Feedback(models.Model):
    """Read in the portal after sign-in, never in an e-mail (front-door.md 3.6)."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="feedback")
    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="feedback")
    reason = models.TextField()
    next_steps = models.TextField()
    who_to_call = models.TextField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("-sent_at", "-id")

    def __str__(self) -> str:
        return f"Feedback on {self.contact}"
