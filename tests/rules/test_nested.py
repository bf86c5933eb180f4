"""Columns that hold one another: nothing hidden can be worked out, nor a few that are left, by trying every table."""

from functools import cache
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referrals.rules.nested import Place, Sum, hidden
from referrals.rules.suppression import LEAST

ALL, NFA, PUSHED, IN_TIME = range(4)
SUMS: list[Sum] = [(ALL, NFA), (NFA, PUSHED), (ALL, IN_TIME)]
Row = tuple[int, int, int, int]
Table = tuple[Row, ...]


@cache
def possible_rows(most: int) -> list[Row]:
    return [
        (whole, nfa, pushed, kept)
        for whole in range(most + 1)
        for nfa in range(whole + 1)
        for pushed in range(nfa + 1)
        for kept in range(whole + 1)
    ]


def as_counts(table: Table) -> dict[Place, int]:
    return {(row, column): number for row, cells in enumerate(table) for column, number in enumerate(cells)}


def possible(table: Table, places: frozenset[Place]) -> list[Table]:
    """Every table that somebody could think of who knows what is shown, and each total that is not hidden as well."""
    totals = [sum(column) for column in zip(*table, strict=True)]
    most = max(totals) + 1
    rows = []
    for row, cells in enumerate(table):
        rows.append(
            [
                one
                for one in possible_rows(most)
                if all(
                    number >= 1 if (row, column) in places else number == cells[column]
                    for column, number in enumerate(one)
                )
            ]
        )
    return [
        tried
        for tried in product(*rows)
        if all((-1, at) in places or sum(row[at] for row in tried) == total for at, total in enumerate(totals))
    ]


ROWS = st.sampled_from(possible_rows(4))


@settings(max_examples=60, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=2).map(tuple))
def test_nobody_works_out_a_hidden_count_nor_a_few_that_are_left(table: Table) -> None:
    places = hidden(as_counts(table), [range(len(table))], SUMS, least=3)
    could_be = possible(table, places)
    assert table in could_be
    for row, column in places:
        if row >= 0:
            assert len({one[row][column] for one in could_be}) > 1, (row, column)
    for row, cells in enumerate(table):
        assert not {column for column, number in enumerate(cells) if 0 < number < 3 and (row, column) not in places}
        for whole, part in SUMS:
            if 0 < cells[whole] - cells[part] < 3:
                assert len({one[row][whole] - one[row][part] for one in could_be}) > 1, (row, whole, part)


def test_one_of_two_is_hidden_where_few_are_left() -> None:
    assert hidden({(0, 0): 30, (0, 1): 28}, [[0]], [(0, 1)]) & {(0, 0), (0, 1)} == {(0, 1)}
    assert hidden({(0, 0): 30, (0, 1): 30}, [[0]], [(0, 1)]) == frozenset()


def test_large_counts_with_many_left_are_shown_whole() -> None:
    table = ((100, 40, 30, 90), (80, 40, 40, 75))
    assert hidden(as_counts(table), [range(2)], SUMS) == frozenset()


def test_a_group_that_lacks_a_column_adds_up_without_it() -> None:
    counts = {(0, 0): 30, (0, 1): 3, (1, 0): 40, (2, 0): 50, (2, 1): 49}
    assert hidden(counts, [[0, 1], [2]], [(0, 1)]) >= {(0, 1), (2, 1)}


@pytest.mark.parametrize("sums", [[(0, 1), (2, 1)], [(0, 1), (0, 2), (0, 3)], [(0, 1), (1, 2), (1, 3)]])
def test_what_cannot_be_followed_is_refused(sums: list[Sum]) -> None:
    with pytest.raises(ValueError, match="part of two sums"):
        hidden(dict.fromkeys([(0, column) for column in range(4)], LEAST), [[0]], sums)
