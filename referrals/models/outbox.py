"""What is still to be told, and whether the portal's own watchers are awake."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from referrals.vocabulary import SendingBy

#: A message that its provider has not brought by then is looked upon as one that does not arrive.
LATE = timedelta(minutes=15)


class NoticeQuerySet(models.QuerySet["Notice"]):
    def waiting(self, now: datetime) -> Self:
        """Not sent, not given up, and in nobody's hands. Served by the partial index notice_waiting."""
        return (
            self.filter(sent_at=None, failed_at=None, next_attempt_at__lte=now)
            .filter(Q(leased_until=None) | Q(leased_until__lt=now))
            .order_by("next_attempt_at", "id")
        )

    def failed(self) -> Self:
        return self.filter(failed_at__isnull=False)

    def late(self, now: datetime) -> Self:
        """Sent a while ago, and not arrived as far as its provider knows. Served by notice_undelivered."""
        return self.filter(sent_at__lt=now - LATE, delivered_at=None, bounced_at=None).exclude(provider_id="")

    def in_trouble(self, now: datetime) -> Self:
        """Failed for good, come back, or late. Served by notice_in_trouble and notice_undelivered."""
        late = Q(sent_at__lt=now - LATE, bounced_at=None) & ~Q(provider_id="")
        return self.filter(Q(failed_at__isnull=False) | Q(bounced_at__isnull=False) | late, delivered_at=None)

    def untold(self, now: datetime) -> Self:
        """In trouble, and no second message has reached the person or is still on its way: somebody has to ring."""
        second = Notice.objects.filter(instead_of=OuterRef("pk"))
        on_its_way = Q(failed_at=None, bounced_at=None, created_at__gt=now - LATE)
        told = second.filter(Q(delivered_at__isnull=False) | on_its_way)
        return self.in_trouble(now).filter(~Exists(told), instead_of=None)


class Notice(models.Model):
    """A message to one person, written in the transaction of what it tells of, sent afterwards, marked when sent.

    It holds a template's name and a reference, never a word about a child.
    """

    key = models.CharField(max_length=120, unique=True, help_text="The same news to the same person is one notice.")
    template = models.CharField(max_length=40)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices")
    reference = models.CharField(max_length=9, blank=True)
    channel = models.CharField(max_length=5, choices=SendingBy.choices(), default=SendingBy.EMAIL)
    instead_of = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="seconds",
        help_text="The one that failed.",
    )
    created_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    provider_id = models.CharField(max_length=60, blank=True, help_text="GOV.UK Notify’s number of the message.")
    delivered_at = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True, help_text="Taken for sending, and not delivered.")
    checked_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)

    objects: ClassVar[NoticeQuerySet] = NoticeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = (
            models.Index(
                fields=("next_attempt_at", "id"), name="notice_waiting", condition=Q(sent_at=None, failed_at=None)
            ),
            # sent through a provider that says later whether it arrived
            models.Index(
                fields=("sent_at",),
                name="notice_undelivered",
                condition=Q(sent_at__isnull=False, delivered_at=None, bounced_at=None) & ~Q(provider_id=""),
            ),
            models.Index(
                fields=("created_at",),
                name="notice_in_trouble",
                condition=Q(failed_at__isnull=False) | Q(bounced_at__isnull=False),
            ),
            # how much has this person been sent lately?
            models.Index(fields=("to", "-created_at"), name="notices_of_person"),
        )

    def __str__(self) -> str:
        return f"{self.template} to {self.to_id}"


class Heartbeat(models.Model):
    """When each watcher last ran: a timer that stops must not stop in silence."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%H:%M:%S}"
