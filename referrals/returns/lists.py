"""The three child-level lists of an inspection, row by row: docs/returns.md says what each column is.

One row for each child, oldest first. A list is a fixed number of queries however long it is, and its rows are read as
they are written. Restricted records are in none: a file is for nobody in particular (access.countable).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, QuerySet

from referrals.codes import ETHNICITY_ANNEX, LIST_COLUMNS, NO_ANNEX, SOURCE_ANNEX, YES_ANNEX
from referrals.models import Handover, Referral
from referrals.models.people import ChildQuerySet
from referrals.rules import returns as rules
from referrals.rules.period import Period, months_back
from referrals.sheets import Table
from referrals.vocabulary import REFERRAL, Outcome

MONTHS = 6
#: Rows that are fetched from the database at a time.
AT_ONCE = 5000
WHO = (
    "pk",
    "person",
    "person__external_reference",
    "sex",
    "ethnicity",
    "date_of_birth",
    "expected_date",
    "estimated_age",
    "source",
    "received_at",
)
FIRST_COLUMNS = LIST_COLUMNS["list_1_contacts"][:5]
EARLY_HELP_COLUMNS = [
    *FIRST_COLUMNS,
    "Date of Contact",
    "Contact Source",
    "Date Handed Over",
    "Team",
    "Answer",
    "Date of Answer",
]
Rows = Iterator[Sequence[object]]


@dataclass(frozen=True)
class Listed:
    """One of the lists. `chosen` is what it has a row for; `rows` makes them of it."""

    key: str
    title: str
    about: str
    headings: Sequence[str]
    chosen: Callable[[ChildQuerySet, Period], QuerySet[Any]]
    rows: Callable[[ChildQuerySet, Period], Rows]

    def count(self, children: ChildQuerySet, period: Period) -> int:
        return self.chosen(children, period).count()

    def table(self, children: ChildQuerySet, period: Period) -> Table:
        return Table(self.title, self.headings, self.rows(children, period))

    def file_name(self, period: Period) -> str:
        return f"{self.title} {period.first.isoformat()} to {period.last.isoformat()}"


def _contacts(children: ChildQuerySet, period: Period) -> ChildQuerySet:
    return children.counted(period.starts, period.ends)


def _contact_rows(children: ChildQuerySet, period: Period) -> Rows:
    for child in _read(_contacts(children, period).order_by("received_at", "pk"), WHO):
        received = rules.day_of(child["received_at"])
        yield [*_who(child, received), received, SOURCE_ANNEX.get(child["source"], child["source"])]


def _handovers(children: ChildQuerySet, period: Period) -> QuerySet[Handover]:
    """The last offer of each child to early help in the period: sent back and offered again is one child."""
    offered = Handover.objects.filter(
        child__in=children.filter(in_scope=True),
        outcome=Outcome.EARLY_HELP,
        offered_at__gte=period.starts,
        offered_at__lt=period.ends,
    )
    return offered.order_by("child_id", "-offered_at", "-pk").distinct("child_id")


def _handover_rows(children: ChildQuerySet, period: Period) -> Rows:
    facts = ("offered_at", "team__name", "accepted_at", "declined_at", "ended_at")
    last = Handover.objects.filter(pk__in=_handovers(children, period).values("pk")).order_by("offered_at", "pk")
    for row in _read(last, (*facts, *(f"child__{fact}" for fact in WHO))):
        child = _child_of(row)
        offered, received = rules.day_of(row["offered_at"]), rules.day_of(child["received_at"])
        source = SOURCE_ANNEX.get(child["source"], child["source"])
        yield [*_who(child, offered), received, source, offered, row["team__name"], *_answer(row)]


def _answer(row: Mapping[str, Any]) -> tuple[str, date | None]:
    for said, moment in (
        ("Accepted", row["accepted_at"]),
        ("Sent back", row["declined_at"]),
        ("No longer on offer", row["ended_at"]),
    ):
        if moment is not None:
            return said, rules.day_of(moment)
    return "Waiting", None


def _referrals(children: ChildQuerySet, period: Period) -> QuerySet[Referral]:
    return Referral.objects.filter(
        child__in=children.filter(in_scope=True), referred_at__gte=period.starts, referred_at__lt=period.ends
    )


def _referral_rows(children: ChildQuerySet, period: Period) -> Rows:
    chosen = _referrals(children, period)
    earlier, allocated = _earlier(children, chosen, period), _allocated(chosen)
    facts = ("referred_at", "ended_at", "outcome", *(f"child__{fact}" for fact in WHO))
    for row in _read(chosen.order_by("referred_at", "pk"), facts):
        child, referred = _child_of(row), rules.day_of(row["referred_at"])
        before = rules.in_the_year_before(row["referred_at"], earlier.get(child["person"], ()))
        yield [
            *_who(child, referred),
            referred,
            SOURCE_ANNEX.get(child["source"], child["source"]),
            YES_ANNEX if row["ended_at"] else NO_ANNEX,
            before,
            *allocated.get(child["pk"], ("", "")),
        ]


def _earlier(children: ChildQuerySet, chosen: QuerySet[Referral], period: Period) -> Mapping[int, list[datetime]]:
    """When each person in the list was referred, in the period and in the 12 months before it. One query."""
    people, since = chosen.exclude(child__person=None).values("child__person"), months_back(period.first, 12).starts
    known = Referral.objects.filter(
        child__in=children, child__person__in=people, referred_at__gte=since, referred_at__lt=period.ends
    )
    found: dict[int, list[datetime]] = {}
    for person, moment in known.values_list("child__person", "referred_at"):
        found.setdefault(person, []).append(moment)
    return found


def _allocated(chosen: QuerySet[Referral]) -> Mapping[int, tuple[str, str]]:
    """The team and the worker that each child is with: the hand-over that stands, else the last that did. One query."""
    handovers = Handover.objects.filter(child__in=chosen.values("child"), outcome__in=REFERRAL, declined_at=None)
    best_last = handovers.order_by(F("ended_at").asc(nulls_last=True), "pk")
    rows = best_last.values_list("child", "team__name", "accepted_for", "accepted_by__full_name")
    return {child: (team or "", written or worker or "") for child, team, written, worker in rows}


def _read(chosen: QuerySet[Any], facts: Sequence[str]) -> Iterator[dict[str, Any]]:
    return chosen.values(*facts).iterator(chunk_size=AT_ONCE)


def _child_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """The facts about the child of a row that is not a child's own."""
    return {fact: row[f"child__{fact}"] for fact in WHO}


def _who(child: Mapping[str, Any], on: date) -> list[object]:
    """The five columns that every list begins with. An unborn child has the expected date, and no age."""
    born, expected = child["date_of_birth"], child["expected_date"]
    return [
        rules.child_id(child["pk"], child["person"], child["person__external_reference"]),
        rules.gender(child["sex"], is_unborn=expected is not None),
        ETHNICITY_ANNEX.get(child["ethnicity"], child["ethnicity"]),
        born or expected,
        None if expected else rules.age(born, child["estimated_age"], on),
    ]


LISTS = {
    one.key: one
    for one in (
        Listed(
            "contacts",
            "List 1 Contacts",
            "Every contact received, one row for each child who was referred.",
            LIST_COLUMNS["list_1_contacts"],
            _contacts,
            _contact_rows,
        ),
        Listed(
            "early-help",
            "List 2 Early help",
            "Every child who was handed over to early help.",
            EARLY_HELP_COLUMNS,
            _handovers,
            _handover_rows,
        ),
        Listed(
            "referrals",
            "List 3 Referrals",
            "Every contact that became a referral to children’s social care.",
            LIST_COLUMNS["list_3_referrals"],
            _referrals,
            _referral_rows,
        ),
    )
}
