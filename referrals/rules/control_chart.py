"""XmR charts: which months are more than chance. Individual values, their moving ranges, and the limits of both.

Wheeler, "Understanding Variation" (1993): limits are the mean ± 2.66 average moving ranges; a moving range is
exceptional above 3.268 of them. Plain Python: values in the order of their months, and nothing about what they count.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

FROM_RANGES = 2.66
RANGE_LIMIT = 3.268
#: With fewer months the limits say more about chance than about the work.
ENOUGH = 8
RUN = 8
NEAR, NEAR_OF = 3, 4


class Sign(StrEnum):
    """Why a month is special. The value is the rule, in words."""

    OUTSIDE = "outside the limits"
    RUN = f"one of {RUN} or more months in a row on one side of the average"
    NEAR = f"one of {NEAR} out of {NEAR_OF} months in a row nearer to the same limit than to the average"
    JUMP = "further from the month before than months usually are"


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with limits. `signs` and `ranges` have one entry a month; the first month has no range."""

    values: tuple[float, ...]
    ranges: tuple[float | None, ...]
    mean: float
    low: float
    high: float
    average_range: float
    range_limit: float
    signs: tuple[tuple[Sign, ...], ...]

    @property
    def special(self) -> tuple[int, ...]:
        """The months, by position, that are more than chance."""
        return tuple(place for place, signs in enumerate(self.signs) if signs)


def chart(values: Sequence[float], *, floor: float | None = None, ceiling: float | None = None) -> Chart | None:
    """The chart of these months; None where they are too few. `floor`, `ceiling`: what a value cannot be beyond."""
    if len(values) < ENOUGH:
        return None
    ranges = [abs(after - before) for before, after in pairwise(values)]
    mean, average = sum(values) / len(values), sum(ranges) / len(ranges)
    low, high = mean - FROM_RANGES * average, mean + FROM_RANGES * average
    low = low if floor is None else max(low, floor)
    high = high if ceiling is None else min(high, ceiling)
    limit = RANGE_LIMIT * average
    found: list[set[Sign]] = [set() for _ in values]
    # what rounding alone puts beyond a limit or off the average is nothing
    dust = 1e-9 * max(1.0, *(abs(value) for value in values))
    for place, value in enumerate(values):
        if value > high + dust or value < low - dust:
            found[place].add(Sign.OUTSIDE)
        if place and ranges[place - 1] > limit + dust:
            found[place].add(Sign.JUMP)
    for places, sign in ((_runs(values, mean, dust), Sign.RUN), (_near(values, mean, average, dust), Sign.NEAR)):
        for place in places:
            found[place].add(sign)
    signs = tuple(tuple(sign for sign in Sign if sign in one) for one in found)
    return Chart(tuple(values), (None, *ranges), mean, low, high, average, limit, signs)


def _side(value: float, mean: float, dust: float) -> int:
    """1 above the average, -1 below it, 0 on it."""
    return (value > mean + dust) - (value < mean - dust)


def _runs(values: Sequence[float], mean: float, dust: float) -> set[int]:
    """Every month of a run of RUN or more on one side. A month on the average itself ends a run."""
    found: set[int] = set()
    start = 0
    sides = [_side(value, mean, dust) for value in values]
    for place, side in enumerate([*sides, 0]):
        if place and side != sides[place - 1]:
            if sides[place - 1] and place - start >= RUN:
                found.update(range(start, place))
            start = place
    return found


def _near(values: Sequence[float], mean: float, average: float, dust: float) -> set[int]:
    """The months nearer to a limit than to the average, where NEAR of NEAR_OF in a row are, on one side."""
    half = FROM_RANGES * average / 2
    found: set[int] = set()
    for side in (1, -1):
        beyond = [side * (value - mean) > half + dust for value in values]
        for start in range(len(values) - NEAR_OF + 1):
            places = [place for place in range(start, start + NEAR_OF) if beyond[place]]
            if len(places) >= NEAR:
                found.update(places)
    return found
