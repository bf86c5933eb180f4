"""An audit: grades with their evidence, findings that reach the worker and the agency, actions with their owners."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit import trail
from referrals import notices
from referrals.models import Audit, AuditAction, Sampled
from referrals.refusals import NotYours, Objection, Refused
from referrals.rules import permissions
from referrals.vocabulary.learning import AUDIT_GRADES, AuditQuestion

from . import cases

#: What a case may have no occasion for: immediate danger asks nobody, nobody hears an unborn child, a neighbour gets
#: no feedback. The evidence says why.
MAY_NOT_APPLY = frozenset({AuditQuestion.CONSENT, AuditQuestion.VOICE, AuditQuestion.FEEDBACK})
DOES_NOT_APPLY = 0


@dataclass(frozen=True)
class Found:
    """What one auditor found. A grade of 0 is for what does not apply to this case."""

    grades: Mapping[AuditQuestion, int]
    evidence: Mapping[AuditQuestion, str]
    threshold_right: bool
    overall: int
    finding: str
    for_worker: str = ""
    for_agency: str = ""


@transaction.atomic
def audit(case: int, found: Found, *, by: User) -> Audit:
    """One auditor's answers, once: what two of them found is only comparable where neither knew of the other's."""
    now = timezone.now()
    sampled = cases.open_case(by, case)
    if said := why_not(sampled, by):
        raise Refused(said)
    if objections := list(_objections(found)):
        raise Refused(*objections)
    made = Audit.objects.create(
        sampled=sampled,
        grades={question.value: grade for question, grade in found.grades.items() if grade},
        evidence={question.value: found.evidence[question].strip() for question in AuditQuestion},
        threshold_right=found.threshold_right,
        overall=found.overall,
        finding=found.finding.strip(),
        for_worker=found.for_worker.strip(),
        for_agency=found.for_agency.strip(),
        by=by,
        at=now,
    )
    trail.record("audit:record", by=by, reference=sampled.child.contact.reference, details={"case": sampled.pk})
    return made


def why_not(sampled: Sampled, user: User) -> str:
    """Why this person cannot audit this case now; nothing where they can."""
    if user.pk in cases.worked_on([sampled.child_id])[sampled.child_id]:
        return "You worked on this case. Somebody who did not has to audit it."
    if user.pk not in (sampled.auditor_id, sampled.second_auditor_id):
        named = " and ".join(str(one) for one in (sampled.auditor, sampled.second_auditor) if one) or "nobody yet"
        return f"This case is audited by {named}."
    if any(one.by_id == user.pk for one in sampled.audits.all()):
        return "You have audited this case already."
    return ""


@transaction.atomic
def tell(audit: int, *, by: User) -> Audit:
    """Send what is for the worker and for the agency: each is told that there is something to read, and no more."""
    now = timezone.now()
    made = _open(by, audit)
    if made.by_id != by.pk and by.as_role not in permissions.DRAWS:
        raise Refused(f"{made.by} wrote these findings and sends them.")
    contact, occasion = made.sampled.child.contact, f"audit{made.pk}"
    worker = cases.worker_of(made) if made.for_worker and not made.worker_told_at else None
    leads = notices.leads_of(contact.agency) if made.for_agency and not made.agency_told_at else []
    if worker is None and not leads:
        raise Refused("There is nobody left to tell: it has been sent, or nothing was written for anybody who is here.")
    if worker is not None:
        made.worker_told_at = now
        notices.queue("audit_finding", contact.reference, [worker], occasion=occasion, now=now)
    if leads:
        made.agency_told_at = now
        notices.queue("audit_for_agency", contact.reference, leads, occasion=occasion, now=now)
    made.save(update_fields=["worker_told_at", "agency_told_at"])
    trail.record("audit:tell", by=by, reference=contact.reference, details={"audit": made.pk})
    return made


@transaction.atomic
def add_action(audit: int, *, what: str, owner: User, due: date, by: User) -> AuditAction:
    """What follows from an audit: who does it, and by when."""
    now = timezone.now()
    made = _open(by, audit)
    if by.as_role not in permissions.AUDITS:
        raise NotYours("Whoever audits says what follows from it.")
    if owner.as_role not in permissions.AUDITED or not owner.is_active:
        raise Refused(Objection("owner", "Choose somebody of the hub who can do it."))
    if due < timezone.localdate(now):
        raise Refused(Objection("due", "The day by which it is done must not be over."))
    action = AuditAction.objects.create(audit=made, what=what.strip(), owner=owner, due=due)
    reference = made.sampled.child.contact.reference
    trail.record("audit:action", by=by, reference=reference, details={"audit": made.pk, "action": action.pk})
    notices.queue("audit_action", reference, [owner], occasion=f"action{action.pk}", now=now)
    return action


@transaction.atomic
def finish(action: int, *, done: str, by: User) -> AuditAction:
    """It has been done, with what was done. By its owner, or by whoever draws the samples."""
    now = timezone.now()
    found = AuditAction.objects.select_for_update(of=("self",)).select_related("owner").filter(pk=action).first()
    if found is None:
        raise Http404
    made = cases.read_audit(by, found.audit_id)
    if found.owner_id != by.pk and by.as_role not in permissions.DRAWS:
        raise NotYours(f"{found.owner} has this to do, and says when it is done.")
    if found.done_at is not None:
        raise Refused("This has been done already.")
    if not done.strip():
        raise Refused(Objection("done", "Write what was done."))
    found.done_at, found.done = now, done.strip()
    found.save(update_fields=["done_at", "done"])
    reference = made.sampled.child.contact.reference
    trail.record("audit:action_done", by=by, reference=reference, details={"action": found.pk})
    return found


def _open(by: User, audit: int) -> Audit:
    if Audit.objects.select_for_update(of=("self",)).filter(pk=audit).first() is None:
        raise Http404
    return cases.read_audit(by, audit)


def _objections(found: Found) -> Iterator[Objection]:
    for question in AuditQuestion:
        grade = found.grades.get(question)
        applies = question not in MAY_NOT_APPLY or grade != DOES_NOT_APPLY
        if grade is None or (applies and grade not in AUDIT_GRADES):
            yield Objection(f"grade_{question}", f"Choose a grade for {question.label.lower()}.")
        if not found.evidence.get(question, "").strip():
            yield Objection(f"evidence_{question}", f"Write what you saw in the record about {question.label.lower()}.")
    if found.overall not in AUDIT_GRADES:
        yield Objection("overall", "Choose the grade overall.")
    if not found.finding.strip():
        yield Objection("finding", "Write what you found.")
