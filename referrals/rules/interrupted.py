"""Before and after an event, month by month: how much changed, and how sure that is. Plain Python.

Months are of 30 days, counted from the day of the event, so that they are of one length and none is both. Their means
are compared by their variation from month to month, and never less than counts vary by chance (Poisson); shares by
Newcombe's interval (1998), widened where months differ more than chance makes them. Where the months before were
already on the way, that is said: the event alone does not explain what follows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

#: Fewer whole months on either side say nothing.
ENOUGH = 3
MONTH = timedelta(days=30)
#: Student's t, 97.5 %, by degrees of freedom from 1.
_T: tuple[float, ...] = (
    *(12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228),
    *(2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086),
    *(2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042),
)

Share = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Change:
    """From `before` to `after`; with 95 % confidence the difference is between `low` and `high`.

    `carried_on`: what the straight line through the months before would have led to by itself.
    """

    before: float
    after: float
    low: float
    high: float
    carried_on: float

    @property
    def difference(self) -> float:
        return self.after - self.before

    @property
    def is_clear(self) -> bool:
        return self.low > 0 or self.high < 0

    @property
    def was_under_way(self) -> bool:
        """Whether the months before, carried on, would have made half of the change or more."""
        expected = self.carried_on - self.before
        return self.is_clear and expected * self.difference > 0 and abs(expected) >= abs(self.difference) / 2


def months(held_on: date, earliest: date, today: date, most: int = 12) -> list[tuple[date, bool]]:
    """(first day, whether it is after the event) of each whole month that is over, `most` on either side at most."""
    first_days = [(held_on + number * MONTH, number >= 0) for number in range(-most, most)]
    return [(day, after) for day, after in first_days if day >= earliest and day + MONTH <= today]


def of_counts(before: Sequence[int], after: Sequence[int]) -> Change | None:
    """How many a month. None: too few months to say."""
    if min(len(before), len(after)) < ENOUGH:
        return None
    means = [sum(months) / len(months) for months in (before, after)]
    spread = sqrt(sum(_variance(months) / len(months) for months in (before, after)))
    margin, difference = t_value(len(before) + len(after) - 2) * spread, means[1] - means[0]
    return Change(means[0], means[1], difference - margin, difference + margin, carried_on(before, len(after)))


def of_shares(before: Sequence[Share], after: Sequence[Share]) -> Change | None:
    """Which share of a month's contacts, as (of these, contacts). None: too few months, or none with contacts."""
    if min(len(before), len(after)) < ENOUGH or not all(sum(whole for _, whole in one) for one in (before, after)):
        return None
    width = t_value(len(before) + len(after) - 2)
    more_than_chance = _dispersion(before, after)
    (first, first_low, first_high), (last, last_low, last_high) = (
        _wilson(months, more_than_chance, width) for months in (before, after)
    )
    difference = last - first
    low = difference - sqrt((last - last_low) ** 2 + (first_high - first) ** 2)
    high = difference + sqrt((last_high - last) ** 2 + (first - first_low) ** 2)
    line = carried_on([part / whole for part, whole in before if whole], len(after), most=1.0)
    return Change(first, last, max(low, -1.0), min(high, 1.0), line)


def carried_on(before: Sequence[float], months_after: int, most: float = float("inf")) -> float:
    """Where the straight line through the months before stands in the middle of those after, never below nothing."""
    number = len(before)
    middle, mean = (number - 1) / 2, sum(before) / number
    spread = sum((place - middle) ** 2 for place in range(number))
    slope = sum((place - middle) * value for place, value in enumerate(before)) / spread if spread else 0.0
    return min(max(mean + slope * (number + (months_after - 1) / 2 - middle), 0.0), most)


def t_value(freedom: int) -> float:
    return _T[min(freedom, len(_T)) - 1]


def _variance(months: Sequence[int]) -> float:
    """Of one month: as they vary, and never less than counts of this size do by chance."""
    mean = sum(months) / len(months)
    seen = sum((count - mean) ** 2 for count in months) / (len(months) - 1)
    return max(seen, mean, 1 / len(months))


def _dispersion(*sides: Sequence[Share]) -> float:
    """How many times more the months' shares vary than chance makes them; at least 1."""
    found, freedom = 0.0, 0
    for months in sides:
        filled = [(part, whole) for part, whole in months if whole]
        rate = sum(part for part, _ in filled) / sum(whole for _, whole in filled)
        if 0 < rate < 1:
            found += sum((part - whole * rate) ** 2 / (whole * rate * (1 - rate)) for part, whole in filled)
            freedom += len(filled) - 1
    return max(1.0, found / freedom) if freedom else 1.0


def _wilson(months: Sequence[Share], dispersion: float, width: float) -> tuple[float, float, float]:
    """(share, low, high) by Wilson's score interval, of as many contacts as the dispersion leaves."""
    whole = sum(number for _, number in months) / dispersion
    rate = sum(part for part, _ in months) / dispersion / whole
    half = width * sqrt(rate * (1 - rate) / whole + width**2 / (4 * whole**2))
    middle, scale = rate + width**2 / (2 * whole), 1 + width**2 / whole
    return rate, min((middle - half) / scale, rate), max((middle + half) / scale, rate)
