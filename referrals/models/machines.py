"""Systems of schools and police that speak for their agency: their keys, and what each request was answered."""

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from mash_portal.accounts.models import Agency


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def alive(self, now: datetime) -> Self:
        return self.filter(revoked_at=None).filter(Q(expires_at=None) | Q(expires_at__gt=now))


class ApiToken(models.Model):
    """A key of one agency. Only its hash is kept: it is shown once, when it is made."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="tokens")
    acts_as = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    hashed = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=20))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ApiTokenQuerySet] = ApiTokenQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("agency", "name", "-made_at")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class ApiRequest(models.Model):
    """One idempotency key and its answer, so that a repeated request gets the same one and does nothing again."""

    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="requests")
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64, help_text="Hash of path and body; another body is a conflict.")
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.JSONField(default=dict, help_text="References and sentences only.")
    flagged = models.BooleanField(default=False, help_text="Came faster than the agreed rate; accepted all the same.")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("token", "key"), name="one_answer_per_key"),)
        indexes = (models.Index(fields=("token", "-at"), name="requests_of_token"),)

    def __str__(self) -> str:
        return f"{self.token_id} {self.key}"
