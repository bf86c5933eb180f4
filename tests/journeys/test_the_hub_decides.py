"""A referral goes through the hub: Sam sees it, Grace works on it, Maya signs it off, Rosa reads what was decided."""

import pytest

from referrals.models import Contact, Decision, StageChange
from referrals.vocabulary import Stage as Step
from referrals.vocabulary import Verb
from tests import build

from . import mailbox, marf
from .referrer import Referrer
from .stage import Stage
from .worker import Worker

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

MAISIE, CALLUM = "Maisie Doyle", "Callum Doyle"
PUSHBACK, EARLY_HELP = "No further action: returned with advice", "Early help"
EVIDENCE = {
    "L3-LRN-01": "The register, seen by me",
    "L3-HEA-04": "The dentist confirms two extractions",
    "L3-CAR-01": "Seen by three teachers",
}


def test_a_referral_is_claimed_rated_assessed_decided_and_answered(stage: Stage) -> None:
    # given a referral that Rosa has just sent
    stage.starts("web", "timers")
    contact = marf.sent(stage.account("Rosa"))
    reference = contact.reference
    maya = stage.enters(Worker, "Maya").is_signed_in()

    # then Sam sees it at once, with both clocks, and Ivan has the queue open too
    sam = stage.enters(Worker, "Sam").is_signed_in().looks_at("queue-of-the-contact-officer")
    for words in (MAISIE, "Not yet rated", "23 hours", "One working day", "Nobody yet", "Alder Primary"):
        assert words in sam.row(reference).inner_text(), words
    assert not sam.can_press(f"Take contact {reference}")
    ivan = stage.enters(Worker, "Ivan").is_signed_in().sees(reference)

    # when Grace claims it, Ivan is told by name that he comes too late
    grace = stage.enters(Worker, "Grace").is_signed_in().looks_at("queue").claims(reference).looks_at("contact")
    ivan.presses(f"Take contact {reference}").sees("Grace Lin already holds this contact.").looks_at("too-late")
    assert "Grace Lin" in ivan.opens("/queue/?whose=everybody").row(reference).inner_text()

    # when she rates it and reads it beside the matrix
    grace.presses("Set the priority").presses("Set the priority").sees("Choose the priority", "Give the reason")
    grace.follows("Cancel").rates("Amber", "Hungry every morning; safe tonight")
    grace.follows("Referral form").sees(marf.DOYLES["impact"], "31 late marks", "L3-LRN-01").looks_at("referral-form")

    # then the level that she assesses is suggested to her, and another one wants a rationale
    grace.follows("Assessment").looks_at("assessment").finds_evidence(EVIDENCE)
    grace.presses("See what the evidence suggests").sees("The evidence suggests level 3.").looks_at("suggestion")
    grace.judges(2).presses("Save the assessment").sees("Say why you judge this to be level 2.")
    grace.looks_at("another-level")
    grace.judges(3).presses("Save the assessment").sees("The assessment is saved: level 3.")

    # when she would return it without advice, she is stopped, and goes back for another outcome with all she wrote
    grace.presses("Recommend a decision").presses("Continue").sees(f"Choose at least one outcome for {MAISIE}.")
    grace.decides(MAISIE, 3, PUSHBACK).decides_the_same_for(CALLUM).presses("Continue").looks_at("record")
    grace.writes_the_record().presses("Send for sign-off").sees(
        "Write the advice to the referrer", "Choose the level at which the referrer should act"
    )
    grace.looks_at("no-advice").presses("Change the outcomes")
    grace.takes_back_the_choice(MAISIE, [PUSHBACK]).decides(MAISIE, 3, EARLY_HELP).presses("Continue")
    grace.does_not_see("Advice to the referrer").presses("Send for sign-off")
    grace.sees("Sent for sign-off.").looks_at("waiting-for-sign-off")

    # then she cannot sign it off herself
    assert not grace.can_press("Read and sign off")
    grace.opens(f"/contacts/{reference}/decision/sign-off/", status=403).looks_at("not-yours")
    assert not StageChange.objects.filter(contact=contact, verb=Verb.SIGN_OFF).exists()

    # when Maya sends it back, Grace recommends again, and Maya signs off
    maya.opens_the_contact(reference).presses("Read and sign off").looks_at("sign-off")
    maya.follows("Send back to the worker instead").looks_at("send-back")
    maya.fills({"What is wanted before you can sign this off?": "Say who leads the plan"}).presses("Send back")
    grace.opens(f"/contacts/{reference}/").sees("Say who leads the plan").looks_at("sent-back")
    grace.presses("Recommend a decision").sees("Chosen before by Grace Lin").looks_at("chosen-before")
    grace.presses("Choose the same again").writes_the_record().presses("Send for sign-off").sees("Sent for sign-off.")
    maya.opens_the_contact(reference).presses("Read and sign off").presses("Sign off this decision")
    maya.sees("The decision is signed off.").looks_at("signed-off")

    # when Grace writes to Rosa
    grace.opens(f"/contacts/{reference}/").presses("Write feedback").looks_at("feedback")
    grace.fills({"Why this was decided": "Early help fits best: the mother agrees and the needs are several."})
    grace.fills({"What the referrer should do next": "Come to the first meeting of the plan."})
    grace.presses("Send to the referrer").sees("The referrer has been told that there is an update.")

    # then Rosa follows the link of a letter that says nothing about the children, and reads it
    rosa = stage.enters(Referrer, "Rosa")
    letter = mailbox.wait_for(stage.portal, rosa.email, "You have an update")
    assert f"{stage.portal.url}/referrals/{reference}/feedback/" in letter.text
    assert not [one for one in mailbox.letters(stage.portal) for name in marf.NAMES if name in one.subject + one.text]
    rosa.opens(f"/referrals/{reference}/feedback/").signs_in().sees(
        "What was decided", MAISIE, CALLUM, EARLY_HELP, "Early help fits best", "Come to the first meeting"
    ).looks_at("what-was-decided")

    # and the hub knows that she has
    grace.opens(f"/contacts/{reference}/").sees("Opened the feedback", "by Rosa Bell").looks_at("opened")
    contact.refresh_from_db()
    assert contact.stage == Step.CLOSED
    assert Decision.objects.filter(contact=contact).count() == 2


def test_grace_cannot_leave_out_why_there_is_no_strategy_discussion(stage: Stage) -> None:
    # given evidence of harm to a baby
    stage.starts("web")
    nell, worker = stage.account("Nell"), stage.account("Grace")
    contact = build.assessed(nell, worker=worker, level=4, codes=["L4-HEA-10"])
    grace = stage.enters(Worker, "Grace").is_signed_in().opens_the_contact(contact.reference)

    # when she recommends an assessment only
    grace.presses("Recommend a decision").decides("Noor Aziz", 4, "Assessment (section 17)").presses("Continue")
    grace.writes_the_record().presses("Send for sign-off").sees(
        "say why no strategy discussion is needed for Noor Aziz"
    )
    grace.looks_at("why-no-strategy-discussion")

    # then nothing has been sent, and with the reason it goes
    assert not Decision.objects.exists()
    grace.fills({"Why no strategy discussion": "Police and health were asked today; both advise an assessment."})
    grace.presses("Send for sign-off").sees("Sent for sign-off.")
    assert Contact.objects.get().stage == Step.SIGN_OFF
