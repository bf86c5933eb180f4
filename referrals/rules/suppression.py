"""Small numbers in what leaves the MASH: which counts are not shown, so that nobody can be worked out. Plain Python.

A count from 1 to 4 is hidden; a nought names nobody and is shown. Where the counts that are shown would give a hidden
one away, as one missing part of a total does, another is hidden beside it. Both are marked alike: somebody who could
tell them apart would know too much. Promise, proved by tests/rules/test_suppression.py: whoever knows every sum and
every number that is shown, and that a hidden one is 1 or more, still finds two possible values for each hidden count.

A rest is a count as well: where a whole and a part of it are both shown in one row and from 1 to 4 are left, one of the
two is hidden (`few_are_left`; rules/nested.py does it for whole tables).

Not covered: differences between files. Whoever asks for two periods, or for one narrowed in two ways, can take one
from the other. Every file is in the trail with its period and filters, so that it is seen.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

#: Counts below this are hidden (front-door.md 3.8, issue 6).
LEAST = 5
#: In place of a count that is not shown, and of a share that would say it.
HIDDEN = "[c]"
ABOUT_HIDDEN = (
    f"{HIDDEN} is a count from 1 to 4, or one that would give such a count away. It is not shown, "
    "so that no child can be worked out from it."
)

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Sum(Generic[Key]):
    """A count that is the sum of others. A count is part of one sum at most, and may be the total of several."""

    total: Key
    parts: Sequence[Key]

    @property
    def all(self) -> Sequence[Key]:
        return [self.total, *self.parts]


def few_are_left(whole: int, part: int) -> bool:
    """Whether a whole and a part of it, shown together, say a count from 1 to 4: of those who are not in the part."""
    return 0 < whole - part < LEAST


def hidden(
    counts: Mapping[Key, int], sums: Iterable[Sum[Key]] = (), first: Iterable[Key] = (), *, least: int = LEAST
) -> frozenset[Key]:
    """The counts that are not shown. `first`: those that are not for another reason; a nought never is."""
    sums = list(sums)
    _refuse_circles(sums)
    found = {key for key, number in counts.items() if 0 < number < least} | {key for key in first if counts[key]}
    while True:
        more = {_beside(one, counts, found) for one in sums if _gives_away(one, counts, found, sums)}
        if not more:
            return frozenset(found)
        found |= more


def _gives_away(one: Sum[Key], counts: Mapping[Key, int], found: set[Key], sums: Sequence[Sum[Key]]) -> bool:
    """One hidden count alone in a sum, or hidden parts that can be no smaller than they are."""
    unknown = [key for key in one.all if key in found]
    if len(unknown) == 1:
        return True
    if not unknown or one.total in found:
        return False
    left = counts[one.total] - sum(counts[key] for key in one.parts if key not in found)
    return left <= sum(_at_least(key, counts, found, sums) for key in unknown)


def _at_least(key: Key, counts: Mapping[Key, int], found: set[Key], sums: Sequence[Sum[Key]]) -> int:
    """What anybody can work out that a count is not below."""
    if key not in found:
        return counts[key]
    below = (sum(_at_least(part, counts, found, sums) for part in one.parts) for one in sums if one.total == key)
    return max(1, *below, 1)


def _beside(one: Sum[Key], counts: Mapping[Key, int], found: set[Key]) -> Key:
    """What is hidden as well: the smallest part that is not yet, else the total."""
    shown = [key for key in one.parts if key not in found and counts[key] > 0]
    if shown:
        return min(shown, key=lambda key: counts[key])
    if one.total not in found:
        return one.total
    return next(key for key in one.parts if key not in found)


def _refuse_circles(sums: Iterable[Sum[Key]]) -> None:
    """Two sums over the same part can give away together what neither gives away alone."""
    parts = [key for one in sums for key in one.parts]
    if len(parts) != len(set(parts)):
        raise ValueError("A count is part of two sums.")
