"""Two auditors: how often they say the same, and what is left of that without chance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.rules import agreement as rules

PAIRS = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), max_size=60)


def test_kappa_is_that_of_the_textbook() -> None:
    found = rules.agreement([(1, 1)] * 20 + [(1, 2)] * 5 + [(2, 1)] * 10 + [(2, 2)] * 15)
    assert (found.pairs, found.same, found.share) == (50, 35, 0.7)
    assert found.kappa == pytest.approx(0.4)
    assert rules.sentence(found) == "The same answer 35 of 50 times; kappa 0.40, moderate"


@given(PAIRS)
def test_kappa_is_at_most_one_and_does_not_care_who_was_first(pairs: list[tuple[int, int]]) -> None:
    found, turned = rules.agreement(pairs), rules.agreement([(second, first) for first, second in pairs])
    assert found.same == turned.same
    assert found.kappa == (pytest.approx(turned.kappa) if turned.kappa is not None else None)
    assert found.kappa is None or -1 <= found.kappa <= 1
    assert (found.kappa == 1) is (found.kappa is not None and found.same == found.pairs)


@given(st.lists(st.integers(1, 4), min_size=rules.ENOUGH))
def test_full_agreement_is_one_unless_every_answer_is_the_same(answers: list[int]) -> None:
    found = rules.agreement([(answer, answer) for answer in answers])
    assert found.kappa == (1 if len(set(answers)) > 1 else None)


@pytest.mark.parametrize("number", [0, 1, rules.ENOUGH - 1])
def test_too_few_are_said_to_be_too_few(number: int) -> None:
    found = rules.agreement([(1, 2)] * number)
    assert found.kappa is None
    assert rules.sentence(found) == "Too few to say: it takes 10 that were audited twice"


def test_a_kappa_that_chance_leaves_undefined_is_said_in_words() -> None:
    assert "every answer was the same" in rules.sentence(rules.agreement([(2, 2)] * 12))


@pytest.mark.parametrize(("same", "other"), [(29, 1), (3, 27), (26, 4)])
def test_few_cases_that_were_graded_differently_or_alike_are_not_counted_out(same: int, other: int) -> None:
    pairs = [(1 + number % 2,) * 2 for number in range(same)] + [(1, 2)] * other
    said = rules.sentence(rules.agreement(pairs))
    assert said.startswith("Agreement is ")
    assert not any(letter.isdigit() for letter in said)
