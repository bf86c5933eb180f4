"""How far a share can be trusted: Wilson's interval (1927), which also holds for small numbers and for none and all."""

from dataclasses import dataclass
from math import sqrt

#: Standard errors either side that hold 95 times in 100.
NINETY_FIVE = 1.959964


@dataclass(frozen=True, slots=True)
class Interval:
    """Between `low` and `high`, both within 0 and 1, both included."""

    low: float
    high: float

    def __contains__(self, share: float) -> bool:
        return self.low <= share <= self.high

    def overlaps(self, other: "Interval") -> bool:
        return self.low <= other.high and other.low <= self.high


def wilson(part: int, whole: int, errors: float = NINETY_FIVE) -> Interval | None:
    """The interval of the share `part` of `whole`; None where there is nothing to take a share of."""
    if not 0 <= part <= whole:
        raise ValueError("A part is between nothing and the whole.")
    if errors <= 0:
        raise ValueError("An interval has a width.")
    if not whole:
        return None
    share, square = part / whole, errors * errors
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    half = errors / (1 + square / whole) * sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    # none and all touch the end exactly, whatever the rounding
    return Interval(max(0.0, middle - half) if part else 0.0, min(1.0, middle + half) if part < whole else 1.0)
