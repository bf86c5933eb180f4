"""References: read out over the telephone without a doubt, told apart, and telling nothing."""

from collections import Counter
from itertools import pairwise

from referrals.models.contact import new_reference

MANY = 10_000
MADE = [new_reference() for _ in range(MANY)]


def test_a_reference_has_no_symbol_that_is_mistaken_for_another() -> None:
    assert {len(one) for one in MADE} == {9}
    assert {one[4] for one in MADE} == {"-"}
    used = set("".join(MADE)) - {"-"}
    assert used == set("ABCDEFGHJKLMNPQRSTUVWXYZ23456789")
    assert not used & set("IO01")


def test_ten_thousand_references_are_ten_thousand() -> None:
    assert len(set(MADE)) == MANY


def test_a_reference_says_nothing_of_the_one_before() -> None:
    rising = sum(one < following for one, following in pairwise(MADE))
    assert 0.46 * MANY < rising < 0.54 * MANY, "as often up as down"
    for place in (0, 1, 2, 3, 5, 6, 7, 8):
        common = Counter(one[place] for one in MADE).most_common(1)[0][1]
        assert common < 2 * MANY / 32, "no symbol is preferred at any place"
