"""Raising a disagreement, taking it to the next stage, accepting the answer: what the agency does."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals import access, clockwork, disputes, gate, notices
from referrals.models import Contact, Decision, Disagreement, DisagreementStage
from referrals.refusals import Objection, Refused
from referrals.rules import disagreement as rules
from referrals.vocabulary import DisagreementResult, Ground, Verb

from . import responders


@dataclass(frozen=True)
class Raised:
    """What the form says. `speaks`: who speaks for the agency at the first stage."""

    ground: Ground
    why: str
    wanted: str
    safety_plan: str
    speaks: str
    in_danger: bool = False
    stage: int = rules.FIRST


@transaction.atomic
def disagree(reference: str, raised: Raised, *, by: User) -> Disagreement:
    """The agency disagrees with the decision in force. The decision stands until a new one takes its place."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.DISAGREE)
    if (earlier := open_on(contact)) is not None:
        return _the_same(earlier, raised, by)
    if not contact.decisions.filter(signed_off_at__isnull=False).exists():
        raise Refused("Nothing has been decided yet, so there is no decision to disagree with.")
    decision = responders.with_deciders(Decision.objects.signed_off(contact))
    deciders = disputes.deciders_of(decision)
    if said := rules.why_not_start(raised.stage, in_danger=raised.in_danger, deciders=deciders):
        raise Refused(Objection("stage", said))
    gate.move(contact, Verb.DISAGREE, by=by, now=now, reason=raised.why, details={"stage": raised.stage})
    disagreement = Disagreement(
        contact=contact,
        decision=decision,
        ground=raised.ground,
        why=raised.why,
        wanted=raised.wanted,
        safety_plan=raised.safety_plan,
        in_danger=raised.in_danger,
        raised_by=by,
        raised_at=now,
        stage=raised.stage,
    )
    disagreement.save()
    _start(disagreement, raised.stage, raised.speaks, by=by, now=now)
    return disagreement


@transaction.atomic
def take_up(reference: str, *, stage: int, because: str, speaks: str, in_danger: bool, by: User) -> Disagreement:
    """From this stage to the next. The clock of this one is met where it was answered, else it stops unmet."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.TAKE_UP)
    disagreement = at_stage(contact, stage)
    deciders = disputes.deciders_of(disagreement.decision)
    here = stage_of(disagreement)
    following = rules.next_stage(stage, deciders)
    said = rules.why_not_take_up(standing_of(disagreement, here), now, deciders, in_danger=in_danger)
    if said or following is None:
        raise Refused(Objection("because", said))
    gate.move(contact, Verb.TAKE_UP, by=by, now=now, reason=because, details={"stage": following})
    clockwork.close(contact, cancelled=(rules.STAGES[stage].clock,), now=now, about=here.about)
    here.moved_on_at, here.moved_on_because = now, because
    here.save(update_fields=["moved_on_at", "moved_on_because"])
    moved = {"stage": following, "in_danger": disagreement.in_danger or in_danger}
    Disagreement.objects.filter(pk=disagreement.pk).update(**moved)
    _start(disagreement, following, speaks, by=by, now=now)
    return disagreement


@transaction.atomic
def accept(reference: str, *, stage: int, result: DisagreementResult, because: str, by: User) -> Disagreement:
    """The agency ends the disagreement itself: the decision stands, or both sides found something between."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.DISAGREE)
    disagreement = at_stage(contact, stage)
    here = stage_of(disagreement)
    standing = standing_of(disagreement, here)
    if standing.is_settled:
        raise Refused("The MASH is making a new decision: the disagreement ends when it is made.")
    if result not in rules.endings_for_the_agency(standing):
        raise Refused(Objection("result", "The MASH has not answered at this stage: nothing has been agreed yet."))
    gate.move(contact, Verb.SETTLE, by=by, now=now, reason=because, details={"result": result})
    clockwork.close(contact, cancelled=(rules.STAGES[stage].clock,), now=now, about=here.about)
    end(disagreement, result, because, by=by, now=now)
    people = responders.hub_of(disagreement, here, now)
    notices.queue("disagreement", contact.reference, people, occasion=f"v{contact.version}", now=now)
    return disagreement


def open_on(contact: Contact) -> Disagreement | None:
    """The one that has not ended, with everybody it names, while the contact is locked."""
    return responders.with_people(contact.disagreements.open()).first()


def at_stage(contact: Contact, stage: int) -> Disagreement:
    """The open disagreement, as the page showed it: refused where it has ended or gone on since."""
    found = open_on(contact)
    if found is None:
        raise Refused("There is no open disagreement about this decision.")
    if found.stage != stage:
        raise Refused(f"The disagreement has gone on to stage {found.stage} since you opened the page.")
    return found


def stage_of(disagreement: Disagreement) -> DisagreementStage:
    return disagreement.stages.get(number=disagreement.stage)


def standing_of(disagreement: Disagreement, here: DisagreementStage) -> rules.Standing:
    return rules.Standing(here.number, here.due_at, here.answered_at, here.met_at, bool(disagreement.result))


def end(disagreement: Disagreement, result: DisagreementResult, because: str, *, by: User, now: datetime) -> None:
    disagreement.result, disagreement.settled_because = result, because
    disagreement.settled_by, disagreement.ended_at = by, now
    disagreement.save(update_fields=["result", "settled_because", "settled_by", "ended_at"])


def _start(disagreement: Disagreement, number: int, speaks: str, *, by: User, now: datetime) -> None:
    """The stage with a person of each side, and its clock; whoever answers for the hub is told."""
    contact, about = disagreement.contact, f"disagreement:{disagreement.pk}"
    deciders = disputes.deciders_of(disagreement.decision)
    deadline = clockwork.start_about(contact, rules.STAGES[number].clock, about, now=now)
    stage = DisagreementStage.objects.create(
        disagreement=disagreement,
        number=number,
        hub_responder=responders.named_at(number, contact, deciders, now),
        agency_responder=speaks,
        started_at=now,
        due_at=deadline.due_at,
    )
    people = responders.hub_of(disagreement, stage, now)
    notices.queue("disagreement", contact.reference, people, occasion=f"v{contact.version}", now=now)
    disputes.tell_the_agency(disagreement, by=by, now=now, occasion=f"v{contact.version}")


def _the_same(earlier: Disagreement, raised: Raised, by: User) -> Disagreement:
    """A double click is the same disagreement; another one waits until this has ended."""
    if (earlier.raised_by_id, earlier.why) == (by.pk, raised.why):
        return earlier
    raise Refused(f"{earlier.raised_by} has already disagreed with this decision: it is at stage {earlier.stage}.")
