"""Which two records the strong rule takes for one child."""

from dataclasses import replace
from datetime import date

import pytest

from referrals.rules.matching import Known, alike, likeness

KAIDEN = Known("Kaiden", "Walsh", date(2011, 12, 4), "M")


@pytest.mark.parametrize(
    "other",
    [
        KAIDEN,
        replace(KAIDEN, given_names="Kayden"),
        replace(KAIDEN, given_names="KAIDEN James"),
        replace(KAIDEN, sex="U"),
        replace(KAIDEN, family_name="WALSH"),
    ],
)
def test_the_same_child_spelt_differently_is_one_child(other: Known) -> None:
    assert likeness(KAIDEN, other).is_strong
    assert likeness(other, KAIDEN).is_strong


@pytest.mark.parametrize(
    "other",
    [
        replace(KAIDEN, given_names="Jayden"),  # a twin
        replace(KAIDEN, given_names="Keira", sex="F"),
        replace(KAIDEN, sex="F"),
        replace(KAIDEN, given_names=""),
        replace(KAIDEN, family_name="Osei"),
        replace(KAIDEN, date_of_birth=date(2011, 4, 12)),
        replace(KAIDEN, date_of_birth=None),
        Known(),
    ],
)
def test_twins_and_strangers_are_not_one_child(other: Known) -> None:
    assert not likeness(KAIDEN, other).is_strong


def test_a_national_number_joins_and_another_one_parts() -> None:
    numbered = replace(KAIDEN, nhs_number="9434765919")
    renamed = Known("Kai", "Foley", date(2011, 4, 12), nhs_number="9434765919")
    assert likeness(numbered, renamed).reasons == ("same NHS number",)
    assert likeness(numbered, renamed).is_strong
    assert not likeness(numbered, replace(KAIDEN, nhs_number="9434765870")).is_strong
    assert likeness(replace(KAIDEN, upn="A1"), Known(upn="A1")).is_strong
    assert not likeness(Known(), Known()).is_strong


def test_the_reasons_are_words() -> None:
    found = likeness(KAIDEN, replace(KAIDEN, given_names="Kayden"))
    assert found.reasons == ("same birth date", "family name the same", "given name spelt differently")
    assert found.score < likeness(KAIDEN, KAIDEN).score


@pytest.mark.parametrize(
    ("one", "other"), [("Lily", "Lilly"), ("Sophia", "Sofia"), ("Zoë", "Zoe"), ("John", "Jon"), ("Нур", "нур")]
)
def test_spellings_of_one_name_agree(one: str, other: str) -> None:
    assert alike(one, other)


@pytest.mark.parametrize(("one", "other"), [("Lily", "Lila"), ("Amir", "Amira"), ("Mia", "Maya"), ("", ""), ("1", "2")])
def test_names_of_two_children_do_not(one: str, other: str) -> None:
    assert not alike(one, other)
