"""Every number that the portal shows about its work, for pages and commands alike. Reads only.

A contact is counted per child who is referred; brothers and sisters who are only named are not counted. The database
counts in one pass over the covering index child_counted, into cells by source, agency, month, outcome and time taken,
and adds the cells up in the ways that a page asks for.
"""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, Count, DateTimeField, F, FloatField, Func, IntegerField, Value, When
from django.db.models.aggregates import Aggregate

from referrals.models.people import ChildQuerySet

from . import times
from .figures import BAND_KEYS, Figures, Summary, share
from .filters import BANDS, LATE, NO_FILTERS, WAITING, Filters
from .period import Month, Period
from .promises import DAY

__all__ = ["BAND_KEYS", "BY", "Figures", "Summary", "counted", "median_hours", "medians", "share", "summary"]

BY = ("source", "agency", "month")


def counted(children: ChildQuerySet, period: Period, now: datetime, filters: Filters = NO_FILTERS) -> ChildQuerySet:
    """Exactly the child rows that a number counts: the list behind it."""
    return children.counted(period.starts, period.ends).filter(filters.q(now))


def summary(children: ChildQuerySet, period: Period, now: datetime, filters: Filters = NO_FILTERS) -> Summary:
    """Everything that the dashboard counts, in one statement. For the whole hub, `rolled` has the same much sooner."""
    found = Summary(months=empty_months(period)) + count(counted(children, period, now, filters), period, now)
    found.months = without_empty_ends(found.months, period, now)
    return found


def count(chosen: ChildQuerySet, period: Period, now: datetime) -> Summary:
    """These rows, all of the period, added up; only the months in which there are any."""
    months, found = period.months(), Summary()
    cells = _cells(chosen, months, now)
    # where there is nothing to count, there is no SQL
    with suppress(EmptyResultSet), connection.cursor() as cursor:
        sql, parameters = cells.query.sql_with_params()
        cursor.execute(_add_up(sql), parameters)
        for row in cursor.fetchall():
            _place(found, months, row)
    return found


def empty_months(period: Period) -> dict[str, Figures]:
    return {month.key: Figures() for month in period.months()}


def medians(
    children: ChildQuerySet, period: Period, now: datetime, *, by: str, filters: Filters = NO_FILTERS
) -> dict[Any, float]:
    """The exact median hours from receipt to decision of what is decided, by the keys of the summary."""
    months = period.months()
    decided = counted(children, period, now, filters).exclude(decided_at=None)
    key = month_number(months) if by == "month" else F(by)
    found = decided.order_by().annotate(told_apart=key).values_list("told_apart").annotate(median=_median())
    return {months[key - 1].key if by == "month" else key: hours for key, hours in found}


def median_hours(children: ChildQuerySet, period: Period, now: datetime, filters: Filters = NO_FILTERS) -> float | None:
    """The median time from receipt to decision in hours, begun minutes counted whole; None where nothing is decided."""
    return times.median(minutes_taken(counted(children, period, now, filters)))


def minutes_taken(chosen: ChildQuerySet) -> Counter[int]:
    """How many of these were decided in so many minutes, begun ones counted whole."""
    decided = chosen.exclude(decided_at=None).order_by().annotate(minutes=_Minutes(F("decided_at"), F("received_at")))
    return Counter(dict(decided.values_list("minutes").annotate(children=Count("*"))))


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
LAST_IN_TIME = max(number for number, band in enumerate(BANDS) if band.in_time)


def without_empty_ends(months: dict[str, Figures], period: Period, now: datetime) -> dict[str, Figures]:
    """A month without contacts is a row, unless it is before the first contact or has not begun."""
    begun = {month.key for month in period.months() if month.starts <= now}
    first = min((key for key, figures in months.items() if figures.contacts), default=None)
    return {key: figures for key, figures in months.items() if first is not None and key >= first and key in begun}


def _add_up(cells: str) -> str:
    """`cells` is SQL that Django wrote, its values still to be filled in."""
    return ADD_UP.format(cells=cells, waiting=BAND_KEYS.index(WAITING), in_time=LAST_IN_TIME)


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
            found.outcomes[outcome] = figures.contacts
        case 0b11110:
            found.times[BAND_KEYS[band]] = figures.contacts
        case 0b01011:
            found.source_months.setdefault(source, {})[months[month - 1].key] = figures


def _cells(chosen: ChildQuerySet, months: Sequence[Month], now: datetime) -> Any:
    """How many children for each source, agency, month, outcome and band that occurs."""
    told_apart = chosen.order_by().annotate(month=month_number(months), band=band_number(now))
    return told_apart.values("source", "agency", "month", "outcome", "band").annotate(children=Count("*"))


def band_number(now: datetime) -> Case:
    """Which of BAND_KEYS a child row is in, as its place among them."""
    return Case(
        *(When(band.up_to_its_end(), then=Value(number)) for number, band in enumerate(BANDS)),
        When(received_at__gt=now - DAY, then=Value(BAND_KEYS.index(WAITING))),
        default=Value(BAND_KEYS.index(LATE)),
        output_field=IntegerField(),
    )


def month_number(months: Sequence[Month]) -> Func:
    """1 for the first month of the period. Cheaper than asking the database for London's calendar, row by row."""
    starts = Value([month.starts for month in months], output_field=ArrayField(DateTimeField()))
    return Func(F("received_at"), starts, function="width_bucket", output_field=IntegerField())


class Hours(Func):
    """Hours from receipt to decision, as a plain number."""

    function = "date_part"
    template = "(%(function)s('epoch', %(expressions)s) / 3600)"
    arg_joiner = " - "
    output_field = FloatField()


class _Minutes(Func):
    """Minutes from receipt to decision, a begun one counted as a whole one."""

    function = "ceil"
    template = "(%(function)s(extract(epoch FROM %(expressions)s) / 60)::int)"
    arg_joiner = " - "
    output_field = IntegerField()


def _median() -> Aggregate:
    return Aggregate(
        Hours(F("decided_at"), F("received_at")),
        function="percentile_cont",
        template="%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)",
        output_field=FloatField(),
    )
