"""Working time: walks forward over the hours in which a team works. Plain Python: no Django, no clock, no database.

Hours are opening hours of the partnership's local time; England's bank holidays and the partnership's own closures
are no working days. Everything is computed in UTC between the opening and closing instant of each day, so that the
change of the clocks moves the instants and never the amount of work.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NOON = time(12)
MONDAY_TO_FRIDAY = frozenset(range(5))

#: The years whose bank holidays are known: the Banking and Financial Dealings Act 1971 to the library's last year.
FIRST_YEAR, LAST_YEAR = 1972, 2099


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """England's bank and public holidays of one year, substitute days and special ones included."""
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


@dataclass(frozen=True)
class WorkingWeek:
    """When a partnership's hub works. `weekdays` count from Monday = 0; `closures` are days it is shut besides."""

    start: time = time(8, 30)
    end: time = time(17, 0)
    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    timezone: str = "Europe/London"
    closures: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError("The working day must end after it starts.")
        if not self.weekdays or not self.weekdays <= frozenset(range(7)):
            raise ValueError("The working week needs at least one day, counted from Monday as 0 to Sunday as 6.")

    @property
    def day_length(self) -> timedelta:
        """One working day, as an amount of working time."""
        return datetime.combine(date.min, self.end) - datetime.combine(date.min, self.start)

    def works_on(self, day: date) -> bool:
        return day.weekday() in self.weekdays and day not in self.closures and day not in bank_holidays(day.year)

    def hours_on(self, day: date) -> tuple[datetime, datetime]:
        """The opening and closing instants of a working day, in UTC."""
        zone = ZoneInfo(self.timezone)
        opens = datetime.combine(day, self.start, tzinfo=zone).astimezone(UTC)
        closes = datetime.combine(day, self.end, tzinfo=zone).astimezone(UTC)
        return opens, closes

    def in_words(self) -> str:
        """As people say it: "Monday to Friday, 8:30am to 5:00pm, without England's bank holidays"."""
        hours = f"{_time_in_words(self.start)} to {_time_in_words(self.end)}"
        return f"{_days_in_words(sorted(self.weekdays))}, {hours}, without England's bank holidays"


STANDARD_WEEK = WorkingWeek()


def add_working_hours(start: datetime, hours: float, week: WorkingWeek = STANDARD_WEEK) -> datetime:
    """The first instant, in UTC, by which `hours` of working time have passed since `start`.

    An amount that is used up exactly when a day closes is due at that closing time, not at the next opening.
    """
    return add_working_time(start, timedelta(hours=hours), week)


def add_working_days(start: datetime, days: float, week: WorkingWeek = STANDARD_WEEK) -> datetime:
    """As `add_working_hours`, where one day is one working day's hours: Friday 16:00 and one day is Monday 16:00."""
    return add_working_time(start, week.day_length * days, week)


def add_working_time(start: datetime, amount: timedelta, week: WorkingWeek) -> datetime:
    return list(working_spans(start, amount, week))[-1][1]


def working_spans(start: datetime, amount: timedelta, week: WorkingWeek) -> Iterator[tuple[datetime, datetime]]:
    """The stretches of working time, in UTC, that an amount of it is made of: one for each day that gave any."""
    if amount <= timedelta(0):
        raise ValueError("The amount of working time must be more than nothing.")
    start = as_utc(start)
    for opens, closes in _working_days_from(start, week):
        begins = max(opens, start)
        if begins + amount <= closes:
            yield begins, begins + amount
            return
        if begins < closes:
            yield begins, closes
            amount -= closes - begins
    raise ValueError(f"The due time would be after {LAST_YEAR}, beyond the bank holidays that are known.")


def last_closed(moment: datetime, week: WorkingWeek = STANDARD_WEEK) -> datetime:
    """When the office shut for the last time before this moment, in UTC: the night shift began then."""
    moment = as_utc(moment)
    day = moment.astimezone(ZoneInfo(week.timezone)).date()
    while day.year > FIRST_YEAR:
        if week.works_on(day) and week.hours_on(day)[1] <= moment:
            return week.hours_on(day)[1]
        day -= timedelta(days=1)
    raise ValueError(f"The office has not shut since {FIRST_YEAR}.")


def next_opening(moment: datetime, week: WorkingWeek = STANDARD_WEEK) -> datetime:
    """When the office opens next after this moment, in UTC: the night shift ends then."""
    return next(opens for opens, _ in _working_days_from(as_utc(moment), week) if opens > moment)


def as_utc(moment: datetime) -> datetime:
    """The instant in UTC. A time without a zone could mean two instants and is refused."""
    if moment.utcoffset() is None:
        raise ValueError(f"The time {moment.isoformat()} does not say its offset from UTC.")
    if not FIRST_YEAR < moment.year <= LAST_YEAR:
        raise ValueError(f"The time {moment.isoformat()} is not between {FIRST_YEAR + 1} and {LAST_YEAR}.")
    return moment.astimezone(UTC)


def _working_days_from(start: datetime, week: WorkingWeek) -> Iterator[tuple[datetime, datetime]]:
    day = start.astimezone(ZoneInfo(week.timezone)).date()
    while day.year <= LAST_YEAR:
        if week.works_on(day):
            yield week.hours_on(day)
        day += timedelta(days=1)


def _time_in_words(moment: time) -> str:
    return f"{moment.hour % 12 or 12}:{moment.minute:02}{'am' if moment < NOON else 'pm'}"


def _days_in_words(days: list[int]) -> str:
    names = [DAY_NAMES[day] for day in days]
    if days[2:] and days == list(range(days[0], days[-1] + 1)):
        return f"{names[0]} to {names[-1]}"
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
