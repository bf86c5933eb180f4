"""Somebody rings the MASH: Sam writes it down, and the agency that rang reads it and confirms it in writing."""

import pytest

from referrals.intake import documents
from referrals.models import Call, Child, Contact, Draft
from referrals.vocabulary import CallResult

from . import mailbox, marf
from .referrer import Referrer
from .stage import TELEPHONE, Screen, Stage
from .worker import Worker

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

SAID = "She has come to school with a burn on her hand and says that nobody was at home."
ADVICE = "Keep her at school until we ring back. Do not ring the mother yet."
QUESTION = "A mother asks how to get a place in a parenting group."
SIGNPOST = "The family hub runs one on Tuesdays; she can ring them herself."
FORM_EXPECTED, ADVICE_ONLY = CallResult.FORM_EXPECTED.label, CallResult.ADVICE.label
NIGHT = pytest.mark.parametrize("screen", [TELEPHONE, Screen(320, script=False)], indirect=True, ids=str)


class Taker(Worker):
    def rings_for(self, name: str, agency: str) -> "Taker":
        """A new page for a call of a professional."""
        self.goes_to("Calls").presses("Record a call").chooses("Who is ringing?", "A professional")
        self.fills({"Caller’s name": name, "Caller’s telephone number": "01632 960777"})
        self.picks({"Agency": agency})
        return self

    def writes_down(self, said: str, advice: str, result: str) -> "Taker":
        self.fills({"What did the caller say?": said, "What did you advise?": advice})
        self.chooses("What does the call lead to?", result)
        return self


def finishes(draft: Draft) -> None:
    """What Rosa writes beside the call: the rest of the form, as her last autosave left it."""
    answers = documents.read(marf.DOYLES).answers
    first = draft.answers["children"][0]
    children = [answers["children"][0] | {"key": first["key"]}, *answers["children"][1:]]
    draft.answers = answers | draft.answers | {"about": answers["about"] | draft.answers["about"], "children": children}
    draft.version += 1
    draft.save()


def test_a_call_is_confirmed_in_writing_and_counted_once(stage: Stage) -> None:
    # given that Sam writes down what Rosa says on the telephone
    stage.starts("web", "timers")
    rosa = stage.enters(Referrer, "Rosa")
    sam = stage.enters(Taker, "Sam").is_signed_in()
    sam.rings_for("Rosa Bell", "Alder Primary").looks_at("record")

    # when he leaves something out, he is told what, and nothing that he typed is gone
    sam.writes_down(SAID, "", FORM_EXPECTED).presses("Save the call")
    sam.sees("Write the advice that you gave", "Say which child it is about").looks_at("left-out")
    assert not Call.objects.exists()
    sam.fills(
        {"First name": "Maisie", "Family name": "Doyle", "Where do they live?": "Flat 3 Hatherton House, WS1 1XA"}
    )
    sam.dates("Date of birth", "2018-02-21").writes_down(SAID, ADVICE, FORM_EXPECTED).presses("Save the call")

    # then it is a contact already, and the clock on the form of the school runs
    call = Call.objects.get()
    reference = call.reference
    sam.sees(f"Its reference is {reference}", "Written form", "Not yet", ADVICE).looks_at("call")
    sam.goes_to("Calls").sees("1 call", "Maisie Doyle", "Form:", "Not read by the agency yet").looks_at("calls")
    letter = mailbox.wait_for(stage.portal, rosa.email, reference)
    assert not [name for name in marf.NAMES if name in letter.subject + letter.text]

    # when Rosa comes in, it stands first among her referrals, with what she was advised
    rosa.is_signed_in().sees("A form is expected from you (1)", "Expected by", "hours").looks_at("expected")
    rosa.follows(f"Call {reference}").sees(ADVICE, SAID, "Spoke to").looks_at("our-call")
    rosa.presses("Send the form for this call").sees(f"This is the form for your telephone call {reference}")
    rosa.looks_at("form-for-a-call").presses("Start a referral").follows("Children").sees("Maisie Doyle")
    finishes(Draft.objects.get())
    rosa.follows("Back").checks_her_answers().declares().presses("Send referral")

    # then it joins the call: one contact, one reference, each child once
    rosa.sees(reference).looks_at("sent")
    assert Contact.objects.get().reference == reference
    assert Child.objects.count() == 2
    rosa.goes_to("Our referrals").does_not_see("A form is expected").sees(reference, "Sent (1)").looks_at(
        "our-referrals"
    )
    sam.opens(f"/calls/{reference}/").sees("Met", "by Rosa Bell").looks_at("call-with-its-form")
    sam.follows(f"Open contact {reference}").sees("The telephone call", SAID).looks_at("contact")


def test_advice_is_read_by_the_agency_that_rang_and_makes_no_contact(stage: Stage) -> None:
    # given a call that needs advice and no more
    stage.starts("web")
    rosa = stage.enters(Referrer, "Rosa")
    sam = stage.enters(Taker, "Sam").is_signed_in().rings_for("Rosa Bell", "Alder Primary")
    sam.writes_down(QUESTION, SIGNPOST, ADVICE_ONLY).presses("Save the call")
    reference = Call.objects.get().reference

    # when Rosa signs in, she has it in writing
    rosa.is_signed_in().sees("Advice we gave you", "New").looks_at("advice-is-new").follows(reference)
    rosa.sees(SIGNPOST, QUESTION).looks_at("advice").opens("/referrals/").does_not_see("New")
    rosa.follows("Every call of your agency").sees(reference, "1 call with the MASH").looks_at("our-calls")

    # then the hub knows that she has read it, there is no contact, and a letter can be printed for others
    sam.opens(f"/calls/{reference}/").sees("by Rosa Bell").follows("Print the advice as a letter")
    sam.sees(SIGNPOST, "To Rosa Bell").looks_at("letter")
    assert not Contact.objects.exists()


@NIGHT
def test_a_neighbours_call_at_night_is_taken_on_a_telephone(stage: Stage) -> None:
    # given that a neighbour rings the emergency duty team
    stage.starts("web")
    sam = stage.enters(Taker, "Sam").is_signed_in().goes_to("Calls").presses("Record an out of hours call")
    sam.chooses("Who is ringing?", "A member of the public").fills({"Caller’s name": "Vera Quill"})
    sam.fills({"First name": "Leo", "Family name": "not known", "Or about how old?": "4"})
    sam.presses("Add another child").sees("Child 2").looks_at("another-child")
    assert sam.page.get_by_label("Or about how old?").first.input_value() == "4", "nothing typed is lost"
    sam.fills({"Where do they live?": "12 High Street, WS3 4LP"})
    sam.writes_down("Two small children alone since the afternoon.", "I send the police now.", "Taken as a contact now")

    # when who she is to the child is left out, he is told; then it is a contact
    sam.presses("Save the call").sees("Say who the caller is to the child").looks_at("left-out")
    sam.page.get_by_role("group", name="Who are they to the child?").get_by_role("radio").nth(1).check()
    sam.presses("Save the call").sees("Telephone call, out of hours", "Vera Quill").looks_at("call")
    [child] = Contact.objects.get().children.all()
    assert (child.given_names, child.family_name, child.estimated_age) == ("Leo", "", 4)
    sam.goes_to("Calls").sees("out of hours", "A member of the public").does_not_see("Vera Quill").looks_at("calls")
