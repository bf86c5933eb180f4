"""What is hidden in a table that leaves the MASH, and that it stays hidden from somebody who can add and subtract."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referrals.rules.suppression import LEAST, Sum, hidden

TOTAL = "total"


def column(*parts: int) -> tuple[dict[object, int], list[Sum[object]]]:
    """A column of numbers above its sum."""
    counts: dict[object, int] = dict(enumerate(parts))
    return {**counts, TOTAL: sum(parts)}, [Sum(TOTAL, list(counts))]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((12, 30, 7), set()),
        ((0, 30, 7), set()),
        ((3, 30, 7), {0, 2}),  # 7 is hidden too, else 40 - 37 says it
        ((3, 2, 30), {0, 1}),
        ((1, 1, 30), {0, 1, 2}),  # 32 - 30: both could only be 1
        ((4,), {0, TOTAL}),
        ((1, 1, 1, 1, 1), {0, 1, 2, 3, 4, TOTAL}),  # five children, each somebody
        ((3, 0, 0), {0, TOTAL}),
        ((), set()),
    ],
)
def test_a_small_count_is_hidden_with_what_would_give_it_away(parts: tuple[int, ...], expected: set[object]) -> None:
    assert hidden(*column(*parts)) == expected


def test_a_count_that_adds_up_with_nothing_hides_alone() -> None:
    assert hidden({"one": 4, "other": 5, "none": 0}) == {"one"}


def test_a_total_that_is_hidden_cannot_be_added_up_again() -> None:
    """The months and the outcomes add up to the same four contacts."""
    counts = {"all": 4, "jan": 4, "feb": 0, "nfa": 4, "help": 0}
    found = hidden(counts, [Sum("all", ["jan", "feb"]), Sum("all", ["nfa", "help"])])
    assert found == {"all", "jan", "nfa"}


def test_two_sums_over_one_part_are_refused() -> None:
    with pytest.raises(ValueError, match="part of two sums"):
        hidden({"a": 1, "b": 1, "c": 1}, [Sum("a", ["c"]), Sum("b", ["c"])])


counts_of_a_part = st.one_of(st.integers(0, 6), st.integers(0, 40))
#: Groups within a total, and the same total taken apart in a second way.
groups = st.lists(st.lists(counts_of_a_part, min_size=1, max_size=3), min_size=1, max_size=3)


@settings(max_examples=400, deadline=None)
@given(groups, st.integers(0, 100))
def test_nobody_can_work_out_a_hidden_count(parts: list[list[int]], second: int) -> None:
    counts, sums = _table(parts, second)
    found = hidden(counts, sums)
    assert all(key in found for key, number in counts.items() if 0 < number < LEAST)
    for key in found:
        assert _can_be_otherwise(key, counts, sums, found), (key, counts, found)


@settings(max_examples=100, deadline=None)
@given(st.lists(counts_of_a_part, max_size=8))
def test_a_table_without_small_counts_is_shown_whole(parts: list[int]) -> None:
    large = [number + LEAST if number else 0 for number in parts]
    assert hidden(*column(*large)) == set()


def _table(parts: list[list[int]], second: int) -> tuple[dict[str, int], list[Sum[str]]]:
    counts: dict[str, int] = {}
    sums: list[Sum[str]] = []
    for group, numbers in enumerate(parts):
        keys = [f"{group}.{place}" for place in range(len(numbers))]
        counts |= dict(zip(keys, numbers, strict=True)) | {f"{group}": sum(numbers)}
        sums.append(Sum(f"{group}", keys))
    whole = sum(sum(numbers) for numbers in parts)
    other = min(second, whole)
    counts |= {"all": whole, "yes": other, "no": whole - other}
    sums += [Sum("all", [f"{group}" for group in range(len(parts))]), Sum("all", ["yes", "no"])]
    return counts, sums


def _can_be_otherwise(key: str, counts: dict[str, int], sums: list[Sum[str]], found: frozenset[str]) -> bool:
    """Whether a table with another number there has the same sums and the same shown numbers, by trying them.

    The leaves decide every total. Hidden leaves move by up to two, which is enough to see that they can move.
    """
    totals = {one.total for one in sums}
    leaves = [leaf for leaf in found if leaf not in totals]
    for moves in product(range(-1, 2), repeat=len(leaves)):
        tried = counts | {leaf: counts[leaf] + move for leaf, move in zip(leaves, moves, strict=True)}
        if _adds_up(tried, sums, counts, found) and tried[key] != counts[key]:
            return True
    return False


def _adds_up(tried: dict[str, int], sums: list[Sum[str]], counts: dict[str, int], found: frozenset[str]) -> bool:
    """Fills the totals of `tried` in, groups first; right if hidden ones are 1 or more and shown ones as they were."""
    said: dict[str, int] = {}
    for one in sums:
        number = sum(tried[part] for part in one.parts)
        if said.setdefault(one.total, number) != number:
            return False
        tried[one.total] = number
    return all(tried[key] >= 1 if key in found else tried[key] == number for key, number in counts.items())
