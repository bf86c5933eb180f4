"""Small numbers in a table whose columns hold one another: which counts are not shown. Plain Python.

A whole is its parts and a rest that the table does not show: contacts, those without further action, and the others.
So each row adds up, and each column does; whoever reads knows both, and the totals of the columns from other tables.
A count or a rest from 1 to 4 must not be found: counts are hidden until there may be one more or one less of it.
Proved by tests/rules/test_nested.py, by trying every table.
"""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from .suppression import LEAST
from .ways import A_COUNT, Arrow, hidden_well

#: Row and column. A column below 0 is in no file, though a share may say it.
Place = tuple[int, int]
#: A whole and parts of it, by column. A column is part of one sum at most, and the whole of one; only what is part of
#: none may be the whole of two.
Sum = tuple[int, ...]
#: A column, or the rest of a sum.
Column = int | Sum
Cell = tuple[int, Column]


def hidden(
    counts: Mapping[Place, int],
    groups: Iterable[Sequence[int]],
    sums: Sequence[Sum] = (),
    first: Collection[Place] = (),
    *,
    least: int = LEAST,
) -> frozenset[Place]:
    """`groups`: the rows that add up to what somebody may know. `first`: hidden for another reason; a nought never is.

    A rest of nought is known to be one only where it is in every row, as of parts that are all there is.
    A sum holds in a group whose rows have all its columns. The total of a column over group n is in the row -1 - n: it
    is hidden only where nothing in the rows helps.
    """
    _refuse_circles(sums)
    rows: dict[int, dict[int, int]] = {}
    for (row, column), number in counts.items():
        rows.setdefault(row, {})[column] = number
    numbers: dict[Cell, int] = {}
    arrows: dict[Cell, Arrow] = {}
    for group, members in enumerate(groups):
        cells = {row: rows[row] for row in members if row in rows}
        here = [one for one in sums if all(set(one) <= counted.keys() for counted in cells.values())]
        cells[-1 - group] = _added_up(cells.values())
        for row, counted in cells.items():
            for place, (since, until) in _arrows(row, group, counted, here):
                numbers[row, place] = _number(counted, place)
                arrows[row, place] = (since, until) if row >= 0 else (until, since)
    found = {cell for cell, number in numbers.items() if number > 0 and (number < least or cell in first)}
    ordered = sorted(numbers, key=lambda cell: (isinstance(cell[1], tuple), str(cell[1]).rjust(9), cell[0]))
    in_some_row = {column for (_, column), number in numbers.items() if number and isinstance(column, tuple)}
    possible = {cell: max(numbers[cell], int(cell[1] in in_some_row)) for cell in ordered}
    well = hidden_well(possible, arrows, found, partial(_cost, numbers))
    not_shown = numbers if well is None else well
    return frozenset((row, column) for row, column in not_shown if not isinstance(column, tuple))


def _cost(numbers: Mapping[Cell, int], cell: Cell) -> int:
    """Nobody sees a rest; what stands in no column costs only its share; totals are hidden last."""
    row, column = cell
    if isinstance(column, tuple):
        return 0
    return (A_COUNT * A_COUNT if row < 0 else A_COUNT if column >= 0 else 0) + numbers[cell]


def _added_up(rows: Iterable[Mapping[int, int]]) -> dict[int, int]:
    found: dict[int, int] = {}
    for row in rows:
        for column, number in row.items():
            found[column] = found.get(column, 0) + number
    return found


def _number(counted: Mapping[int, int], column: Column) -> int:
    if isinstance(column, tuple):
        return counted[column[0]] - sum(counted[part] for part in column[1:])
    return counted[column]


def _arrows(row: int, group: int, columns: Iterable[int], sums: Sequence[Sum]) -> Iterator[tuple[Column, Arrow]]:
    """Between what adds up: the sums of this row, and each column that has no sum within it."""
    parts = {part for one in sums for part in one[1:]}
    for column in columns:
        if column in parts:
            continue
        own = [one for one in sums if one[0] == column]
        until, since, *_ = [*(("sum", row, one) for one in own), ("column", group, column), ("table", group, column)]
        yield column, (since, until)
        for one, backwards in zip(own, (False, True), strict=False):
            yield from _arrows_within(row, group, one, sums, backwards=backwards)


def _arrows_within(
    row: int, group: int, one: Sum, sums: Sequence[Sum], *, backwards: bool
) -> Iterator[tuple[Column, Arrow]]:
    """The parts and the rest of a sum, and what is within them."""
    parts_and_rest: tuple[Column, ...] = (*one[1:], one)
    for part in parts_and_rest:
        within = next((other for other in sums if other[0] == part), None)
        here: Hashable = ("sum", row, one)
        there: Hashable = ("sum", row, within) if within else ("column", group, part)
        yield part, ((there, here) if backwards else (here, there))
        if within:
            yield from _arrows_within(row, group, within, sums, backwards=backwards)


def _refuse_circles(sums: Iterable[Sum]) -> None:
    """What holds together in a way that this cannot follow."""
    wholes, parts = [one[0] for one in sums], [part for one in sums for part in one[1:]]
    if len(parts) != len(set(parts)) or any(wholes.count(one) > (1 if one in parts else 2) for one in wholes):
        raise ValueError("A column is part of two sums, or the whole of too many.")
