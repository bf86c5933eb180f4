"""Files that belong to a referral: kept outside the web root under generated names, opened only through the door."""

import uuid
from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from mash_portal.accounts.models import Agency
from referrals.vocabulary import AttachmentKind, ScanState

from .contact import Contact


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def of_draft(self, key: uuid.UUID) -> Self:
        return self.filter(draft_key=key, contact=None).order_by("uploaded_at", "pk")

    def to_scan(self, now: datetime) -> Self:
        """Not known to be clean or suspect yet, and due for another try. Served by attachment_to_scan."""
        return self.filter(state__in=[ScanState.PENDING, ScanState.ERROR], next_scan_at__lte=now).order_by(
            "next_scan_at"
        )


class Attachment(models.Model):
    """One file. It hangs on a draft's key until the form is sent, then on the contact."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draft_key = models.UUIDField(null=True, blank=True)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, null=True, blank=True, related_name="attachments")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=AttachmentKind.choices())
    name = models.CharField(
        max_length=200, help_text="As it was called where it came from; shown, never used as a path."
    )
    content_type = models.CharField(max_length=100, help_text="By its content, not by its name.")
    size = models.PositiveIntegerField(help_text="Bytes, as kept.")
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=ScanState.choices(), default=ScanState.PENDING)
    scanned_at = models.DateTimeField(null=True, blank=True)
    next_scan_at = models.DateTimeField()
    scan_attempts = models.PositiveIntegerField(default=0)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    objects: ClassVar[AttachmentQuerySet] = AttachmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("uploaded_at", "key")
        indexes = (
            models.Index(fields=("draft_key",), name="attachments_of_draft", condition=Q(contact=None)),
            models.Index(
                fields=("next_scan_at",), name="attachment_to_scan", condition=Q(state__in=["pending", "error"])
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(contact__isnull=False) | Q(draft_key__isnull=False), name="attached_to_something"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def may_be_opened(self) -> bool:
        return self.state == ScanState.CLEAN
