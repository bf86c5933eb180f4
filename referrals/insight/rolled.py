"""The figures of the whole hub, mostly from what has been added up before: the same as a count of every row.

A month or a day that is over for more than 24 hours, and that nothing has marked since it was added up, is taken as it
stands. Everything else is counted now: marked days, the last two, and restricted records that this person may see,
which are in no sum. So nothing is ever old, whether or not anybody adds up.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Self

from django.db import connection, models
from django.db.models import Q, Sum, Value

from mash_portal.accounts.models import User
from referrals import access
from referrals.models import OutcomeFigure, RolledMonth, StaleDay, TimeFigure
from referrals.models.people import ChildQuerySet
from referrals.rules import permissions

from . import queries, times
from .figures import Figures, Summary
from .filters import BANDS, LATE, NO_FILTERS, Filters
from .period import Period, midnight
from .promises import DAY

ONE_DAY = timedelta(days=1)
Stretch = tuple[datetime, datetime]


@dataclass(frozen=True)
class Plan:
    """What is taken as added up, by first days, and the stretches of time that are counted now."""

    months: Sequence[date]
    days: Sequence[date]
    live: Sequence[Stretch]

    @classmethod
    def of(cls, period: Period, now: datetime, stale: frozenset[date], rolled: frozenset[date]) -> Self:
        months: list[date] = []
        days: list[date] = []
        live: list[Stretch] = []
        for month in period.months():
            own = list(_days(month.first, month.last))
            over = [day for day in own if day not in stale and _is_over(day, now)]
            if month.whole and month.first in rolled and over == own:
                months.append(month.first)
                continue
            days += over
            taken = frozenset(over)
            live += [(midnight(day), midnight(day + ONE_DAY)) for day in own if day not in taken]
        return cls(months, days, _joined(live))


@dataclass(frozen=True)
class Whole:
    """The figures of everything that a person may count."""

    period: Period
    filters: Filters
    now: datetime
    children: ChildQuerySet
    plan: Plan | None
    restricted: Sequence[int] = ()

    @classmethod
    def seen_by(cls, user: User | None, period: Period, now: datetime, filters: Filters = NO_FILTERS) -> Self:
        """For `user`; None where nobody in particular looks. Who may not count everything is counted row by row."""
        children = access.countable_by(user) if user else access.countable()
        of_all = user is None or user.as_role in permissions.INSIGHT
        if not of_all or filters != Filters(source=filters.source):
            return cls(period, filters, now, children, None)
        restricted = access.restricted()  # before the marks: what is restricted in between is marked
        return cls(period, filters, now, children, Plan.of(period, now, *_known(period)), restricted)

    def summary(self) -> Summary:
        if self.plan is None:
            return queries.summary(self.children, self.period, self.now, self.filters)
        found = Summary(months=queries.empty_months(self.period))
        found += self._standing(self.plan) + queries.count(self._live(self.plan), self.period, self.now)
        found.months = queries.without_empty_ends(found.months, self.period, self.now)
        return found

    def median_hours(self) -> float | None:
        """To the minute: first the hours in which the two in the middle are, then the minutes of these."""
        if self.plan is None:
            return queries.median_hours(self.children, self.period, self.now, self.filters)
        now = queries.minutes_taken(self._live(self.plan))
        hours = Counter(self._hours)
        for minutes, contacts in now.items():
            hours[times.hour_of(minutes)] += contacts
        total = sum(hours.values())
        if not total:
            return None
        places = [(place, times.at(place, hours)) for place in times.middles(total)]
        minutes_of = {hour: self._minutes(hour, now) for hour in {hour for _, hour in places}}
        before = {hour: sum(number for other, number in hours.items() if other < hour) for _, hour in places}
        return sum(times.at(place - before[hour], minutes_of[hour]) for place, hour in places) / 2 / times.MINUTES

    @cached_property
    def _hours(self) -> dict[int, int]:
        """How many of what has been added up were decided in each hour after receipt."""
        return dict(self._times().values_list("hours").annotate(total=Sum("contacts")))

    def _times(self) -> models.QuerySet[TimeFigure]:
        return TimeFigure.objects.filter(self._taken())

    def _minutes(self, hour: int, now: Mapping[int, int]) -> Counter[int]:
        """How many took so many minutes, of those who took so many hours."""
        minutes = Counter({taken: number for taken, number in now.items() if times.hour_of(taken) == hour})
        for some, counts in self._times().filter(hours=hour).values_list("minutes", "counts"):
            for taken, number in zip(some, counts, strict=True):
                minutes[taken] += number
        return minutes

    def _live(self, plan: Plan) -> ChildQuerySet:
        """What is in no sum that is taken."""
        found = Q(contact__in=self.restricted) if self.restricted else Q(pk__in=[])
        for starts, ends in plan.live:
            found |= Q(received_at__gte=starts, received_at__lt=ends)
        return queries.counted(self.children, self.period, self.now, self.filters).filter(found)

    def _standing(self, plan: Plan) -> Summary:
        """What has been added up. All of it is more than 24 hours old: what is not decided is late."""
        found = _by_agency_and_month(plan, self.period, self.filters.source)
        outcomes = OutcomeFigure.objects.filter(self._taken())
        found.outcomes = dict(outcomes.values_list("outcome").annotate(total=Sum("contacts")))
        bands = Counter({LATE: found.total.contacts - found.total.decided})
        for hour, contacts in self._hours.items():
            bands[_band(hour)] += contacts
        found.times = {key: number for key, number in bands.items() if number}
        return found

    def _taken(self) -> Q:
        """The rows that are taken as they stand."""
        if self.plan is None:
            return Q(pk__in=[])
        found = Q(is_month=True, first__in=self.plan.months) | Q(is_month=False, first__in=self.plan.days)
        return found & Q(source=self.filters.source) if self.filters.source else found


_ADD_UP = """
SELECT GROUPING(source, agency_id, month), source, agency_id, month, sum(contacts), sum(nfa), sum(pushback),
       sum(decided), sum(in_24_hours)
FROM (
    SELECT figure.*, width_bucket(first, %(starts)s::date[]) AS month
    FROM referrals_agencyfigure AS figure
    WHERE ((is_month AND first = ANY(%(months)s::date[])) OR (NOT is_month AND first = ANY(%(days)s::date[])))
          AND (%(source)s = '' OR source = %(source)s)
) AS figure
GROUP BY GROUPING SETS ((), (source), (agency_id), (month), (source, month))
"""


def _known(period: Period) -> tuple[frozenset[date], frozenset[date]]:
    """The marked days of the period, and its months that have been added up."""
    days = StaleDay.objects.filter(day__range=(period.first, period.last)).values_list("day", Value("marked"))
    months = RolledMonth.objects.filter(first__range=(period.first, period.last)).values_list("first", Value("rolled"))
    found = set(days.union(months))
    return (
        frozenset(day for day, what in found if what == "marked"),
        frozenset(first for first, what in found if what == "rolled"),
    )


def _by_agency_and_month(plan: Plan, period: Period, source: str) -> Summary:
    found, months = Summary(), period.months()
    asked: dict[str, Any] = {
        "starts": [month.first for month in months],
        "months": list(plan.months),
        "days": list(plan.days),
        "source": source,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ADD_UP, asked)
        for bits, source_of, agency, month, *counts in cursor.fetchall():
            figures = _figures(counts)
            key = months[month - 1].key if month else ""
            match bits:
                case 0b111:
                    found.total = figures
                case 0b011:
                    found.sources[source_of] = figures
                case 0b101:
                    found.agencies[agency] = figures
                case 0b110:
                    found.months[key] = figures
                case 0b010:
                    found.source_months.setdefault(source_of, {})[key] = figures
    return found


def _figures(counts: Sequence[Any]) -> Figures:
    contacts, nfa, pushback, decided, in_24h = (int(number or 0) for number in counts)
    return Figures(contacts, nfa, pushback, decided, in_24h, due=contacts)


def _band(hour: int) -> str:
    """The band of those who were decided in this hour after receipt."""
    return next(band.key for band in BANDS if band.up_to is None or hour <= band.up_to)


def _is_over(day: date, now: datetime) -> bool:
    """Whether everything of the day is more than 24 hours old."""
    return midnight(day + ONE_DAY) + DAY <= now


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _joined(stretches: Sequence[Stretch]) -> Sequence[Stretch]:
    """Those that follow one another as one, in order."""
    joined: list[Stretch] = []
    for starts, ends in stretches:
        if joined and joined[-1][1] == starts:
            joined[-1] = (joined[-1][0], ends)
        else:
            joined.append((starts, ends))
    return joined
