"""The file of the look back that leaves the MASH: no few are left between two of its columns."""

import pytest

from referrals.assurance.lookback import Back, Window
from referrals.assurance.tables import look_back_sheet
from referrals.rules.suppression import HIDDEN


def back(closed: int, over: int, came: int, longer: int, came_in_longer: int) -> Back:
    return Back(closed, 0, {90: Window(over, came), 365: Window(longer, came_in_longer)})


def shown(*groups: Back) -> list[list[object]]:
    """The cells of each group, with the sum of all above them."""
    numbers = [[one.closed, *(n for w in one.windows.values() for n in (w.over, w.back))] for one in groups]
    found = {"": back(*map(sum, zip(*numbers, strict=True)))} | {f"{n}": one for n, one in enumerate(groups)}
    return [list(row)[1:] for row in look_back_sheet(found, whole=False).rows]


@pytest.mark.parametrize(
    ("few", "pair"),
    [
        (back(20, 18, 7, 10, 5), (0, 1)),
        (back(40, 20, 18, 10, 5), (1, 2)),
        (back(40, 20, 7, 18, 8), (1, 3)),
        (back(40, 20, 7, 10, 8), (3, 4)),
    ],
)
def test_few_that_are_left_of_a_group_are_not_read_off(few: Back, pair: tuple[int, int]) -> None:
    everybody, *rows = shown(few, back(100, 80, 20, 60, 25), back(90, 70, 30, 50, 32))
    assert HIDDEN in [rows[0][place] for place in pair]
    for column in range(5):
        hidden = [row[column] for row in rows].count(HIDDEN)
        assert hidden != 1 or everybody[column] == HIDDEN


def test_large_numbers_with_many_left_are_shown_whole() -> None:
    assert HIDDEN not in str(shown(back(100, 80, 20, 60, 25), back(90, 70, 30, 50, 32)))


def test_one_group_alone_hides_of_all_what_it_hides_of_itself() -> None:
    everybody, only = shown(back(20, 18, 7, 10, 5))
    assert everybody == only
    assert HIDDEN in only[:2]
