"""The overdue ladder: who is told and when, and clocks and ladders as settings that people may get wrong."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mash_portal.accounts.roles import Role
from referrals.rules import clocks
from referrals.rules.clocks import DEFAULTS, OWNER, NotARule, Rule, decision_due, due_at, next_repeat, step_times
from referrals.rules.ladder import HoursLate, Part, Step
from referrals.vocabulary import Clock, Rag

LONDON = ZoneInfo("Europe/London")
RECEIVED = datetime(2026, 11, 20, 16, tzinfo=UTC)
moments = st.datetimes(datetime(2016, 1, 1), datetime(2030, 12, 31), timezones=st.sampled_from([UTC, LONDON]))  # noqa: DTZ001


def test_the_decision_ladder_tells_the_people_of_the_front_door_in_order() -> None:
    rule = DEFAULTS[Clock.DECISION]
    times = [(step.key, (at - RECEIVED) / timedelta(hours=1), step.roles) for step, at in ladder_of(rule)]

    assert times == [
        ("half", 12, (Role.TEAM_MANAGER,)),
        ("five_sixths", 20, (OWNER, Role.TEAM_MANAGER)),
        ("due", 24, (Role.TEAM_MANAGER, Role.SERVICE_MANAGER)),
        ("late", 28, (Role.SERVICE_MANAGER,)),
    ]
    assert [step.key for step in rule.ladder if step.only_if_unclaimed] == ["half"]


def ladder_of(rule: Rule) -> list[tuple[Step, datetime]]:
    return step_times(rule, RECEIVED, due_at(rule, RECEIVED))


def test_the_ladder_of_a_red_contact_shrinks_with_its_time() -> None:
    due = decision_due(RECEIVED, Rag.RED)
    minutes = [(at - RECEIVED) / timedelta(minutes=1) for _, at in step_times(DEFAULTS[Clock.DECISION], RECEIVED, due)]

    assert minutes == [120, 200, 240, 480]


def test_only_the_late_step_comes_again_every_four_hours() -> None:
    late = RECEIVED + timedelta(hours=28)
    again = {step.key: next_repeat(step, late) for step in DEFAULTS[Clock.DECISION].ladder}

    assert again == {"half": None, "five_sixths": None, "due": None, "late": late + timedelta(hours=4)}


def test_a_repeat_is_elapsed_time_across_the_hour_change() -> None:
    step = DEFAULTS[Clock.DECISION].step("late")
    before = datetime(2027, 3, 27, 23, 30, tzinfo=LONDON)

    assert next_repeat(step, before) == datetime(2027, 3, 28, 3, 30, tzinfo=UTC)


def test_a_part_of_the_time_is_elapsed_time_across_the_hour_change() -> None:
    opened, due = datetime(2027, 3, 28, tzinfo=LONDON), datetime(2027, 3, 28, 4, tzinfo=LONDON)
    half = step_times(DEFAULTS[Clock.DECISION], opened, due)[0][1]

    assert half == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


@settings(deadline=None)
@given(opened=moments, span=st.timedeltas(min_value=timedelta(days=-9), max_value=timedelta(days=9)))
def test_no_step_before_due_falls_outside_the_time_it_is_a_part_of(opened: datetime, span: timedelta) -> None:
    due = opened.astimezone(UTC) + span
    steps = step_times(DEFAULTS[Clock.DECISION], opened, due)

    assert [at for _, at in steps] == sorted(at for _, at in steps)
    for step, at in steps:
        early = min(opened.astimezone(UTC), due)
        assert at > due if isinstance(step.at, HoursLate) else early <= at <= due


def test_every_clock_has_a_default_and_only_information_tells_nobody() -> None:
    silent = {clock for clock, rule in DEFAULTS.items() if not rule.ladder}

    assert set(DEFAULTS) == set(Clock) == set(clocks.COUNTED_FROM)
    assert silent == {Clock.RED, Clock.AMBER, Clock.GREEN, Clock.ASSESSMENT, Clock.POLICE_PROTECTION}


# as settings


@pytest.mark.parametrize("rule", DEFAULTS.values(), ids=list(DEFAULTS))
def test_a_rule_survives_the_database(rule: Rule) -> None:
    assert Rule.from_dict(json.loads(json.dumps(rule.to_dict()))) == rule


def broken(**change: object) -> dict[str, object]:
    return {**DEFAULTS[Clock.DECISION].to_dict(), **change}


def broken_step(**change: object) -> dict[str, object]:
    return broken(ladder=[{**DEFAULTS[Clock.DECISION].ladder[0].to_dict(), **change}])


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ("24 hours", "A clock's rule must be a mapping"),
        (broken(clock="purple"), "There is no clock called 'purple'"),
        (broken(clock=["decision"]), "There is no clock called"),
        (broken(unit="days"), "The decision clock cannot count 'days'"),
        (broken(amount="24"), "The length of the decision clock must be a number, not '24'"),
        (broken(amount=None), "The length of the decision clock must be a number, not None"),
        (broken(amount=True), "must be a number, not True"),
        (broken(amount=0), "must be more than 0 and at most 1000"),
        (broken(amount=-24), "must be more than 0 and at most 1000"),
        (broken(amount=1001), "must be more than 0 and at most 1000"),
        (broken(amount=float("nan")), "must be a number, not nan"),
        (broken(amount=float("inf")), "must be a number, not inf"),
        (broken(ladder="half"), "The ladder of the decision clock must be a list of steps"),
        (broken(ladder=["half"]), "A ladder step must be a mapping"),
        (broken(ladder=[DEFAULTS[Clock.DECISION].ladder[0].to_dict()] * 2), "two steps with the same key"),
        (broken_step(key=""), "needs a key and a label"),
        (broken_step(roles="team_manager"), "needs a list of roles"),
        (broken_step(roles=[]), "tells nobody"),
        (broken_step(roles=["chief"]), "names no role of the portal: chief"),
        (broken_step(at=None), "must say when"),
        (broken_step(at={"part": "3/2"}), "must be a part such as 1/2"),
        (broken_step(at={"part": "1/0"}), "must be a part such as 1/2"),
        (broken_step(at={"part": "soon"}), "must be a part such as 1/2"),
        (broken_step(at={"hours_late": 0}), "hours after the due time must be more than 0"),
        (broken_step(at={"hours_late": "4"}), "must be a number, not '4'"),
        (broken_step(repeats_every=-4), "cannot repeat every -4 hours"),
        (broken_step(repeats_every="4"), "The repeat of the ladder step 'half' must be a number"),
    ],
)
def test_a_setting_that_is_no_rule_is_refused_in_a_sentence(data: dict[str, object], sentence: str) -> None:
    with pytest.raises(NotARule) as refusal:
        Rule.from_dict(data)

    assert sentence in str(refusal.value)


def test_a_part_of_the_time_is_exact() -> None:
    assert Part("5/6").moment(RECEIVED, RECEIVED + timedelta(hours=24)) == RECEIVED + timedelta(hours=20)
