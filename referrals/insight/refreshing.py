"""Adds figures up again for every day that is marked, and for months that are over. Writes nothing but figures.

Marks go first, then their days are counted: a row that has changed was marked in the same transaction, so whoever sees
the mark and takes it away counts the change too, and a change that commits later has left a mark that stays. One at a
time adds up; a second one finds the first at work and goes away.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import Min
from django.utils import timezone
from psycopg2.errors import LockNotAvailable

from referrals import access
from referrals.models import AgencyFigure, OutcomeFigure, RolledMonth, StaleDay, TimeFigure
from referrals.rules.period import LONDON, Month, Period, midnight
from referrals.vocabulary import NFA, Outcome

#: So many days are added up in one transaction: a month and its neighbours, in seconds even for all of England.
AT_ONCE = 62
MONTHS_AT_ONCE = 2
ONE_DAY = timedelta(days=1)

_ADD_UP = """
WITH counted AS MATERIALIZED (
    SELECT span.first, child.source, child.agency_id, child.outcome,
           ceil(extract(epoch FROM child.decided_at - child.received_at) / 60)::int AS minutes
    FROM unnest(%(firsts)s::date[], %(starts)s::timestamptz[], %(ends)s::timestamptz[]) AS span (first, starts, ends)
    JOIN referrals_child AS child ON child.received_at >= span.starts AND child.received_at < span.ends
    WHERE child.in_scope AND child.contact_id <> ALL (%(restricted)s::bigint[])
), by_agency AS (
    INSERT INTO referrals_agencyfigure
        (is_month, first, source, agency_id, contacts, nfa, pushback, decided, in_24_hours)
    SELECT %(is_month)s, first, source, agency_id, count(*), count(*) FILTER (WHERE outcome = ANY (%(nfa)s)),
           count(*) FILTER (WHERE outcome = %(pushback)s), count(minutes), count(*) FILTER (WHERE minutes <= 24 * 60)
    FROM counted GROUP BY first, source, agency_id
), by_outcome AS (
    INSERT INTO referrals_outcomefigure (is_month, first, source, outcome, contacts)
    SELECT %(is_month)s, first, source, outcome, count(*) FROM counted GROUP BY first, source, outcome
)
INSERT INTO referrals_timefigure (is_month, first, source, hours, contacts, minutes, counts)
SELECT %(is_month)s, first, source, ceil(minutes / 60.0)::int, sum(taken), array_agg(minutes), array_agg(taken)
FROM (SELECT first, source, minutes, count(*) AS taken FROM counted
      WHERE minutes IS NOT NULL GROUP BY first, source, minutes) AS by_minute
GROUP BY first, source, ceil(minutes / 60.0)::int
"""


def refresh(now: datetime | None = None, *, stopping: Callable[[], bool] = lambda: False) -> int:
    """Add up until nothing is marked, or until it should stop; how many days and months were added up."""
    now, done = now or timezone.now(), 0
    while not stopping():
        added = _some(now)
        done += added or 0
        if not added:
            break
    return done


def _some(now: datetime) -> int | None:
    """The newest marked days, and the months that are over; None where somebody else is adding up."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE referrals_rolledmonth IN SHARE ROW EXCLUSIVE MODE NOWAIT")
            return _add_up(now)
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            return None
        raise


def _add_up(now: datetime) -> int:
    today = now.astimezone(LONDON).date()
    over = StaleDay.objects.filter(day__lt=today)  # today is counted row by row anyway
    days = list(over.order_by("-day").values_list("day", flat=True).distinct()[:AT_ONCE])
    StaleDay.objects.filter(day__in=days).delete()
    restricted = access.restricted()
    _write(days, [day + ONE_DAY for day in days], restricted, is_month=False)
    RolledMonth.objects.filter(first__in={day.replace(day=1) for day in days}).delete()
    months = _due(today)
    _write([one.first for one in months], [one.last + ONE_DAY for one in months], restricted, is_month=True)
    RolledMonth.objects.bulk_create(RolledMonth(first=one.first) for one in months)
    return len(days) + len(months)


def _due(today: date) -> Sequence[Month]:
    """The newest months that are over and not added up as a whole, and in which no day is marked."""
    earliest = AgencyFigure.objects.filter(is_month=False).aggregate(first=Min("first"))["first"]
    if earliest is None or earliest >= today:
        return []
    known = set(RolledMonth.objects.values_list("first", flat=True))
    marked = {day.replace(day=1) for day in StaleDay.objects.values_list("day", flat=True).distinct()}
    whole = [month for month in Period(earliest.replace(day=1), today - ONE_DAY).months() if month.whole]
    return [month for month in reversed(whole) if month.first not in known | marked][:MONTHS_AT_ONCE]


def _write(firsts: Sequence[date], following: Sequence[date], restricted: Sequence[int], *, is_month: bool) -> None:
    """Put the figures from each of these days up to the one that follows in the place of those that are there."""
    if not firsts:
        return
    for standing in (AgencyFigure.objects, OutcomeFigure.objects, TimeFigure.objects):
        standing.filter(is_month=is_month, first__in=firsts).delete()
    asked: dict[str, Any] = {
        "firsts": list(firsts),
        "starts": [midnight(day) for day in firsts],
        "ends": [midnight(day) for day in following],
        "restricted": list(restricted),
        "is_month": is_month,
        "nfa": sorted(NFA),
        "pushback": Outcome.NFA_PUSHBACK,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ADD_UP, asked)
