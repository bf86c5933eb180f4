"""Control charts: limits from the average moving range, and each rule that makes a month special."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.rules.control_chart import ENOUGH, Chart, Sign, chart

MONTHS = st.lists(st.integers(0, 1000).map(float), min_size=ENOUGH, max_size=36)
#: Quiet months around ten: nothing about them is special.
QUIET = [10.0, 12, 9, 11, 10, 8, 11, 9, 12, 10]


def drawn(values: list[float], **bounds: float) -> Chart:
    found = chart(values, **bounds)
    assert found is not None
    return found


@given(MONTHS)
def test_limits_are_2_66_average_moving_ranges_from_the_average(values: list[float]) -> None:
    found = drawn(values)
    average_range = sum(abs(after - before) for before, after in pairwise(values)) / (len(values) - 1)
    assert found.mean == pytest.approx(sum(values) / len(values))
    assert found.high - found.mean == pytest.approx(2.66 * average_range)
    assert found.mean - found.low == pytest.approx(2.66 * average_range)
    assert found.range_limit == pytest.approx(3.268 * average_range)


@given(MONTHS)
def test_a_month_is_outside_exactly_where_its_value_is(values: list[float]) -> None:
    found = drawn(values)
    for value, signs in zip(values, found.signs, strict=True):
        clearly_outside = value > found.high + 1e-6 or value < found.low - 1e-6
        clearly_inside = found.low + 1e-6 <= value <= found.high - 1e-6
        assert not (clearly_outside and Sign.OUTSIDE not in signs)
        assert not (clearly_inside and Sign.OUTSIDE in signs)


@given(MONTHS, st.integers(1, 50), st.integers(-500, 500))
def test_what_is_special_does_not_depend_on_the_unit(values: list[float], times: int, more: int) -> None:
    other = drawn([value * times + more for value in values])
    assert other.signs == drawn(values).signs


@given(MONTHS)
def test_what_is_special_upside_down_is_special(values: list[float]) -> None:
    assert drawn([1000 - value for value in values]).special == drawn(values).special


@given(st.floats(0, 1e6), st.integers(ENOUGH, 40))
def test_months_that_are_all_the_same_are_not_special(value: float, months: int) -> None:
    assert drawn([value] * months).special == ()


@pytest.mark.parametrize("months", range(ENOUGH))
def test_fewer_than_eight_months_have_no_limits(months: int) -> None:
    assert chart([float(month) for month in range(months)]) is None
    assert chart([float(month) for month in range(ENOUGH)]) is not None


def test_a_quiet_year_has_nothing_to_ask_about_and_one_bad_month_does() -> None:
    assert drawn(QUIET).special == ()
    found = drawn([*QUIET, 30.0])
    assert found.signs[-1] == (Sign.OUTSIDE, Sign.JUMP)
    assert found.special == (10,)


def test_eight_months_on_one_side_are_a_change_and_seven_are_not() -> None:
    jitter = [0.0, 3, 0, 3, 0, 3, 0, 3]
    eight = drawn([*(12 + one for one in jitter), *(2 + one for one in jitter)])
    assert all(Sign.RUN in signs for signs in eight.signs)
    seven = drawn([*(12 + one for one in jitter[:7]), *(2 + one for one in jitter[:7])])
    assert not any(Sign.RUN in signs for signs in seven.signs)


def test_three_of_four_months_near_one_limit_are_special_and_the_fourth_is_not() -> None:
    found = drawn([*QUIET, 15.0, 15.0, 10.0, 15.0])
    assert [place for place, signs in enumerate(found.signs) if Sign.NEAR in signs] == [10, 11, 13]
    assert not any(Sign.NEAR in signs for signs in drawn([*QUIET, 15.0, 10.0, 15.0, 10.0]).signs)


def test_limits_stay_within_what_can_be() -> None:
    shares = [0.9, 0.99, 0.5, 0.95, 0.99, 0.6, 0.97, 0.9]
    found = drawn(shares, floor=0, ceiling=1)
    assert (found.low >= 0, found.high) == (True, 1)
    assert drawn(shares).high > 1
