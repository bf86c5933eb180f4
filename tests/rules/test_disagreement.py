"""Who answers a disagreement at each stage, what comes next, and how it may end."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mash_portal.accounts.roles import Role
from referrals.rules import disagreement as rules
from referrals.rules.disagreement import Deciders, Standing
from referrals.vocabulary import DisagreementResult as Result

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
WORKER, MANAGER, HEAD = Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.SERVICE_MANAGER
ME, OTHERS = 7, Deciders(frozenset({1, 2}))
BY_HEAD = Deciders(frozenset({1, 2}), head_decided=True)

#: stage → who may write the answer down, as the policy has it.
ANSWERS = {1: {WORKER, MANAGER, HEAD}, 2: {HEAD}, 3: {HEAD}, 4: {HEAD}}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("stage", [1, 2, 3, 4])
def test_each_stage_is_answered_by_those_the_policy_names(stage: int, role: Role) -> None:
    assert (rules.why_not_answer(stage, role, ME, OTHERS) == "") is (role in ANSWERS[stage])
    settles = role in ANSWERS[stage] - {WORKER}
    assert (rules.why_not_settle(stage, role, ME, OTHERS) == "") is settles


@given(st.sampled_from([1, 2, 3, 4]), st.sampled_from(list(Role)), st.sets(st.integers(1, 9)), st.booleans())
def test_nobody_reviews_their_own_decision(stage: int, role: Role, people: set[int], head: bool) -> None:
    deciders = Deciders(frozenset(people), head)
    for person in people:
        assert "somebody else" in rules.why_not_answer(stage, role, person, deciders)
        assert "somebody else" in rules.why_not_settle(stage, role, person, deciders)


def test_where_the_head_decided_there_is_still_somebody_for_each_stage_that_is_left() -> None:
    assert rules.next_stage(1, BY_HEAD) == 3
    for stage in (1, 3, 4):
        assert rules.why_not_answer(stage, MANAGER, ME, BY_HEAD) == ""
        assert rules.why_not_settle(stage, MANAGER, ME, BY_HEAD) == ""
    assert rules.why_not_answer(2, MANAGER, ME, BY_HEAD) != ""


def test_each_stage_is_followed_by_the_next_and_the_chair_by_none() -> None:
    assert [rules.next_stage(stage, OTHERS) for stage in (1, 2, 3, 4)] == [2, 3, 4, None]


@pytest.mark.parametrize(
    ("stage", "in_danger", "may"),
    [
        (1, False, True),
        (1, True, True),
        (2, False, False),
        (3, False, False),
        (2, True, True),
        (3, True, True),
        (4, True, False),
        (0, True, False),
    ],
)
def test_it_starts_later_than_the_first_stage_only_where_a_child_is_in_danger(
    stage: int, in_danger: bool, may: bool
) -> None:
    assert (rules.why_not_start(stage, in_danger=in_danger, deciders=OTHERS) == "") is may


def test_it_does_not_start_with_a_head_who_made_the_decision() -> None:
    assert "left out" in rules.why_not_start(2, in_danger=True, deciders=BY_HEAD)
    assert rules.why_not_start(3, in_danger=True, deciders=BY_HEAD) == ""


@pytest.mark.parametrize(
    ("answered", "at", "in_danger", "may"),
    [
        (False, NOON, False, False),
        (False, NOON + timedelta(hours=1), False, False),
        (False, NOON + timedelta(hours=1, seconds=1), False, True),
        (True, NOON, False, True),
        (False, NOON, True, True),
    ],
)
def test_the_agency_takes_it_up_when_answered_or_late_or_in_danger(
    answered: bool, at: datetime, in_danger: bool, may: bool
) -> None:
    now = Standing(1, NOON + timedelta(hours=1), NOON if answered else None)
    assert (rules.why_not_take_up(now, at, OTHERS, in_danger=in_danger) == "") is may


def test_the_last_stage_and_what_is_settled_cannot_be_taken_further() -> None:
    last, settled = Standing(4, NOON, NOON), Standing(2, NOON, NOON, is_settled=True)
    assert "last stage" in rules.why_not_take_up(last, NOON, OTHERS, in_danger=True)
    assert "new decision" in rules.why_not_take_up(settled, NOON, OTHERS, in_danger=True)


@pytest.mark.parametrize(
    ("now", "at", "wanted"),
    [
        (Standing(1, NOON), NOON, {Result.CHANGED}),
        (Standing(1, NOON, NOON), NOON + rules.SILENCE, {Result.CHANGED}),
        (Standing(1, NOON, NOON), NOON + rules.SILENCE + timedelta(seconds=1), {Result.CHANGED, Result.UPHELD}),
        (Standing(2, NOON, NOON, NOON), NOON, {Result.CHANGED, Result.COMPROMISE}),
        (Standing(4, NOON), NOON, {Result.CHANGED}),
        (Standing(4, NOON, NOON, NOON), NOON, set(Result)),
        (Standing(4, NOON, NOON, NOON, is_settled=True), NOON, set()),
    ],
)
def test_the_hub_does_not_end_it_against_an_agency_that_can_still_go_further(
    now: Standing, at: datetime, wanted: set[Result]
) -> None:
    assert set(rules.endings_for_the_hub(now, at)) == wanted


def test_the_agency_may_always_stop_and_agrees_to_something_between_once_it_is_answered() -> None:
    assert rules.endings_for_the_agency(Standing(1, NOON)) == (Result.UPHELD,)
    assert set(rules.endings_for_the_agency(Standing(1, NOON, NOON))) == {Result.UPHELD, Result.COMPROMISE}
    assert rules.endings_for_the_agency(Standing(1, NOON, NOON, is_settled=True)) == ()


@given(
    st.sampled_from([1, 2, 3, 4]),
    st.none() | st.just(NOON),
    st.none() | st.just(NOON),
    st.integers(0, 30),
    st.booleans(),
)
def test_it_is_never_without_a_way_forward(
    stage: int, answered: datetime | None, met: datetime | None, days: int, head: bool
) -> None:
    now = Standing(stage, NOON, answered, met)
    at, deciders = NOON + timedelta(days=days), Deciders(frozenset({1}), head)
    assert rules.endings_for_the_agency(now)
    assert rules.endings_for_the_hub(now, at)
    assert any(rules.why_not_settle(stage, role, ME, deciders) == "" for role in Role) or (stage == 2 and head)
