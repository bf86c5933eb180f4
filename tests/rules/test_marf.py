"""What stops a referral: each rule with the answer that breaks it, and the ten cases."""

import copy
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from referrals.intake import documents
from referrals.intake.batch import Loader
from referrals.rules import marf
from referrals.rules.marf import Status
from referrals.rules.marf.numbers import is_nhs_number, is_upn, postcode
from referrals.vocabulary import Channel

TODAY = date(2026, 11, 20)
CASES = {
    case["id"]: case
    for case in yaml.load(Path("referrals/demo/referrals.yaml").read_text(encoding="utf-8"), Loader)  # noqa: S506
}


def answers_of(case: str) -> dict[str, Any]:
    return copy.deepcopy(documents.read(CASES[case]).answers)


def names(answers: dict[str, Any], channel: Channel = Channel.MARF) -> list[str]:
    return [gap.name for gap in marf.gaps(answers, today=TODAY, channel=channel)]


@pytest.mark.parametrize("case", CASES)
def test_a_referral_is_sendable_when_the_case_says_so(case: str) -> None:
    answers = answers_of(case)
    channel = Channel(answers["arrival"]["channel"])
    assert (names(answers, channel) == []) is CASES[case]["expect"]["sendable"]


def test_a_form_with_too_little_says_exactly_what_is_missing() -> None:
    found = names(answers_of("too-little"))
    assert list(dict.fromkeys(found)) == CASES["too-little"]["expect"]["missing"]


def test_a_form_without_agreement_says_what_to_do_instead() -> None:
    [gap] = marf.gaps(answers_of("no-agreement-level-two"), today=TODAY)
    assert gap.name == "agreement is required at level 2"
    for way in ("Talk to the family", "agency can do", "ring the MASH", "level 4", "draft is kept"):
        assert way in gap.sentence


@pytest.mark.parametrize(("level", "stopped"), [("1", False), ("2", True), ("3", True), ("4", False)])
def test_only_level_two_and_three_are_stopped_by_missing_agreement(level: str, stopped: bool) -> None:
    answers = answers_of("no-agreement-level-two")
    answers["threshold"]["level"] = level
    assert (names(answers) == [f"agreement is required at level {level}"]) is stopped
    assert bool(names(answers)) is stopped


@pytest.mark.parametrize("channel", [Channel.POLICE, Channel.PHONE, Channel.EDT])
def test_police_and_calls_are_never_stopped_by_consent_or_safeguarding_lead(channel: Channel) -> None:
    answers = answers_of("no-agreement-level-two")
    answers["consent"], answers["about"] = {}, {}
    assert names(answers, channel) == []
    assert set(names(answers)) == {"consent", "safeguarding lead"}


BROKEN: list[tuple[str, str, Any, str]] = [
    # section, field, answer, name of the gap
    ("children", "family_name", "", "family name"),
    ("children", "family_name", "  ", "family name"),
    ("children", "date_of_birth", "", "date of birth"),
    ("children", "date_of_birth", {"day": "31", "month": "2", "year": "2019"}, "date of birth"),
    ("children", "date_of_birth", (TODAY + timedelta(days=1)).isoformat(), "date of birth"),
    ("children", "address", "", "address"),
    ("children", "given_names", "x" * 121, "first name"),
    ("children", "sibling_only", "yes", "a child in the referral"),
    ("consent", "informed", "", "consent"),
    ("consent", "agreement", "", "consent"),
    ("worry", "worry", " \n", "what you are worried about"),
    ("threshold", "level", "", "level"),
    ("threshold", "level", "5", "level"),
    ("threshold", "indicators", {}, "evidence for the level"),
    ("threshold", "indicators", {"L3-LRN-01": " "}, "evidence for the level"),
    ("about", "dsl_consulted", "", "safeguarding lead"),
    ("about", "dsl_consulted", "no", "safeguarding lead"),
    ("about", "dsl_name", "", "safeguarding lead"),
    ("tried", "on", {"day": "soon", "month": "", "year": ""}, "date"),
]


@pytest.mark.parametrize(("section", "field", "answer", "name"), BROKEN)
def test_one_missing_or_impossible_answer_is_one_gap_where_it_belongs(
    section: str, field: str, answer: Any, name: str
) -> None:
    answers = answers_of("same-child-third-time")
    assert names(answers) == []
    place = answers[section][0] if section == "children" else answers[section]
    place[field] = answer
    [gap] = marf.gaps(answers, today=TODAY)
    assert (gap.section, gap.name) == (section, name)
    assert gap.key == ("c1" if section == "children" else gap.key)


@pytest.mark.parametrize(
    ("field", "answer"),
    [("family_name", "not known"), ("address", "Not known"), ("address", "No fixed address")],
)
def test_not_known_is_an_answer(field: str, answer: str) -> None:
    answers = answers_of("same-child-third-time")
    answers["children"][0][field] = answer
    assert names(answers) == []


@pytest.mark.parametrize(
    ("age", "fits"), [("7", True), ("not known", True), ("Unknown.", True), ("26", False), ("x", False)]
)
def test_an_age_may_stand_for_a_birth_date(age: str, fits: bool) -> None:
    answers = answers_of("same-child-third-time")
    answers["children"][0] |= {"date_of_birth": "", "estimated_age": age}
    assert (names(answers) == []) is fits


@pytest.mark.parametrize(("days", "fits"), [(280, True), (281, False)])
def test_an_expected_date_is_at_most_forty_weeks_away(days: int, fits: bool) -> None:
    answers = answers_of("unborn-and-earlier-removals")
    answers["children"][0]["expected_date"] = (TODAY + timedelta(days=days)).isoformat()
    assert names(answers) == ([] if fits else ["expected date"])


def test_a_child_cannot_be_born_and_expected() -> None:
    answers = answers_of("unborn-and-earlier-removals")
    answers["children"][0]["date_of_birth"] = "2026-01-01"
    [gap] = marf.gaps(answers, today=TODAY)
    assert "Keep only one" in gap.sentence


def test_an_empty_form_needs_little() -> None:
    missing = ["a child", "consent", "consent", "what you are worried about", "level", "evidence for the level"]
    assert names({}) == [*missing, "safeguarding lead"]


@pytest.mark.parametrize("rubbish", [None, [], "x", 7, {"a": "b"}, [1, None, ["x"]]])
@pytest.mark.parametrize("section", [section.slug for section in marf.SECTIONS])
def test_answers_of_any_shape_are_gaps_and_never_an_error(section: str, rubbish: Any) -> None:
    answers = answers_of("bruise-under-one") | {section: rubbish}
    assert isinstance(names(answers), list)
    assert marf.sheet(answers, {})


def test_a_section_is_completed_when_its_person_says_so_and_nothing_is_missing() -> None:
    answers = answers_of("bruise-under-one")
    about = marf.BY_SLUG["about"]
    assert marf.section_status({}, about, [], []) is Status.NOT_STARTED
    assert marf.section_status(answers, about, [], []) is Status.INCOMPLETE
    assert marf.section_status(answers, about, ["about"], []) is Status.COMPLETED
    answers["about"]["dsl_consulted"] = ""
    gaps = marf.gaps(answers, today=TODAY)
    assert marf.section_status(answers, about, ["about"], gaps) is Status.INCOMPLETE


def test_the_sheet_says_every_answer_in_words() -> None:
    answers = answers_of("bruise-under-one")
    cards = marf.sheet(answers, {"L4-HEA-10": "Non-accidental injury"})
    words = {(card.title, row.question.name): row.words for card in cards for row in card.rows}
    assert words["Leo Marsh", "date_of_birth"] == "30 June 2026"
    assert words["Leo Marsh", "ethnicity"] == "White British"
    assert words["Kelly Marsh", "relationship"] == "Leo Marsh: mother\nAva Marsh: mother"
    assert words["Kelly Marsh", "responsibility"] == "Leo Marsh: Yes\nAva Marsh: Yes"
    assert words["Consent and informing the family", "agreement"] == "No"
    assert "Non-accidental injury (L4-HEA-10)\nBruises to cheek" in words["Threshold", "indicators"]
    assert words["Cobden Nursery", "may_contact"] == "Yes"
    titles = [card.title for card in marf.sheet(answers_of("unborn-and-earlier-removals"), {})]
    assert "Unborn baby Price" in titles


def test_every_gap_points_at_a_question_that_exists() -> None:
    for case in CASES:
        for gap in marf.gaps(answers_of(case), today=TODAY):
            asked = {question.name for question in marf.BY_SLUG[gap.section].questions}
            assert gap.field in asked, gap


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("ws34lp", "WS3 4LP"), (" WS3  4LP", "WS3 4LP"), ("sw1a1aa", "SW1A 1AA"), ("nowhere", "nowhere"), ("", "")],
)
def test_a_postcode_is_written_as_the_post_office_does(typed: str, shown: str) -> None:
    assert postcode(typed) == shown


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("943 476 5919", True),
        ("943-476-5870", True),
        ("9434765918", False),
        ("943476591", False),
        ("٩٤٣٤٧٦٥٩١٩", False),
    ],
)
def test_an_nhs_number_proves_itself(typed: str, right: bool) -> None:
    assert is_nhs_number(typed) is right


@pytest.mark.parametrize(
    ("typed", "right"),
    [("H801200001001", True), ("h801200001001", True), ("A801200001001", False), ("H80120000100", False), ("", False)],
)
def test_a_pupil_number_proves_itself(typed: str, right: bool) -> None:
    assert is_upn(typed) is right


def test_a_reason_for_no_agreement_is_not_shown_beside_an_agreement_that_came_after_it() -> None:
    def reasons(agreement: str) -> list[str]:
        answers = {"consent": {"agreement": agreement, "no_agreement_reason": "refused"}}
        rows = [row for card in marf.sheet(answers, {}) for row in card.rows]
        return [row.words for row in rows if row.question.name == "no_agreement_reason"]

    assert reasons("no") == ["They refused"]
    assert reasons("yes") == []
