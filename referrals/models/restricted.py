"""Records that only named people see, and what happens when somebody else has to (front-door.md 3.9)."""

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from .contact import Contact


class Restriction(models.Model):
    """Staff family or police-sensitive: named people only, absent from every list, count, search and export else.

    Contact.is_restricted repeats that one is in force, for the indexes of every list; the same action writes both.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="restrictions")
    reason = models.TextField()
    named = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="named_on")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_because = models.TextField(blank=True)

    class Meta:
        ordering = ("-at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("contact",), condition=Q(lifted_at__isnull=True), name="one_restriction_in_force"
            ),
        )

    def __str__(self) -> str:
        return f"Restriction of {self.contact_id}"


class BrokenGlassQuerySet(models.QuerySet["BrokenGlass"]):
    def in_force(self, now: datetime) -> Self:
        return self.filter(expires_at__gt=now, closed_at=None)

    def to_review(self) -> Self:
        return self.filter(reviewed_at=None)


class BrokenGlass(models.Model):
    """Somebody who is not named opened a restricted record, and said why: for four hours, told of, reviewed."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="broken_glass")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="broken_glass")
    reason = models.TextField()
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True, help_text="The reader gave it back before it ran out.")
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    was_right = models.BooleanField(null=True)
    review = models.TextField(blank=True)

    objects: ClassVar[BrokenGlassQuerySet] = BrokenGlassQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-at", "-id")
        verbose_name_plural = "broken glasses"
        indexes = (models.Index(fields=("by", "expires_at"), name="glass_of_person"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=models.F("by")),
                name="nobody_reviews_their_own_glass",
            ),
        )

    def __str__(self) -> str:
        return f"{self.by_id} opened {self.contact_id}"

    @property
    def about(self) -> str:
        """What its deadline is about, among the deadlines of the contact."""
        return f"glass:{self.pk}"
