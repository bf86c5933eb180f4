"""The first look at a contact (front-door.md 3): is anybody in danger now, is it ours, is somebody already working?"""

from django.conf import settings
from django.db import models

from referrals.vocabulary import Rag

from .contact import Contact


class FirstLook(models.Model):
    """One screening of a contact. A later one is a row of its own: what was thought before stays."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="first_looks")
    history_read = models.BooleanField(help_text="Every earlier contact was read before agreement was discussed.")
    in_danger_now = models.BooleanField()
    done_about_danger = models.TextField(blank=True)
    open_elsewhere = models.BooleanField(help_text="An allocated worker, early help or another team has the child.")
    open_with = models.TextField(blank=True)
    is_ours = models.BooleanField()
    whose = models.TextField(blank=True, help_text="Which other authority, and who there was told.")
    proposed = models.CharField(max_length=5, choices=Rag.choices())
    because = models.JSONField(default=list, help_text="Sentences that say why the rules propose this priority.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"First look at {self.contact_id}"
