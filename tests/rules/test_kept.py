"""What a clock keeps of the rule it was opened under, and the stretches of working time it is made of."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referrals.rules.clocks import DEFAULTS, RAG_CLOCKS, NotARule, decision_due, due_at
from referrals.rules.kept import Kept
from referrals.rules.ladder import HoursLate, Part, Step
from referrals.rules.working_time import STANDARD_WEEK, WorkingWeek, add_working_time, bank_holidays, working_spans
from referrals.vocabulary import Clock, Rag

FRIDAY_AT_FOUR = datetime(2026, 11, 20, 16, tzinfo=UTC)
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
weeks = st.builds(
    WorkingWeek,
    start=st.sampled_from([time(7), time(8, 30), time(9, 15)]),
    end=st.sampled_from([time(12, 30), time(17), time(20)]),
    closures=st.frozensets(days, max_size=6),
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001
rules = st.sampled_from(list(DEFAULTS.values()))
priorities = st.sampled_from([None, *(DEFAULTS[clock] for clock in RAG_CLOCKS.values())])


@settings(deadline=None, max_examples=150)
@given(rule=rules, priority=priorities, week=weeks, opened=moments)
def test_what_is_kept_gives_the_same_due_time_for_ever(
    rule: Any, priority: Any, week: WorkingWeek, opened: Any
) -> None:
    kept = Kept(rule, week, priority)
    again = Kept.from_dict(json.loads(json.dumps(kept.since(opened).to_dict())))

    assert again.due_at(opened) == kept.due_at(opened)
    assert (again.rule, again.priority) == (rule, priority)


@pytest.mark.parametrize("rag", [None, *Rag])
def test_a_decision_is_kept_with_the_rule_of_its_priority(rag: Rag | None) -> None:
    priority = DEFAULTS[RAG_CLOCKS[rag]] if rag else None
    kept = Kept(DEFAULTS[Clock.DECISION], STANDARD_WEEK, priority)

    assert kept.due_at(FRIDAY_AT_FOUR) == decision_due(FRIDAY_AT_FOUR, rag)
    assert kept.decisive(FRIDAY_AT_FOUR).clock == (Clock.RED if rag is Rag.RED else Clock.DECISION)


def test_a_clock_of_before_the_hours_were_kept_can_still_be_read() -> None:
    rule = DEFAULTS[Clock.STATUTORY]
    kept = Kept.from_dict(rule.to_dict())

    assert (kept.rule, kept.week, kept.priority) == (rule, None, None)
    assert kept.due_at(FRIDAY_AT_FOUR) == due_at(rule, FRIDAY_AT_FOUR)


def test_closures_of_the_past_are_not_kept_and_later_ones_are() -> None:
    past, inside, after = date(2026, 11, 19), date(2026, 11, 23), date(2027, 6, 1)
    week = replace(STANDARD_WEEK, closures=frozenset({past, inside, after}))

    kept = Kept(DEFAULTS[Clock.STATUTORY], week).since(FRIDAY_AT_FOUR)

    assert kept.week is not None
    assert kept.week.closures == {inside, after}


@pytest.mark.parametrize(
    "week",
    [
        {},
        "Monday",
        {"start": "17:00", "end": "08:30", "weekdays": [0], "closures": []},
        {"start": "08:30", "end": "17:00", "weekdays": [9], "closures": []},
        {"start": "08:30", "end": "17:00", "weekdays": [0], "closures": ["soon"]},
    ],
)
def test_hours_that_cannot_be_read_are_refused_in_a_sentence(week: object) -> None:
    with pytest.raises(NotARule, match="working hours that were kept with a clock cannot be read"):
        Kept.from_dict({**DEFAULTS[Clock.STATUTORY].to_dict(), "week": week})


@settings(deadline=None, max_examples=150)
@given(week=weeks, opened=moments, minutes=st.integers(min_value=1, max_value=6000))
def test_the_stretches_of_working_time_are_exactly_the_amount_and_end_when_it_is_due(
    week: WorkingWeek, opened: datetime, minutes: int
) -> None:
    amount = timedelta(minutes=minutes)
    spans = list(working_spans(opened, amount, week))

    assert sum((end - start for start, end in spans), timedelta()) == amount
    assert spans[-1][1] == add_working_time(opened, amount, week)
    assert spans[0][0] >= opened
    for start, end in spans:
        opens, closes = week.hours_on(start.date())
        assert opens <= start < end <= closes
        assert start.date() not in week.closures | bank_holidays(start.year)


@pytest.mark.parametrize(
    ("step", "when", "who"),
    [
        (
            DEFAULTS[Clock.DECISION].step("half"),
            "When half of the time has gone, if nobody has taken the contact",
            None,
        ),
        (DEFAULTS[Clock.DECISION].step("five_sixths"), "When 5/6 of the time has gone", None),
        (DEFAULTS[Clock.DECISION].step("due"), "When it is due", "The team manager and the head of safeguarding"),
        (DEFAULTS[Clock.DECISION].step("late"), "4 hours late, then every 4 hours until it is met", None),
        (Step("x", "X", HoursLate(1), ("agency", "owner", "leads")), "1 hour late", None),
        (Step("x", "X", Part("1/3"), ("owner",)), "When 1/3 of the time has gone", "Whoever holds the contact"),
    ],
)
def test_a_step_says_in_words_when_and_to_whom(step: Step, when: str, who: str | None) -> None:
    assert step.when == when
    assert who is None or step.who == who
