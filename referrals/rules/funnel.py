"""Is an agency's share unusual, or is its number small? Control limits around a group's mean. Plain Python.

Of `number` contacts, chance alone gives a binomial count around the group's mean. The limits are exact: a count lies
beyond one where chance would give it, or one further out, in at most half of what is left outside the limit. Between
whole counts the tail is taken as a straight line, so that a drawn limit is smooth and says the same as the words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import ceil, exp, floor, lgamma, log, sqrt

#: The usual pair for a funnel: about 2 and about 3 standard deviations. What is left outside, both sides together.
EDGE, BEYOND = 0.05, 0.002
_NEGLIGIBLE = 1e-17


class Place(StrEnum):
    """Where a share lies."""

    WITHIN = "within"
    HIGH_EDGE = "high_edge"
    LOW_EDGE = "low_edge"
    HIGH = "high"
    LOW = "low"

    @property
    def is_outside(self) -> bool:
        return self in (Place.HIGH, Place.LOW)


@dataclass(frozen=True, slots=True)
class Limits:
    """Counts at which chance stops being an explanation: at or below `low`, at or above `high`."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Funnel:
    """A group of (count, number) pairs around their common share."""

    mean: float

    @classmethod
    def of(cls, pairs: Sequence[tuple[int, int]]) -> "Funnel | None":
        """None where there is nothing to take a share of."""
        number = sum(number for _, number in pairs)
        return cls(sum(count for count, _ in pairs) / number) if number else None

    def place(self, count: int, number: int) -> Place:
        """Where this one lies. Of nothing at all, nothing is said."""
        for outside, low, high in ((BEYOND, Place.LOW, Place.HIGH), (EDGE, Place.LOW_EDGE, Place.HIGH_EDGE)):
            limits = self.limits(number, outside)
            if count >= limits.high:
                return high
            if count <= limits.low:
                return low
        return Place.WITHIN

    def limits(self, number: int, outside: float) -> Limits:
        """Below 0 or above `number` where no count is unusual."""
        high = _upper(number, self.mean, outside / 2)
        low = number - _upper(number, 1 - self.mean, outside / 2)
        return Limits(low, high)


@lru_cache(maxsize=4096)
def _upper(number: int, mean: float, tail: float) -> float:
    """Where the chance of so many or more falls to `tail`."""
    if mean >= 1 or number == 0:
        return number + 1.0
    if mean <= 0:
        return 1.0
    spread = sqrt(number * mean * (1 - mean))
    at = min(max(ceil(number * mean + 2 * spread), 0), number)
    chance = _or_more(at, number, mean)
    while chance <= tail and at > 0:
        at -= 1
        chance += _exactly(at, number, mean)
    while chance > tail and at <= number:
        following = max(chance - _exactly(at, number, mean), 0.0)
        if following <= tail:
            return at + (chance - tail) / (chance - following)
        at, chance = at + 1, following
    return float(at)


def _or_more(at: int, number: int, mean: float) -> float:
    """From the far end of what counts, so that small chances are added to small ones."""
    chances = []
    for count in range(at, number + 1):
        chance = _exactly(count, number, mean)
        chances.append(chance)
        if chance < _NEGLIGIBLE and count > floor(number * mean):
            break
    return sum(reversed(chances))


def _exactly(count: int, number: int, mean: float) -> float:
    if not 0 <= count <= number:
        return 0.0
    ways = lgamma(number + 1) - lgamma(count + 1) - lgamma(number - count + 1)
    return exp(ways + count * log(mean) + (number - count) * log(1 - mean))
