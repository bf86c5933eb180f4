"""Due times: the published cases, an independent oracle, and the bugs that the oracle must catch."""

import csv
import os
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referrals.rules import clocks, working_time
from referrals.rules.clocks import (
    DEFAULTS,
    Rule,
    decision_due,
    due_at,
    in_words,
)
from referrals.vocabulary import Clock, Rag, Unit
from tests.rules import oracle

CASES = Path(__file__).parents[1] / "cases" / "clocks.csv"

#: How many instants the seeded sample has: 2,000 each time, 100,000 with CLOCK_INSTANTS=100000.
INSTANTS = int(os.environ.get("CLOCK_INSTANTS", "2000"))
FIRST, LAST = datetime(2016, 1, 1, tzinfo=UTC), datetime(2030, 12, 31, 23, 59, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")

#: Days on which arithmetic goes wrong: changes of the clocks, leap days, holidays, ends of years and weeks.
AWKWARD_DAYS = [
    f"{year}-{day}"
    for year in range(2016, 2031)
    for day in (
        *oracle.PROCLAIMED[year].split(),
        "02-28",
        "03-01",
        "12-23",
        "12-24",
        "12-25",
        "12-31",
        "01-01",
        "06-30",
    )
] + ["2016-02-29", "2020-02-29", "2024-02-29", "2028-02-29"]
AWKWARD_TIMES = [
    (0, 0),
    (0, 30),
    (1, 0),
    (1, 30),
    (2, 0),
    (8, 29),
    (8, 30),
    (8, 31),
    (12, 0),
    (16, 59),
    (17, 0),
    (17, 1),
]


def sample(size: int) -> Iterator[datetime]:
    """The same instants each time: a half anywhere in 2016-2030, a half where it hurts, each on a whole minute."""
    draw = random.Random(20180201)
    minutes = int((LAST - FIRST).total_seconds()) // 60
    for number in range(size):
        if number % 2:
            yield FIRST + timedelta(minutes=draw.randrange(minutes))
        else:
            yield awkward(draw)


def awkward(draw: random.Random) -> datetime:
    hour, minute = draw.choice(AWKWARD_TIMES)
    if draw.random() < 0.4:
        day = oracle.last_sunday(draw.randrange(2016, 2031), draw.choice((3, 10)))
    else:
        day = datetime.fromisoformat(draw.choice(AWKWARD_DAYS))
    day += timedelta(days=draw.randrange(-3, 3))
    return day.replace(hour=hour, minute=minute, tzinfo=LONDON).astimezone(UTC)


def expected(rule: Rule, received_at: datetime) -> datetime:
    if rule.unit == Unit.HOURS:
        return oracle.wait(received_at, int(rule.amount))
    minutes = rule.amount * (60 if rule.unit == Unit.WORKING_HOURS else oracle.CLOSES - oracle.OPENS)
    return oracle.spend(received_at, int(minutes))


def rule_for(number: int) -> Rule:
    """Each clock in turn; the 45 days of an assessment, slow to walk, only now and then."""
    quick = [rule for clock, rule in DEFAULTS.items() if clock != Clock.ASSESSMENT]
    return DEFAULTS[Clock.ASSESSMENT] if number % 50 == 0 else quick[number % len(quick)]


@cache
def walked(size: int) -> list[tuple[Rule, datetime, datetime]]:
    pairs = [(rule_for(number), instant) for number, instant in enumerate(sample(size))]
    return [(rule, instant, expected(rule, instant)) for rule, instant in pairs]


def disagreements(size: int) -> list[tuple[Clock, datetime]]:
    return [(rule.clock, instant) for rule, instant, due in walked(size) if due_at(rule, instant) != due]


def cases() -> list[tuple[str, str, str]]:
    with CASES.open(encoding="utf-8", newline="") as lines:
        return [(row["received_at"], row["clock"], row["due_at"]) for row in csv.DictReader(lines)]


@pytest.mark.parametrize(("received_at", "clock", "due"), cases())
def test_a_clock_is_due_when_the_published_case_says(received_at: str, clock: str, due: str) -> None:
    rule = next(rule for name, rule in DEFAULTS.items() if name == clock)

    answer = due_at(rule, datetime.fromisoformat(received_at))

    assert answer == datetime.fromisoformat(due)
    assert answer.utcoffset() == timedelta(0)


@pytest.mark.timeout(3600)
def test_clocks_agree_with_the_oracle_over_fifteen_years() -> None:
    assert INSTANTS >= 2000
    assert disagreements(INSTANTS) == []


def counting_holidays(_year: int) -> frozenset[object]:
    return frozenset()


def without_the_hour_change(week: working_time.WorkingWeek, day: object) -> tuple[datetime, datetime]:
    at = [datetime.combine(day, moment, tzinfo=UTC) for moment in (week.start, week.end)]  # type: ignore[arg-type] # a bug
    return at[0], at[1]


def by_the_wall_clock(moment: datetime) -> datetime:
    return moment.astimezone(LONDON)


def working_saturdays(week: working_time.WorkingWeek, day: datetime) -> bool:
    return day.weekday() < 6 and day not in working_time.bank_holidays(day.year)


def due_at_the_next_opening(start: datetime, amount: timedelta, week: working_time.WorkingWeek) -> datetime:
    for opens, closes in working_time._working_days_from(start, week):
        begins = max(opens, start)
        if begins + amount < closes:
            return begins + amount
        amount -= max(closes - begins, timedelta(0))
    raise AssertionError


@pytest.mark.parametrize(
    ("where", "name", "bug"),
    [
        (working_time, "bank_holidays", counting_holidays),
        (working_time.WorkingWeek, "hours_on", without_the_hour_change),
        (working_time.WorkingWeek, "works_on", working_saturdays),
        (working_time, "add_working_time", due_at_the_next_opening),
        (clocks, "as_utc", by_the_wall_clock),
    ],
    ids=["holidays counted", "hours in UTC", "Saturdays worked", "closing time is tomorrow", "naive hour change"],
)
def test_the_oracle_catches(
    where: object, name: str, bug: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert disagreements(600) == []
    monkeypatch.setattr(where, name, bug)

    assert len(disagreements(600)) > 2


whole_minutes = st.datetimes(
    min_value=FIRST.replace(tzinfo=None), max_value=LAST.replace(tzinfo=None), timezones=st.just(UTC)
).map(lambda moment: moment.replace(second=0, microsecond=0))
moments = st.datetimes(
    min_value=FIRST.replace(tzinfo=None),
    max_value=LAST.replace(tzinfo=None),
    timezones=st.one_of(st.just(UTC), st.just(LONDON), st.just(timezone(timedelta(hours=-5)))),
)
rules = st.sampled_from(list(DEFAULTS.values()))


@settings(deadline=None, max_examples=200)
@given(instant=whole_minutes, minutes=st.integers(min_value=1, max_value=1500))
def test_any_amount_of_working_time_agrees_with_the_oracle(instant: datetime, minutes: int) -> None:
    rule = Rule(Clock.CHECK_AMBER, minutes / 60, Unit.WORKING_HOURS)

    assert abs(due_at(rule, instant) - oracle.spend(instant, minutes)) < timedelta(milliseconds=1)


@settings(deadline=None, max_examples=60)
@given(instant=moments, seconds=st.integers(min_value=1, max_value=5000))
def test_working_time_agrees_with_the_oracle_to_the_second(instant: datetime, seconds: int) -> None:
    instant = instant.replace(microsecond=0)
    answer = working_time.add_working_time(instant, timedelta(seconds=seconds), working_time.STANDARD_WEEK)

    assert answer == oracle.spend(instant, seconds, oracle.SECOND)


@settings(deadline=None)
@given(rule=rules, instant=moments)
def test_a_clock_is_due_after_receipt_and_never_before_its_length_has_passed(rule: Rule, instant: datetime) -> None:
    due = due_at(rule, instant)
    day = working_time.STANDARD_WEEK.day_length
    length = day * rule.amount if rule.unit == Unit.WORKING_DAYS else timedelta(hours=rule.amount)

    assert due - instant.astimezone(UTC) >= length


@settings(deadline=None)
@given(rule=rules, instant=moments, later=st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=9)))
def test_what_is_received_later_is_never_due_earlier(rule: Rule, instant: datetime, later: timedelta) -> None:
    assert due_at(rule, instant) <= due_at(rule, instant.astimezone(UTC) + later)


@settings(deadline=None)
@given(rule=rules, instant=moments)
def test_a_due_time_is_the_same_in_whatever_zone_receipt_is_written(rule: Rule, instant: datetime) -> None:
    assert due_at(rule, instant) == due_at(rule, instant.astimezone(UTC)) == due_at(rule, instant.astimezone(LONDON))


@pytest.mark.parametrize("clock", [Clock.DECISION, Clock.STATUTORY, Clock.CHECK_AMBER])
def test_a_time_without_an_offset_cannot_start_a_clock(clock: Clock) -> None:
    aware = datetime(2026, 11, 20, 16, tzinfo=UTC)
    assert due_at(DEFAULTS[clock], aware) > aware

    with pytest.raises(ValueError, match="does not say its offset"):
        due_at(DEFAULTS[clock], aware.replace(tzinfo=None))


@pytest.mark.parametrize("year", [1, 1900, 9999])
@pytest.mark.parametrize("clock", [Clock.DECISION, Clock.STATUTORY])
def test_a_year_without_known_holidays_cannot_start_a_clock(year: int, clock: Clock) -> None:
    with pytest.raises(ValueError, match="is not between 1973 and 2099"):
        due_at(DEFAULTS[clock], datetime(year, 12, 31, 23, tzinfo=UTC))


# the decision is due at the earlier of two clocks

RECEIVED = datetime(2026, 11, 20, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rag", "hours"), [(None, 24), (Rag.RED, 4), (Rag.AMBER, 24), (Rag.GREEN, 24)], ids=["unrated", *Rag]
)
def test_a_decision_is_due_at_the_earlier_of_its_own_and_the_priority_clock(rag: Rag | None, hours: int) -> None:
    assert decision_due(RECEIVED, rag) == RECEIVED + timedelta(hours=hours)


def test_a_slower_green_clock_cannot_put_a_decision_off() -> None:
    slow = {**DEFAULTS, Clock.GREEN: Rule(Clock.GREEN, 72, Unit.HOURS)}
    slower = {**slow, Clock.DECISION: Rule(Clock.DECISION, 96, Unit.HOURS)}

    assert decision_due(RECEIVED, Rag.GREEN, slow) == RECEIVED + timedelta(hours=24)
    assert decision_due(RECEIVED, Rag.GREEN, slower) == RECEIVED + timedelta(hours=72)


# in words


@pytest.mark.parametrize(
    ("clock", "words"),
    [
        (Clock.DECISION, "24 hours from receipt"),
        (Clock.CHECK_RED, "1 hour from the request"),
        (Clock.FEEDBACK, "24 hours from sign-off"),
        (Clock.STATUTORY, "1 working day: Monday to Friday, 8:30am to 5:00pm, without England's bank holidays"),
        (Clock.CHECK_AMBER, "4 working hours: Monday to Friday, 8:30am to 5:00pm, without England's bank holidays"),
    ],
)
def test_a_rule_says_in_words_what_it_counts(clock: Clock, words: str) -> None:
    assert in_words(DEFAULTS[clock]) == words


def test_a_length_of_part_of_an_hour_is_said_as_it_is() -> None:
    assert in_words(Rule(Clock.CHECK_RED, 1.5, Unit.HOURS)) == "1.5 hours from the request"
