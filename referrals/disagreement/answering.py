"""Answering a disagreement and settling it: what the hub does, never through whoever made the decision."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals import access, clockwork, disputes, gate
from referrals.models import Contact, Decision, Disagreement, DisagreementStage
from referrals.refusals import Objection, Refused
from referrals.rules import disagreement as rules
from referrals.vocabulary import DisagreementResult, Stage, Verb

from .actions import at_stage, end, stage_of, standing_of

#: Why an ending cannot be chosen yet.
NOT_YET = {
    DisagreementResult.COMPROMISE: "A compromise is made in a conversation: answer first, and write down when you met.",
    DisagreementResult.UPHELD: "Whether the decision stands is first for the agency to accept, or to take further. You "
    "can end it so at the last stage, or when they have said nothing for a week after your answer.",
    DisagreementResult.CHANGED: "It is settled already: a new decision is being made.",
}


@transaction.atomic
def answer(
    reference: str, *, stage: int, text: str, met_at: datetime | None, who_met: str, by: User
) -> DisagreementStage:
    """The hub's answer at this stage, with when both sides spoke and who was there. Its clock is met."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.RESPOND)
    disagreement = at_stage(contact, stage)
    here = stage_of(disagreement)
    if (here.answered_by_id, here.answer) == (by.pk, text):
        return here
    _may_answer(disagreement, here, by)
    _spoke(disagreement, stage, met_at, who_met, now)
    gate.move(contact, Verb.RESPOND, by=by, now=now, reason=text, details={"stage": stage})
    clockwork.close(contact, met=(rules.STAGES[stage].clock,), now=now, about=here.about)
    here.met_at, here.who_met = met_at, who_met
    here.answer, here.answered_by, here.answered_at = text, by, now
    here.save(update_fields=["met_at", "who_met", "answer", "answered_by", "answered_at"])
    disputes.tell_the_agency(disagreement, by=by, now=now, occasion=f"v{contact.version}")
    return here


@transaction.atomic
def settle(reference: str, *, stage: int, result: DisagreementResult, because: str, by: User) -> Disagreement:
    """End it with reasons. Changed: the contact is opened again, and it ends when the new decision is signed off."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.SETTLE)
    disagreement = at_stage(contact, stage)
    here = stage_of(disagreement)
    if (disagreement.settled_by_id, disagreement.settled_because) == (by.pk, because):
        return disagreement
    deciders = disputes.deciders_of(disagreement.decision)
    if said := rules.why_not_settle(stage, by.as_role, by.pk, deciders):
        raise Refused(said)
    if result not in rules.endings_for_the_hub(standing_of(disagreement, here), now):
        raise Refused(Objection("result", NOT_YET[result]))
    gate.move(contact, Verb.SETTLE, by=by, now=now, reason=because, details={"result": result})
    clockwork.close(contact, met=(rules.STAGES[stage].clock,), now=now, about=here.about)
    if result is DisagreementResult.CHANGED:
        _decide_again(contact, disagreement, because, by=by, now=now)
    else:
        end(disagreement, result, because, by=by, now=now)
    disputes.tell_the_agency(disagreement, by=by, now=now, occasion=f"v{contact.version}")
    return disagreement


def _decide_again(contact: Contact, disagreement: Disagreement, because: str, *, by: User, now: datetime) -> None:
    """It ends with the new decision, which may have been signed off since for another reason."""
    disagreement.result, disagreement.settled_because = DisagreementResult.CHANGED, because
    disagreement.settled_by = by
    disagreement.save(update_fields=["result", "settled_because", "settled_by"])
    if contact.as_stage not in (Stage.DECIDED, Stage.CLOSED):
        return  # somebody opened it again before
    in_force, first = Decision.objects.signed_off(contact), disagreement.decision
    if in_force != first and in_force.signed_off_by_id != first.signed_off_by_id:
        disputes.finish(disagreement, in_force, by=by, now=now)
    else:
        gate.move(contact, Verb.REOPEN, by=by, now=now, reason=because, owner=contact.owner or by)


def _may_answer(disagreement: Disagreement, here: DisagreementStage, by: User) -> None:
    deciders = disputes.deciders_of(disagreement.decision)
    if said := rules.why_not_answer(here.number, by.as_role, by.pk, deciders):
        raise Refused(said)
    if disagreement.result:
        raise Refused("It is settled: a new decision is being made.")
    if here.answered_at is not None:
        raise Refused(f"{here.answered_by} has already answered at stage {here.number}.")


def _spoke(disagreement: Disagreement, stage: int, met_at: datetime | None, who_met: str, now: datetime) -> None:
    """From the third stage on nobody of the hub's side has an account: who spoke is written down."""
    earliest = disagreement.raised_at.replace(second=0, microsecond=0)
    if met_at is not None and not earliest <= met_at <= now:
        raise Refused(Objection("met_on", "You spoke after the disagreement was raised, and not in the future."))
    if met_at is not None and not who_met:
        raise Refused(Objection("who_met", "Write who took part, for both sides."))
    if stage >= rules.NAMED_FROM and not who_met:
        raise Refused(Objection("who_met", f"Write the name of {rules.STAGES[stage].hub} who answers."))
