"""Who must be asked to a strategy discussion, when enough were there, and what its record must say."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from referrals.rules import strategy
from referrals.rules.strategy import Account, Calling, Seat, Task
from referrals.vocabulary import AgencyKind, StrategyDecision

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
KINDS = (AgencyKind.TEAM, AgencyKind.POLICE, AgencyKind.HEALTH)


def seats(**changes: Any) -> list[Seat]:
    """The three, invited and there; `police={"attended": False}` changes one."""
    three = [Seat(kind, kind, kind.label, is_invited=True, attended=True) for kind in KINDS]
    return [replace(seat, **changes.get(seat.kind.value, {})) for seat in three]


def calling(*others: Seat, **changes: Any) -> Calling:
    return Calling("A bruise on a baby", [1], [*seats(**changes), *others])


def account(**changes: Any) -> Account:
    whole = Account(
        held_at=NOW - timedelta(hours=1),
        has_chair=True,
        seats=seats(),
        decision=StrategyDecision.SECTION_47_JOINT,
        texts=dict.fromkeys(strategy.TEXTS, "Written"),
        tasks=[Task("Examine the baby", "Nell Adeyemi", date(2026, 11, 21))],
    )
    return replace(whole, **changes)


def stops_calling(found: Calling) -> dict[str, str]:
    return {objection.field: str(objection) for objection in strategy.before_calling(found)}


def stops_recording(found: Account) -> dict[str, str]:
    said = strategy.before_recording(found, received_at=NOW - timedelta(hours=5), now=NOW)
    return {objection.field: str(objection) for objection in said}


def test_a_discussion_with_a_reason_children_and_the_three_can_be_called() -> None:
    assert stops_calling(calling()) == {}


def test_nothing_can_be_called_without_a_reason_or_children() -> None:
    assert stops_calling(replace(calling(), reason="  ")) == {"reason": "Write why a strategy discussion is needed."}
    found = stops_calling(replace(calling(), children=[]))
    assert found == {"children": "Choose the children whom the discussion is about."}


@pytest.mark.parametrize(("kind", "who"), list(strategy.COMPULSORY.items()))
def test_each_of_the_three_is_invited_by_name_or_it_is_said_why_not(kind: AgencyKind, who: str) -> None:
    def found(**changes: Any) -> dict[str, str]:
        return stops_calling(calling(**{kind.value: changes}))

    assert found(is_invited=None) == {f"{kind}_asked": f"Say whether you invite {who}."}
    nobody = found(name=" ")
    assert nobody == {f"{kind}_agency": f"Choose the agency, or write the name, of whom you invite for {who}."}
    assert found(is_invited=False) == {f"{kind}_because": f"Say why you do not invite {who}."}
    assert found(is_invited=False, not_invited_because="They rang us and have told all they know") == {}


def test_somebody_else_from_health_does_not_answer_for_health() -> None:
    gp = Seat("other", AgencyKind.HEALTH, "Cobden Surgery", is_invited=True)
    assert "health_asked" in stops_calling(calling(gp, health={"is_invited": None}))


def test_who_is_left_out_without_a_reason_is_named() -> None:
    assert strategy.left_out(seats()) == ()
    assert strategy.left_out([]) == ("children’s social care", "the police", "health")
    assert strategy.left_out(seats(police={"is_invited": False, "not_invited_because": "No crime"})) == ()
    assert strategy.left_out(seats(police={"is_invited": False})) == ("the police",)


def test_a_worker_of_the_hub_is_social_care() -> None:
    hub = Seat("1", AgencyKind.HUB, "Alderbrook MASH", is_invited=True, attended=True)
    assert strategy.left_out([hub, *seats()[1:]]) == ()
    assert list(strategy.quorum([hub, *seats()[1:]])) == []


def test_a_whole_account_can_be_recorded() -> None:
    assert stops_recording(account()) == {}


@pytest.mark.parametrize(("kind", "who"), list(strategy.COMPULSORY.items()))
def test_a_discussion_is_quorate_with_each_of_the_three_there_or_explained(kind: AgencyKind, who: str) -> None:
    def found(**changes: Any) -> list[str]:
        return [str(one) for one in strategy.quorum(seats(**{kind.value: changes}))]

    lacks = [f"Record whether {who} took part, or why not: the discussion needs all three."]
    assert found() == []
    assert found(attended=None) == lacks
    assert found(attended=False) == lacks
    assert found(attended=False, absent_because="Called to a road accident; agreed by telephone at noon") == []
    assert found(is_invited=False, attended=None) == lacks
    assert found(is_invited=False, attended=None, not_invited_because="No crime is suspected") == []


def test_a_discussion_that_nobody_came_to_cannot_be_recorded() -> None:
    away = {kind.value: {"attended": False, "absent_because": "Snow"} for kind in KINDS}
    assert stops_recording(account(seats=seats(**away))) == {
        "": "Nobody is recorded as having come. Call the discussion off, and call another."
    }


def test_who_was_not_there_is_told_whatever_the_reason() -> None:
    assert strategy.not_there(seats()) == ()
    away = {"attended": False, "absent_because": "Snow"}
    assert strategy.not_there(seats(police=away, health=away)) == ("the police", "health")


def test_each_who_was_invited_came_or_it_is_said_why_not() -> None:
    school = Seat("9", AgencyKind.SCHOOL, "Alder Primary", is_invited=True)
    asked = account(seats=[*seats(), school])
    assert stops_recording(asked) == {"attended_9": "Say whether Alder Primary took part."}
    away = replace(school, attended=False)
    assert stops_recording(account(seats=[*seats(), away])) == {"absent_9": "Say why Alder Primary did not take part."}
    explained = replace(away, absent_because="In a lesson")
    assert stops_recording(account(seats=[*seats(), explained])) == {}


@pytest.mark.parametrize("name", list(strategy.TEXTS))
def test_each_part_of_the_record_must_be_written(name: str) -> None:
    texts = {**dict.fromkeys(strategy.TEXTS, "Written"), name: "  "}
    assert stops_recording(account(texts=texts)) == {name: strategy.TEXTS[name]}


def test_a_decision_must_be_chosen_and_followed_by_an_action_unless_nothing_follows() -> None:
    assert stops_recording(account(decision=None)) == {"decision": "Choose what the discussion decided."}
    for decision in StrategyDecision:
        found = stops_recording(account(decision=decision, tasks=()))
        needs = {} if decision is StrategyDecision.NO_FURTHER else {"action_0_what"}
        assert set(found) == set(needs), decision


@pytest.mark.parametrize(
    ("held_at", "sentence"),
    [
        (None, "Enter the date and time at which the discussion was held."),
        (NOW + timedelta(minutes=1), "The discussion cannot have been held in the future: record it afterwards."),
        (NOW - timedelta(hours=6), "The discussion cannot have been held before the contact was received."),
    ],
)
def test_a_discussion_was_held_between_receipt_and_now(held_at: datetime | None, sentence: str) -> None:
    assert stops_recording(account(held_at=held_at)) == {"held_on": sentence}


def test_somebody_chaired_it() -> None:
    assert stops_recording(account(has_chair=False)) == {"chair": "Choose who chaired the discussion."}
