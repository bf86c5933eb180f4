"""G9: several managers at once make one decision, on real connections."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from referrals.decision import actions
from referrals.following import actions as following
from referrals.models import Contact, Decision
from referrals.refusals import Refused
from referrals.vocabulary import Clock, Stage
from tests import build

EIGHT = 8


def test_eight_sign_offs_at_once_make_one_decision_and_the_others_are_told(committed: str) -> None:
    rosa, grace, maya = (build.player(name) for name in ("Rosa", "Grace", "Maya"))
    contact = build.recommended(rosa, worker=grace)

    def sign_off(_: int) -> str:
        try:
            actions.sign_off(contact.reference, by=maya, version=contact.version)
        except Refused as refusal:
            return str(refusal)
        finally:
            connections.close_all()
        return "signed off"

    with ThreadPoolExecutor(EIGHT) as pool:
        answers = list(pool.map(sign_off, range(EIGHT)))
    assert answers.count("signed off") == 1
    assert len({answer for answer in answers if answer != "signed off"}) == 1
    assert Decision.objects.get(contact=contact).signed_off_by == maya
    assert Contact.objects.get(pk=contact.pk).stage == Stage.DECIDED
    assert contact.steps.filter(verb="sign_off").count() == 1
    assert sorted(contact.deadlines.live().values_list("clock", flat=True)) == [Clock.FEEDBACK, Clock.HANDOVER]


def test_signing_off_and_taking_back_at_once_leave_one_truth(committed: str) -> None:
    rosa, grace, maya = (build.player(name) for name in ("Rosa", "Grace", "Maya"))
    contact = build.recommended(rosa, worker=grace)

    def attempt(who: str) -> bool:
        try:
            if who == "maya":
                actions.sign_off(contact.reference, by=maya, version=contact.version)
            else:
                actions.take_back(contact.reference, by=grace)
        except Refused:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as pool:
        maya_won, grace_won = pool.map(attempt, ("maya", "grace"))
    contact.refresh_from_db()
    assert maya_won != grace_won
    assert contact.stage == (Stage.DECIDED if maya_won else Stage.TRIAGE)


def test_a_decision_is_never_made_on_a_record_that_changed_under_it(committed: str) -> None:
    rosa, grace, maya = (build.player(name) for name in ("Rosa", "Grace", "Maya"))
    contact = build.recommended(rosa, worker=grace)

    def attempt(who: str) -> bool:
        try:
            if who == "maya":
                actions.sign_off(contact.reference, by=maya, version=contact.version)
            else:
                following.add(contact.reference, text="She has a bruise today", by=rosa)
        except Refused:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as pool:
        is_signed, is_added = pool.map(attempt, ("maya", "rosa"))
    assert is_added
    steps = list(contact.steps.order_by("id").values_list("verb", flat=True))
    assert steps[-2:] == (["sign_off", "add"] if is_signed else ["recommend", "add"])
    assert Decision.objects.get().is_waiting is not is_signed
