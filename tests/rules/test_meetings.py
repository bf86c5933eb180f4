"""The daily domestic abuse meeting: no decision without the child, no closing with a child left open."""

from typing import Any

import pytest

from referrals.rules import meetings
from referrals.rules.meetings import AGENCIES, Judgement, Present
from referrals.vocabulary import AgencyKind, MeetingDecision


def judged(**changes: Any) -> Judgement:
    whole = {
        "decision": MeetingDecision.EARLY_HELP,
        "child_focus": "She hides under the bed and will not go home",
        "reason": "The third time in a month",
        "action": "Ring the mother today",
        "action_owner": "Early Help Hub",
    }
    return Judgement(**{**whole, **changes})


def stops(found: Judgement) -> dict[str, str]:
    return {objection.field: str(objection) for objection in meetings.before_deciding("Zara Hussain", found)}


def test_a_decision_with_the_childs_focus_a_reason_and_an_owner_stands() -> None:
    assert stops(judged()) == {}


def test_no_decision_stands_without_the_childs_own_focus() -> None:
    sentence = "Write what it is like for Zara Hussain: the child’s own focus, not the adults’."
    assert stops(judged(child_focus=" ")) == {"child_focus": sentence}


def test_a_decision_and_its_reason_must_be_there() -> None:
    assert stops(judged(decision=None)) == {"decision": "Choose what the meeting decided for Zara Hussain."}
    assert stops(judged(reason="")) == {"reason": "Write why the meeting decided this."}


@pytest.mark.parametrize("decision", list(MeetingDecision))
def test_every_decision_but_no_further_action_says_what_is_done_next(decision: MeetingDecision) -> None:
    found = stops(judged(decision=decision, action="", action_owner=""))
    assert set(found) == (set() if decision is MeetingDecision.NO_FURTHER else {"action"})


def test_an_action_has_an_owner_and_an_owner_an_action() -> None:
    assert stops(judged(action_owner="")) == {"action_owner": "Write who does it."}
    alone = judged(decision=MeetingDecision.NO_FURTHER, action="")
    assert stops(alone) == {"action": "Write what Early Help Hub does."}


def test_an_absence_never_goes_without_its_reason_and_a_presence_without_a_name() -> None:
    rows = [Present(AgencyKind.POLICE, False), Present(AgencyKind.HEALTH, True), Present(AgencyKind.HOUSING)]
    assert {one.field: str(one) for one in meetings.before_attendance(rows)} == {
        "absent_police": "Say why nobody came for the police.",
        "who_health": "Write who came for health.",
    }
    said = [Present(AgencyKind.POLICE, False, "", "On strike"), Present(AgencyKind.HEALTH, True, "Nell Adeyemi")]
    assert list(meetings.before_attendance(said)) == []


def test_a_meeting_closes_when_every_agency_is_accounted_for_and_every_child_decided() -> None:
    assert list(meetings.before_closing(set(AGENCIES), [])) == []
    but_two = set(AGENCIES) - {AgencyKind.POLICE, AgencyKind.VOLUNTARY}
    assert list(meetings.before_closing(but_two, ["Zara Hussain", "Ali Hussain"])) == [
        "Record who came, or why not, for the police and the domestic abuse service.",
        "Zara Hussain and Ali Hussain have no decision yet.",
    ]
    assert list(meetings.before_closing(set(AGENCIES), ["Zara Hussain"])) == ["Zara Hussain has no decision yet."]
