"""Rosa, a head teacher, refers two children."""

import re

import pytest

from referrals.models import Contact, Draft

from . import mailbox, marf
from .marf import NAMES
from .referrer import LATER, Referrer
from .stage import DESK, WITHOUT_SCRIPTS, Stage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

EVERY_SCREEN = pytest.mark.parametrize("screen", [DESK, WITHOUT_SCRIPTS], indirect=True, ids=str)


@EVERY_SCREEN
def test_rosa_refers_two_children_and_is_told_what_happens_next_and_when(stage: Stage) -> None:
    # given
    stage.starts("web", "timers")
    rosa = stage.enters(Referrer, "Rosa")
    earlier = marf.sent(stage.account("Rosa"))
    rosa.opens("/accounts/login/").looks_at("sign-in").signs_in().sees("Our referrals", earlier.reference)
    rosa.looks_at("our-referrals")

    # when she writes half of it, and is called away
    rosa.starts_a_referral().looks_at("task-list").writes_about_herself().adds_the_children().adds_the_mother()
    rosa.says_that_the_mother_knows().presses(LATER).looks_at("half-way").signs_out()

    # then she finds everything again
    rosa.is_signed_in().sees("Not sent yet (1)").looks_at("our-referrals-with-a-draft")
    rosa.follows("Maisie Doyle, Callum Doyle").sees("3 of 9 sections completed")
    rosa.follows("Children").sees("21 February 2018", "A123456789012", "Flat 3 Hatherton House")
    rosa.follows("Back").follows("Consent and informing the family")
    assert rosa.page.get_by_label("If yes, what did they say?").input_value() == marf.DOYLES["family_informed"]["view"]

    # when she tries to send it before it is ready, she is shown what is missing and led there
    rosa.follows("Back").checks_her_answers().sees("This referral cannot be sent yet").looks_at("not-ready")
    assert not rosa.can_press("Send referral")
    for missing in ("Say what has happened", "Tick at least one indicator", "Say which level you believe is met"):
        rosa.page.get_by_role("link", name=re.compile(missing)).hover()
    rosa.follows("Say what has happened").sees("What you are worried about")
    assert rosa.page.evaluate("document.activeElement.id") == "id_worry"
    rosa.writes_what_worries_her()

    # when the mother refuses, level 3 is stopped and she is told what to do instead
    rosa.follows("Consent and informing the family").presses("Save and continue").says_that_she_refused()
    rosa.finds_the_indicators().writes_the_evidence().believes_that_level_three_is_met().presses("Save and continue")
    rosa.sees("cannot go ahead without the family’s agreement", "Talk to the family", "Your draft is kept")
    rosa.looks_at("level-three-without-agreement")
    rosa.presses(LATER).checks_her_answers().looks_at("stopped-without-agreement")
    assert not rosa.can_press("Send referral")

    # when the mother has agreed, it can go
    rosa.follows(re.compile("cannot go ahead without")).says_that_she_agrees()
    rosa.follows("Threshold").presses("Save and continue").presses("Save and continue")
    rosa.believes_that_level_three_is_met().looks_at("level").presses("Save and continue")
    rosa.writes_what_was_tried().names_the_landlord().knows_of_no_danger().sees("9 of 9 sections completed")
    rosa.looks_at("task-list-done").checks_her_answers().looks_at("check-your-answers")
    rosa.presses("Send referral").sees("Tick the declaration before you send the referral").looks_at("not-declared")
    rosa.follows("Back").checks_her_answers().declares().presses_twice("Send referral")

    # then there is one referral, however often she pressed, and she knows what happens next
    contact = Contact.objects.exclude(pk=earlier.pk).get()
    rosa.sees(contact.reference, "What happens next, and when", "within one working day", "If it gets worse")
    rosa.looks_at("sent").goes_back().sees(contact.reference).looks_at("sent-and-back")
    assert Contact.objects.count() == 2
    assert not Draft.objects.exists()
    assert {child.given_names for child in contact.children.all()} == {"Maisie", "Callum"}
    letter = mailbox.wait_for(stage.portal, rosa.email, contact.reference)
    assert f"{stage.portal.url}/referrals/{contact.reference}/" in letter.text
    for one in mailbox.letters(stage.portal):
        assert not [name for name in NAMES if name in one.subject + one.text], one
