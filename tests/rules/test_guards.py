"""Each guard of front-door.md 3.5: what it lets through, and the sentence it stops the rest with."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from referrals.rules import guards
from referrals.rules.guards import ChildPicture, Picture
from referrals.vocabulary import Outcome

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
RECORD = {"facts": "Seen", "risk_analysis": "Low", "childs_voice": "Fine", "rationale": "Because"}


def child(*outcomes: Outcome, **facts: Any) -> ChildPicture:
    base = ChildPicture(1, "Noor Aziz", frozenset(outcomes or {Outcome.SECTION_17}), 3, date(2016, 4, 15))
    return replace(base, **facts)


def picture(*children: ChildPicture, texts: dict[str, str] | None = None, **facts: Any) -> Picture:
    base = Picture(
        now=NOW,
        children=children or (child(),),
        assessed_level=3,
        has_harm_alert=False,
        recommender_is_qualified=True,
        agreement_on_record=True,
        texts={**RECORD, **(texts or {})},
    )
    return replace(base, **facts)


def stops(found: Picture, *, at_sign_off: bool = False) -> str:
    return " ".join(guards.objections(found, guards.BEFORE_SIGNING_OFF if at_sign_off else guards.BEFORE_RECOMMENDING))


def test_a_complete_recommendation_passes_every_guard() -> None:
    assert stops(picture(), at_sign_off=True) == ""


def test_each_objection_names_the_field_that_would_answer_it() -> None:
    found = guards.objections(picture(child(Outcome.NFA_PUSHBACK, level=None)), guards.BEFORE_RECOMMENDING)
    assert [objection.field for objection in found] == ["level_1", "advice", "advice_level"]


def test_nothing_can_be_decided_before_the_hub_has_assessed() -> None:
    assert "Make the MASH's own threshold assessment" in stops(picture(assessed_level=None))


def test_every_child_needs_an_outcome_and_a_level() -> None:
    assert "at least one outcome for Noor Aziz" in stops(picture(child(outcomes=frozenset())))
    assert "level decided for Noor Aziz" in stops(picture(child(level=None)))


@pytest.mark.parametrize("name", list(RECORD))
def test_each_part_of_the_record_must_be_written(name: str) -> None:
    assert guards.RECORD[name] in stops(picture(texts={name: "   "}))


@pytest.mark.parametrize("outcome", [Outcome.NFA_INFORMATION, Outcome.NFA_PUSHBACK])
def test_no_further_action_needs_advice_and_a_level(outcome: Outcome) -> None:
    bare = picture(child(outcome, level=2))
    assert "Write the advice to the referrer" in stops(bare)
    assert "Choose the level at which the referrer should act" in stops(bare)
    assert stops(picture(child(outcome, level=2), texts={"advice": "Offer breakfast club"}, advice_level=2)) == ""


def test_no_further_action_cannot_be_combined_with_another_outcome() -> None:
    mixed = picture(child(Outcome.NFA_PUSHBACK, Outcome.EARLY_HELP), texts={"advice": "x"}, advice_level=2)
    assert "cannot be combined" in stops(mixed)


@pytest.mark.parametrize(
    ("facts", "because"), [({"assessed_level": 4}, "level 4 evidence"), ({"has_harm_alert": True}, "a harm alert")]
)
def test_level_four_without_a_strategy_discussion_needs_the_reason_why_not(facts: dict[str, Any], because: str) -> None:
    found = stops(picture(**facts))
    assert because in found
    assert "why no strategy discussion is needed for Noor Aziz" in found
    assert stops(picture(texts={"why_no_strategy": "Police have looked"}, **facts)) == ""
    assert stops(picture(child(Outcome.STRATEGY), texts={"strategy_invited": "Police, health"}, **facts)) == ""


def test_one_child_without_a_strategy_discussion_needs_the_reason_though_the_sister_has_one() -> None:
    sister = child(Outcome.STRATEGY, name="Leila Aziz")
    found = stops(picture(child(), sister, texts={"strategy_invited": "All"}, assessed_level=4))
    assert "needed for Noor Aziz." in found


def test_a_strategy_discussion_needs_a_qualified_worker_and_police_and_health() -> None:
    found = picture(child(Outcome.STRATEGY), recommender_is_qualified=False)
    assert "registration number" in stops(found)
    assert "police and health" in stops(found)


def test_early_help_needs_agreement_on_record() -> None:
    without = picture(child(Outcome.EARLY_HELP), agreement_on_record=False)
    assert "Early help needs the family's agreement on record" in stops(without)
    assert stops(picture(child(Outcome.EARLY_HELP))) == ""
    asked = picture(child(Outcome.EARLY_HELP), agreement_on_record=False, texts={"agreement_obtained": "Mother, today"})
    assert stops(asked) == ""


NFA_TEXTS = {"advice": "Offer breakfast club"}


def nfa(**facts: Any) -> Picture:
    return picture(child(Outcome.NFA_PUSHBACK, level=2, **facts), texts=NFA_TEXTS, advice_level=2)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"earlier_contacts": (NOW - timedelta(days=30), NOW - timedelta(days=364))}, "contact number 3 about"),
        ({"earlier_nfas": (NOW - timedelta(days=89),)}, "in the last 90 days"),
        ({"is_unborn": True, "date_of_birth": None}, "is not born yet"),
        ({"date_of_birth": NOW.date() - timedelta(days=364)}, "under one year old"),
    ],
)
def test_history_makes_the_manager_say_why_no_further_action_is_still_right(
    facts: dict[str, Any], sentence: str
) -> None:
    found = nfa(**facts)
    assert stops(found) == "", "the worker is not stopped: the manager is"
    assert sentence in stops(found, at_sign_off=True)
    said = replace(found, texts={**found.texts, "why_nfa_still_right": "The same event, told twice"})
    assert stops(said, at_sign_off=True) == ""


@pytest.mark.parametrize(
    "facts",
    [
        {"earlier_contacts": (NOW - timedelta(days=30),)},
        {"earlier_contacts": (NOW - timedelta(days=30), NOW - timedelta(days=366))},
        {"earlier_nfas": (NOW - timedelta(days=91),)},
        {"date_of_birth": NOW.date() - timedelta(days=365)},
    ],
)
def test_history_outside_its_window_does_not_stop_the_manager(facts: dict[str, Any]) -> None:
    assert stops(nfa(**facts), at_sign_off=True) == ""


def test_history_does_not_stop_an_outcome_that_helps() -> None:
    assert stops(picture(child(earlier_nfas=(NOW,), is_unborn=True)), at_sign_off=True) == ""
