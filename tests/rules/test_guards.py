"""Each guard of front-door.md 3.5: what it lets through, and the sentence it stops the rest with."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from referrals.rules import guards
from referrals.rules.guards import ChildPicture, Picture
from referrals.rules.strategy import OnRecord, Seat
from referrals.vocabulary import AgencyKind, Outcome, StrategyDecision

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
THREE = tuple(
    Seat(kind, kind, kind.label, is_invited=True) for kind in (AgencyKind.TEAM, AgencyKind.POLICE, AgencyKind.HEALTH)
)
CALLED = OnRecord(seats=THREE)
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
    assert [objection.field for objection in found] == ["level_1", "advice", "advice_level", "advice_service"]


def test_nothing_can_be_decided_before_the_hub_has_assessed() -> None:
    assert "Make the MASH's own threshold assessment" in stops(picture(assessed_level=None))


@pytest.mark.parametrize("at_sign_off", [False, True])
def test_agency_checks_that_are_open_are_waited_for_or_closed_with_a_reason(at_sign_off: bool) -> None:
    one = picture(open_checks=("Regional Police",))
    assert "An agency check is still open: Regional Police. Wait" in stops(one, at_sign_off=at_sign_off)
    two = picture(open_checks=("Accord Housing", "Regional Police"))
    assert "Agency checks are still open: Accord Housing and Regional Police." in stops(two, at_sign_off=at_sign_off)
    assert stops(picture(open_checks=()), at_sign_off=at_sign_off) == ""


def test_every_child_needs_an_outcome_and_a_level() -> None:
    assert "at least one outcome for Noor Aziz" in stops(picture(child(outcomes=frozenset())))
    assert "level decided for Noor Aziz" in stops(picture(child(level=None)))


@pytest.mark.parametrize("name", list(RECORD))
def test_each_part_of_the_record_must_be_written(name: str) -> None:
    assert guards.RECORD[name] in stops(picture(texts={name: "   "}))


NFA_TEXTS = {"advice": "Offer breakfast club", "advice_service": "The school nurse"}


def nfa(outcome: Outcome = Outcome.NFA_PUSHBACK, **facts: Any) -> Picture:
    return picture(child(outcome, level=2, **facts), texts=NFA_TEXTS, advice_level=2)


@pytest.mark.parametrize("outcome", [Outcome.NFA_INFORMATION, Outcome.NFA_PUSHBACK])
def test_no_further_action_needs_advice(outcome: Outcome) -> None:
    assert stops(nfa(outcome)) == ""
    bare = replace(nfa(outcome), texts={**RECORD, **NFA_TEXTS, "advice": "  "})
    assert stops(bare) == "Write the advice to the referrer: no further action is never returned without it."


@pytest.mark.parametrize("outcome", [Outcome.NFA_INFORMATION, Outcome.NFA_PUSHBACK])
def test_no_further_action_needs_the_level_of_the_advice(outcome: Outcome) -> None:
    assert stops(nfa(outcome)) == ""
    found = stops(replace(nfa(outcome), advice_level=None))
    assert found == "Choose the level at which the referrer should act on the advice."


def test_a_pushback_names_the_service_and_information_only_does_not_have_to() -> None:
    texts = {**RECORD, "advice": "Offer breakfast club"}
    assert "Name the service that the referrer should try" in stops(replace(nfa(), texts=texts))
    assert stops(nfa()) == ""
    assert stops(replace(nfa(Outcome.NFA_INFORMATION), texts=texts)) == ""


def test_returned_for_information_is_no_outcome() -> None:
    assert not [one for one in Outcome if "information" in one.value and one is not Outcome.NFA_INFORMATION]
    with pytest.raises(ValueError, match="returned_for_information"):
        Outcome("returned_for_information")


@pytest.mark.parametrize(
    ("outcome", "facts", "fields"),
    [
        (Outcome.SECTION_17, {}, set()),
        (Outcome.SECTION_17, {"assessed_level": 4}, {"why_no_strategy"}),
        (Outcome.NFA_INFORMATION, {}, {"advice", "advice_level"}),
        (Outcome.NFA_PUSHBACK, {}, {"advice", "advice_level", "advice_service"}),
        (Outcome.EARLY_HELP, {}, set()),
        (Outcome.EARLY_HELP, {"agreement_on_record": False}, {"agreement_obtained"}),
    ],
)
def test_a_page_asks_what_the_outcomes_need_and_nothing_else(
    outcome: Outcome, facts: dict[str, Any], fields: set[str]
) -> None:
    everything = {**RECORD, **NFA_TEXTS, "why_no_strategy": "x", "agreement_obtained": "x"}
    found = guards.wanted(picture(child(outcome), texts=everything, advice_level=2, **facts))
    assert found - set(RECORD) == fields, "what has been answered is asked too, so that it can be changed"


def test_no_further_action_cannot_be_combined_with_another_outcome() -> None:
    mixed = picture(child(Outcome.NFA_PUSHBACK, Outcome.EARLY_HELP), texts={"advice": "x"}, advice_level=2)
    assert "cannot be combined" in stops(mixed)


@pytest.mark.parametrize(
    ("facts", "because"),
    [
        ({"assessed_level": 4}, "level 4 evidence"),
        ({"suggested_level": 4}, "level 4 evidence"),
        ({"has_harm_alert": True}, "a harm alert"),
    ],
)
def test_level_four_without_a_strategy_discussion_needs_the_reason_why_not(facts: dict[str, Any], because: str) -> None:
    found = stops(picture(**facts))
    assert because in found
    assert "why no strategy discussion is needed for Noor Aziz" in found
    assert stops(picture(texts={"why_no_strategy": "Police have looked"}, **facts)) == ""
    assert stops(picture(child(Outcome.STRATEGY, discussion=CALLED), **facts)) == ""


def test_one_child_without_a_strategy_discussion_needs_the_reason_though_the_sister_has_one() -> None:
    sister = child(Outcome.STRATEGY, name="Leila Aziz", discussion=CALLED)
    found = stops(picture(child(), sister, assessed_level=4))
    assert "needed for Noor Aziz." in found


def test_a_strategy_outcome_needs_a_qualified_worker() -> None:
    without = picture(child(Outcome.STRATEGY, discussion=CALLED), recommender_is_qualified=False)
    assert "whose registration is on record and in force" in stops(without)
    assert stops(replace(without, recommender_is_qualified=True)) == ""


def test_an_emergency_outcome_needs_a_qualified_worker() -> None:
    without = picture(child(Outcome.EMERGENCY), recommender_is_qualified=False)
    assert stops(without).startswith("An emergency outcome can only be recommended by a social worker")
    assert stops(replace(without, recommender_is_qualified=True)) == ""
    assert stops(picture(recommender_is_qualified=False)) == "", "section 17 does not need one"


def test_an_emergency_alone_is_no_strategy_discussion() -> None:
    police = picture(child(Outcome.EMERGENCY), assessed_level=4)
    assert "why no strategy discussion is needed for Noor Aziz" in stops(police)
    both = child(Outcome.EMERGENCY, Outcome.STRATEGY, discussion=CALLED)
    assert stops(picture(both, assessed_level=4)) == ""


def test_a_strategy_outcome_needs_a_discussion_on_record_with_police_and_health_or_the_reason_why_not() -> None:
    none = guards.objections(picture(child(Outcome.STRATEGY)), guards.BEFORE_RECOMMENDING)
    assert [(one.field, str(one)) for one in none] == [
        ("outcomes_1", "Call the strategy discussion about Noor Aziz first: none is on record.")
    ]
    social_care = OnRecord(seats=THREE[:1])
    alone = stops(picture(child(Outcome.STRATEGY, discussion=social_care)))
    assert "Invite the police to the strategy discussion about Noor Aziz, or record why not." in alone
    assert "Invite health to the strategy discussion about Noor Aziz, or record why not." in alone
    explained = replace(THREE[2], is_invited=False, not_invited_because="They told us all they know at noon")
    said = OnRecord(seats=(*THREE[:2], explained))
    assert stops(picture(child(Outcome.STRATEGY, discussion=said))) == ""


@pytest.mark.parametrize("level", [3, 4])
@pytest.mark.parametrize(
    ("decided", "outcome", "is_answered"),
    [
        (StrategyDecision.NO_FURTHER, Outcome.SECTION_17, True),
        (StrategyDecision.NO_FURTHER, Outcome.SIGNPOST, True),
        (StrategyDecision.SECTION_17, Outcome.SECTION_17, True),
        (StrategyDecision.SECTION_17, Outcome.DISABILITIES, True),
        (StrategyDecision.SECTION_17, Outcome.EARLY_HELP, False),
        (StrategyDecision.SECTION_47_SINGLE, Outcome.SECTION_17, False),
        (StrategyDecision.SECTION_47_JOINT, Outcome.SIGNPOST, False),
        (None, Outcome.SECTION_17, False),
    ],
)
def test_a_discussion_that_decided_otherwise_answers_why_there_is_none_and_no_other_does(
    level: int, decided: StrategyDecision | None, outcome: Outcome, is_answered: bool
) -> None:
    held = OnRecord(THREE, decided, "Explained by a fall that nursery saw" if decided else "")
    found = picture(child(outcome, discussion=held), assessed_level=level)
    assert (stops(found) == "") is is_answered
    assert stops(replace(found, texts={**RECORD, "why_no_strategy": "The parents moved out"})) == ""
    if decided is None:
        assert "is not recorded yet: record it, or say why you cannot wait for it." in stops(found)
    elif not is_answered:
        assert f"decided “{decided.label}”: say why the outcome is another." in stops(found)


def test_a_discussion_answers_only_together_with_its_rationale() -> None:
    bare = OnRecord(THREE, StrategyDecision.NO_FURTHER, " ")
    found = stops(picture(child(discussion=bare), assessed_level=4))
    assert "gives no rationale: say why there is no section 47 enquiry." in found
    assert stops(picture(child(discussion=replace(bare, rationale="Seen by a doctor")), assessed_level=4)) == ""


def test_early_help_needs_agreement_on_record() -> None:
    without = picture(child(Outcome.EARLY_HELP), agreement_on_record=False)
    assert "Early help needs the family's agreement on record" in stops(without)
    assert stops(picture(child(Outcome.EARLY_HELP))) == ""
    asked = picture(child(Outcome.EARLY_HELP), agreement_on_record=False, texts={"agreement_obtained": "Mother, today"})
    assert stops(asked) == ""


def look_again(found: Picture) -> str:
    """What a manager is asked, who is let through with an answer; the worker is not asked."""
    assert stops(found) == ""
    asked = stops(found, at_sign_off=True)
    said = replace(found, texts={**found.texts, "why_nfa_still_right": "The same event, told twice"})
    assert stops(said, at_sign_off=True) == ""
    return asked


@pytest.mark.parametrize("days", [(30, 364), (1, 2, 365)])
def test_the_third_contact_in_12_months_makes_the_manager_say_why(days: tuple[int, ...]) -> None:
    found = look_again(nfa(earlier_contacts=tuple(NOW - timedelta(days=ago) for ago in days)))
    assert f"This is contact number {len(days) + 1} about Noor Aziz within 12 months." in found
    assert found.endswith("Write why no further action is still right.")


@pytest.mark.parametrize("days", [(), (30,), (30, 366)])
def test_the_second_contact_in_12_months_does_not(days: tuple[int, ...]) -> None:
    assert look_again(nfa(earlier_contacts=tuple(NOW - timedelta(days=ago) for ago in days))) == ""


@pytest.mark.parametrize(("days", "asks"), [(0, True), (89, True), (90, True), (91, False)])
def test_an_earlier_no_further_action_in_90_days_makes_the_manager_say_why(days: int, *, asks: bool) -> None:
    found = look_again(nfa(earlier_nfas=(NOW - timedelta(days=days),)))
    assert ("closed with no further action in the last 90 days" in found) is asks


def test_a_child_who_is_not_born_makes_the_manager_say_why() -> None:
    assert "Noor Aziz is not born yet." in look_again(nfa(is_unborn=True, date_of_birth=None))


@pytest.mark.parametrize(
    ("born", "asks"),
    [
        (date(2026, 11, 20), True),
        (date(2025, 11, 21), True),
        (date(2025, 11, 20), False),
        (date(2016, 4, 15), False),
        (None, False),
    ],
)
def test_a_child_under_one_makes_the_manager_say_why(born: date | None, *, asks: bool) -> None:
    assert ("Noor Aziz is under one year old." in look_again(nfa(date_of_birth=born))) is asks


def test_a_first_birthday_is_counted_in_london_and_comes_to_a_child_of_the_29th_of_february() -> None:
    night = replace(nfa(date_of_birth=date(2025, 7, 1)), now=datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    assert look_again(night) == "", "half past midnight on the birthday, in London"
    leap = nfa(date_of_birth=date(2028, 2, 29))
    assert "under one" in look_again(replace(leap, now=datetime(2029, 2, 28, 12, tzinfo=UTC)))
    assert look_again(replace(leap, now=datetime(2029, 3, 1, 12, tzinfo=UTC))) == ""


@pytest.mark.parametrize(("age", "asks"), [(0, True), (1, False), (None, False)])
def test_a_baby_whose_date_of_birth_nobody_knows_makes_the_manager_say_why(age: int | None, *, asks: bool) -> None:
    found = look_again(nfa(date_of_birth=None, estimated_age=age))
    assert ("Noor Aziz is thought to be under one year old." in found) is asks


def test_history_does_not_stop_an_outcome_that_helps() -> None:
    assert stops(picture(child(earlier_nfas=(NOW,), is_unborn=True)), at_sign_off=True) == ""
