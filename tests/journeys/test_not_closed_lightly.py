"""What the hub may not let pass: a third contact that nobody explains, and a child in danger while others decide."""

import pytest
from django.utils import timezone

from referrals.models import Decision, EmergencyAct
from referrals.vocabulary import Outcome
from tests import build

from .stage import Stage
from .worker import Worker

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

ADVICE = {"advice": "Talk to the school nurse about her weight.", "advice_service": "The school nurse"}
STILL_RIGHT = "Each was about another thing, each is settled, and the school nurse sees her on Monday."
DANGER = {
    "What is the danger?": "The father is at the door with a knife, and the children are in the kitchen.",
    "What was done?": "Rang 999 at 2:05pm and stayed on the line until they came at 2:16pm.",
    "Who was told, with their reference?": "Police, log 1204 of today.",
}
TOGETHER = "Ring the mother before school ends, and call a strategy discussion today."


def test_the_third_contact_in_a_year_is_not_closed_before_a_manager_says_why(stage: Stage) -> None:
    # given a girl whom two schools have told the hub about before, and a third contact that Grace would return
    stage.starts("web")
    rosa, tom, grace = (stage.account(name) for name in ("Rosa", "Tom", "Grace"))
    first = build.received(rosa, at=timezone.now() - build.hours(24 * 200))
    child = first.children.get()
    noor = {"given_names": "Noor", "family_name": "Aziz", "person": child.person}
    second = build.received(tom, at=timezone.now() - build.hours(24 * 120), children=[noor])
    third = build.recommended(
        rosa, worker=grace, outcome=Outcome.NFA_PUSHBACK, level=2, codes=["L2-LRN-01"], texts=ADVICE, advice_level=2,
        children=[noor],
    )  # fmt: skip

    # when Maya opens it, it is said out loud, and again where she would sign it off
    maya = stage.enters(Worker, "Maya").is_signed_in().opens_the_contact(third.reference)
    maya.sees("This is contact number 3 about Noor Aziz in 12 months.").looks_at("contact")
    maya.presses("Read and sign off").sees("Read the history before you close this.", "contact number 3")
    maya.sees(first.reference, second.reference).looks_at("history")

    # then nothing is closed without her own words
    maya.presses("Sign off this decision").sees("Write why no further action is still right").looks_at("not-yet")
    assert Decision.objects.get().signed_off_at is None
    maya.fills({"Why no further action is still right": STILL_RIGHT}).presses("Sign off this decision")
    maya.sees("The decision is signed off.").follows("Decision", within=maya.pages_of_the_contact).sees(STILL_RIGHT)
    maya.looks_at("decision")
    assert Decision.objects.get().signed_off_by == stage.account("Maya")


def test_grace_acts_at_once_and_maya_looks_at_it_within_the_hour(stage: Stage) -> None:
    # given a contact that nobody has taken
    stage.starts("web")
    stage.account("Grace")
    contact = build.received(stage.account("Rosa"))
    grace = stage.enters(Worker, "Grace").is_signed_in().opens_the_contact(contact.reference)

    # when a child is in danger, it is one click from the head of the page
    grace.follows("Immediate danger: act now").presses("Save what was done")
    grace.sees("There is a problem").looks_at("nothing-written")
    assert not EmergencyAct.objects.exists()
    grace.chooses("Which children?", "Noor Aziz").fills(DANGER).looks_at("act-now").presses("Save what was done")
    grace.sees("What was done is saved", "A manager who did not act looks at it within the hour.")
    grace.looks_at("acted")

    # then Maya looks at it, and Grace reads her words
    maya = stage.enters(Worker, "Maya").is_signed_in().opens(f"/contacts/{contact.reference}/")
    maya.presses("Say whether it was right").sees("Police, log 1204").looks_at("look-at-it")
    maya.chooses("Was what was done right?", "Yes, it was right").fills({"What else must happen?": TOGETHER})
    maya.presses("Save").sees("Whoever acted and whoever holds the contact have been told.").looks_at("looked-at")
    grace.opens(f"/contacts/{contact.reference}/").sees("What was done was right.", TOGETHER)
    act = EmergencyAct.objects.get()
    assert (act.by, act.confirmed_by) == (stage.account("Grace"), stage.account("Maya"))
    contact.refresh_from_db()
    assert contact.owner == act.by
