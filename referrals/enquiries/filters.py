"""Which checks a list shows: read from the address, said in words, taken away one by one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from mash_portal.accounts.models import User
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.look import Look

OPEN, LATE, AUTHORITY, MINE, ANSWERED, ALL = "open", "late", "authority", "mine", "answered", "all"
STILL_OPEN = Q(answered_at=None, closed_at=None)
#: What a hub's list may show, and what the heading says of it. It shows what is open unless something is chosen.
HUB_SHOWS = {
    OPEN: ("Open", "open"),
    LATE: ("Overdue", "overdue"),
    AUTHORITY: ("Waiting for a manager", "waiting for a manager"),
    MINE: ("Open on contacts that I hold", "open on contacts that you hold"),
    ANSWERED: ("Answered or closed", "answered or closed"),
}
AGENCY_SHOWS = {
    ALL: ("Every check", ""),
    OPEN: ("To answer", "to answer"),
    ANSWERED: ("Answered or closed", "answered or closed"),
}


@dataclass(frozen=True)
class Filters:
    """What a person has chosen to see. Anything in the address that is not a choice is left out of account."""

    page: str
    show: str
    usual: str
    agency: int = 0

    @classmethod
    def of_the_hub(cls, query: QueryDict) -> Self:
        show, agency = query.get("show", ""), query.get("agency", "")
        number = int(agency) if agency.isascii() and agency.isdigit() and len(agency) < 10 else 0
        return cls("enquiries:list", show if show in HUB_SHOWS else OPEN, OPEN, number)

    @classmethod
    def of_the_agency(cls, query: QueryDict) -> Self:
        show = query.get("show", "")
        return cls("enquiries:to_answer", show if show in AGENCY_SHOWS else ALL, ALL)

    def condition(self, user: User, now: datetime) -> Q:
        found = {
            ALL: Q(),
            OPEN: STILL_OPEN,
            LATE: STILL_OPEN & Q(waits_for_authority=False, due_at__lt=now),
            AUTHORITY: STILL_OPEN & Q(waits_for_authority=True),
            MINE: STILL_OPEN & Q(contact__owner=user),
            ANSWERED: ~STILL_OPEN,
        }[self.show]
        return found & Q(agency=self.agency) if self.agency else found

    def url(self, **more: str) -> str:
        said = {"show": self.show} if self.show != self.usual else {}
        said |= {"agency": str(self.agency)} if self.agency else {}
        said |= more
        return reverse(self.page) + (f"?{urlencode(said)}" if said else "")

    @property
    def is_usual(self) -> bool:
        return self.show == self.usual and not self.agency

    def chosen(self, agencies: Sequence[tuple[int, str]] = ()) -> list[tuple[str, str]]:
        """Each filter in words, with the address that is left when it is taken away."""
        found = []
        if self.show != self.usual:
            found.append((SHOWS[self.page][self.show][0], replace(self, show=self.usual).url()))
        if self.agency:
            name = dict(agencies).get(self.agency, "An agency without checks")
            found.append((name, replace(self, agency=0).url()))
        return found

    @property
    def what(self) -> str:
        return SHOWS[self.page][self.show][1]

    def form(self, agencies: Sequence[tuple[int, str]] = ()) -> "FilterForm":
        return FilterForm(self, agencies)


SHOWS = {"enquiries:list": HUB_SHOWS, "enquiries:to_answer": AGENCY_SHOWS}


class FilterForm(GovukForm):
    """The panel beside a list. It is only drawn: Filters reads the address."""

    mark_optional = False
    buttons = ()
    looks = {"show": Look(size="s", small=True), "agency": Look(size="s")}

    show = forms.ChoiceField(label="Show", widget=forms.RadioSelect)
    agency = forms.ChoiceField(label="Agency", required=False)

    def __init__(self, filters: Filters, agencies: Sequence[tuple[int, str]]) -> None:
        super().__init__(initial={"show": filters.show, "agency": str(filters.agency or "")})
        choices = [(code, said[0]) for code, said in SHOWS[filters.page].items()]
        self.fields["show"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        if agencies:
            named = [("", "Every agency"), *((str(number), name) for number, name in agencies)]
            self.fields["agency"].choices = named  # type: ignore[attr-defined]  # a ChoiceField
        else:
            del self.fields["agency"]
