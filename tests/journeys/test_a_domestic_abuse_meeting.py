"""The daily domestic abuse meeting: who came, what it is like for each child, what is decided, and its minutes."""

from typing import Self

import pytest

from referrals.models import AbuseMeeting, MeetingItem
from referrals.rules.meetings import AGENCIES, in_a_sentence
from referrals.vocabulary import AgencyKind, MeetingDecision
from tests import discussing, policing

from .stage import Stage
from .worker import Worker

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

AWAY = "Nobody is on duty for housing on a Monday."
FOCUS = "Zara hides under the bed when they shout, and does not sleep."
BILAL = "Bilal has begun to hit his sister."
WHY = "The third time in a month, and a knife was shown."


class Chair(Worker):
    def writes_who_came(self) -> Self:
        """Somebody of every agency but housing."""
        for kind in AGENCIES:
            who = in_a_sentence(kind)
            came = kind is not AgencyKind.HOUSING
            self.chooses(f"Did somebody come for {who}?", "Yes" if came else "No")
            said = {f"Who came for {who}": "Somebody"} if came else {f"If nobody came for {who}, why not?": AWAY}
            self.fills(said)
        return self

    def writes_of(self, decision: MeetingDecision, focus: str, action: str = "", owner: str = "") -> Self:
        self.fills({"What is it like for this child?": focus, "Why?": WHY})
        self.chooses("What did the meeting decide?", decision.label)
        return self.fills({"What is done next": action, "Who does it": owner})


def test_a_meeting_decides_for_each_child_by_the_childs_own_focus_and_is_closed(stage: Stage) -> None:
    # given that Omar has brought in what a night of domestic abuse left, with two children
    stage.starts("web")
    row = policing.row()
    brother = policing.row(given_names="Bilal", date_of_birth="02/05/2022", sex="M", narrative="", rag="")
    [contact] = discussing.notified(stage.account("Omar"), row, brother)

    # when Maya opens the meeting, both are on its list
    maya = stage.enters(Chair, "Maya").is_signed_in().opens("/meetings/").sees("No meeting has been held yet")
    maya.presses("Open today’s meeting").presses("Open the meeting").sees("Choose who chairs the meeting")
    maya.picks({"Who chairs it?": "Maya Shah"}).looks_at("open").presses("Open the meeting")
    maya.sees("2 children on the list, 2 without a decision", "Zara Hussain", "Bilal Hussain").looks_at("meeting")

    # and she cannot close it while anything is left open
    maya.presses("Close the meeting", status=409).sees("Zara Hussain and Bilal Hussain have no decision yet")
    maya.looks_at("not-yet")
    assert AbuseMeeting.objects.get().closed_at is None

    # when she writes who came, an absence needs its reason
    maya.presses("Record who came").writes_who_came().looks_at("who-came")
    maya.fills({"If nobody came for housing, why not?": ""}).presses("Save who came")
    maya.sees("Say why nobody came for housing")
    maya.fills({"If nobody came for housing, why not?": AWAY}).presses("Save who came").sees("Who came is saved.", AWAY)

    # then no child is decided for without what it is like for that child
    maya.follows("Decide for Zara Hussain").looks_at("decide")
    maya.writes_of(MeetingDecision.STRATEGY, "", "Call it at once", "Grace Lin").presses("Save the decision")
    maya.sees("Write what it is like for Zara Hussain").looks_at("no-focus")
    assert not MeetingItem.objects.exclude(decision="").exists()
    maya.fills({"What is it like for this child?": FOCUS}).presses("Save the decision")
    maya.sees("The decision for Zara Hussain is saved.", FOCUS, "Call the strategy discussion")
    maya.follows("Decide for Bilal Hussain").writes_of(MeetingDecision.CONTACT, BILAL, "Assess today", "Grace Lin")
    maya.presses("Save the decision").sees("none without a decision").looks_at("decided")

    # and when it is closed, it can be read and no longer changed, and the contact has it in its history
    maya.presses("Close the meeting").sees("The meeting is closed.", "Print this page for its minutes.")
    maya.looks_at("closed").follows("Go on with the contact about Bilal Hussain")
    maya.sees("Recorded what the domestic abuse meeting decided").looks_at("contact")
    assert AbuseMeeting.objects.get().closed_by == stage.account("Maya")
    assert {item.child.contact for item in MeetingItem.objects.all()} == {contact}
