"""The form before and after it is sent. A draft belongs to its agency; a MARF is frozen."""

import uuid
from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from mash_portal.accounts.models import Agency, User
from thresholds.models import Matrix

from .contact import Contact


class DraftQuerySet(models.QuerySet["Draft"]):
    def of_agency(self, user: User) -> Self:
        """Colleagues cover for one another: a draft is its agency's, not one person's."""
        return self.filter(agency=user.agency_id).order_by("-updated_at")

    def to_look_at(self, now: datetime) -> Self:
        """Those of which somebody is to be told, or that are to be deleted. Served by draft_wakes."""
        return self.filter(wakes_at__lte=now).order_by("wakes_at")


class Draft(models.Model):
    """Answers so far, by section, exactly as typed: saving never depends on their being right.

    It points at no case. `key` becomes the contact's submission_key, so that sending twice gives one contact.
    """

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="drafts")
    answers = models.JSONField(default=dict)
    completed = ArrayField(models.CharField(max_length=20), default=list)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    wakes_at = models.DateTimeField(db_default=Now(), help_text="When to remind of it, to warn, or to delete it next.")

    objects: ClassVar[DraftQuerySet] = DraftQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = (
            models.Index(fields=("agency", "-updated_at"), name="drafts_of_agency"),
            # of which is somebody to be told, and which is to be deleted? (retention)
            models.Index(fields=("wakes_at",), name="draft_wakes"),
        )

    def __str__(self) -> str:
        return str(self.key)


class Marf(models.Model):
    """The form as it was sent, with the versions of form and matrix. The database refuses to change it."""

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="marf")
    answers = models.JSONField()
    form_version = models.CharField(max_length=20)
    matrix = models.ForeignKey(Matrix, on_delete=models.PROTECT, related_name="+")
    declaration = models.TextField()
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"MARF {self.contact}"
