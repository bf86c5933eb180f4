"""Recommending, signing off, sending back, reopening. The guards of rules/guards.py stand before each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals import access, gate, routing
from referrals.models import Action, Child, ChildOutcome, Contact, Decision, RecommendationDraft
from referrals.refusals import Objection, Refused, Stale
from referrals.rules import guards, journey
from referrals.vocabulary import REFERRAL, Outcome, Verb, main_outcome

from .picture import picture_of, picture_of_decision


@dataclass(frozen=True)
class Task:
    """Something that somebody will do by a date."""

    what: str
    owner: str
    due: date


@dataclass(frozen=True)
class Recommendation:
    """What a form says: outcomes, level and primary need for each child (by its id), the texts, the actions."""

    outcomes: Mapping[int, Sequence[Outcome]]
    levels: Mapping[int, int]
    texts: Mapping[str, str]
    advice_level: int | None = None
    side_routes: Sequence[str] = ()
    tasks: Sequence[Task] = field(default_factory=tuple)
    needs: Mapping[int, str] = field(default_factory=dict)

    def row(self, decision: Decision, child: int, outcome: Outcome) -> ChildOutcome:
        """One outcome of one child. The primary need is that of a referral."""
        need = self.needs.get(child, "") if outcome in REFERRAL else ""
        return ChildOutcome(decision=decision, child_id=child, outcome=outcome, level=self.levels[child], need=need)


@transaction.atomic
def recommend(reference: str, recommendation: Recommendation, *, by: User, version: int) -> Decision:
    """A qualified worker's recommendation for every child, with the record of front-door.md 3.5."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.RECOMMEND)
    journey.step(contact.as_stage, Verb.RECOMMEND)
    gate.check_version(contact, version)
    picture = picture_of(contact, recommendation, by=by, now=now)
    if objections := guards.objections(picture, guards.BEFORE_RECOMMENDING):
        raise Refused(*objections)
    gate.move(contact, Verb.RECOMMEND, by=by, now=now)
    decision = Decision.objects.create(
        contact=contact,
        on_version=contact.version,
        recommended_by=by,
        recommended_at=now,
        advice_level=recommendation.advice_level,
        side_routes=list(recommendation.side_routes),
        **{name: text.strip() for name, text in recommendation.texts.items()},
    )
    ChildOutcome.objects.bulk_create(
        recommendation.row(decision, child, outcome)
        for child in (one.key for one in picture.children)
        for outcome in dict.fromkeys(recommendation.outcomes[child])
    )
    Action.objects.bulk_create(
        Action(decision=decision, what=task.what, owner=task.owner, due=task.due) for task in recommendation.tasks
    )
    RecommendationDraft.objects.filter(contact=contact).delete()
    return decision


@transaction.atomic
def take_back(reference: str, *, by: User) -> Contact:
    """The worker withdraws a recommendation that nobody has signed off yet, to change it."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.TAKE_BACK)
    decision = _waiting(contact, Verb.TAKE_BACK)
    gate.move(contact, Verb.TAKE_BACK, by=by, now=now)
    _return(decision, by=by, now=now, reason="Taken back by the worker who recommended it.")
    return contact


@transaction.atomic
def send_back(reference: str, *, reason: str, by: User) -> Contact:
    """The manager returns a recommendation with what is wanted before it can be signed off."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.SEND_BACK)
    decision = _waiting(contact, Verb.SEND_BACK)
    if not reason.strip():
        raise Refused(Objection("reason", "Say what is wanted before you can sign this off."))
    gate.move(contact, Verb.SEND_BACK, by=by, now=now, reason=reason.strip())
    _return(decision, by=by, now=now, reason=reason.strip())
    return contact


@transaction.atomic
def sign_off(reference: str, *, by: User, version: int, why_nfa_still_right: str = "") -> Decision:
    """A manager who did not recommend it makes the decision. Both promises are met in the same transaction."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.SIGN_OFF)
    decision = _waiting(contact, Verb.SIGN_OFF)
    if decision.recommended_by_id == by.pk:
        raise Refused("You recommended this decision, so another manager must sign it off.")
    gate.check_version(contact, version)
    if decision.on_version != contact.version:
        raise Stale("The record has changed since this was recommended: send it back to be looked at again.")
    decision.why_nfa_still_right = why_nfa_still_right.strip()
    picture = picture_of_decision(contact, decision, reader=by, now=now)
    if objections := guards.objections(picture, guards.BEFORE_SIGNING_OFF):
        raise Refused(*objections)
    gate.move(contact, Verb.SIGN_OFF, by=by, now=now, decided_at=contact.decided_at or now)
    decision.signed_off_by, decision.signed_off_at = by, now
    decision.save(update_fields=["why_nfa_still_right", "signed_off_by", "signed_off_at"])
    _count_children(decision, now)
    routing.route(contact, decision, by=by, now=now)
    return decision


@transaction.atomic
def reopen(reference: str, *, reason: str, by: User) -> Contact:
    """A decided contact is looked at again: a changed outcome will be a new decision that supersedes this one."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.REOPEN)
    if not reason.strip():
        raise Refused(Objection("reason", "Say why the contact is opened again: it stays with the record."))
    gate.move(contact, Verb.REOPEN, by=by, now=now, reason=reason.strip(), owner=contact.owner or by)
    return contact


def _waiting(contact: Contact, verb: Verb) -> Decision:
    decision = Decision.objects.latest_of(contact)
    if decision is not None and decision.is_waiting:
        return decision
    if decision is not None and decision.signed_off_by is not None and not contact.is_open:
        raise Refused(f"The decision has already been signed off by {decision.signed_off_by}.")
    raise Refused(journey.refusal(contact.as_stage, verb))


def _return(decision: Decision, *, by: User, now: datetime, reason: str) -> None:
    decision.sent_back_by, decision.sent_back_at, decision.sent_back_reason = by, now, reason
    decision.save(update_fields=["sent_back_by", "sent_back_at", "sent_back_reason"])


def _count_children(decision: Decision, now: datetime) -> None:
    """Copy each child's decision to the row that figures are counted from; the first decision's time stays."""
    by_child: dict[int, list[ChildOutcome]] = {}
    for outcome in decision.outcomes.select_related("child"):
        by_child.setdefault(outcome.child_id, []).append(outcome)
    children = []
    for outcomes in by_child.values():
        child = outcomes[0].child
        child.outcome = main_outcome([Outcome(one.outcome) for one in outcomes])
        child.level_decided = outcomes[0].level
        child.decided_at = child.decided_at or now
        children.append(child)
    Child.objects.bulk_update(children, ["outcome", "level_decided", "decided_at"])
