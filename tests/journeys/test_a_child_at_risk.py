"""A bruise on a baby: first look, police check, strategy discussion, section 47, and the team that takes him on."""

import re
from datetime import UTC, datetime, timedelta
from typing import Self

import pytest
from django.utils import timezone

from mash_portal.govuk.words import LONDON
from referrals.models import Check, Decision, Handover, StrategyDiscussion
from referrals.vocabulary import Rag, StrategyDecision
from referrals.vocabulary import Stage as Step
from tests import build

from .person import Person
from .stage import Stage
from .worker import Worker

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

YUSUF = {"given_names": "Yusuf", "family_name": "Aziz", "sex": "M"}
BRUISE = "L4-HEA-10"
POLICE, HEALTH = "Regional Police", "Trent Vale Community Health"
SECTION_47 = "Section 47: reasonable cause to suspect significant harm"
WHY = "A bruise on a baby who cannot move, and nobody explains it."
TOLD = "Two calls to the address in October; the father was arrested and not charged."
MEANS = "Police and health together: a second injury, and a violent home that we did not know of."
DISCUSSED = {
    "Risk": "To Yusuf, very likely and grave, while both parents are alone with him.",
    "The child’s voice": "He cries when he is laid down and is calm with his aunt.",
    "Why was this decided?": "Nobody can say how it happened, and the police know of violence.",
    "Contingency": "Police protection, if the parents take him from the hospital.",
}

DECIDED = {
    "Facts and reflection": "A bruise of 2 cm on the cheek of a baby who cannot move, photographed by the nurse.",
    "Risk analysis": "Grave while both parents are alone with him; less while his aunt is in the house.",
    "The child’s voice": DISCUSSED["The child’s voice"],
    "Rationale for the decision": "Reasonable cause to suspect significant harm, as the discussion found.",
}


class Answerer(Person):
    def answers_the_check(self, reference: str) -> Self:
        self.goes_to("Agency checks").follows_link(self.row(reference).get_by_role("link").first)
        self.chooses("Is the family known to your agency?", "Yes, the family is known to us")
        self.fills({"What do you know that matters for this?": TOLD})
        self.chooses(
            "May what you have written be passed on?", "It may be shared with the family and the agencies involved"
        )
        return self.looks_at("check-to-answer").presses("Send the answer")


def test_a_bruised_baby_comes_from_a_first_look_to_a_section_47_enquiry_and_a_team(stage: Stage) -> None:
    # given that Nell, a nurse, has told of a baby, and Grace holds the contact
    stage.starts("web")
    nell, worker = stage.account("Nell"), stage.account("Grace")
    for name in ("Omar", "Zofia"):
        stage.account(name)
    born = timezone.localdate() - timedelta(days=70)
    at = timezone.now() - timedelta(hours=1)
    contact = build.claimed(nell, worker=worker, at=at, level=4, children=[YUSUF | {"date_of_birth": born}])
    reference = contact.reference
    grace = stage.enters(Worker, "Grace").is_signed_in().opens_the_contact(reference)

    # when she takes a first look and sets red, against nothing that the rules propose for a calm day
    grace.presses("Take a first look").takes_a_first_look("Red", WHY).looks_at("first-look")
    grace.presses("Keep this first look").sees("The first look is kept.", "and is now due").looks_at("rated-red")

    # and finds an indicator of level 4 that the referrer had not picked
    grace.presses("Assess the threshold").picks_an_indicator(4, BRUISE).presses("See what the evidence suggests")
    grace.sees("The evidence suggests level 4.").finds_evidence({BRUISE: "The nurse’s photograph, seen by me"})
    grace.judges(4).looks_at("assessment").presses("Save the assessment").sees("The assessment is saved: level 4.")

    # when she asks the police, who answer in the portal
    grace.follows("Agency checks", within=grace.pages_of_the_contact).presses("Ask agencies").asks(
        POLICE, "Any violence at the address?", SECTION_47
    )
    grace.looks_at("ask").presses("Ask").sees("1 check open", POLICE).looks_at("asked")
    omar = stage.enters(Answerer, "Omar").is_signed_in().answers_the_check(reference)
    omar.does_not_see(WHY).looks_at("answered")

    # then she writes what it means, and calls the three who must be asked
    grace.follows("Agency checks", within=grace.pages_of_the_contact).sees(TOLD).follows(
        "Write what the answers mean together"
    )
    grace.fills({"What do the answers mean together?": MEANS}).presses("Save").sees(MEANS).looks_at("together")
    grace.follows("Strategy discussion", within=grace.pages_of_the_contact).presses("Call a strategy discussion")
    grace.presses("Call the strategy discussion").sees("Say whether you invite the police").looks_at("nobody-asked")
    grace.fills({"Why is a strategy discussion needed?": WHY})
    grace.chooses("Which children is it about?", "Yusuf Aziz").invites("children’s social care", "Assessment Team")
    grace.invites("the police", POLICE).invites("health", HEALTH).looks_at("call")
    grace.presses("Call the strategy discussion").sees("The strategy discussion is called.").looks_at("called")
    omar.goes_to("Strategy discussions").sees(reference, "Yusuf Aziz").does_not_see(WHY).looks_at("invited")

    # when it is recorded, nobody's part in it can be left out
    grace.presses("Record the discussion").presses("Record the discussion").sees(f"Say whether {POLICE} took part")
    _records(grace).looks_at("record").presses("Record the discussion")
    grace.sees("The strategy discussion is recorded.", "Section 47 enquiry, jointly with the police")
    grace.looks_at("recorded")

    # when she recommends it and Maya signs it off
    grace.follows("Overview").presses("Recommend a decision")
    grace.decides("Yusuf Aziz", 4, "Strategy discussion (section 47)").looks_at("outcomes").presses("Continue")
    grace.fills(DECIDED).looks_at("decision-record").presses("Send for sign-off").sees("Sent for sign-off.")
    maya = stage.enters(Worker, "Maya").is_signed_in().opens_the_contact(reference).presses("Read and sign off")
    maya.sees("jointly with the police").looks_at("sign-off").presses("Sign off this decision")
    maya.sees("The decision is signed off.").looks_at("signed-off")

    # then the record is there to be printed
    maya.follows("Decision", within=maya.pages_of_the_contact).looks_at("decision")
    paper = maya.downloads(re.compile("^Download this record"))
    assert paper.path().read_bytes().startswith(b"%PDF")
    assert "Yusuf" not in paper.suggested_filename

    # and Zofia takes the child on for the team that receives such children
    zofia = stage.enters(Worker, "Zofia").is_signed_in().sees("Yusuf Aziz", "Waiting").looks_at("handed-over")
    zofia.follows(re.compile("^Accept.*Yusuf Aziz")).looks_at("accept").presses("Accept")
    zofia.sees("Your team has accepted", "Accepted").looks_at("accepted")
    contact.refresh_from_db()
    assert (contact.stage, contact.rag) == (Step.DECIDED, Rag.RED)
    assert StrategyDiscussion.objects.get().decision == StrategyDecision.SECTION_47_JOINT
    assert Check.objects.get().answered_at
    assert Handover.objects.get().accepted_by == stage.account("Zofia")
    assert Decision.objects.get().signed_off_by == stage.account("Maya")


def _records(grace: Worker) -> Worker:
    """Everybody came an hour after the contact, and it was decided to make enquiries with the police."""
    now = datetime.now(UTC).astimezone(LONDON)
    grace.dates("Day", now.date().isoformat()).fills({"Time it began": f"{now:%H:%M}", **DISCUSSED})
    grace.picks({"Who chaired it?": "Grace Lin"}).chooses("What was decided?", StrategyDecision.SECTION_47_JOINT.label)
    for agency in ("Assessment Team", POLICE, HEALTH):
        grace.chooses(f"Did {agency} take part?", "Yes")
    grace.fills({"Action 1": "Examine Yusuf today", "Who will do action 1": "Nell Adeyemi"})
    return grace.dates("When is action 1 due?", now.date().isoformat())
