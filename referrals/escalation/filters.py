"""Which steps the board shows: read from the address, said in words, taken away one by one."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse

from mash_portal.accounts.models import User
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.look import Look

MINE, EVERYBODY = "mine", "everybody"
WAITING, DONE = "waiting", "acknowledged"
WHOSE = ((EVERYBODY, "Everybody’s"), (MINE, "Sent to me"))
STATES = ((WAITING, "Not acknowledged"), (DONE, "Acknowledged"))


@dataclass(frozen=True)
class Filters:
    """What a person has chosen to see. Anything in the address that is not a choice is left out of account."""

    whose: str = EVERYBODY
    state: str = WAITING
    late: bool = False

    @classmethod
    def read(cls, query: QueryDict) -> Self:
        whose, state = query.get("whose", ""), query.get("state", "")
        return cls(
            whose=whose if whose in dict(WHOSE) else EVERYBODY,
            state=state if state in dict(STATES) else WAITING,
            late=query.get("late") == "1",
        )

    def condition(self, user: User, now: datetime) -> Q:
        wanted = Q(acknowledged_at__isnull=self.state == WAITING)
        if self.whose == MINE:
            wanted &= Q(is_mine=True)
        if self.late:
            wanted &= Q(deadline__due_at__lt=now, deadline__met_at=None, deadline__cancelled_at=None)
        return wanted

    @property
    def query(self) -> str:
        """The address's query, without what is usual."""
        query = QueryDict(mutable=True)
        if self.whose != EVERYBODY:
            query["whose"] = self.whose
        if self.state != WAITING:
            query["state"] = self.state
        if self.late:
            query["late"] = "1"
        return query.urlencode()

    @property
    def url(self) -> str:
        return f"{reverse('escalation:board')}{'?' if self.query else ''}{self.query}"

    def page_url(self, number: int) -> str:
        return f"{reverse('escalation:board')}?{self.query}{'&' if self.query else ''}page={number}"

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """Each filter in words, with the address that is left when it is taken away."""
        found = []
        if self.whose != EVERYBODY:
            found.append((dict(WHOSE)[self.whose], replace(self, whose=EVERYBODY).url))
        if self.state != WAITING:
            found.append((dict(STATES)[self.state], replace(self, state=WAITING).url))
        if self.late:
            found.append(("Overdue only", replace(self, late=False).url))
        return found

    def form(self) -> "FilterForm":
        return FilterForm(initial={"whose": self.whose, "state": self.state, "late": self.late})


class FilterForm(GovukForm):
    """The panel beside the board. It is only drawn: Filters reads the address."""

    mark_optional = False
    buttons = ()
    looks = {name: Look(small=True, size="s") for name in ("whose", "state", "late")}

    whose = forms.ChoiceField(label="Whose", choices=WHOSE, widget=forms.RadioSelect)
    state = forms.ChoiceField(label="State", choices=STATES, widget=forms.RadioSelect)
    late = forms.BooleanField(label="Overdue only", widget=forms.CheckboxInput(attrs={"value": "1"}))
