"""Which hand-overs a list shows: read from the address, said in words, taken away one by one."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse

from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.look import Look
from referrals.vocabulary import HANDED_OVER, Outcome

WAITING, LATE, ACCEPTED, SENT_BACK = "waiting", "late", "accepted", "sent_back"
STATES = {
    WAITING: "Waiting to be accepted",
    LATE: "Waiting, and overdue",
    ACCEPTED: "Accepted",
    SENT_BACK: "Sent back",
}
OUTCOMES = {one.value: one.label for one in Outcome if one in HANDED_OVER}
_WAITS = Q(accepted_at=None, declined_at=None)


def in_state(state: str, now: datetime) -> Q:
    """As a condition on hand-overs that have not ended."""
    return {
        WAITING: _WAITS,
        LATE: _WAITS & Q(due_at__lt=now),
        ACCEPTED: Q(accepted_at__isnull=False),
        SENT_BACK: Q(declined_at__isnull=False),
    }.get(state, Q())


@dataclass(frozen=True)
class Filters:
    """What a person has chosen to see. Anything in the address that is not a choice is left out of account."""

    state: str = ""
    outcome: str = ""
    team: int | None = None

    @classmethod
    def read(cls, query: QueryDict) -> Self:
        state, outcome, team = (query.get(name, "") for name in ("state", "outcome", "team"))
        number = int(team) if team.isascii() and team.isdigit() and len(team) < 10 else None
        return cls(state if state in STATES else "", outcome if outcome in OUTCOMES else "", number)

    def condition(self, now: datetime) -> Q:
        wanted = in_state(self.state, now)
        if self.outcome:
            wanted &= Q(outcome=self.outcome)
        return wanted & Q(team=self.team) if self.team else wanted

    @property
    def url(self) -> str:
        return self.page_url(None)

    def page_url(self, number: int | None) -> str:
        chosen = {"state": self.state, "outcome": self.outcome, "team": self.team, "page": number}
        query = QueryDict(mutable=True)
        for name, value in chosen.items():
            if value:
                query[name] = str(value)
        return f"{reverse('handover:list')}{'?' if query else ''}{query.urlencode()}"

    def of_state(self, state: str) -> str:
        return replace(self, state=state).url

    def chosen(self, teams: dict[str, str]) -> list[tuple[str, str]]:
        """Each filter in words, with the address that is left when it is taken away."""
        found = []
        if self.state:
            found.append((STATES[self.state], replace(self, state="").url))
        if self.outcome:
            found.append((OUTCOMES[self.outcome], replace(self, outcome="").url))
        if self.team:
            found.append((teams.get(str(self.team), "Another team"), replace(self, team=None).url))
        return found

    def form(self, teams: dict[str, str]) -> "FilterForm":
        said = {"state": self.state, "outcome": self.outcome, "team": str(self.team or "")}
        return FilterForm(teams, initial=said)


class FilterForm(GovukForm):
    """The panel beside the list. It is only drawn: Filters reads the address. A team sees no choice of teams."""

    mark_optional = False
    buttons = ()
    looks = {name: Look(small=True, size="s") for name in ("state", "outcome", "team")}

    state = forms.ChoiceField(
        label="State", choices=[("", "All"), *STATES.items()], widget=forms.RadioSelect, required=False
    )
    outcome = forms.ChoiceField(label="Outcome", choices=[("", "All"), *OUTCOMES.items()], required=False)
    team = forms.ChoiceField(label="Team", required=False)

    def __init__(self, teams: dict[str, str], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if teams:
            self.fields["team"].choices = [("", "All"), *teams.items()]  # type: ignore[attr-defined]  # a ChoiceField
        else:
            del self.fields["team"]
