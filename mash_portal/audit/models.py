"""What happened, one line each, for ever. The database refuses to change or delete a line (migration 0002)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class EventQuerySet(models.QuerySet["Event"]):
    def about(self, reference: str) -> "EventQuerySet":
        return self.filter(reference=reference)

    def newest(self) -> "EventQuerySet":
        return self.select_related("by__agency").order_by("-id")


class Event(models.Model):
    """A read or a write. It points at people, never at a record that retention may destroy: the reference is text."""

    at = models.DateTimeField(db_default=Now())
    verb = models.CharField(max_length=40)
    reference = models.CharField(max_length=20, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    request_id = models.CharField(max_length=36, blank=True)
    details = models.JSONField(default=dict, help_text="Codes, numbers and field names; never what a person wrote.")

    objects: ClassVar[EventQuerySet] = EventQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = (
            # the auditor's question: who looked at or changed this record?
            models.Index(fields=("reference", "-id"), name="event_by_reference"),
            # and: what did this person do?
            models.Index(fields=("by", "-id"), name="event_by_person"),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.reference}"
