"""Due times worked out the slow way, to hold the rules against. It shares no method with them.

Working time is spent tick by tick on the local clock face; local time comes from the rule of the European
directive (last Sundays of March and October, 01:00 UTC), not from a time-zone database; bank holidays come from the
list below, as proclaimed, and not from a library.
"""

from datetime import UTC, date, datetime, timedelta
from functools import cache

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
QUARTER = timedelta(minutes=15)
MIDNIGHT = datetime(2000, 1, 1, tzinfo=UTC)

#: England: year, then month-day. Special days: 2020-05-08, 2022-06-02/03, 2022-09-19, 2023-05-08.
PROCLAIMED = {
    2016: "01-01 03-25 03-28 05-02 05-30 08-29 12-26 12-27",
    2017: "01-02 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
    2018: "01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26",
    2019: "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26",
    2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
    2028: "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
    2029: "01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26",
    2030: "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26",
    2031: "01-01 04-11 04-14 05-05 05-26 08-25 12-25 12-26",
}
HOLIDAYS = {date.fromisoformat(f"{year}-{day}") for year, days in PROCLAIMED.items() for day in days.split()}
OPENS, CLOSES = 8 * 60 + 30, 17 * 60


def clock_face(moment: datetime) -> datetime:
    """What a clock on a wall in England shows at an instant, as a naive time."""
    utc = moment.astimezone(UTC).replace(tzinfo=None)
    summer = last_sunday(utc.year, 3) <= utc < last_sunday(utc.year, 10)
    return utc + timedelta(hours=1) if summer else utc


@cache
def last_sunday(year: int, month: int) -> datetime:
    """01:00 UTC on the last Sunday of a month of 31 days."""
    day = datetime(year, month, 31, 1)  # noqa: DTZ001 - a clock face has no zone
    while day.isoweekday() != 7:
        day -= timedelta(days=1)
    return day


def is_open(face: datetime) -> bool:
    """Whether the minute that begins at this clock face is worked."""
    if face.isoweekday() > 5 or face.date() in HOLIDAYS:
        return False
    return OPENS <= face.hour * 60 + face.minute < CLOSES


def spend(received_at: datetime, ticks: int, tick: timedelta = MINUTE) -> datetime:
    """The end of the last of `ticks` worked ticks after receipt, each looked at on the clock face, one by one.

    Shut time is crossed by quarters of an hour, the smallest step at which the office opens.
    """
    now = received_at.astimezone(UTC)
    while ticks:
        if is_open(clock_face(now)):
            now += tick
            ticks -= 1
        else:
            now += QUARTER - (now - MIDNIGHT) % QUARTER
    return now


def wait(received_at: datetime, hours: int) -> datetime:
    """Elapsed time, counted in seconds since 1970."""
    return datetime.fromtimestamp(received_at.timestamp() + hours * 3600, UTC)
