"""A school does not accept a pushback: three stages, each answered by somebody else, and another decision at last."""

import pytest

from referrals.models import Decision, Disagreement
from referrals.vocabulary import DisagreementResult, Outcome
from tests import build, disagreeing

from .referrer import Referrer
from .stage import Stage
from .worker import Worker

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

WHY = "He came with a second bruise on Monday, and the advice says to wait six weeks."
WANTED = "An assessment by a social worker."
SAFE = "His teacher sees him every morning; we ring the MASH at once if there is another mark."
ANSWER = "We have read it again: nobody has asked the mother about the bruises yet."
STILL = "The mother was asked today, and says that he fell. The school nurse does not think so."
TURNED = "Two marks that the account does not explain: this needs an assessment."


def test_a_school_disagrees_up_to_stage_three_and_the_outcome_changes(stage: Stage) -> None:
    # given a contact that came back to the school with advice, from Grace and Maya
    stage.starts("web", "timers")
    rosa_account, grace, maya = (stage.account(name) for name in ("Rosa", "Grace", "Maya"))
    helen_account = stage.account("Helen")
    stage.account("Ivan")
    contact = build.told(
        rosa_account,
        worker=grace,
        manager=maya,
        outcome=Outcome.NFA_PUSHBACK,
        level=2,
        codes=["L2-LRN-01"],
        texts={"advice": "Hold a team around the family", "advice_service": "Family Hub"},
        advice_level=2,
    )
    reference = contact.reference

    # when Rosa disagrees on the page where she reads it, she has to say what keeps the child safe
    rosa = stage.enters(Referrer, "Rosa").is_signed_in().opens(f"/referrals/{reference}/feedback/")
    rosa.follows("Disagree with the decision, or follow your disagreement").presses("Disagree with the decision")
    rosa.chooses("What is it about?", "The threshold for what we asked was met")
    rosa.fills({"Why do you disagree?": WHY, "What do you want to happen instead?": WANTED})
    rosa.presses("Send the disagreement").sees("Write what keeps the child safe").looks_at("no-safety-plan")
    assert not Disagreement.objects.exists()
    rosa.fills({"What keeps the child safe until this is settled?": SAFE}).presses("Send the disagreement")
    rosa.sees("It is at stage 1.", WHY, "Answer at stage 1").looks_at("stage-1")

    # then neither who decided may answer, and Ivan does
    decider = stage.enters(Worker, "Maya").is_signed_in().goes_to("After a decision").follows("Disagreements")
    decider.sees("1 disagreement open").follows(reference).sees("somebody else answers").looks_at("not-hers")
    ivan = stage.enters(Worker, "Ivan").is_signed_in().opens(f"/contacts/{reference}/disagreement/")
    ivan.presses("Answer").fills({"Your answer": ANSWER})
    ivan.looks_at("answer").presses("Send the answer").sees("Sent. The agency has been told.")

    # when it does not settle it, Rosa takes it to the head of safeguarding, and from there to a senior manager
    rosa.opens(f"/referrals/{reference}/disagreement/").sees(ANSWER)
    rosa.presses("Take it to the next stage")
    rosa.fills({"Why does the answer not settle it?": STILL}).looks_at("take-up").presses("Take it to the next stage")
    rosa.sees("It is at stage 2.").looks_at("stage-2")
    disagreeing.answered(contact, by=helen_account, stage=2, spoke=True)
    disagreeing.taken_up(contact, by=rosa_account, stage=2)
    helen = stage.enters(Worker, "Helen").is_signed_in().opens(f"/contacts/{reference}/disagreement/")
    helen.sees("It is at stage 3.", STILL)
    helen.presses("Settle it").chooses("How does it end?", DisagreementResult.CHANGED.label)
    helen.fills({"Why?": TURNED}).looks_at("settle").presses("Settle the disagreement")
    helen.sees("A new decision is being made.").looks_at("settled")

    # then it ends only when somebody other than before has signed off another decision
    build.recommend(contact, Outcome.SECTION_17, by=grace)
    decider.opens(f"/contacts/{reference}/decision/sign-off/").presses("Sign off this decision")
    decider.sees("somebody else must sign off the new one").looks_at("not-the-same-manager")
    ivan.opens(f"/contacts/{reference}/decision/sign-off/").presses("Sign off this decision")
    ivan.sees("The decision is signed off.")
    found = Disagreement.objects.get()
    assert found.ended_at is not None
    assert (found.result, found.new_decision) == (DisagreementResult.CHANGED, Decision.objects.latest("signed_off_at"))
    rosa.opens(f"/referrals/{reference}/disagreement/").sees(DisagreementResult.CHANGED.label, TURNED)
    rosa.looks_at("changed")

    # and the partnership sees how long each stage took
    helen.opens("/disagreements/?state=ended").sees("1 disagreement ended", "Stage 1:", "Stage 2:", "Stage 3:")
    helen.looks_at("every-disagreement")
