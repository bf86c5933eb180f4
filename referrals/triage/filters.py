"""Which of the open contacts the queue shows: read from the address, said in words, taken away one by one."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse

from mash_portal.accounts.models import User
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.look import Look
from referrals.models import EmergencyAct
from referrals.models.contact import OPEN_STAGES
from referrals.rules import permissions
from referrals.rules.permissions import Relation
from referrals.vocabulary import AgencyKind, Rag, Stage, Verb

MINE, EVERYBODY = "mine", "everybody"
NOT_RATED = "none"
#: Whose contacts, besides a person's by their number: those that nobody holds.
NOBODY = "nobody"
#: "Due soon": the decision is due within so long.
SOON = timedelta(hours=2)
RAGS = (*Rag.choices(), (NOT_RATED, "Not yet rated"))
STAGES = tuple((stage.value, stage.label) for stage in OPEN_STAGES)
KINDS = tuple(AgencyKind.choices())


def signs_off(user: User) -> bool:
    """What waits for a manager is this person's work too, whoever holds it: a sign-off, an act that nobody has seen."""
    return Verb.SIGN_OFF in permissions.allowed(user.as_role, frozenset({Relation.HUB}))


def works(user: User) -> bool:
    return user.as_role in permissions.ASSIGNABLE or signs_off(user)


@dataclass(frozen=True)
class Filters:
    """What a person has chosen to see. Anything in the address that is not a choice is left out of account."""

    whose: str
    usual: str
    rag: tuple[str, ...] = ()
    stage: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    late: bool = False
    soon: bool = False
    holder: str = ""

    @classmethod
    def read(cls, query: QueryDict, user: User) -> Self:
        usual = MINE if works(user) else EVERYBODY
        whose = query.get("whose", "")
        return cls(
            whose=whose if whose in (MINE, EVERYBODY) else usual,
            usual=usual,
            rag=_known(query, "rag", RAGS),
            stage=_known(query, "stage", STAGES),
            kind=_known(query, "kind", KINDS),
            late=query.get("late") == "1",
            soon=query.get("soon") == "1",
            holder=_holder(query.get("holder", "")),
        )

    def condition(self, user: User, now: datetime) -> Q:
        """The filter for the database. Whatever is chosen, a contact that nobody holds is never hidden by `whose`."""
        wanted = self._whose(user)
        if self.rag:
            wanted &= Q(rag__in=["" if one == NOT_RATED else one for one in self.rag])
        if self.stage:
            wanted &= Q(stage__in=self.stage)
        if self.kind:
            wanted &= Q(agency__kind__in=self.kind)
        if self.late:
            wanted &= Q(due_at__lt=now)
        if self.soon:
            wanted &= Q(due_at__gte=now, due_at__lt=now + SOON)
        if self.holder:
            wanted &= Q(owner=None) if self.holder == NOBODY else Q(owner=int(self.holder))
        return wanted

    def _whose(self, user: User) -> Q:
        if self.whose == EVERYBODY:
            return Q()
        mine = Q(owner=user) | Q(owner=None)
        if not signs_off(user):
            return mine
        acted = EmergencyAct.objects.filter(confirmed_at=None).values("contact")
        return mine | Q(stage=Stage.SIGN_OFF) | Q(pk__in=acted)

    @property
    def query(self) -> str:
        """The address's query, without what is usual."""
        query = QueryDict(mutable=True)
        if self.whose != self.usual:
            query["whose"] = self.whose
        for name in ("rag", "stage", "kind"):
            query.setlist(name, list(getattr(self, name)))
        for name in ("late", "soon"):
            if getattr(self, name):
                query[name] = "1"
        if self.holder:
            query["holder"] = self.holder
        return query.urlencode()

    @property
    def url(self) -> str:
        return f"{reverse('triage:queue')}{'?' if self.query else ''}{self.query}"

    def following_url(self, place: object | None) -> str:
        """The next page of the same list; nothing where there is none."""
        if place is None:
            return ""
        return f"{self.url}{'&' if self.query else '?'}after={place}"

    def chosen(self, user: User) -> list[tuple[str, str]]:
        """Each filter in words, with the address that is left when it is taken away."""
        found = []
        if self.whose != self.usual:
            found.append((dict(whose_choices(user))[self.whose], replace(self, whose=self.usual).url))
        for name, choices in (("rag", RAGS), ("stage", STAGES), ("kind", KINDS)):
            values: tuple[str, ...] = getattr(self, name)
            labels = dict(choices)
            for value in values:
                rest: dict[str, Any] = {name: tuple(one for one in values if one != value)}
                found.append((labels[value], replace(self, **rest).url))
        if self.late:
            found.append(("Overdue only", replace(self, late=False).url))
        if self.soon:
            found.append(("Due in the next two hours", replace(self, soon=False).url))
        if self.holder:
            found.append((_held_by(self.holder), replace(self, holder="").url))
        return found

    def form(self, user: User) -> "FilterForm":
        return FilterForm(user, initial={name: getattr(self, name) for name in FilterForm.base_fields})


class FilterForm(GovukForm):
    """The panel beside the queue. It is only drawn: Filters reads the address."""

    mark_optional = False
    buttons = ()
    looks = {name: Look(small=True, size="s") for name in ("whose", "rag", "stage", "late", "soon", "kind")}

    whose = forms.ChoiceField(label="Whose contacts", widget=forms.RadioSelect)
    rag = forms.MultipleChoiceField(label="Priority", choices=RAGS, widget=forms.CheckboxSelectMultiple)
    stage = forms.MultipleChoiceField(label="Stage", choices=STAGES, widget=forms.CheckboxSelectMultiple)
    late = forms.BooleanField(label="Overdue only", widget=forms.CheckboxInput(attrs={"value": "1"}))
    soon = forms.BooleanField(label="Due in the next two hours only", widget=forms.CheckboxInput(attrs={"value": "1"}))
    kind = forms.MultipleChoiceField(label="Who sent it", choices=KINDS, widget=forms.CheckboxSelectMultiple)

    def __init__(self, user: User, **options: Any) -> None:
        super().__init__(**options)
        self.fields["whose"].widget.choices = whose_choices(user)


def whose_choices(user: User) -> list[tuple[str, str]]:
    if signs_off(user):
        mine = "Mine, unassigned and waiting for a manager"
    elif works(user):
        mine = "Mine and unassigned"
    else:
        mine = "Unassigned"
    return [(MINE, mine), (EVERYBODY, "Everybody’s")]


def _known(query: QueryDict, name: str, choices: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    asked = set(query.getlist(name))
    return tuple(value for value, _ in choices if value in asked)


def _holder(asked: str) -> str:
    """Nobody, or the number of a person; anything else asks for nothing."""
    return asked if asked == NOBODY or (asked.isascii() and asked.isdigit() and len(asked) < 18) else ""


def _held_by(holder: str) -> str:
    """In words: one query, where somebody is asked for."""
    if holder == NOBODY:
        return "Unassigned"
    person = User.objects.filter(pk=int(holder)).first()
    return f"Held by {person.full_name}" if person else "Held by somebody who is not known"
