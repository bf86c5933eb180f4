"""What other agencies know: checks, each with its purpose, its ground and its clock, and what they mean together."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from mash_portal.accounts.models import Agency
from referrals.vocabulary import Clock, LegalBasis, MayShare

from .contact import Contact
from .people import Child


class CheckQuerySet(models.QuerySet["Check"]):
    def open(self) -> Self:
        """Neither answered nor closed; one that waits for a manager's authority is open too."""
        return self.filter(answered_at=None, closed_at=None)

    def asked(self) -> Self:
        """Those that have reached their agency: one that waits for a manager, or was refused by one, never did."""
        return self.filter(waits_for_authority=False)

    def of_agency(self, agency_id: int) -> Self:
        return self.filter(agency=agency_id)


class Check(models.Model):
    """A request to one agency for what it knows. Necessary, proportionate, recorded (the 2013 Haringey judgment).

    Its clock is a Deadline of the contact whose `about` is `check:<id>` and whose `agency` is the one asked.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="checks")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="checks")
    children = models.ManyToManyField(Child, related_name="+")
    purpose = models.TextField(help_text="What the hub needs to know, and why from this agency.")
    legal_basis = models.CharField(max_length=20, choices=LegalBasis.choices())
    authorised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The manager who authorised it where there is no agreement and the level is below 4.",
    )
    authorised_because = models.TextField(blank=True)
    waits_for_authority = models.BooleanField(
        default=False, help_text="Prepared by a worker; the agency hears of it when a manager has authorised it."
    )
    clock = models.CharField(max_length=24, choices=Clock.choices())
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    due_at = models.DateTimeField()
    known = models.BooleanField(null=True)
    facts = models.TextField(blank=True)
    may_share = models.CharField(max_length=5, choices=MayShare.choices(), blank=True)
    share_with = models.TextField(blank=True, help_text="With whom, or why sharing would be more detrimental.")
    answers = models.JSONField(
        default=list,
        help_text="Every answer as it was given, the first one first, with who and when. The columns hold the last.",
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_because = models.TextField(blank=True)

    objects: ClassVar[CheckQuerySet] = CheckQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("due_at", "id")
        indexes = (models.Index(fields=("agency", "-requested_at"), name="checks_of_agency"),)
        constraints = (
            models.UniqueConstraint(
                fields=("contact", "agency"),
                condition=Q(answered_at__isnull=True, closed_at__isnull=True),
                name="one_open_check_per_agency",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(known__isnull=False, answered_by__isnull=False),
                name="an_answer_says_known_or_not",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | ~Q(closed_because=""), name="a_check_is_closed_with_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(waits_for_authority=False) | Q(answered_at__isnull=True, authorised_by__isnull=True),
                name="what_waits_for_authority_has_no_answer",
            ),
        )

    def __str__(self) -> str:
        return f"Check with {self.agency}"

    @property
    def about(self) -> str:
        """What its deadline is about, among the deadlines of the contact."""
        return f"check:{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.closed_at is None


class Synthesis(models.Model):
    """What the answers mean together, in the worker's words. The latest is shown; earlier ones stay."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="syntheses")
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-id")
        verbose_name_plural = "syntheses"

    def __str__(self) -> str:
        return f"Synthesis of {self.contact_id}"
