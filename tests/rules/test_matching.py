"""Whom the rules take for one child, whom they leave to a person, and in what words."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referrals.rules.matching import Band, Known, family_sound, given_sound, keys, likeness, names
from referrals.rules.matching.births import Birth, Closeness, closeness, turned
from referrals.rules.matching.names import Agreement
from tests.slips import RHYMES

KAIDEN = Known("Kaiden", "Walsh", date(2011, 12, 4), "M", postcode="WS5 1NJ", birth_year=2011)


def band(one: Known, other: Known) -> Band:
    assert likeness(one, other) == likeness(other, one)
    return likeness(one, other).band


@pytest.mark.parametrize(
    "other",
    [
        KAIDEN,
        replace(KAIDEN, given_names="Kayden"),
        replace(KAIDEN, given_names="KAIDEN James"),
        replace(KAIDEN, sex="U"),
        replace(KAIDEN, family_name="WALSH"),
        replace(KAIDEN, postcode="WS9 4QY"),
        replace(KAIDEN, given_names="Caden", postcode="WS9 4QY"),
        replace(KAIDEN, postcode=""),
        replace(KAIDEN, given_names="Walsh", family_name="Kaiden"),
        replace(KAIDEN, date_of_birth=date(2011, 4, 12)),
        replace(KAIDEN, date_of_birth=date(2011, 12, 24)),
        replace(KAIDEN, date_of_birth=date(2010, 12, 4), birth_year=2010),
        replace(KAIDEN, family_name="Osei"),  # the other parent's name, at the same address
        replace(KAIDEN, ethnicity="WBRI"),
    ],
)
def test_the_portal_can_join_one_child_written_down_twice(other: Known) -> None:
    assert band(KAIDEN, other) is Band.LIKELY


@pytest.mark.parametrize(
    "other",
    [
        replace(KAIDEN, given_names="Jayden"),  # a twin
        replace(KAIDEN, given_names="Keira", sex="F"),
        replace(KAIDEN, sex="F"),
        replace(KAIDEN, given_names=""),
        replace(KAIDEN, family_name="Osei", postcode="WS9 4QY"),
        replace(KAIDEN, date_of_birth=date(2011, 4, 12), postcode="WS9 4QY"),
        replace(KAIDEN, date_of_birth=date(2011, 12, 24), postcode="WS9 4QY"),
        replace(KAIDEN, date_of_birth=None),
        replace(KAIDEN, date_of_birth=date(2008, 3, 19), birth_year=2008),
        Known(),
    ],
)
def test_the_portal_cannot_join_twins_strangers_and_those_it_knows_too_little_of(other: Known) -> None:
    assert band(KAIDEN, other) is not Band.LIKELY


@pytest.mark.parametrize(
    "other",
    [
        replace(KAIDEN, date_of_birth=date(2008, 3, 19), postcode="WS9 4QY", birth_year=2008),  # a namesake
        replace(KAIDEN, given_names="Mason", date_of_birth=date(2008, 3, 19), birth_year=2008),  # a brother
        Known("Priya", "Patel", date(2011, 12, 4), "F"),
        Known(),
    ],
)
def test_nobody_is_asked_about_brothers_namesakes_and_children_of_one_birth_date(other: Known) -> None:
    assert band(KAIDEN, other) is Band.UNLIKELY


@pytest.mark.parametrize(("one", "other"), RHYMES)
@pytest.mark.parametrize("sex", ["M", ""])
def test_twins_are_never_likely_however_alike_their_names(one: str, other: str, sex: str) -> None:
    twin = Known(one, "Osei", date(2012, 3, 4), sex, postcode="WS1 1AB", ethnicity="BAFR")
    assert band(twin, replace(twin, given_names=other)) is Band.POSSIBLE
    numbered = replace(twin, nhs_number="9434765919")
    assert band(numbered, replace(numbered, given_names=other)) is Band.POSSIBLE


def test_a_national_number_joins_and_another_one_parts() -> None:
    numbered = replace(KAIDEN, nhs_number="9434765919")
    renamed = Known("Kai", "Foley", date(2008, 4, 12), nhs_number="9434765919")
    assert band(numbered, renamed) is not Band.LIKELY  # one number, and nothing else in common: a person decides
    assert band(numbered, replace(renamed, given_names="Kaiden", date_of_birth=date(2011, 4, 12))) is Band.LIKELY
    assert band(numbered, replace(KAIDEN, nhs_number="9434765870")) is Band.POSSIBLE
    assert band(replace(KAIDEN, upn="A1", postcode=""), replace(KAIDEN, upn="A1", family_name="Foley")) is Band.LIKELY


def test_the_reasons_are_words() -> None:
    found = likeness(KAIDEN, replace(KAIDEN, family_name="Walshe", given_names="Kaidenn", postcode="WS5 1AB"))
    assert found.reasons == (
        "same birth date",
        "surname spelt differently",
        "first name sounds alike",
        "postcodes in the same part of WS5",
    )
    assert found.score < likeness(KAIDEN, KAIDEN).score <= 1
    swapped = likeness(KAIDEN, replace(KAIDEN, given_names="Walsh", family_name="Kaiden"))
    assert swapped.reasons == ("same birth date", "first name and surname swapped", "same postcode")


def test_a_baby_who_was_expected_is_put_to_a_person() -> None:
    expected = Known("", "Walsh", expected_date=date(2026, 11, 30), postcode="WS5 1NJ", birth_year=2026)
    born = Known("Kaiden", "Walsh", date(2026, 11, 22), "M", postcode="WS5 1NJ", birth_year=2026)
    assert band(expected, born) is Band.POSSIBLE
    assert "born about when the baby was expected" in likeness(expected, born).reasons
    assert band(expected, replace(born, date_of_birth=date(2026, 5, 1), postcode="WS9 4QY")) is Band.UNLIKELY


@pytest.mark.parametrize(
    ("one", "other", "agreement"),
    [
        ("Mohammed", "Muhammad", Agreement.SPELLING),
        ("Aisha", "Ayesha", Agreement.SPELLING),
        ("Zoë", "Zoe", Agreement.SAME),
        ("Нур", "нур", Agreement.SAME),
        ("Shanayah", "Shanaya", Agreement.SOUND),
        ("vEie", "Evie", Agreement.SLIP),
        ("Lily-Mae", "Lily", Agreement.PART),
        ("Mohammed Ali", "Ali", Agreement.PART),
        ("Ollie", "Oliver", Agreement.SHORT),
        ("Mohammed", "Mohammed Yusuf", Agreement.NEAR),
        ("Lily Rose", "Lily Grace", Agreement.NEAR),
        ("Harpreet Kaur", "Harpreet", Agreement.SAME),
        ("Lily", "Lila", Agreement.DIFFERENT),
        ("Amir", "Amira", Agreement.DIFFERENT),
        ("Brexton", "Brextona", Agreement.NEAR),
        ("", "Kai", Agreement.MISSING),
        ("1", "2", Agreement.MISSING),
    ],
)
def test_how_far_given_names_agree(one: str, other: str, agreement: Agreement) -> None:
    assert names.given(one, other) is agreement
    assert names.given(other, one) is agreement


@pytest.mark.parametrize(
    ("one", "other", "agreement"),
    [
        ("Foley-Hughes", "Hughes Foley", Agreement.SAME),
        ("O'Brien", "O Brien", Agreement.SAME),
        ("Foley-Hughes", "Hughes", Agreement.PART),
        ("Chaudhry", "Choudhury", Agreement.SPELLING),
        ("McDonald", "MacDonald", Agreement.SPELLING),
        ("Singh", "ingh", Agreement.SLIP),
        ("Khan", "Khap", Agreement.SLIP),
        ("Hall", "Hill", Agreement.DIFFERENT),
    ],
)
def test_how_far_family_names_agree(one: str, other: str, agreement: Agreement) -> None:
    assert names.family(one, other) is agreement
    assert names.family(other, one) is agreement


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mohammed", "Muhamud"),
        ("Aisha", "Aysha"),
        ("Kayden", "Caiden"),
        ("Hussain", "Hossein"),
        ("Chaudhry", "Chowdhury"),
        ("Stephen", "Steven"),
        ("Thompson", "Tomson"),
        ("Wright", "Rite"),
        ("Iqbal", "Eqbal"),
        ("Qureshi", "Kureshi"),
        ("Siân", "Sian"),
    ],
)
def test_names_that_sound_alike_are_found_by_one_key(one: str, other: str) -> None:
    assert family_sound(one) == family_sound(other)


def test_only_the_first_given_name_is_listened_to() -> None:
    assert given_sound("Lily Rose") == given_sound("Lilly")
    assert family_sound("Foley Hughes") == family_sound("Foley-Hughes")
    assert given_sound("") == family_sound("  ") == ""


def test_the_keys_look_for_swapped_names_and_a_swapped_day_and_month() -> None:
    found = keys(KAIDEN)
    assert (found.born, found.turned, found.year) == (date(2011, 12, 4), date(2011, 4, 12), 2011)
    assert set(found.sounds) == set(keys(replace(KAIDEN, given_names="Walsh", family_name="Kaiden")).sounds)
    assert turned(date(2011, 12, 13)) is None
    assert turned(date(2011, 7, 7)) is None


@pytest.mark.parametrize(
    ("other", "close"),
    [
        (date(2011, 12, 4), Closeness.SAME),
        (date(2011, 4, 12), Closeness.TURNED),
        (date(2011, 12, 14), Closeness.DIGIT),
        (date(2011, 11, 4), Closeness.DIGIT),
        (date(2010, 12, 4), Closeness.YEAR),
        (date(2011, 12, 29), Closeness.PARTLY),
        (date(2009, 6, 4), Closeness.DIFFERENT),
    ],
)
def test_how_close_two_birth_dates_are(other: date, close: Closeness) -> None:
    assert closeness(Birth(date(2011, 12, 4)), Birth(other)) is close


def test_an_estimated_age_is_compared_by_the_year() -> None:
    assert closeness(Birth(date(2011, 12, 4), year=2011), Birth(year=2012)) is Closeness.SAME_AGE
    assert closeness(Birth(year=2011), Birth(year=2015)) is Closeness.DIFFERENT
    assert closeness(Birth(year=2011), Birth()) is Closeness.MISSING


TEXT = st.text(max_size=12)
ANYBODY = st.builds(
    Known,
    given_names=TEXT,
    family_name=TEXT,
    date_of_birth=st.none() | st.dates(date(2000, 1, 1), date(2026, 1, 1)),
    sex=st.sampled_from(["", "M", "F", "U"]),
    nhs_number=st.sampled_from(["", "9434765919", "9434765870"]),
    postcode=st.sampled_from(["", "WS1 1AB", "ws11ab", "WS1 1AC", "B1 1AA"]),
)


@settings(max_examples=300, deadline=None)
@given(ANYBODY, ANYBODY)
def test_whatever_is_written_two_records_compare_alike_either_way_round(one: Known, other: Known) -> None:
    there, back = likeness(one, other), likeness(other, one)
    assert (there.band, there.score) == (back.band, back.score)
    assert 0 <= there.score <= 1
    assert all(reason for reason in there.reasons)
