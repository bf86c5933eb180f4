"""Telephone calls: who rang, about whom, what was said, what was advised, and the written form that should follow."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from mash_portal.accounts.models import Agency
from referrals.vocabulary import CallerKind, CallResult

from .contact import Contact, new_reference


class CallQuerySet(models.QuerySet["Call"]):
    def of_agency(self, agency_id: int) -> Self:
        return self.filter(agency=agency_id)

    def for_page(self) -> Self:
        return self.select_related("agency", "caller", "taken_by", "contact")

    def awaiting_form(self) -> Self:
        """A written form was promised and has not come."""
        return self.filter(result=CallResult.FORM_EXPECTED, confirmed_at=None)


class Call(models.Model):
    """A call that a contact officer or the emergency duty team took.

    A call about a child who may need help is a contact from the moment it is taken (the decision clock runs); the
    form that follows joins it and is not counted twice. Advice alone makes no contact.
    """

    reference = models.CharField(max_length=9, unique=True, default=new_reference, editable=False)
    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, null=True, blank=True, related_name="call")
    caller_kind = models.CharField(max_length=12, choices=CallerKind.choices())
    caller_name = models.CharField(max_length=120, blank=True, help_text="Blank where the caller stays anonymous.")
    caller_phone = models.CharField(max_length=40, blank=True)
    caller = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="calls"
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="calls")
    about = models.TextField(blank=True)
    said = models.TextField()
    advice = models.TextField()
    result = models.CharField(max_length=14, choices=CallResult.choices())
    out_of_hours = models.BooleanField(default=False)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    confirm_by = models.DateTimeField(null=True, blank=True, help_text="When the written form is due.")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    form = models.OneToOneField(
        Contact,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="confirmed_call",
        help_text="A referral that came by itself and was found to be the form: closed, and counted with the call.",
    )
    advice_read_at = models.DateTimeField(null=True, blank=True)
    advice_read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[CallQuerySet] = CallQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-taken_at", "-id")
        indexes = (
            models.Index(fields=("agency", "-taken_at"), name="calls_of_agency"),
            models.Index(fields=("-taken_at", "-id"), name="calls_newest_first"),
        )
        constraints = (
            models.CheckConstraint(
                condition=~Q(result="form_expected") | Q(agency__isnull=False, confirm_by__isnull=False),
                name="a_form_is_expected_of_an_agency",
            ),
            models.CheckConstraint(
                condition=~Q(caller_kind="professional") | Q(agency__isnull=False), name="a_professional_has_an_agency"
            ),
            models.CheckConstraint(
                condition=~Q(caller_kind="professional") | ~Q(caller_name=""), name="a_professional_is_never_anonymous"
            ),
        )

    def __str__(self) -> str:
        return self.reference
