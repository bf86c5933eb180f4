"""After a decision: early help that goes back and forth, and a contact that is returned to the school with advice."""

import re

import pytest

from referrals.models import Contact, Decision, Feedback, Handover
from referrals.vocabulary import Outcome
from referrals.vocabulary import Stage as Step
from tests import build

from .referrer import Referrer
from .stage import Stage
from .worker import Worker

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

FULL = "We have no worker in her town before March."
AGREED = "The family hub in her town works with her from Monday: rung and agreed today."
PUSHBACK = "No further action: returned with advice"
ADVICE = "Meet the mother, agree a plan with her, and write down how it goes each week."
SERVICE = "The family hub at Alder Road"
RECORD = {
    "Facts and reflection": "Late eleven times this term; her mother has begun to work nights.",
    "Risk analysis": "Low: she is fed, warm and glad to come; it grows if the mornings stay as they are.",
    "The child’s voice": "Noor says that she likes school and cannot wake up by herself.",
    "Rationale for the decision": "One need, that the school can meet with the mother.",
}
WANTED = "Say who at the school will meet the mother, and by when"
LEADS = "The head teacher meets her on Thursday."


def test_early_help_sends_a_child_back_and_accepts_what_the_hub_offers_again(stage: Stage) -> None:
    # given that Maya has signed off early help, to which the family agreed
    stage.starts("web")
    rosa, grace, maya = (stage.account(name) for name in ("Rosa", "Grace", "Maya"))
    stage.account("Dev")
    contact = build.decided(rosa, worker=grace, manager=maya, outcome=Outcome.EARLY_HELP)
    dev = (
        stage.enters(Worker, "Dev")
        .is_signed_in()
        .sees("1 child handed over to us", "Noor Aziz")
        .looks_at("handed-over")
    )

    # when Dev cannot take her, he has to say why
    dev.follows(re.compile("^Send back.*Noor Aziz")).presses("Send back").sees("Say why this child is sent back")
    assert Handover.objects.get().declined_at is None
    dev.fills({"Why is this child sent back?": FULL}).looks_at("send-back").presses("Send back")
    dev.sees("Sent back. The hub has been told.").does_not_see("Noor Aziz").looks_at("sent-back")

    # then Maya reads it on the list of the hub, and offers her again with what has changed
    manager = stage.enters(Worker, "Maya").is_signed_in().goes_to("After a decision").sees(FULL).looks_at("hand-overs")
    manager.follows(re.compile("^Choose another team.*Noor Aziz")).looks_at("offer")
    manager.hands_over("Early Help Hub", AGREED).sees("Handed over to Early Help Hub.", AGREED).looks_at("offered")

    # and Dev accepts
    dev.goes_to("Handed over to us").follows(re.compile("^Accept.*Noor Aziz")).presses("Accept")
    dev.sees("Your team has accepted", AGREED, "Accepted").looks_at("accepted")
    first, second = Handover.objects.order_by("pk")
    assert first.declined_because == FULL
    assert second.accepted_by == stage.account("Dev")
    assert Contact.objects.get() == contact


def test_a_contact_is_returned_to_the_school_with_advice_a_level_and_a_service(stage: Stage) -> None:
    # given a contact of Rosa's school at level 2
    stage.starts("web", "timers")
    contact = build.assessed(stage.account("Rosa"), worker=stage.account("Grace"), level=2, codes=["L2-LRN-01"])
    reference = contact.reference
    grace = stage.enters(Worker, "Grace").is_signed_in().opens_the_contact(reference).presses("Recommend a decision")

    # when Grace returns it, the record does not go without advice, level and service
    grace.decides("Noor Aziz", 2, PUSHBACK).presses("Continue").fills(RECORD).presses("Send for sign-off")
    grace.sees("Write the advice to the referrer", "Choose the level", "Name the service").looks_at("no-advice")
    assert not Decision.objects.exists()
    grace.fills({"Advice to the referrer": ADVICE, "Service that the referrer should try": SERVICE})
    grace.chooses("Level at which the referrer should act on the advice", "Level 2").looks_at("advice")
    grace.presses("Send for sign-off").sees("Sent for sign-off.")

    # when Maya sends it back with her reason, Grace's words are where she left them
    maya = stage.enters(Worker, "Maya").is_signed_in().opens_the_contact(reference).presses("Read and sign off")
    maya.sees(ADVICE, SERVICE).looks_at("sign-off").follows("Send back to the worker instead")
    maya.fills({"What is wanted before you can sign this off?": WANTED}).presses("Send back")
    grace.opens(f"/contacts/{reference}/").sees(WANTED).presses("Recommend a decision").sees(WANTED)
    grace.looks_at("came-back").presses("Choose the same again").looks_at("words-kept")
    assert grace.page.get_by_label("Advice to the referrer").input_value() == ADVICE
    assert grace.page.get_by_label("Service that the referrer should try").input_value() == SERVICE
    grace.fills({"Advice to the referrer": f"{ADVICE} {LEADS}"}).presses("Send for sign-off")
    maya.opens(f"/contacts/{reference}/decision/sign-off/").sees(LEADS).presses("Sign off this decision")
    maya.sees("The decision is signed off.")

    # then Rosa reads what she should do, at which level and where
    grace.opens(f"/contacts/{reference}/").presses("Write feedback").looks_at("feedback")
    grace.fills({"Why this was decided": "One need, and the mother welcomes help from the school."})
    grace.presses("Send to the referrer").sees("The referrer has been told that there is an update.")
    rosa = stage.enters(Referrer, "Rosa").is_signed_in().opens(f"/referrals/{reference}/feedback/")
    rosa.sees(PUSHBACK, "Act on this at level 2", SERVICE, ADVICE, LEADS).looks_at("what-was-decided")
    assert Feedback.objects.get().opened_at
    contact.refresh_from_db()
    assert contact.stage == Step.CLOSED
