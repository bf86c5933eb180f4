"""NFA look back: of those closed without further action, how many came back, how soon, and as what (front-door.md 3.8).

A child came back with the first later contact about the same known child, in another contact. The share within 90 or
365 days is of those whose 90 or 365 days are over: who was closed last month has not had a year to come back, and that
is said. One statement counts; the list behind a number is the same rows asked for one by one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, OuterRef, Q, Subquery

from referrals.models.people import ChildQuerySet, could_come_back
from referrals.rules.period import midnight
from referrals.rules.sampling import KINDS, kind_group
from referrals.vocabulary import NFA, Outcome
from referrals.vocabulary.learning import BECAME, Became

WINDOWS = (90, 365)
#: A first contact after the closing that is not decided yet.
WAITING = "none"
AS_WHAT = {**{one.value: one.label for one in Became}, WAITING: "not decided yet"}
GROUPS = tuple(dict.fromkeys(KINDS.values()))


@dataclass(slots=True)
class Window:
    """One length of time: `over` for so many, of whom `back` came back; not over for `waiting`."""

    over: int = 0
    back: int = 0
    waiting: int = 0
    waiting_back: int = 0
    as_what: dict[str, int] = field(default_factory=lambda: dict.fromkeys(AS_WHAT, 0))

    @property
    def share(self) -> float | None:
        return self.back / self.over if self.over else None


@dataclass(slots=True)
class Back:
    """One group of agencies, or all of them. `unknown`: not known across contacts, so nobody can say."""

    closed: int = 0
    unknown: int = 0
    windows: dict[int, Window] = field(default_factory=lambda: {days: Window() for days in WINDOWS})


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows of the list. Nothing narrows nothing; `state` with `days` names one number of the table."""

    first: date
    last: date
    group: str = ""
    days: int = WINDOWS[0]
    state: str = ""
    became: str = ""


OVER, BACK, NOT_OVER, NOT_OVER_BACK, UNKNOWN = "over", "back", "not_over", "not_over_back", "unknown"
STATES = {
    OVER: "Whose time is over",
    BACK: "Who came back in that time",
    NOT_OVER: "Whose time is not over",
    NOT_OVER_BACK: "Whose time is not over, and who came back already",
    UNKNOWN: "Not known across contacts",
}


def closed(children: ChildQuerySet, first: date, last: date) -> ChildQuerySet:
    """Those closed without further action in the period, by the moment of the decision."""
    starts, ends = midnight(first), midnight(last + timedelta(days=1))
    within = children.filter(in_scope=True, decided_at__gte=starts, decided_at__lt=ends)
    return within.filter(outcome__in=sorted(NFA))


#: {closed} and {later} are SQL that Django wrote; the index child_history answers each look for a later contact.
COUNT = """
WITH closed AS MATERIALIZED ({closed}), later AS NOT MATERIALIZED ({later})
SELECT closed.kind, closed.person_id IS NULL, closed.decided_at <= %s, closed.decided_at <= %s,
       CASE WHEN back.received_at <= closed.decided_at + interval '90 days' THEN 90
            WHEN back.received_at <= closed.decided_at + interval '365 days' THEN 365 ELSE 0 END,
       back.outcome, count(*)
FROM closed LEFT JOIN LATERAL (
    SELECT later.received_at, later.outcome FROM later
    WHERE later.person_id = closed.person_id AND later.received_at > closed.decided_at
      AND later.contact_id <> closed.contact_id
    ORDER BY later.received_at, later.id LIMIT 1
) AS back ON true
GROUP BY 1, 2, 3, 4, 5, 6
"""


def count(children: ChildQuerySet, first: date, last: date, now: datetime) -> dict[str, Back]:
    """Group of agencies → what is known; "" is all of them. One statement."""
    rows = closed(children, first, last).order_by()
    of_closed = rows.values("person_id", "contact_id", "decided_at", kind=F("agency__kind"))
    later = children.filter(in_scope=True).order_by().values("id", "person_id", "contact_id", "received_at", "outcome")
    (closed_sql, one), (later_sql, other) = (queryset.query.sql_with_params() for queryset in (of_closed, later))
    over = [now - timedelta(days=days) for days in WINDOWS]
    found = {name: Back() for name in ("", *GROUPS)}
    with connection.cursor() as cursor:
        cursor.execute(COUNT.format(closed=closed_sql, later=later_sql), (*one, *other, *over))
        for kind, *cell in cursor.fetchall():
            for name in ("", kind_group(kind)):
                _add(found[name], cell)
    return {name: back for name, back in found.items() if back.closed or not name}


def _add(back: Back, cell: Sequence[Any]) -> None:
    """One line of COUNT."""
    unknown, *over, came_within, outcome, number = cell
    back.closed += number
    if unknown:
        back.unknown += number
        return
    for days, is_over in zip(WINDOWS, over, strict=True):
        window, came = back.windows[days], 0 < came_within <= days
        if is_over:
            window.over += number
            window.back += number * came
            if came:
                window.as_what[as_what(outcome)] += number
        else:
            window.waiting += number
            window.waiting_back += number * came


def as_what(outcome: str) -> str:
    return BECAME[Outcome(outcome)].value if outcome else WAITING


def listed(children: ChildQuerySet, asked: Asked, now: datetime) -> ChildQuerySet:
    """Exactly the rows that a number counts, each with `back_at`, `back_outcome` and `back_contact` where one came."""
    later = children.filter(in_scope=True, person=OuterRef("person"), received_at__gt=OuterRef("decided_at"))
    later = later.exclude(contact=OuterRef("contact")).order_by("received_at", "pk")
    rows = closed(children, asked.first, asked.last).annotate(
        back_at=Subquery(later.values("received_at")[:1]),
        back_outcome=Subquery(later.values("outcome")[:1]),
        back_contact=Subquery(later.values("contact")[:1]),
    )
    if asked.group:
        rows = rows.filter(agency__kind__in=[kind.value for kind, name in KINDS.items() if name == asked.group])
    return rows.filter(_state(asked, now)).order_by("-decided_at", "-pk")


def _state(asked: Asked, now: datetime) -> Q:
    if asked.state == UNKNOWN:
        return Q(person=None)
    if not asked.state:
        return Q()
    length = timedelta(days=asked.days)
    over = asked.state in (OVER, BACK)
    found = could_come_back(length, now) if over else Q(person__isnull=False, decided_at__gt=now - length)
    if asked.state in (BACK, NOT_OVER_BACK):
        found &= Q(back_at__lte=F("decided_at") + length)
    if asked.became == WAITING:
        return found & Q(back_outcome="")
    if asked.became:
        outcomes = [one.value for one, group in BECAME.items() if group.value == asked.became]
        return found & Q(back_outcome__in=outcomes)
    return found
