"""Files of a referral, the copy on paper, and what the agency and the hub say to each other afterwards."""

import pytest

from referrals.models import Attachment, Contact
from referrals.vocabulary import Stage as Step
from tests import attaching

from . import marf
from .referrer import Referrer
from .stage import Stage
from .worker import Worker

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PLAN = "early-help-plan.pdf"
NOTE = "note.txt"
CLEAN = "Checked, no virus found"
CONTENT = attaching.pdf(2)
ADDED = "Maisie told me today that her mum sleeps in the car."
QUESTION, ANSWER = "Who collects them on Fridays?", "Their grandmother, since half-term."
WISH, BECAUSE = "The mother has asked us to.", "The children still come in hungry."


def test_rosa_attaches_a_file_and_the_hub_opens_it_once_it_is_clean(stage: Stage) -> None:
    with attaching.clamd(attaching.verdict) as scanner:
        # given a referral that is ready but for its files
        stage.starts("web", CLAMAV=scanner)
        draft = marf.draft(stage.account("Rosa"))
        rosa = stage.enters(Referrer, "Rosa").is_signed_in().opens(f"/referrals/drafts/{draft.key}/")
        rosa.follows("Attachments (optional)").sees("No file is attached").looks_at("no-file")

        # when she chooses what is not taken, she reads why and loses nothing
        rosa.chooses("What is it?", "Early help assessment").attaches("File", "film.mp4", b"\0\0\0\x18ftypmp42" * 9)
        rosa.presses("Upload file").sees("This type of file is not taken").looks_at("not-taken")
        assert rosa.page.get_by_label("Early help assessment").is_checked()
        assert not Attachment.objects.exists()

        # when she chooses two that are, and removes one of them
        for name, content in ((PLAN, CONTENT), (NOTE, b"Seen by the nurse.")):
            rosa.chooses("What is it?", "Early help assessment").attaches("File", name, content).presses("Upload file")
            rosa.sees(f"“{name}” is attached.")
        rosa.sees(CLEAN).looks_at("two-files").follows(f"Remove {NOTE}").looks_at("remove").presses("Remove file")
        rosa.sees(f"“{NOTE}” is removed.").presses("Continue").sees("1 file attached").checks_her_answers()
        rosa.declares().presses("Send referral")

        # then the hub sees its state and opens it, and both have the form on paper
        reference = Contact.objects.get().reference
        paper = rosa.downloads("Download it (PDF)")
        assert paper.suggested_filename == f"{reference}.pdf"
        assert paper.path().read_bytes().startswith(b"%PDF-")
        rosa.follows("See the referral as you sent it").sees(PLAN, CLEAN).looks_at("referral-with-a-file")
        sam = (
            stage.enters(Worker, "Sam").is_signed_in().opens_the_contact(reference).sees(PLAN, CLEAN, "from Rosa Bell")
        )
        assert sam.looks_at("contact").downloads(PLAN).path().read_bytes() == CONTENT
        copy = (
            sam.follows("Referral form")
            .looks_at("referral-form")
            .page.request.get(f"{stage.portal.url}/contacts/{reference}/form.pdf")
        )
        assert (copy.headers["content-type"], copy.body()[:5]) == ("application/pdf", b"%PDF-")


def test_rosa_and_the_hub_go_on_talking_after_the_referral_has_been_sent(stage: Stage) -> None:
    # given a referral that Grace works on
    stage.starts("web")
    reference = marf.sent(stage.account("Rosa")).reference
    rosa = stage.enters(Referrer, "Rosa").is_signed_in().follows(reference).looks_at("referral")
    grace = stage.enters(Worker, "Grace").is_signed_in().claims(reference)

    # when Rosa adds what she has learned, and Grace asks her something
    rosa.follows("Add information").presses("Add to the referral").sees("Write what you want to add")
    rosa.fills({"What has happened, or what have you learned?": ADDED}).looks_at("add").presses("Add to the referral")
    rosa.sees("Added. The MASH has been told.", ADDED)
    grace.opens(f"/contacts/{reference}/").sees("Added by the referrer", ADDED).follows("Ask the referrer a question")
    grace.fills({"What do you need to know?": QUESTION}).looks_at("ask").presses("Send the question")
    grace.sees("Sent. The referrer has been told", "Question waiting for an answer").looks_at("asked")

    # then Rosa sees it in her list, with the time it is due, and answers it
    rosa.goes_to("Our referrals").sees("We need something from you").looks_at("we-need-something")
    rosa.follows(reference).sees(QUESTION, "Answer by").looks_at("question").presses("Answer the question")
    rosa.fills({"Your answer": ANSWER}).looks_at("answer").presses("Send the answer").sees("Sent.", ANSWER)
    rosa.sees("Being looked at by a social worker")

    # when she asks to withdraw, that stops nothing until somebody decides
    rosa.follows("Ask to withdraw it").fills({"Why do you want to withdraw it?": WISH}).looks_at("withdraw")
    rosa.presses("Ask to withdraw").sees("A social worker decides", WISH).looks_at("asked-to-withdraw")
    grace.opens(f"/contacts/{reference}/").sees(ANSWER, "you decide whether to stop", WISH).looks_at("wish-to-withdraw")
    grace.presses("Carry on because…").presses("Carry on").sees("Write why the MASH carries on")
    grace.fills({"Carry on because": BECAUSE}).looks_at("carry-on").presses("Carry on").sees("Recorded.")

    # then Rosa reads that the MASH carries on and why, and nobody's name from within
    rosa.opens(f"/referrals/{reference}/").sees("The MASH decided to carry on", BECAUSE).does_not_see("Grace Lin")
    rosa.looks_at("carried-on")
    assert Contact.objects.get().stage == Step.TRIAGE
