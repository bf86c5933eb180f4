"""A stretch of days, as London counts them, and its months: of the figures and of the returns. Plain Python."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
#: Earlier than any record, later than any plan: a year outside is a slip of the keyboard.
EARLIEST, LATEST = date(1973, 1, 1), date(2099, 12, 31)


@dataclass(frozen=True, slots=True)
class Month:
    """One calendar month of a period, cut to the days that are in the period. `last` is inclusive."""

    first: date
    last: date
    whole: bool

    @property
    def starts(self) -> datetime:
        return midnight(self.first)

    @property
    def key(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def name(self) -> str:
        return f"{self.first:%B %Y}" if self.whole else f"{self.first:%B %Y} (part)"


@dataclass(frozen=True, slots=True)
class Period:
    """From the first moment of `first` to the last moment of `last`."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError("The period ends before it starts.")
        if self.first < EARLIEST or self.last > LATEST:
            raise ValueError(f"The period has to be between {EARLIEST.year} and {LATEST.year}.")

    @property
    def starts(self) -> datetime:
        """The first instant that is in the period."""
        return midnight(self.first)

    @property
    def ends(self) -> datetime:
        """The first instant after the period."""
        return midnight(self.last + timedelta(days=1))

    def months(self) -> Sequence[Month]:
        found, first = [], self.first
        while first <= self.last:
            following = _month_after(first)
            last = min(following - timedelta(days=1), self.last)
            found.append(Month(first, last, first.day == 1 and last + timedelta(days=1) == following))
            first = following
        return found


def midnight(day: date) -> datetime:
    """The instant at which the day begins in London, in UTC."""
    return datetime.combine(day, time(), tzinfo=LONDON).astimezone(UTC)


def months_back(today: date, months: int) -> Period:
    """The `months` months up to and including today: on 14 November, six months start on 15 May."""
    back = today.year * 12 + today.month - 1 - months
    year, month = back // 12, back % 12 + 1
    following = _month_after(date(year, month, 1))
    same_day = min(date(year, month, 1) + timedelta(days=today.day - 1), following - timedelta(days=1))
    return Period(same_day + timedelta(days=1), today)


def _month_after(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
