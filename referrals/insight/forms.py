"""What a person may ask the figures for: a period, and what narrows it. Everything is in the address, by GET."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django import forms
from django.http import QueryDict

from mash_portal.accounts.models import Agency
from mash_portal.govuk.fields import DateOfAddress, DatePartsField
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.look import Look
from referrals.codes import SOURCES

from .filters import OUTCOMES, TIMES, Filters
from .narrowing import Narrowing
from .period import EARLIEST, LATEST, LONDON, Period, months_back

USUAL_MONTHS = 6


class PeriodForm(GovukForm):
    """Both days are counted. Without a period in the address it is the last six months, or as many as a page says."""

    usual_months: ClassVar[int] = USUAL_MONTHS
    mark_optional = False
    buttons = ()
    looks = {"start": Look(size="s"), "end": Look(size="s")}

    start = DatePartsField(label="First day", widget=DateOfAddress, earliest=EARLIEST, latest=LATEST)
    end = DatePartsField(label="Last day", widget=DateOfAddress, earliest=EARLIEST, latest=LATEST)
    source = forms.ChoiceField(
        label="Source",
        choices=[("", "Every source"), *SOURCES],
        required=False,
        error_messages={"invalid_choice": "Choose a source from the list"},
    )

    @classmethod
    def asked(cls, query: QueryDict, now: datetime) -> Self:
        """The form as the address has it."""
        asked = query.copy()
        if not any(key.startswith(("start", "end")) for key in query):
            usual = months_back(now.astimezone(LONDON).date(), cls.usual_months)
            asked["start"], asked["end"] = usual.first.isoformat(), usual.last.isoformat()
        return cls(asked)

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if "start" in cleaned and "end" in cleaned and cleaned["end"] < cleaned["start"]:
            self.add_error("end", "Last day must be the same as or after the first day")
        return cleaned

    @property
    def period(self) -> Period:
        return Period(self.cleaned_data["start"], self.cleaned_data["end"])

    @property
    def filters(self) -> Filters:
        return Filters(source=self.cleaned_data["source"])


class ContactsForm(Narrowing, PeriodForm):
    """The list behind a number."""

    agency = forms.ModelChoiceField(
        label="Agency",
        queryset=Agency.objects.order_by("name"),
        required=False,
        empty_label="Every agency",
        error_messages={"invalid_choice": "Choose an agency from the list"},
    )
    outcome = forms.ChoiceField(
        label="Outcome",
        choices=[("", "Every outcome"), *OUTCOMES.items()],
        required=False,
        error_messages={"invalid_choice": "Choose an outcome from the list"},
    )
    time = forms.ChoiceField(
        label="Time to decision",
        choices=[("", "Any time"), *TIMES.items()],
        required=False,
        error_messages={"invalid_choice": "Choose a time to decision from the list"},
    )

    @property
    def filters(self) -> Filters:
        agency: Agency | None = self.cleaned_data["agency"]
        return Filters(
            source=self.cleaned_data["source"],
            agency=agency.pk if agency else None,
            outcome=self.cleaned_data["outcome"],
            time=self.cleaned_data["time"],
            **self.narrower,
        )
