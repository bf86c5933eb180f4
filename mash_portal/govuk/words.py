"""Times as people say them, prepared in Python so that templates stay short. Shown in London, stored in UTC."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
SOON = dt.timedelta(hours=4)
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


def count(number: int, one: str, many: str = "") -> str:
    """ "1 child", "2 children", "1,204 contacts"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def time_of_day(moment: dt.datetime) -> str:
    """ "4:00pm" """
    local = moment.astimezone(LONDON)
    return f"{local.hour % 12 or 12}:{local.minute:02}{'am' if local.hour < 12 else 'pm'}"


def long_moment(moment: dt.datetime) -> str:
    """ "Friday 20 November 2026, 4:00pm" """
    local = moment.astimezone(LONDON)
    return f"{local:%A} {long_date(local)}, {time_of_day(local)}"


def short_moment(moment: dt.datetime) -> str:
    """ "Fri 20 Nov, 4:00pm" """
    local = moment.astimezone(LONDON)
    return f"{local:%a} {local.day} {local:%b}, {time_of_day(local)}"


def _day(day: dt.date) -> dt.date:
    return day.astimezone(LONDON).date() if isinstance(day, dt.datetime) else day


def long_date(day: dt.date) -> str:
    """ "20 November 2026" """
    day = _day(day)
    return f"{day.day} {day:%B} {day.year}"


def short_date(day: dt.date) -> str:
    """ "20 Nov 2026" """
    day = _day(day)
    return f"{day.day} {day:%b} {day.year}"


def length(gap: dt.timedelta) -> str:
    """ "45 minutes", "2 hours 18 minutes", "3 days 4 hours": two units at most, rounded down."""
    gap = abs(gap)
    days, hours, minutes = gap // DAY, gap % DAY // HOUR, gap % HOUR // MINUTE
    if days:
        parts = [count(days, "day"), count(hours, "hour") if hours else ""]
    elif hours:
        parts = [count(hours, "hour"), count(minutes, "minute") if minutes else ""]
    else:
        parts = [count(minutes, "minute") if minutes else "less than a minute"]
    return " ".join(part for part in parts if part)


def time_left(due: dt.datetime, now: dt.datetime) -> str:
    """ "2 hours 18 minutes left" or "4 hours overdue". Overdue is `due < now`, as in the queries."""
    return f"{length(due - now)} {'overdue' if due < now else 'left'}"


def ago(moment: dt.datetime, now: dt.datetime) -> str:
    """ "3 hours ago" """
    return f"{length(now - moment)} ago"


@dataclass(frozen=True, slots=True)
class ClockWords:
    """A clock ready for components/clock.html. `state` is overdue, soon, running or met."""

    name: str
    words: str
    due: str
    due_iso: str
    state: str


def clock_words(name: str, due: dt.datetime, now: dt.datetime, met: dt.datetime | None = None) -> ClockWords:
    """One clock in words: what is left of it while it runs, whether it was kept once it is met."""
    if met is not None:
        kept = met <= due
        words = f"Met {short_moment(met)}" if kept else f"Met late, {length(met - due)} after it was due"
        state = "met" if kept else "overdue"
    else:
        words = time_left(due, now)
        state = "overdue" if due < now else "soon" if due - now < SOON else "running"
    return ClockWords(name, words, long_moment(due), due.isoformat(), state)
