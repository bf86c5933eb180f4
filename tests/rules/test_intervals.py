"""Wilson's interval: published values, and what holds for every share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.rules.intervals import Interval, wilson


@st.composite
def shares(draw: st.DrawFn) -> tuple[int, int]:
    whole = draw(st.integers(1, 5000))
    return draw(st.integers(0, whole)), whole


def interval(part: int, whole: int, errors: float = 1.959964) -> Interval:
    found = wilson(part, whole, errors)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        # Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_anyone_can_find_the_published_intervals(part: int, whole: int, low: float, high: float) -> None:
    found = interval(part, whole)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@given(shares())
def test_an_interval_holds_its_share_and_stays_between_none_and_all(share: tuple[int, int]) -> None:
    part, whole = share
    found = interval(part, whole)
    assert 0 <= found.low <= part / whole <= found.high <= 1
    assert part / whole in found


@given(shares())
def test_an_interval_of_the_rest_is_the_mirror_of_it(share: tuple[int, int]) -> None:
    part, whole = share
    found, rest = interval(part, whole), interval(whole - part, whole)
    assert rest.low == pytest.approx(1 - found.high, abs=1e-9)
    assert rest.high == pytest.approx(1 - found.low, abs=1e-9)


@given(shares(), st.integers(2, 20))
def test_more_of_the_same_narrows_the_interval(share: tuple[int, int], times: int) -> None:
    part, whole = share
    few, many = interval(part, whole), interval(part * times, whole * times)
    assert many.high - many.low < few.high - few.low


@given(shares())
def test_more_certainty_widens_the_interval(share: tuple[int, int]) -> None:
    sure, surer = interval(*share), interval(*share, errors=3)
    assert surer.low <= sure.low
    assert sure.high <= surer.high


def test_nobody_can_take_an_interval_of_nothing() -> None:
    assert wilson(0, 0) is None
    with pytest.raises(ValueError, match="part"):
        wilson(3, 2)
    with pytest.raises(ValueError, match="width"):
        wilson(1, 2, errors=0)


@given(shares(), shares())
def test_intervals_overlap_both_ways_or_neither(one: tuple[int, int], other: tuple[int, int]) -> None:
    a, b = interval(*one), interval(*other)
    assert a.overlaps(b) is b.overlaps(a)
    assert a.overlaps(a)
