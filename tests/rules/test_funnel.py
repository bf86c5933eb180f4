"""Funnel limits: exact, around the mean, and kind to small schools."""

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referrals.rules.funnel import BEYOND, EDGE, Funnel, Place

means = st.floats(0.01, 0.99)


@pytest.mark.parametrize(
    ("count", "number", "place"),
    [
        (3, 3, Place.WITHIN),  # three of three, where four in ten are usual: nobody is shamed
        (0, 3, Place.WITHIN),
        (26, 50, Place.WITHIN),
        (29, 50, Place.HIGH_EDGE),
        (33, 50, Place.HIGH),
        (11, 50, Place.LOW_EDGE),
        (8, 50, Place.LOW),
        (0, 0, Place.WITHIN),
        (4100, 10000, Place.HIGH_EDGE),
        (4200, 10000, Place.HIGH),
    ],
)
def test_a_manager_is_told_what_chance_explains(count: int, number: int, place: Place) -> None:
    assert Funnel(0.4).place(count, number) is place


def test_a_group_has_the_mean_of_all_its_contacts_not_of_its_agencies() -> None:
    assert Funnel.of([(1, 2), (10, 98)]) == Funnel(0.11)
    assert Funnel.of([(0, 0)]) is None
    assert Funnel.of([]) is None


@pytest.mark.parametrize(("mean", "count"), [(0.0, 0), (1.0, 7)])
def test_nobody_is_unusual_where_all_are_alike(mean: float, count: int) -> None:
    assert Funnel(mean).place(count, 7) is Place.WITHIN


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 60), st.integers(0, 60), st.integers(1, 99))
def test_the_words_say_what_the_exact_tails_say(number: int, count: int, percent: int) -> None:
    count = min(count, number)
    low, high = _tails(count, number, Fraction(percent, 100))
    smaller = float(min(low, high))
    if any(abs(smaller - outside / 2) < 1e-12 for outside in (EDGE, BEYOND)):
        return  # on the line itself, where rounding may say either
    expected = Place.WITHIN
    if smaller <= EDGE / 2:
        expected = Place.HIGH_EDGE if high < low else Place.LOW_EDGE
    if smaller <= BEYOND / 2:
        expected = Place.HIGH if high < low else Place.LOW
    assert Funnel(percent / 100).place(count, number) is expected


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 5000), means)
def test_limits_lie_around_the_mean_and_the_outer_ones_outside_the_inner(number: int, mean: float) -> None:
    inner, outer = (Funnel(mean).limits(number, outside) for outside in (EDGE, BEYOND))
    assert outer.low <= inner.low <= number * mean <= inner.high <= outer.high


@settings(max_examples=50, deadline=None)
@given(st.integers(50, 3000), st.floats(0.1, 0.9))
def test_the_funnel_narrows_as_numbers_grow(number: int, mean: float) -> None:
    narrow, wide = Funnel(mean).limits(4 * number, BEYOND), Funnel(mean).limits(number, BEYOND)
    assert narrow.high / (4 * number) < wide.high / number
    assert narrow.low / (4 * number) > wide.low / number


def _tails(count: int, number: int, mean: Fraction) -> tuple[Fraction, Fraction]:
    """The chances of so few or fewer, and of so many or more, to the last digit."""
    chance = [comb(number, one) * mean**one * (1 - mean) ** (number - one) for one in range(number + 1)]
    return sum(chance[: count + 1], Fraction()), sum(chance[count:], Fraction())
