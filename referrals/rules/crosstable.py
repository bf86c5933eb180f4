"""Small numbers in a table whose rows and columns both add up: which counts are not shown. Plain Python.

rules/suppression.py hides in sums that share no part. Here every count is part of its row, whose total is shown, and of
its column, whose total everybody knows. A count from 1 to 4 is hidden, and then others, until whoever knows every
total, every count that is shown and that no hidden one is below 1 still finds two possible values for each that is
hidden. Proved by tests/rules/test_crosstable.py, by trying every table.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import TypeVar

from . import ways
from .suppression import LEAST

Row = TypeVar("Row", bound=Hashable)
#: The column of the row totals.
TOTAL = -1
Place = tuple[Row, int]
#: Stands for the row of the column totals.
EVERYBODY = object()


def hidden(
    counts: Mapping[Row, Sequence[int]],
    first: Collection[Place[Row]] = (),
    unknown: Collection[int] = (),
    *,
    least: int = LEAST,
) -> frozenset[Place[Row]]:
    """The places, by row and column, that are not shown; the total of a row is in the column TOTAL.

    `first`: places that are hidden for another reason. A nought is always shown: it names nobody.
    `unknown`: columns whose totals nobody is told. They must not be found either.
    """
    table = {(row, column): number for row, cells in counts.items() for column, number in enumerate(cells)}
    table |= {(row, TOTAL): sum(cells) for row, cells in counts.items()}
    found = {place for place, number in table.items() if number and (number < least or place in first)}
    numbers = dict[tuple[Hashable, int], int](table.items())
    arrows = {place: _arrow(*place) for place in numbers}
    for column in unknown:
        numbers[EVERYBODY, column] = sum(number for (_, at), number in table.items() if at == column)
        since, until = _arrow(EVERYBODY, column)
        arrows[EVERYBODY, column] = (until, since)
    hidden_already = {
        place for place, number in numbers.items() if number and (place in found or place[0] is EVERYBODY)
    }
    well = ways.hidden_well(numbers, arrows, hidden_already, lambda place: ways.A_COUNT + numbers[place])
    return frozenset(place for place, number in table.items() if number and (well is None or place in well))


def _arrow(row: Hashable, column: int) -> ways.Arrow:
    """From row to column; the other way for the total of a row."""
    since, until = ("row", row), ("column", column)
    return (until, since) if column == TOTAL else (since, until)
