"""Every number that the portal shows about its work, for pages and commands alike. Reads only.

A contact is counted per child who is referred; brothers and sisters who are only named are not counted. The database
counts in one pass over the covering index child_counted, into cells by source, agency, month, outcome and time taken,
and adds the cells up in the ways that a page asks for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import Case, Count, DateTimeField, F, FloatField, Func, IntegerField, Value, When
from django.db.models.aggregates import Aggregate

from referrals.models.people import ChildQuerySet

from .filters import BANDS, DAY, LATE, NO_FILTERS, WAITING, Filters
from .period import Month, Period

BY = ("source", "agency", "month")


@dataclass(slots=True)
class Figures:
    """The counts of one row. Rates are between 0 and 1, and None where there is nothing to take a share of."""

    contacts: int = 0
    nfa: int = 0
    pushback: int = 0
    decided: int = 0
    in_24h: int = 0
    due: int = 0

    @property
    def nfa_rate(self) -> float | None:
        return share(self.nfa, self.contacts)

    @property
    def pushback_rate(self) -> float | None:
        return share(self.pushback, self.contacts)

    @property
    def decided_in_24h_rate(self) -> float | None:
        """Of those that are decided, or whose 24 hours have passed."""
        return share(self.in_24h, self.due)


@dataclass(slots=True)
class Summary:
    """A whole dashboard: months in order, everything else with most contacts first."""

    total: Figures = field(default_factory=Figures)
    sources: dict[str, Figures] = field(default_factory=dict)
    agencies: dict[int, Figures] = field(default_factory=dict)
    months: dict[str, Figures] = field(default_factory=dict)
    outcomes: dict[str, Figures] = field(default_factory=dict)
    times: dict[str, Figures] = field(default_factory=dict)
    source_months: dict[str, dict[str, Figures]] = field(default_factory=dict)

    def by(self, name: str) -> Mapping[Any, Figures]:
        """The rows by "source", "agency" or "month"."""
        ways: dict[str, Mapping[Any, Figures]] = {"source": self.sources, "agency": self.agencies, "month": self.months}
        return ways[name]


def counted(children: ChildQuerySet, period: Period, now: datetime, filters: Filters = NO_FILTERS) -> ChildQuerySet:
    """Exactly the child rows that a number counts: the list behind it."""
    return children.filter(filters.q(now), in_scope=True, received_at__gte=period.starts, received_at__lt=period.ends)


def summary(children: ChildQuerySet, period: Period, now: datetime, filters: Filters = NO_FILTERS) -> Summary:
    """Everything that the dashboard counts, in one statement."""
    months = period.months()
    cells = _cells(counted(children, period, now, filters), months, now)
    sql, parameters = cells.query.sql_with_params()
    found = Summary(months={month.key: Figures() for month in months})
    with connection.cursor() as cursor:
        cursor.execute(_add_up(sql), parameters)
        for row in sorted(cursor.fetchall(), key=_most_contacts_first):
            _place(found, months, row)
    found.months = _without_empty_ends(found.months, period, now)
    return found


def medians(
    children: ChildQuerySet, period: Period, now: datetime, *, by: str, filters: Filters = NO_FILTERS
) -> dict[Any, float]:
    """The exact median hours from receipt to decision of what is decided, by the keys of the summary."""
    months = period.months()
    decided = counted(children, period, now, filters).exclude(decided_at=None)
    key = _month_number(months) if by == "month" else F(by)
    found = decided.order_by().annotate(told_apart=key).values_list("told_apart").annotate(median=_median())
    return {months[key - 1].key if by == "month" else key: hours for key, hours in found}


def median_hours(children: ChildQuerySet, period: Period, now: datetime, filters: Filters = NO_FILTERS) -> float | None:
    """The exact median hours from receipt to decision; None where nothing is decided."""
    hours: float | None = counted(children, period, now, filters).aggregate(median=_median())["median"]
    return hours


def share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


#: Adds the cells up once for each way of looking. A bit of GROUPING is 1 for what a row does not tell apart. Bands are
#: numbered as in BAND_KEYS: numbers, because a text for each row doubles the time.
ADD_UP = """
WITH cells AS MATERIALIZED ({cells})
SELECT GROUPING(source, agency, month, outcome, band), source, agency, month, outcome, band,
       coalesce(sum(children::int), 0),
       coalesce(sum(children::int) FILTER (WHERE outcome IN ('nfa_information', 'nfa_pushback')), 0),
       coalesce(sum(children::int) FILTER (WHERE outcome = 'nfa_pushback'), 0),
       coalesce(sum(children::int) FILTER (WHERE band < {waiting}), 0),
       coalesce(sum(children::int) FILTER (WHERE band <= {in_time}), 0),
       coalesce(sum(children::int) FILTER (WHERE band <> {waiting}), 0)
FROM cells
GROUP BY GROUPING SETS ((), (source), (agency), (month), (outcome), (band), (source, month))
"""
BAND_KEYS = (*(band.key for band in BANDS), WAITING, LATE)
LAST_IN_TIME = max(number for number, band in enumerate(BANDS) if band.in_time)


def _without_empty_ends(months: dict[str, Figures], period: Period, now: datetime) -> dict[str, Figures]:
    """A month without contacts is a row, unless it is before the first contact or has not begun."""
    begun = {month.key for month in period.months() if month.starts <= now}
    first = min((key for key, figures in months.items() if figures.contacts), default=None)
    return {key: figures for key, figures in months.items() if first is not None and key >= first and key in begun}


def _add_up(cells: str) -> str:
    """`cells` is SQL that Django wrote, its values still to be filled in."""
    return ADD_UP.format(cells=cells, waiting=BAND_KEYS.index(WAITING), in_time=LAST_IN_TIME)


def _most_contacts_first(row: Sequence[Any]) -> tuple[int, str, int]:
    _bits, source, agency, _month, _outcome, _band, contacts, *_ = row
    return -contacts, source or "", agency or 0


def _place(found: Summary, months: Sequence[Month], row: Sequence[Any]) -> None:
    """One line of ADD_UP into the part of the summary that it belongs to."""
    bits, source, agency, month, outcome, band, *counts = row
    figures = Figures(*map(int, counts))
    match bits:
        case 0b11111:
            found.total = figures
        case 0b01111:
            found.sources[source] = figures
        case 0b10111:
            found.agencies[agency] = figures
        case 0b11011:
            found.months[months[month - 1].key] = figures
        case 0b11101:
            found.outcomes[outcome] = figures
        case 0b11110:
            found.times[BAND_KEYS[band]] = figures
        case 0b01011:
            found.source_months.setdefault(source, {})[months[month - 1].key] = figures


def _cells(chosen: ChildQuerySet, months: Sequence[Month], now: datetime) -> Any:
    """How many children for each source, agency, month, outcome and band that occurs."""
    band = Case(
        *(When(band.up_to_its_end(), then=Value(number)) for number, band in enumerate(BANDS)),
        When(received_at__gt=now - DAY, then=Value(BAND_KEYS.index(WAITING))),
        default=Value(BAND_KEYS.index(LATE)),
        output_field=IntegerField(),
    )
    told_apart = chosen.order_by().annotate(month=_month_number(months), band=band)
    return told_apart.values("source", "agency", "month", "outcome", "band").annotate(children=Count("*"))


def _month_number(months: Sequence[Month]) -> Func:
    """1 for the first month of the period. Cheaper than asking the database for London's calendar, row by row."""
    starts = Value([month.starts for month in months], output_field=ArrayField(DateTimeField()))
    return Func(F("received_at"), starts, function="width_bucket", output_field=IntegerField())


class _Hours(Func):
    """Hours from receipt to decision, as a plain number."""

    function = "date_part"
    template = "(%(function)s('epoch', %(expressions)s) / 3600)"
    arg_joiner = " - "
    output_field = FloatField()


def _median() -> Aggregate:
    return Aggregate(
        _Hours(F("decided_at"), F("received_at")),
        function="percentile_cont",
        template="%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)",
        output_field=FloatField(),
    )
