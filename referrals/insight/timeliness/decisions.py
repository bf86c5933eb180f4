"""When contacts were decided: each promise kept or not, and how long it took, counted in the database in one pass each.

Counted as on the dashboard: per child who is referred, by the time from receipt to the signed-off decision.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Case, Count, F, IntegerField, Q, Value, When
from django.db.models.functions import Collate, ExtractHour

from referrals.insight import promises
from referrals.insight.filters import NO_FILTERS, Filters
from referrals.insight.period import LONDON, Period
from referrals.insight.promises import UNRATED, Promise
from referrals.insight.queries import BAND_KEYS, band_number, counted, month_number, share
from referrals.insight.queries import Hours as HoursTaken
from referrals.models.people import ChildQuerySet


@dataclass(slots=True)
class Kept:
    """The counts of one row. Of those owed, the time has passed or the decision was made."""

    contacts: int = 0
    decided: int = 0
    kept: dict[Promise, int] = field(default_factory=dict)
    owed: dict[Promise, int] = field(default_factory=dict)

    def rate(self, promise: Promise) -> float | None:
        return share(self.kept.get(promise, 0), self.owed.get(promise, 0))


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours from receipt to decision that half, 90 and 95 in 100 of the decided took at most, between neighbours."""

    median: float
    ninety: float
    ninety_five: float


@dataclass(slots=True)
class Decisions:
    """Every row of the page, by hour of receipt ("0" to "23"), priority, month and band; and how long each took."""

    total: Kept = field(default_factory=Kept)
    hours: dict[str, Kept] = field(default_factory=dict)
    rags: dict[str, Kept] = field(default_factory=dict)
    months: dict[str, Kept] = field(default_factory=dict)
    bands: dict[str, Kept] = field(default_factory=dict)
    took: Hours | None = None
    hours_took: dict[str, Hours] = field(default_factory=dict)
    rags_took: dict[str, Hours] = field(default_factory=dict)
    months_took: dict[str, Hours] = field(default_factory=dict)


#: A bit of GROUPING is 1 for what a row does not tell apart. A promise is 0 where it was kept, 1 where not, 2 where
#: neither can be said yet.
ADD_UP = """
WITH cells AS MATERIALIZED ({cells})
SELECT GROUPING(hour, rag, month, band), hour, rag, month, band,
       coalesce(sum(children), 0)::int, coalesce(sum(children) FILTER (WHERE decided), 0)::int,
       coalesce(sum(children) FILTER (WHERE promise_0 = 0), 0)::int,
       coalesce(sum(children) FILTER (WHERE promise_0 < 2), 0)::int,
       coalesce(sum(children) FILTER (WHERE promise_1 = 0), 0)::int,
       coalesce(sum(children) FILTER (WHERE promise_1 < 2), 0)::int,
       coalesce(sum(children) FILTER (WHERE promise_2 = 0), 0)::int,
       coalesce(sum(children) FILTER (WHERE promise_2 < 2), 0)::int
FROM cells
GROUP BY GROUPING SETS ((), (hour), (rag), (month), (band))
"""
PERCENTILES = """
WITH decided AS MATERIALIZED ({rows})
SELECT GROUPING(hour, rag, month), hour, rag, month, percentile_cont(ARRAY[0.5, 0.9, 0.95]) WITHIN GROUP (ORDER BY took)
FROM decided
GROUP BY GROUPING SETS ((), (hour), (rag), (month))
"""


def decisions(children: ChildQuerySet, period: Period, now: datetime, filters: Filters = NO_FILTERS) -> Decisions:
    """Two statements, however much was received."""
    told_apart = counted(children, period, now, filters).order_by()
    told_apart = told_apart.annotate(
        hour=ExtractHour("received_at", tzinfo=LONDON),
        rag=Collate("contact__rag", "C"),  # sorting words as a dictionary does would take most of the time
        month=month_number(period.months()),
    )
    found, months = Decisions(), [month.key for month in period.months()]
    for row in _rows(ADD_UP, cells=_cells(told_apart, now)):
        _count(found, months, row)
    for row in _rows(PERCENTILES, rows=_taken(told_apart)):
        _time(found, months, row)
    return found


def _rows(statement: str, **parts: Any) -> Sequence[Sequence[Any]]:
    """`parts` are queries of Django's, put into the statement under their names."""
    [(name, query)] = parts.items()
    sql, parameters = query.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(statement.format(**{name: sql}), parameters)
        found: Sequence[Sequence[Any]] = cursor.fetchall()
    return found


def _cells(told_apart: Any, now: datetime) -> Any:
    states = {f"promise_{place}": _state(promise, now) for place, promise in enumerate(Promise)}
    decided = Case(When(decided_at__isnull=False, then=True), default=False, output_field=BooleanField())
    cells = told_apart.annotate(band=band_number(now), decided=decided, **states)
    return cells.values("hour", "rag", "month", "band", "decided", *states).annotate(children=Count("*"))


def _taken(told_apart: Any) -> Any:
    took = HoursTaken(F("decided_at"), F("received_at"))
    return told_apart.exclude(decided_at=None).annotate(took=took).values("hour", "rag", "month", "took")


def _state(promise: Promise, now: datetime) -> Case:
    return Case(
        When(promises.kept(promise), then=Value(0)),
        When(Q(decided_at__isnull=False) | promises.broken(promise, now), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )


def _count(found: Decisions, months: Sequence[str], row: Sequence[Any]) -> None:
    """One line of ADD_UP into the part of the page that it belongs to."""
    bits, hour, rag, month, band, contacts, decided, *pairs = row
    kept = Kept(
        contacts, decided, dict(zip(Promise, pairs[::2], strict=True)), dict(zip(Promise, pairs[1::2], strict=True))
    )
    match bits:
        case 0b1111:
            found.total = kept
        case 0b0111:
            found.hours[str(hour)] = kept
        case 0b1011:
            found.rags[rag or UNRATED] = kept
        case 0b1101:
            found.months[months[month - 1]] = kept
        case 0b1110:
            found.bands[BAND_KEYS[band]] = kept


def _time(found: Decisions, months: Sequence[str], row: Sequence[Any]) -> None:
    bits, hour, rag, month, took = row
    if took is None:
        return
    hours = Hours(*took)
    match bits:
        case 0b111:
            found.took = hours
        case 0b011:
            found.hours_took[str(hour)] = hours
        case 0b101:
            found.rags_took[rag or UNRATED] = hours
        case 0b110:
            found.months_took[months[month - 1]] = hours
