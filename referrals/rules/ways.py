"""What else is hidden, so that there may be one more or one less of each count that is. Plain Python.

Counts add up in sums, and each is in two of them at most: an arrow from the one to the other. One more of a hidden
count has to be made good by a way back along other counts, one more or one less each in turn, none of which may be
shown; a count of 1 cannot be less, and a nought is known to be one.
"""

from collections.abc import Callable, Collection, Hashable, Mapping
from heapq import heappop, heappush
from itertools import count
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
Arrow = tuple[Hashable, Hashable]
#: Hiding one count fewer is worth more than hiding small ones.
A_COUNT = 1_000_000


def hidden_well(
    numbers: Mapping[Key, int], arrows: Mapping[Key, Arrow], found: Collection[Key], cost: Callable[[Key], int]
) -> frozenset[Key] | None:
    """What is `found` already and what is hidden besides, at the least cost. None where nothing would help.

    They are helped in the order of `numbers`: what has few ways should come first.
    """
    hidden, helped = set(found), set[Key]()
    steps: dict[Hashable, list[tuple[Key, Hashable]]] = {}
    for key, (since, until) in arrows.items():
        if numbers[key] > 0:
            steps.setdefault(since, []).append((key, until))
        if numbers[key] > 1:
            steps.setdefault(until, []).append((key, since))

    price = {key: 0 if key in hidden else cost(key) for key in arrows}
    for key in [key for key in numbers if key in hidden]:
        if key in helped:
            continue
        since, until = arrows[key]
        ends = [(until, since), (since, until)] if numbers[key] > 1 else [(until, since)]
        ways = [_cheapest(start, end, key, steps, price) for start, end in ends]
        best = min(
            (way for way in ways if way is not None), default=None, key=lambda way: sum(price[one] for one in way)
        )
        if best is None:
            return None
        hidden |= best
        price |= dict.fromkeys(best, 0)
        helped |= {key, *best}
    return frozenset(hidden)


def _cheapest(
    start: Hashable,
    end: Hashable,
    but: Key,
    steps: Mapping[Hashable, Collection[tuple[Key, Hashable]]],
    price: Mapping[Key, int],
) -> set[Key] | None:
    """The counts along the cheapest way that does not use one of them."""
    best: dict[Hashable, int] = {start: 0}
    came: dict[Hashable, tuple[Hashable, Key]] = {}
    order = count()
    waiting: list[tuple[int, int, Hashable]] = [(0, next(order), start)]
    while waiting:
        cost, _, here = heappop(waiting)
        if here == end:
            break
        if cost > best[here]:
            continue
        for other, there in steps.get(here, ()):
            total = cost + price[other]
            if other != but and (there not in best or total < best[there]):
                best[there], came[there] = total, (here, other)
                heappush(waiting, (total, next(order), there))
    if end not in came:
        return None
    way: set[Key] = set()
    while end != start:
        end, other = came[end]
        way.add(other)
    return way
