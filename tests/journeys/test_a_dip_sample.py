"""A month's dip sample: drawn, audited by two who do not know of each other, and read by the worker."""

import pytest

from referrals.models import Audit, Sampled
from tests import auditing, build

from .stage import Stage
from .worker import Worker

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

ASKED = (
    "Threshold",
    "Consent and informing the family",
    "The child’s voice",
    "Analysis and rationale",
    "Timeliness",
    "Feedback to the referrer",
)
FINDING = "The reasons can be followed, and the child is hard to find in them."
FOR_GRACE = "Your analysis is clear. Write down what the child said."


def audits(person: Worker, reference: str) -> Worker:
    person.follows(reference).presses("Audit this case")
    for question in ASKED:
        person.chooses(f"{question}: grade", "2 – Good")
        person.fills({f"{question}: what you saw in the record": f"Seen for {question.lower()}."})
    person.chooses("Was the level decided the right one?", "Yes").chooses("Grade overall", "2 – Good")
    return person.fills({"What should the worker know?": FOR_GRACE})


def test_a_case_is_drawn_audited_twice_and_its_worker_reads_what_was_found(stage: Stage) -> None:
    # given a decision of last month that Grace recommended and Maya signed off
    stage.starts("web")
    rosa, grace, maya = (stage.account(name) for name in ("Rosa", "Grace", "Maya"))
    contact = build.decided(rosa, worker=grace, manager=maya)
    auditing.decided_last_month(contact)
    stage.account("Ivan")
    month = f"{auditing.last_month():%B %Y}"

    # when Priya draws the month and gives it to herself and Ivan
    priya = stage.enters(Worker, "Priya").is_signed_in().goes_to("Quality").looks_at("quality")
    priya.follows(f"Draw the sample of {month}")
    priya.chooses("Who audits?", "Priya Nair, Auditor", "Ivan Petrov, Assistant team manager").looks_at("draw")
    priya.fills({"What share does a second auditor look at too?": "100"}).presses("Draw the sample")
    priya.sees("The sample is drawn.").follows(month).sees("the same 1 child").looks_at("sample")

    # then each of them audits it, and what is missing is said with nothing lost
    priya.goes_to("Quality").follows("1 case for you to audit")
    audits(priya, contact.reference).presses("Save the audit").sees("Write what you found").looks_at("not-found")
    assert not Audit.objects.exists()
    priya.fills({"What did you find?": FINDING}).presses("Save the audit").sees("The audit is saved.")
    ivan = stage.enters(Worker, "Ivan").is_signed_in().opens("/assurance/cases/")
    audits(ivan, contact.reference).does_not_see(FINDING).fills({"What did you find?": "I agree."})
    ivan.presses("Save the audit").sees(FINDING).looks_at("both")
    assert Sampled.objects.get().audits.count() == 2

    # and Grace reads what was found about her work
    priya.presses("Send the findings").sees("the worker can read it").looks_at("sent")
    worker = stage.enters(Worker, "Grace").is_signed_in().goes_to("Quality").follows("1 finding about your work")
    worker.sees("1 finding about your work", FOR_GRACE, FINDING).looks_at("finding")
