"""A disagreement, reached by what both sides do."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from mash_portal.accounts.models import User
from referrals.disagreement import actions, answering
from referrals.models import Contact, Deadline, Disagreement, DisagreementStage
from referrals.vocabulary import DisagreementResult, Ground

WHY = "The bruises were not looked at"
SPEAKS = "Rosa Bell, Designated Safeguarding Lead"


def raised(contact: Contact, *, by: User, **said: Any) -> Disagreement:
    facts = {"ground": Ground.THRESHOLD, "why": WHY, "wanted": "An assessment", "safety_plan": "Seen by us every day"}
    return actions.disagree(contact.reference, actions.Raised(**{**facts, "speaks": SPEAKS, **said}), by=by)


def answered(contact: Contact, *, by: User, stage: int = 1, spoke: bool = False) -> DisagreementStage:
    met = {"met_at": timezone.now() if spoke else None, "who_met": "Rosa Bell and the manager" if spoke else ""}
    return answering.answer(contact.reference, stage=stage, text="We have read it again", by=by, **met)  # type: ignore[arg-type]  # as the form gives them


def taken_up(contact: Contact, *, by: User, stage: int = 1, in_danger: bool = False) -> Disagreement:
    said = {"because": "The risk is the same", "speaks": SPEAKS, "in_danger": in_danger}
    return actions.take_up(contact.reference, stage=stage, by=by, **said)  # type: ignore[arg-type]  # as the form gives them


def settled(contact: Contact, *, by: User, result: DisagreementResult, stage: int = 1) -> Disagreement:
    return answering.settle(contact.reference, stage=stage, result=result, because="Looked at again", by=by)


def accepted(contact: Contact, *, by: User, result: DisagreementResult, stage: int = 1) -> Disagreement:
    return actions.accept(contact.reference, stage=stage, result=result, because="We understand it now", by=by)


def late(disagreement: Disagreement) -> None:
    """As if the stage had started so long ago that its time has passed."""
    ago = timedelta(days=10)
    stage = disagreement.stages.latest("number")
    past = {"started_at": stage.started_at - ago, "due_at": stage.due_at - ago}
    DisagreementStage.objects.filter(pk=stage.pk).update(**past)
    Deadline.objects.filter(about=stage.about, met_at=None, cancelled_at=None).update(
        opened_at=stage.started_at - ago, due_at=stage.due_at - ago
    )
