"""The dip sample: the same from the same seed, every stratum in it, and nobody audits what they worked on."""

from hypothesis import given
from hypothesis import strategies as st

from referrals.rules import sampling
from referrals.vocabulary import AgencyKind, Outcome

COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 60), max_size=8)
SIZES = st.integers(1, 80)


@given(COUNTS, SIZES)
def test_every_stratum_that_has_any_is_in_it_and_none_gives_more_than_it_has(strata: dict[str, int], size: int) -> None:
    found = sampling.sizes(strata, size)
    there = {name: number for name, number in strata.items() if number}
    assert found.keys() == there.keys()
    assert all(1 <= found[name] <= there[name] for name in there)
    assert sum(found.values()) == min(sum(there.values()), max(size, len(there)))


@given(COUNTS, SIZES)
def test_sizes_are_in_proportion(strata: dict[str, int], size: int) -> None:
    found = sampling.sizes(strata, size)
    total = sum(strata.values())
    for name, number in found.items():
        fair = strata[name] * sum(found.values()) / total
        assert number <= max(1, fair + 1)
        assert all(number >= found[other] for other in found if strata[other] < strata[name])


@given(
    st.dictionaries(st.sampled_from("abcd"), st.sets(st.integers(0, 500), min_size=1, max_size=40)), SIZES, st.text()
)
def test_whoever_draws_again_from_the_seed_gets_the_same(strata: dict[str, set[int]], size: int, seed: str) -> None:
    first = sampling.draw(strata, size, seed)
    again = sampling.draw({name: sorted(there, reverse=True) for name, there in reversed(strata.items())}, size, seed)
    assert first == again
    assert all(set(numbers) <= strata[name] and len(numbers) == len(set(numbers)) for name, numbers in first.items())


def test_another_seed_draws_others_and_a_seed_draws_the_same_for_ever() -> None:
    strata = {"Police": range(1, 200), "Health": range(200, 240)}
    assert sampling.draw(strata, 6, "october") != sampling.draw(strata, 6, "november")
    assert sampling.draw(strata, 6, "october") == {"Health": [234], "Police": [26, 117, 96, 192, 196]}


def test_a_larger_sample_of_a_seed_keeps_what_a_smaller_one_had() -> None:
    few, many = (sampling.draw({"Police": range(100)}, size, "s")["Police"] for size in (5, 9))
    assert many[:5] == few


CASES = st.dictionaries(st.integers(0, 30), st.frozensets(st.integers(1, 5), max_size=4), max_size=20)
PEOPLE = st.lists(st.integers(1, 6), unique=True, max_size=5)


@given(CASES, PEOPLE, st.integers(0, 100))
def test_nobody_audits_what_they_worked_on_and_two_auditors_are_two_people(
    cases: dict[int, frozenset[int]], people: list[int], percent: int
) -> None:
    also = sampling.twice(cases, percent, "s")
    assert len(also) >= len(cases) * percent / 100
    found = sampling.assign(cases, people, also)
    assert found.keys() == cases.keys()
    for case, (first, second) in found.items():
        free = set(people) - cases[case]
        assert (first is None) is (not free)
        assert first is None or first in free
        assert second is None or (second in free and second != first and case in also)
        assert (second is not None) is (case in also and len(free) > 1)


@given(st.integers(0, 40), st.lists(st.integers(), unique=True, min_size=1, max_size=6))
def test_where_everybody_may_audit_the_work_is_shared_evenly(number: int, people: list[int]) -> None:
    found = sampling.assign({case: frozenset() for case in range(number)}, people)
    load = [sum(first == person for first, _ in found.values()) for person in people]
    assert max(load) - min(load) <= 1


def test_a_stratum_is_named_by_who_sent_it_and_what_became_of_it() -> None:
    school, police = AgencyKind.SCHOOL, AgencyKind.POLICE
    named = sampling.stratum(school, Outcome.NFA_PUSHBACK, screened_out=False)
    assert named == "Schools and education: returned with advice"
    assert sampling.stratum(police, Outcome.NFA_INFORMATION, screened_out=True) == sampling.SCREENED_OUT
    every = {sampling.stratum(kind, one, screened_out=False) for kind in AgencyKind for one in Outcome}
    assert len(every) == 5 * 4
    assert max(map(len, every)) <= 80
