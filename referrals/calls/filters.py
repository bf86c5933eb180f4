"""Which calls a list shows: read from the address, said in words, taken away again."""

from dataclasses import dataclass
from typing import Self

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from mash_portal.accounts.models import User
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.look import Look
from referrals.models.call import CallQuerySet
from referrals.vocabulary import CallResult

WAITING, ADVICE, OUT_OF_HOURS, MINE = "waiting", "advice", "out_of_hours", "mine"
SHOWS = {
    WAITING: "Waiting for the form",
    ADVICE: "Advice only",
    OUT_OF_HOURS: "Out of hours",
    MINE: "Taken by me",
}
HEADINGS = {
    "": "",
    WAITING: "waiting for the form",
    ADVICE: "with advice only",
    OUT_OF_HOURS: "taken out of hours",
    MINE: "taken by me",
}


@dataclass(frozen=True)
class Filters:
    """What a person has chosen to see. Anything in the address that is not a choice is left out of account."""

    show: str = ""
    page: str = "calls:list"

    @classmethod
    def read(cls, query: QueryDict, page: str = "calls:list") -> Self:
        show = query.get("show", "")
        return cls(show if show in SHOWS else "", page)

    def narrow(self, calls: CallQuerySet, user: User) -> CallQuerySet:
        match self.show:
            case "waiting":
                return calls.awaiting_form()
            case "advice":
                return calls.filter(result=CallResult.ADVICE)
            case "out_of_hours":
                return calls.filter(out_of_hours=True)
            case "mine":
                return calls.filter(taken_by=user)
        return calls

    def url(self, **more: str) -> str:
        said = ({"show": self.show} if self.show else {}) | more
        return reverse(self.page) + (f"?{urlencode(said)}" if said else "")

    @property
    def chosen(self) -> list[tuple[str, str]]:
        return [(SHOWS[self.show], reverse(self.page))] if self.show else []

    def form(self) -> "FilterForm":
        return FilterForm(initial={"show": self.show})


class FilterForm(GovukForm):
    """The panel beside the list. It is only drawn: Filters reads the address."""

    mark_optional = False
    buttons = ()
    looks = {"show": Look(size="s", small=True)}

    show = forms.ChoiceField(label="Show", choices=[("", "Every call"), *SHOWS.items()], widget=forms.RadioSelect)
