"""How far two auditors agree about the same cases: the share, and Cohen's kappa, which takes chance off it.

J. Cohen, "A coefficient of agreement for nominal scales", 1960. Plain Python.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from .suppression import LEAST, few_are_left

#: Below this, one answer more or less moves the share by more than ten points.
ENOUGH = 10
_WORDS = ((0.2, "hardly more than chance"), (0.4, "weak"), (0.6, "moderate"), (0.8, "good"))


@dataclass(frozen=True, slots=True)
class Agreement:
    """`kappa` is 1 for full agreement, 0 for chance; None where there are too few, or every answer was the same."""

    pairs: int
    same: int
    kappa: float | None

    @property
    def is_enough(self) -> bool:
        return self.pairs >= ENOUGH

    @property
    def share(self) -> float | None:
        return self.same / self.pairs if self.pairs else None


def agreement(pairs: Sequence[tuple[int, int]]) -> Agreement:
    """Of pairs (what the first auditor said, what the second said) about the same thing."""
    same = sum(first == second for first, second in pairs)
    return Agreement(len(pairs), same, _kappa(pairs, same) if len(pairs) >= ENOUGH else None)


def _kappa(pairs: Sequence[tuple[int, int]], same: int) -> float | None:
    number = len(pairs)
    firsts, seconds = (Counter(side) for side in zip(*pairs, strict=True))
    by_chance = sum(firsts[answer] * seconds[answer] for answer in firsts)  # over number²
    if by_chance == number * number:
        return None
    return (same * number - by_chance) / (number * number - by_chance)


def sentence(found: Agreement) -> str:
    """In words, and too few is said to be too few. No number where it would say of a few cases how they were graded."""
    if not found.is_enough:
        return f"Too few to say: it takes {ENOUGH} that were audited twice"
    said = f"The same answer {found.same} of {found.pairs} times"
    few = 0 < found.same < LEAST or few_are_left(found.pairs, found.same)
    if few and found.kappa is not None:
        return f"Agreement is {_strength(found.kappa)}"
    if found.kappa is None:
        return f"{said}; every answer was the same, so there is no chance to take off"
    return f"{said}; kappa {found.kappa:.2f}, {_strength(found.kappa)}"


def _strength(kappa: float) -> str:
    return next((words for limit, words in _WORDS if kappa < limit), "very good")
