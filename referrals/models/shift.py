"""Running the queue: who is away, what was said in passing, what the next shift should know, and kept filters."""

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from .contact import Contact


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def at(self, moment: datetime) -> Self:
        return self.filter(starts_at__lte=moment, ends_at__gt=moment, cancelled_at=None)


class Absence(models.Model):
    """Somebody who is not there: their contacts are offered to others, their deputy answers, figures say so."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="absences")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=120, blank=True, help_text="Leave, illness, training: no more than that.")
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="deputising"
    )
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[AbsenceQuerySet] = AbsenceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-starts_at", "-id")
        indexes = (models.Index(fields=("person", "ends_at"), name="absences_of_person"),)
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="absence_ends_after_it_starts"),
            models.CheckConstraint(condition=~Q(deputy=F("person")), name="nobody_is_their_own_deputy"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} away"


class Discussion(models.Model):
    """An informal word between worker and manager, noted in one line at the time and never typed again."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="discussions")
    line = models.CharField(max_length=300)
    with_person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="discussed")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="discussions")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=("by", "-at"), name="discussions_of_person"),)

    def __str__(self) -> str:
        return f"Discussion on {self.contact_id}"


class SavedFilter(models.Model):
    """A view of the queue that a person keeps under a name: the address's query, which holds no name of a child."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=300)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("owner", "name"), name="one_filter_of_a_name"),)

    def __str__(self) -> str:
        return self.name


class ShiftNote(models.Model):
    """What the next shift should know. It stands at the head of the queue until somebody has taken it over."""

    text = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"Hand-over note of {self.at:%d %B %H:%M}"


class ShiftLine(models.Model):
    """One line of the note about one contact."""

    note = models.ForeignKey(ShiftNote, on_delete=models.CASCADE, related_name="lines")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="shift_lines")
    line = models.CharField(max_length=300)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.contact_id} in {self.note_id}"
