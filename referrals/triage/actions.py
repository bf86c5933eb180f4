"""What the hub does with a contact before it is decided. Each verb is one transaction, opened by the door's lock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.govuk.words import short_moment
from referrals import access, clockwork, gate
from referrals.models import Absence, Assessment, Contact, Finding, FirstLook, GridEntry, Rating
from referrals.refusals import Refused
from referrals.rules import first_look as looking
from referrals.rules import permissions, priority
from referrals.rules.first_look import Look
from referrals.vocabulary import GridCell, Rag, Verb
from thresholds import matrix as ruler
from thresholds.models import Matrix

from . import proposing


@transaction.atomic
def claim(reference: str, *, by: User) -> Contact:
    """Take a contact from the queue. A second claim is refused with the name of who holds it."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.CLAIM)
    if contact.owner is not None:
        raise Refused(f"{contact.owner.full_name} already holds this contact.")
    gate.move(contact, Verb.CLAIM, by=by, now=now, owner=by)
    return contact


@transaction.atomic
def release(reference: str, *, reason: str, by: User) -> Contact:
    """Put a contact back in the queue, so that nobody waits for somebody who cannot go on."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.RELEASE)
    gate.move(contact, Verb.RELEASE, by=by, now=now, reason=_given(reason), owner=None)
    return contact


@transaction.atomic
def assign(reference: str, *, to: User, by: User, version: int) -> Contact:
    """Give a contact to a worker; refused when it changed hands since the manager looked."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.ASSIGN)
    gate.check_version(contact, version)
    if not to.is_active or to.as_role not in permissions.ASSIGNABLE:
        raise Refused(f"{to.full_name} cannot hold contacts: choose a social worker or a team manager.")
    if contact.owner_id == to.pk:
        raise Refused(f"{to.full_name} already holds this contact.")
    if away := Absence.objects.at(now).filter(person=to).first():
        raise Refused(f"{to.full_name} is away until {short_moment(away.ends_at)}: choose somebody who is there.")
    gate.move(contact, Verb.ASSIGN, by=by, now=now, reason=f"To {to.full_name}", owner=to)
    return contact


@transaction.atomic
def rate(reference: str, *, rag: Rag, reason: str, by: User, version: int) -> Rating:
    """Set the priority, with its reason; the decision's due time is computed again from receipt."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.RATE)
    gate.check_version(contact, version)
    reason = _given(reason)
    if contact.rag == rag:
        raise Refused(f"The priority is already {rag.label.lower()}.")
    before = contact.due_at
    gate.move(contact, Verb.RATE, by=by, now=now, reason=f"{rag.label}: {reason}", details={"rag": rag}, rag=rag)
    after = clockwork.rebase_decision(contact, rag, now=now)
    if after != before:
        Contact.objects.filter(pk=contact.pk).update(due_at=after)
        contact.due_at = after
    return Rating.objects.create(
        contact=contact, rag=rag, reason=reason, due_before=before, due_after=after, by=by, at=now
    )


@transaction.atomic
def first_look(reference: str, look: Look, *, by: User, version: int) -> FirstLook:
    """Keep what the first look at a contact found, and set the priority that the worker chose after it.

    Each is a row of its own: a later one never overwrites what was thought before.
    """
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.FIRST_LOOK)
    gate.check_version(contact, version)
    proposal = priority.propose(proposing.facts_of(contact, by, now=now, in_danger=bool(look.in_danger_now)))
    if objections := looking.objections(look, proposal):
        raise Refused(*objections)
    before = Rag(contact.rag) if contact.rag else None
    gate.move(contact, Verb.FIRST_LOOK, by=by, now=now, reason=looking.in_words(look, proposal, before))
    kept = FirstLook.objects.create(
        contact=contact, proposed=proposal.rag, because=list(proposal.because), by=by, at=now, **_answers(look)
    )
    if look.rag is not None and look.rag is not before:
        rate(reference, rag=look.rag, reason=looking.reason_for(look, proposal), by=by, version=contact.version)
    return kept


@dataclass(frozen=True)
class View:
    """One side's view against the matrix, as it came from a form."""

    level: int
    rationale: str
    findings: Mapping[str, tuple[str, str]]  # indicator code → (finding, evidence)
    care_profile_grade: int | None = None
    dvrim_scale: int | None = None
    grid: Mapping[GridCell, Sequence[str]] = field(default_factory=dict)  # one line for each thought


@transaction.atomic
def assess(reference: str, view: View, *, by: User, version: int) -> Assessment:
    """The hub's own record against the published matrix. A level that the rules do not suggest needs a rationale."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.ASSESS)
    gate.check_version(contact, version)
    matrix = Matrix.objects.current()
    indicators = {indicator.code: indicator for indicator in matrix.indicators.by_code(view.findings)}
    _evidence_is_written(view)
    suggestion = suggest(matrix, view)
    if view.level != suggestion.level and not view.rationale.strip():
        raise Refused(_why_another_level(suggestion.level, view.level))
    if "harm" in suggestion.alerts and view.level != 4 and by.as_role not in permissions.OVERRIDES_HARM:
        raise Refused("There is evidence of harm: this is level 4 until a manager overrides it with reasons.")
    gate.move(contact, Verb.ASSESS, by=by, now=now, reason=f"Level {view.level}", details={"level": view.level})
    assessment = Assessment.objects.create(
        contact=contact,
        side=Assessment.HUB,
        matrix=matrix,
        suggested_level=suggestion.level,
        alerts=list(suggestion.alerts),
        because=list(suggestion.because),
        level=view.level,
        rationale=view.rationale.strip(),
        care_profile_grade=view.care_profile_grade,
        dvrim_scale=view.dvrim_scale,
        by=by,
        at=now,
    )
    Finding.objects.bulk_create(
        Finding(assessment=assessment, indicator=indicators[code], finding=finding, evidence=evidence)
        for code, (finding, evidence) in view.findings.items()
    )
    GridEntry.objects.bulk_create(
        GridEntry(assessment=assessment, cell=cell, text=line)
        for cell in GridCell
        for line in dict.fromkeys(text.strip() for text in view.grid.get(cell, ()))
        if line
    )
    return assessment


def _answers(look: Look) -> dict[str, Any]:
    """The answers as they are kept: what a “no” leaves nothing to say to is left out."""
    return {
        "history_read": look.history_read,
        "in_danger_now": look.in_danger_now,
        "done_about_danger": look.done_about_danger.strip() if look.in_danger_now else "",
        "open_elsewhere": look.open_elsewhere,
        "open_with": look.open_with.strip() if look.open_elsewhere else "",
        "is_ours": look.is_ours,
        "whose": "" if look.is_ours else look.whose.strip(),
    }


def suggest(matrix: Matrix, view: View) -> ruler.Suggestion:
    """What the rules make of the findings that are evidenced; a refuted one counts for nothing."""
    evidenced: Sequence[str] = [code for code, (finding, _) in view.findings.items() if finding == Finding.EVIDENCED]
    return matrix.suggest(evidenced, care_profile_grade=view.care_profile_grade, dvrim_scale=view.dvrim_scale)


def _evidence_is_written(view: View) -> None:
    bare = [
        code for code, (finding, evidence) in view.findings.items() if finding == Finding.EVIDENCED and not evidence
    ]
    if bare:
        raise Refused(f"Write the evidence for {', '.join(bare)}.")


def _given(reason: str) -> str:
    if not reason.strip():
        raise Refused("Give the reason: it stays with the record.")
    return reason.strip()


def _why_another_level(suggested: int | None, chosen: int) -> str:
    if suggested is None:
        return f"Nothing is evidenced, so no level is suggested. Say why you judge this to be level {chosen}."
    return f"The evidence suggests level {suggested}. Say why you judge this to be level {chosen}."
