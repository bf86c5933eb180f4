"""The working week: which days are worked, what a partnership may set, and how it says it."""

import time as stopwatch
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from referrals.rules.working_time import (
    STANDARD_WEEK,
    WorkingWeek,
    add_working_days,
    add_working_hours,
    bank_holidays,
    last_closed,
    next_opening,
)
from tests.rules import oracle

LONDON = ZoneInfo("Europe/London")
FRIDAY_AT_FOUR = datetime(2026, 11, 20, 16, tzinfo=LONDON)


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize("year", list(oracle.PROCLAIMED))
def test_the_bank_holidays_of_a_year_are_those_proclaimed(year: int) -> None:
    weekdays = {day for day in bank_holidays(year) if day.weekday() < 5}

    assert weekdays == {day for day in oracle.HOLIDAYS if day.year == year}


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-11-20T16:00", "2026-11-23T16:00"),
        ("2026-11-21T11:00", "2026-11-23T17:00"),
        ("2026-11-20T08:30", "2026-11-20T17:00"),
        ("2026-11-20T08:29:59", "2026-11-20T17:00"),
        ("2026-11-20T08:30:01", "2026-11-23T08:30:01"),
        ("2026-11-20T16:59:59", "2026-11-23T16:59:59"),
        ("2026-11-20T17:00", "2026-11-23T17:00"),
        ("2022-09-16T12:00", "2022-09-20T12:00"),  # over the state funeral
        ("2020-05-07T12:00", "2020-05-11T12:00"),  # the early May holiday, moved to a Friday
        ("2024-02-28T12:00", "2024-02-29T12:00"),  # a leap day is worked
        ("2027-03-26T12:00", "2027-03-30T17:00"),  # Good Friday, the hour change, Easter Monday
    ],
)
def test_one_working_day_is_a_days_hours_walked_forward(start: str, due: str) -> None:
    assert add_working_days(london(start), 1) == london(due)


def test_work_that_ends_at_closing_time_is_due_then_and_not_next_morning() -> None:
    assert add_working_hours(FRIDAY_AT_FOUR, 1) == london("2026-11-20T17:00")
    assert add_working_hours(FRIDAY_AT_FOUR, 1.25) == london("2026-11-23T08:45")


def test_a_closure_of_the_partnership_is_no_working_day() -> None:
    shut = WorkingWeek(closures=frozenset({date(2026, 11, 23)}))

    assert add_working_days(FRIDAY_AT_FOUR, 1, STANDARD_WEEK) == london("2026-11-23T16:00")
    assert add_working_days(FRIDAY_AT_FOUR, 1, shut) == london("2026-11-24T16:00")


def test_a_partnership_that_works_other_days_and_hours_walks_over_those() -> None:
    early = WorkingWeek(start=time(7), end=time(19), weekdays=frozenset({4, 5}))

    assert add_working_days(FRIDAY_AT_FOUR, 1, early) == london("2026-11-21T16:00")
    assert add_working_hours(FRIDAY_AT_FOUR, 16, early) == london("2026-11-27T08:00")


def test_the_working_day_is_that_of_the_partnerships_own_zone() -> None:
    west = WorkingWeek(timezone="America/New_York")
    friday_evening_there = datetime(2026, 11, 21, 0, 30, tzinfo=UTC)

    assert add_working_hours(friday_evening_there, 1, west) == datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
    assert add_working_hours(datetime(2026, 11, 21, 0, 30, tzinfo=UTC), 1, EVENINGS) == datetime(
        2026, 11, 21, 1, 30, tzinfo=UTC
    )


#: Half past six to half past nine on Friday evenings in New York: Saturday already in UTC.
EVENINGS = WorkingWeek(time(18, 30), time(21, 30), frozenset({4}), "America/New_York")


def test_a_week_worked_through_the_hour_change_loses_no_work() -> None:
    always = WorkingWeek(start=time(0), end=time(23, 59), weekdays=frozenset(range(7)))
    saturday_night = london("2027-03-27T22:59")

    assert add_working_hours(saturday_night, 5, always) == datetime(2027, 3, 28, 4, tzinfo=UTC)


@pytest.mark.parametrize("hours", [0, -1])
def test_no_or_negative_working_time_is_refused(hours: int) -> None:
    assert add_working_hours(FRIDAY_AT_FOUR, 0.5) == london("2026-11-20T16:30")

    with pytest.raises(ValueError, match="must be more than nothing"):
        add_working_hours(FRIDAY_AT_FOUR, hours)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="2026-11-20T16:00:00 does not say its offset from UTC"):
        add_working_hours(FRIDAY_AT_FOUR.replace(tzinfo=None), 1)


def test_a_walk_beyond_the_known_bank_holidays_is_refused() -> None:
    with pytest.raises(ValueError, match="would be after 2099"):
        add_working_days(datetime(2099, 12, 30, 12, tzinfo=UTC), 5)


def test_a_week_that_is_always_shut_is_refused_and_not_walked_for_ever() -> None:
    for weekdays in (frozenset[int](), frozenset({7})):
        with pytest.raises(ValueError, match="at least one day"):
            WorkingWeek(weekdays=weekdays)


@pytest.mark.parametrize("end", [time(8, 30), time(8)])
def test_a_day_that_ends_before_it_starts_is_refused(end: time) -> None:
    with pytest.raises(ValueError, match="must end after it starts"):
        WorkingWeek(start=time(8, 30), end=end)


@pytest.mark.parametrize(
    ("week", "words"),
    [
        (STANDARD_WEEK, "Monday to Friday, 8:30am to 5:00pm, without England's bank holidays"),
        (WorkingWeek(weekdays=frozenset({0, 2, 4})), "Monday, Wednesday and Friday, 8:30am to 5:00pm,"),
        (WorkingWeek(weekdays=frozenset({5, 6})), "Saturday and Sunday, 8:30am to 5:00pm,"),
        (WorkingWeek(weekdays=frozenset({0}), start=time(0), end=time(12)), "Monday, 12:00am to 12:00pm,"),
    ],
)
def test_a_week_says_itself_in_words(week: WorkingWeek, words: str) -> None:
    assert week.in_words().startswith(words)


def test_four_years_of_working_days_are_walked_in_a_moment() -> None:
    started = stopwatch.perf_counter()
    due = add_working_days(FRIDAY_AT_FOUR, 1000)

    assert stopwatch.perf_counter() - started < 1
    assert timedelta(days=1440) < due - FRIDAY_AT_FOUR < timedelta(days=1480)


@pytest.mark.parametrize(
    ("moment", "shut", "opens"),
    [
        # Friday afternoon: shut on Thursday at five, open again on Monday
        (FRIDAY_AT_FOUR, datetime(2026, 11, 19, 17, tzinfo=UTC), datetime(2026, 11, 23, 8, 30, tzinfo=UTC)),
        # at the moment of closing, and in the middle of the night of Saturday
        (datetime(2026, 11, 20, 17, tzinfo=UTC),) * 2 + (datetime(2026, 11, 23, 8, 30, tzinfo=UTC),),
        (
            datetime(2026, 11, 21, 2, tzinfo=UTC),
            datetime(2026, 11, 20, 17, tzinfo=UTC),
            datetime(2026, 11, 23, 8, 30, tzinfo=UTC),
        ),
        # Christmas: shut on Thursday 24 December, open again on Tuesday 29
        (
            datetime(2026, 12, 26, 12, tzinfo=UTC),
            datetime(2026, 12, 24, 17, tzinfo=UTC),
            datetime(2026, 12, 29, 8, 30, tzinfo=UTC),
        ),
    ],
)
def test_the_night_runs_from_the_last_closing_to_the_next_opening(
    moment: datetime, shut: datetime, opens: datetime
) -> None:
    assert last_closed(moment) == shut
    assert next_opening(moment) == opens
