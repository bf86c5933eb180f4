"""Tables that add up both ways: nothing hidden can be worked out, proved by trying every table that could be."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from referrals.rules.crosstable import TOTAL, Place, hidden
from referrals.rules.suppression import LEAST

Table = dict[str, tuple[int, ...]]
#: Small enough to try every one; `least` is 3, so that there is something to hide and something to show.
NUMBERS = st.integers(0, 4)
TABLES = st.integers(1, 2).flatmap(
    lambda columns: st.lists(st.tuples(*[NUMBERS] * columns), min_size=1, max_size=3).map(
        lambda rows: {f"row {number}": row for number, row in enumerate(rows)}
    )
)


def possible(table: Table, places: frozenset[Place[str]]) -> list[Table]:
    """Every table that somebody who knows all that is shown, and every total of a column, could think of."""
    cells = [(row, column) for row, numbers in table.items() for column in range(len(numbers))]
    top = max(map(sum, zip(*table.values(), strict=True)))
    choices = [range(1, top + 1) if place in places else [table[place[0]][place[1]]] for place in cells]
    columns = [sum(column) for column in zip(*table.values(), strict=True)]
    found = []
    for numbers in product(*choices):
        made: dict[str, list[int]] = {row: [] for row in table}
        for (row, _), number in zip(cells, numbers, strict=True):
            made[row].append(number)
        same_columns = [sum(column) for column in zip(*made.values(), strict=True)] == columns
        same_rows = all((row, TOTAL) in places or sum(made[row]) == sum(table[row]) for row in table)
        if same_columns and same_rows:
            found.append({row: tuple(numbers) for row, numbers in made.items()})
    return found


def value(table: Table, place: Place[str]) -> int:
    row, column = place
    return sum(table[row]) if column == TOTAL else table[row][column]


@settings(max_examples=40, deadline=None)
@given(TABLES)
def test_nobody_can_work_out_a_count_that_is_hidden(table: Table) -> None:
    places = hidden(table, least=3)
    everything = {
        place for row in table for place in [(row, TOTAL), *((row, column) for column in range(len(table[row])))]
    }
    if places == {place for place in everything if value(table, place)}:
        return  # nothing at all is shown but noughts
    could_be = possible(table, places)
    assert table in could_be
    for place in places:
        assert len({value(one, place) for one in could_be}) > 1, place


@given(st.dictionaries(st.sampled_from("abcdef"), st.tuples(*[st.integers(0, 40)] * 4), min_size=1))
def test_no_small_count_is_shown_and_no_nought_is_hidden(table: Table) -> None:
    places = hidden(table)
    for row, numbers in table.items():
        for column, number in [(TOTAL, sum(numbers)), *enumerate(numbers)]:
            if 0 < number < LEAST:
                assert (row, column) in places
            if number == 0:
                assert (row, column) not in places


def test_a_table_without_small_counts_is_shown_whole() -> None:
    assert hidden({"a": (50, 20, 9), "b": (5, 0, 31)}) == frozenset()


def test_one_small_count_hides_three_others_so_that_no_sum_gives_it_away() -> None:
    table = {"a": (500, 300, 200), "b": (40, 3, 60), "c": (80, 70, 90)}
    places = hidden(table)
    assert ("b", 1) in places
    assert len(places) == 4
    assert all(("a", column) not in places for column in (TOTAL, 0, 1, 2))


def test_what_is_hidden_for_another_reason_stays_hidden_and_is_hidden_well() -> None:
    table = {"a": (500, 300), "b": (40, 30)}
    places = hidden(table, frozenset({("b", TOTAL)}))
    assert ("b", TOTAL) in places
    assert len(places) > 1
