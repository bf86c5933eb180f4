"""A file of police notifications between its upload and its end: looked at first, then brought in one by one."""

import uuid
from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Count

from mash_portal.accounts.models import Agency
from referrals.vocabulary import Word


class ItemState(Word):
    READY = "ready", "Can be brought in"
    WRONG = "wrong", "Something to put right"
    SAME = "same", "Already here"
    IN = "in", "Brought in"
    REFUSED = "refused", "Could not be brought in"


class UploadQuerySet(models.QuerySet["Upload"]):
    def under_way(self) -> Self:
        """Confirmed, with something still to bring in."""
        return self.filter(confirmed_at__isnull=False, items__state=ItemState.READY).distinct()

    def older_than(self, moment: datetime) -> Self:
        return self.filter(at__lt=moment).exclude(pk__in=self.under_way().values("pk"))


class Upload(models.Model):
    """One file. What it said is kept on its items, and blanked on each as soon as it is a contact."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="uploads")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    columns = models.JSONField(help_text="The heading of the file, for giving lines back as they came.")
    at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[UploadQuerySet] = UploadQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return self.file_name

    def counts(self) -> dict[ItemState, int]:
        """How many notifications are in each state: one query."""
        found = dict(self.items.order_by().values_list("state").annotate(n=Count("pk")))
        return {state: found.get(state.value, 0) for state in ItemState}


class UploadItem(models.Model):
    """One notification of a file: every line with its police reference."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="items")
    number = models.PositiveIntegerField()
    police_reference = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=8, choices=ItemState.choices())
    lines = models.JSONField(default=list, help_text="[line number, its cells] as they came; empty once it is in.")
    document = models.JSONField(default=dict, help_text="What is sent; empty once it is in.")
    problems = models.JSONField(default=list, help_text="[line number, sentence].")
    possible = models.JSONField(default=list, help_text="Children who may be known, with the reasons in words.")
    reference = models.CharField(max_length=9, blank=True, help_text="The contact that it is, or became.")

    class Meta:
        ordering = ("number",)
        indexes = (
            models.Index(fields=("upload", "number"), name="upload_ready", condition=models.Q(state="ready")),
            models.Index(fields=("upload", "state"), name="upload_counts"),
        )

    def __str__(self) -> str:
        return f"{self.upload} {self.number}"
