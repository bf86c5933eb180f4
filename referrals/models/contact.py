"""Anything received about one family, and each step of its journey."""

import secrets
from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from mash_portal.accounts.models import Agency
from referrals.vocabulary import Channel, Rag, Stage, Verb

#: No I, O, 0 or 1: a reference is read out over the telephone.
REFERENCE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

OPEN_STAGES = (Stage.RECEIVED, Stage.TRIAGE, Stage.SIGN_OFF)


def new_reference() -> str:
    """Eight random symbols in two groups, 40 bits: neither sequential nor guessable."""
    symbols = [secrets.choice(REFERENCE_ALPHABET) for _ in range(8)]
    return "".join(symbols[:4]) + "-" + "".join(symbols[4:])


class ContactQuerySet(models.QuerySet["Contact"]):
    def open(self) -> Self:
        """Not decided yet: the queue. Served by the partial index queue_by_due_time."""
        return self.filter(stage__in=OPEN_STAGES)

    def overdue(self, now: datetime) -> Self:
        return self.open().filter(due_at__lt=now)

    def for_list(self) -> Self:
        """What a row of a list needs, in one query and one prefetch."""
        return self.select_related("agency", "owner").prefetch_related("children")

    def soonest_first(self) -> Self:
        return self.order_by("due_at", "id")

    def newest_first(self) -> Self:
        return self.order_by("-received_at", "-id")


class Contact(models.Model):
    """One concern about one family. Counted per child: see Child. Its stage is moved by gate.py alone."""

    reference = models.CharField(max_length=9, unique=True, default=new_reference, editable=False)
    external_reference = models.CharField(
        max_length=60, null=True, blank=True, unique=True, help_text="The police's or an earlier system's number."
    )
    submission_key = models.UUIDField(null=True, blank=True, unique=True, help_text="One submission, one contact.")
    channel = models.CharField(max_length=20, choices=Channel.choices())
    source = models.CharField(max_length=2, help_text="National contact source code.")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="contacts")
    referrer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="referred")
    stage = models.CharField(max_length=10, choices=Stage.choices())
    rag = models.CharField(max_length=5, choices=Rag.choices(), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="held"
    )
    level_believed = models.PositiveSmallIntegerField(null=True, blank=True)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="The live decision deadline's due time, kept here for the queue's index.")
    statutory_due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    is_restricted = models.BooleanField(default=False, help_text="Named people only: see Restriction.")

    objects: ClassVar[ContactQuerySet] = ContactQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = (
            # the queue: open contacts, soonest deadline first; stays small however long the history grows
            models.Index(
                fields=("due_at", "id"),
                name="queue_by_due_time",
                condition=Q(stage__in=[stage.value for stage in OPEN_STAGES]),
            ),
            # "our referrals": an agency's contacts, newest first
            models.Index(fields=("agency", "-received_at", "-id"), name="contact_by_agency"),
            # lists behind the dashboard's numbers, by keyset
            models.Index(fields=("-received_at", "-id"), name="contact_newest_first"),
            # "mine": what a worker holds
            models.Index(fields=("owner", "due_at"), name="contact_by_owner", condition=Q(owner__isnull=False)),
            # what is decided on a day, however long it waited
            models.Index(fields=("decided_at",), name="contact_by_decision", condition=Q(decided_at__isnull=False)),
        )
        constraints = (
            models.CheckConstraint(condition=Q(stage__in=[s.value for s in Stage]), name="stage_is_known"),
            models.CheckConstraint(condition=Q(rag__in=["", *[r.value for r in Rag]]), name="rag_is_known"),
            models.CheckConstraint(condition=Q(due_at__gte=F("received_at")), name="due_after_receipt"),
            models.CheckConstraint(
                condition=~Q(stage__in=[Stage.TRIAGE.value, Stage.SIGN_OFF.value]) | Q(owner__isnull=False),
                name="work_in_hand_has_an_owner",
            ),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def as_stage(self) -> Stage:
        return Stage(self.stage)

    @property
    def is_open(self) -> bool:
        return self.as_stage in OPEN_STAGES

    @property
    def is_closed(self) -> bool:
        return self.as_stage is Stage.CLOSED

    def is_overdue(self, now: datetime) -> bool:
        return self.is_open and self.due_at < now


class StageChange(models.Model):
    """One step of the journey, as it happened: the timeline. The database refuses to change or delete it."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="steps")
    verb = models.CharField(max_length=20, choices=Verb.choices())
    from_stage = models.CharField(max_length=10, blank=True)
    to_stage = models.CharField(max_length=10, choices=Stage.choices())
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=("contact", "-at", "-id"), name="timeline"),)

    def __str__(self) -> str:
        return f"{self.verb} {self.from_stage} → {self.to_stage}"
