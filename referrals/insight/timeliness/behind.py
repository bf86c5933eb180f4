"""The lists behind the numbers of the work: stages, checks, discussions, invitations. No names, no words of anybody.

Each takes the rows that work.py counts and narrows them as the number did, so that the list has as many.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db.models import F, Q
from django.http import Http404
from django.urls import reverse

from mash_portal.accounts.models import User
from mash_portal.govuk import words
from referrals import access
from referrals.insight.findings import hours
from referrals.insight.grids import NOTHING
from referrals.vocabulary import AgencyKind, Stage

from . import work
from .work import Cohort

PAGE = 50


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the four lists: its rows, what may narrow them, and what it says of each."""

    one: str
    many: str
    headings: Sequence[str]
    rows: Callable[[Cohort, Mapping[str, str]], Any]
    facts: Sequence[str]
    told: Callable[[Mapping[str, Any]], Sequence[str]]
    narrowed_by: Mapping[str, frozenset[str]]
    contact: str = "contact"


@dataclass(frozen=True, slots=True)
class Row:
    """Without `url` this person may count the contact and not open it."""

    reference: str
    url: str
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Listing:
    heading: str
    headings: Sequence[str]
    rows: Sequence[Row]
    opens: bool
    older: int
    newer: int


def narrowing(what: str, query: Mapping[str, str]) -> dict[str, str]:
    """What the address narrows the list by; 404 for a list or a word that there is not: no number leads there."""
    if what not in KINDS:
        raise Http404
    found = {name: query[name] for name in KINDS[what].narrowed_by if query.get(name)}
    for name, value in found.items():
        allowed = KINDS[what].narrowed_by[name]
        if value not in allowed and not (name == "agency" and value.isascii() and value.isdigit() and len(value) < 10):
            raise Http404
    return found


def page_asked(text: str) -> int:
    """From 1; the first for anything that is no page."""
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def listing(what: str, cohort: Cohort, narrowed: Mapping[str, str], user: User, page: int) -> Listing:
    """Three queries, however many rows. Pages are counted from 1; one that is not there is empty."""
    kind = KINDS[what]
    chosen = kind.rows(cohort, narrowed)
    total = chosen.count()
    start = (page - 1) * PAGE
    shown = list(chosen.values(*kind.facts, number=F(kind.contact))[start : start + PAGE])
    contacts = {row["number"] for row in shown}
    references = dict(access.visible_to(user).filter(pk__in=contacts).values_list("pk", "reference"))
    return Listing(
        heading=words.count(total, kind.one, kind.many),
        headings=kind.headings,
        rows=[_row(kind, row, references.get(row["number"], "")) for row in shown],
        opens=bool(references),
        older=page + 1 if start + PAGE < total else 0,
        newer=page - 1,
    )


def _row(kind: Kind, row: Mapping[str, Any], reference: str) -> Row:
    url = reverse("triage:contact", args=[reference]) if reference else ""
    return Row(reference, url, kind.told(row))


def _visits(cohort: Cohort, narrowed: Mapping[str, str]) -> Any:
    found = work.with_ends(work.visits(cohort)).order_by("-at", "-id")
    if narrowed.get("stage"):
        found = found.filter(to_stage=narrowed["stage"])
    return found.filter(until__isnull=False) if narrowed.get("left") else found


def _checks(cohort: Cohort, narrowed: Mapping[str, str]) -> Any:
    found = work.checks(cohort).order_by("-requested_at", "-id")
    if narrowed.get("agency"):
        found = found.filter(agency=int(narrowed["agency"]))
    state = {"answered": Q(answered_at__isnull=False), "late": work.late_check(cohort.now)}
    return found.filter(state.get(narrowed.get("state", ""), Q()))


def _discussions(cohort: Cohort, narrowed: Mapping[str, str]) -> Any:
    on, late = Q(called_off_at=None), work.late_discussion(cohort.now)
    state = {
        "called": on,
        "held": on & Q(held_at__isnull=False),
        "late": on & late,
        "on_time": on & work.owed_discussion(cohort.now) & Q(held_at__lte=F("due_at")),
        "called_off": ~on,
    }
    found = work.discussions(cohort).order_by("-called_at", "-id")
    return found.filter(state.get(narrowed.get("state", ""), Q()))


def _invitations(cohort: Cohort, narrowed: Mapping[str, str]) -> Any:
    asked = Q(not_invited_because="")
    state = {
        "invited": asked,
        "came": asked & Q(attended=True),
        "missing": asked & (Q(attended=False) | Q(attended=None)),
        "left_out": ~asked,
    }
    found = work.invitations(cohort).order_by("-discussion__held_at", "-id")
    if narrowed.get("kind"):
        found = found.filter(kind=narrowed["kind"])
    return found.filter(state.get(narrowed.get("state", ""), Q()))


def _moment(at: datetime | None) -> str:
    return f"{words.short_date(at)}, {words.time_of_day(at)}" if at else NOTHING


def _took(since: datetime, until: datetime | None) -> str:
    return hours((until - since).total_seconds() / 3600) if until else NOTHING


def _came(row: Mapping[str, Any]) -> str:
    if row["not_invited_because"]:
        return "Left out, with the reason"
    return "Came" if row["attended"] else "Did not come"


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "stages": Kind(
            "time in a stage",
            "times in a stage",
            ("Stage", "Entered", "Left", "Time"),
            _visits,
            ("to_stage", "at", "until"),
            lambda row: (
                Stage(row["to_stage"]).label,
                _moment(row["at"]),
                _moment(row["until"]),
                _took(row["at"], row["until"]),
            ),
            {"stage": frozenset(work.STAGES), "left": frozenset({"yes"})},
        ),
        "checks": Kind(
            "agency check",
            "agency checks",
            ("Agency", "Asked", "Due", "Answered", "Time"),
            _checks,
            ("agency__name", "requested_at", "due_at", "answered_at"),
            lambda row: (
                row["agency__name"],
                *(_moment(row[name]) for name in ("requested_at", "due_at", "answered_at")),
                _took(row["requested_at"], row["answered_at"]),
            ),
            {"agency": frozenset(), "state": frozenset({"answered", "late"})},
        ),
        "discussions": Kind(
            "strategy discussion",
            "strategy discussions",
            ("Called", "Due", "Held", "Time"),
            _discussions,
            ("called_at", "due_at", "held_at"),
            lambda row: (
                *(_moment(row[name]) for name in ("called_at", "due_at", "held_at")),
                _took(row["called_at"], row["held_at"]),
            ),
            {"state": frozenset({"called", "held", "late", "on_time", "called_off"})},
        ),
        "invitations": Kind(
            "invitation to a strategy discussion",
            "invitations to strategy discussions",
            ("Agency", "Discussion held", "Attendance"),
            _invitations,
            ("kind", "discussion__held_at", "attended", "not_invited_because"),
            lambda row: (AgencyKind(row["kind"]).label, _moment(row["discussion__held_at"]), _came(row)),
            {"kind": frozenset(AgencyKind), "state": frozenset({"invited", "came", "missing", "left_out"})},
            contact="discussion__contact",
        ),
    }
)
