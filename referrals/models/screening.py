"""Low-level domestic abuse notifications: each child screened by a person, with the reason, and findable for ever."""

from django.conf import settings
from django.db import models

from .people import Child


class Screening(models.Model):
    """What a worker proposes for one child of a notification. A manager who did not propose it signs the list off."""

    child = models.OneToOneField(Child, on_delete=models.CASCADE, related_name="screening")
    grade = models.CharField(max_length=60, help_text="DASH grade or DVRIM scale, as the police gave it.")
    screened_out = models.BooleanField()
    level = models.PositiveSmallIntegerField(null=True, blank=True, help_text="1 or 2; proposed with screening out.")
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    signed_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_off_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(signed_off_by__isnull=True) | ~models.Q(signed_off_by=models.F("by")),
                name="screening_needs_four_eyes",
            ),
            models.CheckConstraint(
                condition=models.Q(screened_out=False) | models.Q(level__isnull=False, level__in=(1, 2)),
                name="screened_out_is_low_level",
            ),
        )

    def __str__(self) -> str:
        return f"Screening of {self.child_id}"
