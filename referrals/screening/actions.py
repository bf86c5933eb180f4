"""Screening: one person proposes for each child, a manager who did not propose signs the list off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals import access, gate, routing
from referrals.models import Child, ChildOutcome, Contact, Decision, Screening
from referrals.refusals import Objection, Refused
from referrals.rules.screening import grade_of
from referrals.vocabulary import Outcome, Verb

from . import queries
from .queries import Listed

LOW_LEVELS = (1, 2)
ADVICE = "Nothing is asked of the police. What they told us is kept on record. Send a notification for each incident."


@dataclass(frozen=True)
class Proposal:
    """What a worker proposes for one child. `level` only with screening out."""

    screened_out: bool
    reason: str
    level: int | None = None


@transaction.atomic
def propose(reference: str, proposals: Mapping[int, Proposal], *, by: User, version: int) -> Contact:
    """Record grade, decision and reason for each child. One child to triage keeps the whole family in the queue."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.SCREEN)
    gate.check_version(contact, version)
    listed = _on_the_list(contact)
    if objections := list(_objections(listed.referred, proposals)):
        raise Refused(*objections)
    grade = grade_of(listed.said)
    gate.move(contact, Verb.SCREEN, by=by, now=now, reason=_words(listed.referred, proposals, grade))
    for child in listed.referred:
        said = proposals[child.pk]
        Screening.objects.update_or_create(
            child=child,
            defaults={
                "grade": grade[:60],
                "screened_out": said.screened_out,
                "level": said.level if said.screened_out else None,
                "reason": said.reason.strip(),
                "by": by,
                "at": now,
            },
        )
    return contact


def _objections(children: Sequence[Child], proposals: Mapping[int, Proposal]) -> list[Objection]:
    found = []
    for child in children:
        said = proposals.get(child.pk)
        if said is None:
            found.append(Objection(f"decision_{child.pk}", f"Choose what to do about {child.name}."))
            continue
        if said.screened_out and said.level not in LOW_LEVELS:
            found.append(Objection(f"level_{child.pk}", f"Choose the level decided for {child.name}."))
        if not said.reason.strip():
            found.append(Objection(f"reason_{child.pk}", f"Write the reason for {child.name}: it stays on record."))
    return found


def _words(children: Sequence[Child], proposals: Mapping[int, Proposal], grade: str) -> str:
    """One line of the timeline for each child."""
    lines = []
    for child in children:
        said = proposals[child.pk]
        decision = f"screened out at level {said.level}" if said.screened_out else "to triage"
        lines.append(f"{child.name}: {decision} ({grade}). {said.reason.strip()}")
    return "\n".join(lines)


def _on_the_list(contact: Contact) -> Listed:
    listed = queries.one(contact)
    if listed is None:
        raise Refused(
            "This contact is not on the screening list: only low-level domestic abuse notifications that nobody has "
            "taken can be screened."
        )
    return listed


@dataclass(frozen=True)
class Line:
    """One contact of a list that a manager signs off, as the page showed it."""

    reference: str
    version: int
    why_nfa_still_right: str = ""


@dataclass(frozen=True)
class Conflict:
    """What was not signed off, and why."""

    reference: str
    sentence: str


def sign_off(lines: Sequence[Line], *, by: User) -> tuple[list[str], list[Conflict]]:
    """Sign off each contact of the list that can be; say of every other one why not. One transaction for each."""
    done, conflicts = [], []
    for line in lines:
        try:
            _sign_off_one(line, by=by)
        except Refused as refusal:
            conflicts.append(Conflict(line.reference, str(refusal)))
        except Http404:
            conflicts.append(Conflict(line.reference, "There is no such contact."))
        else:
            done.append(line.reference)
    return done, conflicts


@transaction.atomic
def _sign_off_one(line: Line, *, by: User) -> Decision:
    """A decision like any other: four eyes, both promises met, and every child counted."""
    now = timezone.now()
    contact = access.open_for(by, line.reference, Verb.SCREEN_OUT)
    gate.check_version(contact, line.version)
    listed = _on_the_list(contact)
    screenings = _proposed(listed, by)
    against = queries.reasons_against([contact], by, now).get(contact.pk, ())
    why = line.why_nfa_still_right.strip()
    if against and not why:
        raise Refused(f"{' '.join(against)} Write why no further action is still right.")
    gate.move(contact, Verb.SCREEN_OUT, by=by, now=now, reason=why, decided_at=contact.decided_at or now)
    decision = _decision(contact, listed, screenings, why, by=by, now=now)
    _count(decision, screenings, by=by, now=now)
    routing.route(contact, decision, by=by, now=now)
    return decision


def _proposed(listed: Listed, by: User) -> list[Screening]:
    """The proposals for every child, made by somebody else; Refused otherwise."""
    found = [child.screening for child in listed.referred if hasattr(child, "screening")]
    if len(found) < len(listed.referred):
        raise Refused("Nobody has proposed yet what to do about every child.")
    if any(not screening.screened_out for screening in found):
        raise Refused("A child of this contact is to be triaged, so it stays in the queue.")
    if any(screening.by_id == by.pk for screening in found):
        raise Refused("You proposed this screening, so another manager must sign it off.")
    return found


def _decision(
    contact: Contact, listed: Listed, screenings: Sequence[Screening], why: str, *, by: User, now: datetime
) -> Decision:
    proposed = max(screenings, key=lambda screening: screening.at)
    level = max(screening.level or 0 for screening in screenings)
    reasons = "\n".join(f"{screening.child.name}: {screening.reason}" for screening in screenings)
    return Decision.objects.create(
        contact=contact,
        on_version=contact.version,
        facts=f"Police notification {listed.police_reference}, {grade_of(listed.said)}.\n{listed.narrative}".strip(),
        risk_analysis=f"Low-level domestic abuse by the police’s own grade: {grade_of(listed.said)}.",
        childs_voice=listed.childs_voice or "The notification does not say what the child said or showed.",
        rationale=reasons,
        advice=ADVICE,
        advice_level=level,
        recommended_by=proposed.by,
        recommended_at=proposed.at,
        why_nfa_still_right=why,
        signed_off_by=by,
        signed_off_at=now,
    )


def _count(decision: Decision, screenings: Sequence[Screening], *, by: User, now: datetime) -> None:
    """Each child's outcome, and the copy of it on the row that figures are counted from."""
    outcome = Outcome.NFA_INFORMATION
    children = []
    for screening in screenings:
        child = screening.child
        child.outcome, child.level_decided = outcome, screening.level
        child.decided_at = child.decided_at or now
        screening.signed_off_by, screening.signed_off_at = by, now
        children.append(child)
    ChildOutcome.objects.bulk_create(
        ChildOutcome(decision=decision, child=one.child, outcome=outcome, level=one.level or 0) for one in screenings
    )
    Child.objects.bulk_update(children, ["outcome", "level_decided", "decided_at"])
    Screening.objects.bulk_update(screenings, ["signed_off_by", "signed_off_at"])
