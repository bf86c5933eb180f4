"""Computing a clock that runs again under today's rule: one on a contact's page, or every open one of a kind.

Whoever does it says why. A clock that has been met, and one that has been replaced, stays as it is for ever.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit import trail
from mash_portal.govuk.words import short_moment
from referrals import access, clockwork, gate, rebasing
from referrals.models import (
    Call,
    Check,
    Contact,
    Deadline,
    DisagreementStage,
    FeedbackQuestion,
    Handover,
    StrategyDiscussion,
)
from referrals.models.partnership import clock_rules, working_week
from referrals.rebasing import Would
from referrals.refusals import NotYours, Objection, Refused, Stale
from referrals.rules import permissions
from referrals.vocabulary import Clock, Verb

from . import telling

#: What a clock may be about → the row of its own that shows the same due time.
COPIES: Mapping[str, models.Manager[Any]] = {
    "check": Check.objects,
    "strategy": StrategyDiscussion.objects,
    "handover": Handover.objects,
    "ask": FeedbackQuestion.objects,
}
QUESTIONS = (Clock.QUESTION, Clock.QUESTION_RED)
STAGES = (Clock.DISAGREEMENT_1, Clock.DISAGREEMENT_2, Clock.DISAGREEMENT_3, Clock.DISAGREEMENT_4)
#: The contact's own columns, by the clock whose due time they show.
COLUMNS = {Clock.DECISION: "due_at", Clock.STATUTORY: "statutory_due_at"}
#: So many in one go: whoever asks for more asks again, and nobody waits for a page that is not coming.
MOST = 300


@dataclass(frozen=True)
class Rebased:
    """How many were computed again, of which earlier than before; and how many are still to be done."""

    number: int
    earlier: int
    left: int


@transaction.atomic
def rebase(reference: str, *, deadline: int, because: str, seen: str, by: User, version: int) -> Deadline:
    """One clock, on a contact's page. `seen`: the due time that the page showed, as `seen_as` writes it."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.REBASE)
    gate.check_version(contact, version)
    because = _given(because)
    old = _that_runs(contact, deadline)
    would = rebasing.under(old, contact, clock_rules(), working_week())
    if not would.changes:
        raise Refused("This clock runs under today’s rule already.")
    if seen != seen_as(would):
        raise Stale("The rule has changed since you opened the page. Look at the new due time, then go on.")
    new = _again(contact, would, because, by=by, now=now)
    if would.is_earlier:
        telling.of_one(contact, new, by=by, now=now)
    return new


def rebase_all(clock: Clock, *, because: str, seen: str, by: User) -> Rebased:
    """Every open clock of a kind, each in a transaction of its own: nobody's page waits for all of them."""
    now = timezone.now()
    because, rules, week = _given(because), clock_rules(), working_week()
    if by.as_role not in permissions.REBASES_ALL:
        raise NotYours("Every open clock of a kind is computed again by the administrator or the service manager.")
    if said := rebasing.FIXED.get(clock):
        raise Refused(said)
    if seen != rebasing.stamp(clock, rules, week):
        raise Stale("The rule has changed since you opened the page. Look at what would change now, then go on.")
    found = [one for one in rebasing.under_all(rebasing.running(clock), rules, week) if one.changes]
    if not found:
        raise Refused("Every open clock of this kind runs under today’s rule already.")
    done = [one for one in found[:MOST] if _again_alone(one, because, by=by, now=now)]
    earlier = sum(one.is_earlier for one in done)
    trail.record("rebased_all", by=by, details={"clock": clock, "number": len(done), "earlier": earlier})
    return Rebased(len(done), earlier, len(found[MOST:]))


def would(contact: Contact, deadline: int) -> Would:
    """One clock that runs as it would be under today's rule, for the page that asks why; else the refusal."""
    return rebasing.under(_that_runs(contact, deadline), contact, clock_rules(), working_week())


def seen_as(would: Would) -> str:
    """What a page shows of a clock that would be computed again: its due time and its rule."""
    return rebasing.stamp_of(would.due_at.isoformat(), would.kept.rule.to_dict())


@transaction.atomic
def _again_alone(would: Would, because: str, *, by: User, now: datetime) -> bool:
    """False where it was met, replaced, rated or restricted since: then it is another clock than was looked at."""
    before = would.deadline
    contacts = Contact.objects.select_for_update(of=("self",), no_key=True).select_related(
        "referrer", "agency", "owner"
    )
    contact = contacts.filter(pk=before.contact_id, is_restricted=False, rag=before.contact.rag).first()
    if contact is None or not contact.deadlines.live().filter(pk=before.pk).exists():
        return False
    new = _again(contact, would, because, by=by, now=now)
    if would.is_earlier:
        telling.of_many(contact, new, by=by, now=now)
    return True


def _again(contact: Contact, would: Would, because: str, *, by: User, now: datetime) -> Deadline:
    """The step, the new clock in the place of the old, and whatever shows its due time."""
    old = would.deadline
    clock, before, after = Clock(old.clock), short_moment(old.due_at), short_moment(would.due_at)
    details = {"clock": clock, "about": old.about, "from": old.due_at.isoformat(), "to": would.due_at.isoformat()}
    changes = {COLUMNS[clock]: would.due_at} if clock in COLUMNS else {}
    moved = f"due {after} instead of {before}" if after != before else f"due {after} as before, under another ladder"
    gate.move(
        contact, Verb.REBASE, by=by, now=now, reason=f"{clock.label}: {moved}. {because}", details=details, **changes
    )
    plan = clockwork.plan(clock, would.kept, old.opened_at, about=old.about, agency=old.agency, because=because)
    new = clockwork.compute_again(contact, old, plan, now=now)
    _show(contact, new)
    return new


def _show(contact: Contact, deadline: Deadline) -> None:
    """Rows that show the due time of their clock show the new one."""
    kind, _, number = deadline.about.partition(":")
    clock = Clock(deadline.clock)
    if kind in COPIES:
        COPIES[kind].filter(pk=number).update(due_at=deadline.due_at)
    elif clock in STAGES:
        stage = DisagreementStage.objects.filter(disagreement_id=int(number), number=STAGES.index(clock) + 1)
        stage.update(due_at=deadline.due_at)
    elif clock is Clock.WRITTEN_CONFIRMATION:
        Call.objects.filter(contact=contact, confirmed_at=None).update(confirm_by=deadline.due_at)
    elif clock in QUESTIONS:
        contact.questions.waiting().update(due_at=deadline.due_at)


def _that_runs(contact: Contact, number: int) -> Deadline:
    found = contact.deadlines.select_related("agency").filter(pk=number).first()
    if found is None:
        raise Refused("There is no such clock about this contact. Open the page again.")
    if found.met_at is not None:
        raise Refused(f"This clock was met {short_moment(found.met_at)}: it stays as it was.")
    if found.cancelled_at is not None:
        raise Refused("This clock runs no longer: another has taken its place, or nothing is owed any more.")
    if said := rebasing.FIXED.get(Clock(found.clock)):
        raise Refused(said)
    return found


def _given(because: str) -> str:
    if not because.strip():
        raise Refused(Objection("because", "Write why it is computed again."))
    return because.strip()
