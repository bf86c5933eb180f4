"""Before and after: how much changed, how sure that is, and whether it was under way already."""

import random
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.rules import interrupted as rules

COUNTS = st.lists(st.integers(0, 200), min_size=3, max_size=12)
SHARES = st.lists(
    st.integers(0, 50).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=3, max_size=12
)


def test_the_scrutiny_reports_schools_fell_and_were_falling_already() -> None:
    """40, 31, 24 before; 15, 8, 3 after: front-door.md 3.8."""
    found = rules.of_counts([40, 31, 24], [15, 8, 3])
    assert found is not None
    assert (round(found.before, 1), round(found.after, 1)) == (31.7, 8.7)
    assert found.is_clear
    assert (round(found.low), round(found.high)) == (-39, -7)
    assert round(found.carried_on, 1) == 7.7
    assert found.was_under_way


def test_a_step_in_a_level_series_was_not_under_way() -> None:
    found = rules.of_counts([30, 33, 31, 29, 32, 30], [9, 7, 10, 8])
    assert found is not None
    assert found.is_clear
    assert not found.was_under_way


@given(COUNTS, COUNTS)
def test_the_difference_lies_within_its_interval_and_turns_with_the_sides(before: list[int], after: list[int]) -> None:
    found, turned = rules.of_counts(before, after), rules.of_counts(after, before)
    assert found is not None
    assert turned is not None
    assert found.low < found.difference < found.high
    assert turned.low == pytest.approx(-found.high)
    assert turned.high == pytest.approx(-found.low)
    assert found.carried_on >= 0


@given(SHARES, SHARES)
def test_the_difference_of_shares_lies_within_its_interval(
    before: list[tuple[int, int]], after: list[tuple[int, int]]
) -> None:
    found = rules.of_shares(before, after)
    if not sum(whole for _, whole in before) or not sum(whole for _, whole in after):
        assert found is None
        return
    assert found is not None
    assert -1 <= found.low <= found.difference + 1e-9
    assert found.difference - 1e-9 <= found.high <= 1
    assert 0 <= found.carried_on <= 1


@given(COUNTS)
def test_the_same_months_again_are_no_change(months: list[int]) -> None:
    found = rules.of_counts(months, months)
    assert found is not None
    assert not found.is_clear
    assert not found.was_under_way


@pytest.mark.parametrize(("before", "after"), [(0, 3), (2, 3), (3, 2), (12, 0)])
def test_too_few_months_say_nothing(before: int, after: int) -> None:
    assert rules.of_counts([5] * before, [5] * after) is None
    assert rules.of_shares([(1, 5)] * before, [(1, 5)] * after) is None


def test_months_without_contacts_have_no_share() -> None:
    assert rules.of_shares([(0, 0)] * 4, [(1, 5)] * 4) is None


def test_chance_alone_is_called_clear_no_more_often_than_it_should_be() -> None:
    """Counts of one and the same mean, four hundred times: about one in twenty may look like a change."""
    dice = random.Random("interrupted")
    looked_clear = 0
    for _ in range(400):
        months = [sum(dice.random() < 0.02 for _ in range(500)) for _ in range(12)]
        found = rules.of_counts(months[:6], months[6:])
        looked_clear += found is not None and found.is_clear
    assert looked_clear <= 400 * 0.07


def test_more_months_of_the_same_make_it_surer() -> None:
    few, many = rules.of_counts([20, 24, 19], [8, 11, 9]), rules.of_counts([20, 24, 19] * 3, [8, 11, 9] * 3)
    assert few is not None
    assert many is not None
    assert many.high - many.low < few.high - few.low


@given(st.dates(date(2017, 1, 1), date(2020, 1, 1)), st.dates(date(2017, 1, 1), date(2020, 1, 1)), st.integers(0, 900))
def test_months_are_whole_of_one_length_and_never_on_both_sides(held_on: date, earliest: date, days: int) -> None:
    today = held_on + timedelta(days=days)
    found = rules.months(held_on, earliest, today)
    assert all(earliest <= first and first + rules.MONTH <= today for first, _ in found)
    assert all(later - first == rules.MONTH for (first, _), (later, _) in pairwise(found))
    assert all((first >= held_on) is after for first, after in found)
    assert all(first + rules.MONTH <= held_on for first, after in found if not after)
    assert sum(after for _, after in found) == min(days // 30, 12) or earliest > held_on
