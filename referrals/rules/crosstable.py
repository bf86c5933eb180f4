"""Small numbers in a table whose rows and columns both add up: which counts are not shown. Plain Python.

rules/suppression.py hides in sums that share no part. Here every count is part of its row, whose total is shown, and of
its column, whose total everybody knows. A count from 1 to 4 is hidden, and then others, until whoever knows every
total, every count that is shown and that no hidden one is below 1 still finds two possible values for each that is
hidden. Proved by tests/rules/test_crosstable.py, by trying every table.
"""

from collections.abc import Hashable, Mapping, Sequence
from heapq import heappop, heappush
from typing import TypeVar

from .suppression import LEAST

Row = TypeVar("Row", bound=Hashable)
#: The column of the row totals.
TOTAL = -1
#: Hiding one count fewer is worth more than hiding small ones.
A_COUNT = 1_000_000
Place = tuple[Row, int]


def hidden(
    counts: Mapping[Row, Sequence[int]], first: frozenset[Place[Row]] = frozenset(), *, least: int = LEAST
) -> frozenset[Place[Row]]:
    """The places, by row and column, that are not shown; the total of a row is in the column TOTAL.

    `first`: places that are hidden for another reason. A nought is always shown: it names nobody.
    """
    table = {(row, column): number for row, cells in counts.items() for column, number in enumerate(cells)}
    table |= {(row, TOTAL): sum(cells) for row, cells in counts.items()}
    found = {place for place, number in table.items() if number and (number < least or place in first)}
    protected: set[Place[Row]] = set()
    while open_to_guess := sorted(found - protected, key=str):
        place = open_to_guess[0]
        way = _cheapest_way_back(place, table, found)
        if way is None:
            return frozenset(place for place, number in table.items() if number)
        found |= way
        protected.add(place)
    return frozenset(found)


def _cheapest_way_back(
    place: Place[Row], table: Mapping[Place[Row], int], found: set[Place[Row]]
) -> set[Place[Row]] | None:
    """The counts to hide so that there may be one more or one less in this place; None where nothing would help.

    Each count is an arrow between its row and its column. One more here has to be made good by a way back along other
    counts, one more or one less each in turn, none of which may be shown; a count of 1 cannot be less. What is hidden
    already costs nothing, else the fewest and smallest counts are taken.
    """
    ways = [_way_back(place, table, found, more=more) for more in (True, False) if more or table[place] > 1]
    possible = [way for way in ways if way is not None]
    return min(possible, default=None, key=lambda way: sum(table[one] for one in way - found))


def _way_back(
    place: Place[Row], table: Mapping[Place[Row], int], found: set[Place[Row]], *, more: bool
) -> set[Place[Row]] | None:
    start, end = _arrow(place, more=more)
    best: dict[Hashable, int] = {end: 0}
    came: dict[Hashable, tuple[Hashable, Place[Row]]] = {}
    waiting: list[tuple[int, str, Hashable]] = [(0, str(end), end)]
    steps = _steps(place, table)
    while waiting:
        cost, _, here = heappop(waiting)
        for other, there in steps.get(here, ()):
            price = cost + (0 if other in found else A_COUNT + table[other])
            if there not in best or price < best[there]:
                best[there], came[there] = price, (here, other)
                heappush(waiting, (price, str(there), there))
    if start not in came:
        return None
    way: set[Place[Row]] = set()
    while start != end:
        start, other = came[start]
        way.add(other)
    return way


def _steps(but: Place[Row], table: Mapping[Place[Row], int]) -> dict[Hashable, list[tuple[Place[Row], Hashable]]]:
    """Where each count leads, one more and one less of it."""
    found: dict[Hashable, list[tuple[Place[Row], Hashable]]] = {}
    for place, number in table.items():
        for more in (True, False):
            if place != but and number > (0 if more else 1):
                since, until = _arrow(place, more=more)
                found.setdefault(since, []).append((place, until))
    return found


def _arrow(place: Place[Row], *, more: bool) -> tuple[Hashable, Hashable]:
    """From row to column for one more of a count; the other way for one less, and for the total of a row."""
    row, column = ("row", place[0]), ("column", place[1])
    return (row, column) if more is (place[1] != TOTAL) else (column, row)
