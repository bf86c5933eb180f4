"""What cannot be true together is said in a sentence, where it can be put right; and what only looks odd is let be."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from referrals.rules import marf
from referrals.vocabulary import Channel
from tests.rules.test_marf import TODAY, answers_of, names

Change = Callable[[dict[str, Any]], object]


def changed(case: str, change: Change) -> dict[str, Any]:
    answers = answers_of(case)
    assert names(answers) == []
    change(answers)
    return answers


def days(count: int) -> str:
    return (TODAY + timedelta(days=count)).isoformat()


def twice(answers: dict[str, Any], **other: Any) -> dict[str, Any]:
    """The first child once more, with these answers instead of its own."""
    again: dict[str, Any] = answers["children"][0] | {"key": "again"} | other
    answers["children"].append(again)
    return again


MAISIE, UNBORN, KAYDEN = "hungry-and-late", "unborn-and-earlier-removals", "same-child-third-time"
WRONG: dict[str, tuple[str, Change, str, str, str]] = {
    # case, change, where it is said (section, key), what it says
    "born tomorrow": (
        MAISIE, lambda a: a["children"][0].update(date_of_birth=days(1)), "children", "c1", "in the past",
    ),
    "born long ago": (MAISIE, lambda a: a["children"][0].update(date_of_birth="1918-02-21"), "children", "c1", "older"),
    "expected late": (UNBORN, lambda a: a["children"][0].update(expected_date=days(281)), "children", "c1", "40 weeks"),
    "long expected": (
        UNBORN, lambda a: a["children"][0].update(expected_date=days(-22)), "children", "c1", "three weeks",
    ),
    "born and expected": (
        UNBORN, lambda a: a["children"][0].update(date_of_birth=days(-3)), "children", "c1", "only one",
    ),
    "same name and birth": (MAISIE, lambda a: twice(a, given_names="MAISIE "), "children", "again", "twice"),
    "same age": (
        MAISIE,
        lambda a: [a["children"][0].update(date_of_birth="", estimated_age="8"), twice(a)],
        "children", "again", "twice",
    ),
    "same NHS number": (
        "bruise-under-one", lambda a: twice(a, date_of_birth="2026-06-03"), "children", "again", "twice",
    ),
    "mother born after": (
        MAISIE, lambda a: a["adults"][0].update(date_of_birth="2018-02-21"), "adults", "a1", "not born before",
    ),
    "responsible before birth": (
        UNBORN, lambda a: a["adults"][0].update(responsibility={"c1": "yes"}), "adults", "a1", "before birth",
    ),
    "agreed untold": (
        KAYDEN,
        lambda a: a["consent"].update(informed="no", not_informed_reason="could_not_be_reached"),
        "consent", "", "has agreed, and that they have not been told",
    ),
    "refused untold": (
        "bruise-under-one",
        lambda a: a["consent"].update(
            informed="no", not_informed_reason="unjustified_delay", no_agreement_reason="refused"
        ),
        "consent", "", "refused, and that they have not been told",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRONG)
def test_a_contradiction_is_one_sentence_where_it_can_be_put_right(kind: str) -> None:
    case, change, section, key, said = WRONG[kind]
    [gap] = marf.gaps(changed(case, change), today=TODAY)
    assert (gap.section, gap.key) == (section, key)
    assert said in gap.sentence
    assert gap.field in {question.name for question in marf.BY_SLUG[section].questions}


FINE: dict[str, tuple[str, Change]] = {
    "born today": (MAISIE, lambda a: a["children"][0].update(date_of_birth=days(0))),
    "expected in forty weeks": (UNBORN, lambda a: a["children"][0].update(expected_date=days(280))),
    "three weeks over": (UNBORN, lambda a: a["children"][0].update(expected_date=days(-21))),
    "twins": (MAISIE, lambda a: twice(a, given_names="Mabel")),
    "unborn twins": (UNBORN, twice),
    "two children nobody knows": (
        MAISIE,
        lambda a: (
            a["children"][0].update(family_name="Not known", given_names="Not known", date_of_birth=""),
            a["children"][0].update(estimated_age="7"),
            twice(a),
        ),
    ),
    "a number that proves nothing": (MAISIE, lambda a: twice(a, given_names="Mo", nhs_number="1", upn="A123456789012")),
    "a young grandmother": (
        KAYDEN, lambda a: a["adults"][0].update(date_of_birth="2012-01-01", relationship={"c1": "carer"}),
    ),
    "responsibility not known": (UNBORN, lambda a: a["adults"][0].update(responsibility={"c1": "not_known"})),
    "told and refused": (
        "bruise-under-one", lambda a: a["consent"].update(informed="yes", no_agreement_reason="refused"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", FINE)
def test_what_may_be_true_stops_nothing(kind: str) -> None:
    assert names(changed(*FINE[kind])) == []


@pytest.mark.parametrize("number", ["nhs_number", "upn"])
def test_a_number_that_does_not_prove_itself_never_stops_a_referral(number: str) -> None:
    assert names(changed(MAISIE, lambda a: a["children"][0].update({number: "12"}))) == []


@pytest.mark.parametrize("channel", [Channel.PHONE, Channel.EDT])
def test_a_call_is_not_stopped_by_what_the_family_was_told(channel: Channel) -> None:
    answers = changed(KAYDEN, lambda a: a["consent"].update(informed="no", not_informed_reason="refused"))
    assert names(answers) == ["agreement without telling the family"]
    assert names(answers, channel) == []


def test_level_one_cannot_be_with_evidence_of_harm() -> None:
    [gap] = marf.harm_at_level_one("1", ["Non-accidental injury"])
    assert (gap.section, gap.field) == ("threshold", "level")
    assert "“Non-accidental injury”" in gap.sentence
    assert marf.harm_at_level_one("1", []) == []
    assert marf.harm_at_level_one("4", ["Non-accidental injury"]) == []


#: front-door.md 3.1, sections 1 to 9: what is asked, under the name it is kept by.
ASKED = {
    "about": "name job agency phone email best_time line_manager dsl_consulted dsl_name dsl_on dsl_why_not phoned "
    "phoned_when phoned_to",
    "children": "given_names family_name other_names date_of_birth expected_date estimated_age sex ethnicity religion "
    "first_language interpreter disability needs nhs_number upn address postcode current_address where_now school gp "
    "private_fostering legal_status sibling_only",
    "adults": "given_names family_name other_names date_of_birth estimated_age relationship responsibility household "
    "source_of_risk address postcode phone language",
    "consent": "informed informed_who informed_on informed_view not_informed_reason child_view agreement agreement_by "
    "agreement_on agreement_covers no_agreement_reason reason_words",
    "worry": "worry happened_when how_known disclosure disclosed_to injuries factors impact childs_voice working_well "
    "what_needs_to_happen other",
    "threshold": "indicators level reason care_profile_grade dvrim_scale cse_tool dash",
    "tried": "early_help number on lead why_not single_agency earlier_referrals",
    "agencies": "agency contact details since may_contact",
    "safety": "staff_risk dogs weapons lone_visits safe_contact withhold_address_from",
}


@pytest.mark.parametrize("section", ASKED)
def test_every_field_of_the_form_is_asked_in_its_section(section: str) -> None:
    assert {question.name for question in marf.BY_SLUG[section].questions} == set(ASKED[section].split())


def test_the_sections_come_in_the_order_a_practitioner_thinks() -> None:
    assert [section.slug for section in marf.SECTIONS] == list(ASKED)


def test_the_year_of_a_leap_day_can_be_counted_from() -> None:
    answers = answers_of(UNBORN)
    assert isinstance(marf.gaps(answers, today=date(2028, 2, 29)), list)
