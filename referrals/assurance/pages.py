"""The pages of quality ready to print: rows, tiles and sentences in words."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from mash_portal.accounts.models import User
from mash_portal.govuk import words
from referrals.models import Audit, AuditAction, DipSample, LearningEvent, Sampled
from referrals.rules import permissions
from referrals.vocabulary import LearningKind
from referrals.vocabulary.learning import AUDIT_GRADES, AuditQuestion

from .queries import Counts

Row = dict[str, Any]


def quality(found: Counts, user: User) -> Row:
    """The page that leads to everything else, and what of it this person may do."""
    allowed = may(user)
    undrawn = f"{found.undrawn:%B %Y}" if found.undrawn and allowed["draws"] else ""
    return {"tiles": tiles(found, user), "undrawn": undrawn, **allowed}


def may(user: User) -> dict[str, bool]:
    """What a person may do and see here, for pages that show it or leave it out."""
    role = user.as_role
    return {
        "records": role in permissions.LEARNING,
        "draws": role in permissions.DRAWS,
        "has_actions": role in permissions.AUDITED,
        "sees_figures": role in permissions.INSIGHT,
        "sees_report": role in permissions.INSIGHT | permissions.AUDIT,
        "whole_numbers": role in permissions.WHOLE_NUMBERS,
    }


def tiles(found: Counts, user: User) -> list[Row]:
    """What waits for this person, and where the rest is; nothing leads where they may not go."""
    role, made = user.as_role, []
    if role in permissions.INSIGHT:
        made += [
            _tile(found.due, "follow-up due", "follow-ups due", _to("assurance:events", "?state=due"), "overdue"),
            _tile(found.events, "training or meeting", "trainings and meetings", _to("assurance:events", "?state=all")),
        ]
    if role in permissions.AUDITS:
        here = _to("assurance:to_audit")
        made += [
            _tile(found.to_audit, "case for you to audit", "cases for you to audit", here, "soon"),
            _tile(found.samples, "dip sample", "dip samples", _to("assurance:samples")),
        ]
    if role in permissions.AUDITED:
        late = "overdue" if found.late else ""
        about = "about your work"
        made += [
            _tile(found.findings, f"finding {about}", f"findings {about}", _to("assurance:findings")),
            _tile(found.actions, "action for you", "actions for you", _to("assurance:actions", "?state=mine"), late),
        ]
    return made


def _to(name: str, query: str = "") -> str:
    return f"{reverse(name)}{query}"


def _tile(number: int, one: str, many: str, url: str, state: str = "") -> Row:
    """`state` colours it where there is anything."""
    label = one if number == 1 else many
    return {"number": f"{number:,}", "label": label, "url": url, "state": state if number else ""}


def event_row(event: LearningEvent, today: date) -> Row:
    return {
        "url": reverse("assurance:event", args=[event.pk]),
        "topic": event.topic,
        "kind": LearningKind(event.kind).label,
        "held": words.long_date(event.held_on),
        "agencies": words.count(getattr(event, "agencies_there", 0), "agency", "agencies"),
        "follow_up": follow_up(event, today),
        "is_late": is_late(event, today),
    }


def is_late(event: LearningEvent, today: date) -> bool:
    return event.followed_up_at is None and event.follow_up_on < today


def follow_up(event: LearningEvent, today: date) -> str:
    """When it is or was followed up, and how late it is."""
    if event.followed_up_at is not None:
        return f"Followed up on {words.long_date(event.followed_up_at)} by {event.followed_up_by}"
    due = words.long_date(event.follow_up_on)
    if event.follow_up_on > today:
        return f"To be followed up on {due}"
    late = (today - event.follow_up_on).days
    return f"Follow-up due on {due}: {words.count(late, 'day')} late" if late else f"Follow-up due today, {due}"


def event_facts(event: LearningEvent, today: date, *, with_words: bool) -> list[Row]:
    """Who came and what was agreed is for the hub's managers: whoever reads figures alone sees neither."""
    said = {
        "What": LearningKind(event.kind).label,
        "Held": words.long_date(event.held_on),
        "For": ", ".join(agency.name for agency in event.agencies.all()),
    }
    if with_words:
        said |= {"Who came": event.who_came, "Agreed": event.agreed or "Nothing was written down"}
        said |= {"Recorded by": f"{event.by}, {words.short_moment(event.at)}"}
    said["Follow-up"] = follow_up(event, today)
    if with_words and event.follow_up:
        said["What became of it"] = event.follow_up
    return [{"key": key, "value": value} for key, value in said.items()]


def sample_row(sample: DipSample, drawn: int, audited: int) -> Row:
    return {
        "url": reverse("assurance:sample", args=[sample.pk]),
        "month": f"{sample.month:%B %Y}",
        "drawn": f"{drawn:,}",
        "audited": f"{audited:,}",
        "left": drawn - audited,
        "by": f"{sample.drawn_by}, {words.short_moment(sample.drawn_at)}",
    }


def strata_rows(sample: DipSample, found: Iterable[Sampled]) -> list[Row]:
    """How many there were when it was drawn, and how many of them are in it now."""
    here: dict[str, int] = {}
    for case in found:
        here[case.stratum] = here.get(case.stratum, 0) + 1
    return [
        {"name": name, "there": f"{one['there']:,}", "drawn": f"{here[name]:,}"}
        for name, one in sorted(sample.strata.items())
        if name in here
    ]


def case_row(case: Sampled, user: User) -> Row:
    audits = list(case.audits.all())
    named = [one for one in (case.auditor, case.second_auditor) if one is not None]
    done = {audit.by_id for audit in audits}
    waits_for = [str(one) for one in named if one.pk not in done]
    mine = user.pk in (case.auditor_id, case.second_auditor_id) and user.pk not in done
    state = "Audited" if named else "Not given to anybody"
    return {
        "url": reverse("assurance:case", args=[case.pk]),
        "reference": case.child.contact.reference,
        "stratum": case.stratum,
        "agency": case.child.contact.agency.name,
        "month": f"{case.sample.month:%B %Y}",
        "auditors": ", ".join(map(str, named)) or "Nobody who may audit it",
        "state": f"Waits for {' and '.join(waits_for)}" if waits_for else state,
        "is_mine": mine,
        "is_done": bool(named) and not waits_for,
    }


def reads(audit: Audit, case: Sampled, user: User) -> bool:
    """Two auditors do not read each other before both are done: else they would agree for the wrong reason."""
    audits = {one.by_id for one in case.audits.all()}
    waits = user.pk in (case.auditor_id, case.second_auditor_id) and user.pk not in audits
    return audit.by_id == user.pk or not waits


def audit_rows(audit: Audit) -> list[Row]:
    """Grades with their evidence, as whoever audits reads them."""
    rows = [{"key": "Level decided", "value": "The right one" if audit.threshold_right else "Not the right one"}]
    rows += [
        {"key": one.label, "value": f"{grade_words(audit, one)}\n{audit.evidence.get(one, '')}".strip()}
        for one in AuditQuestion
    ]
    return [*rows, {"key": "Found", "value": audit.finding}]


def grade_words(audit: Audit, question: AuditQuestion) -> str:
    grade = audit.grades.get(question)
    return f"{grade} – {AUDIT_GRADES[grade]}" if grade else "Does not apply"


def audit_card(audit: Audit) -> Row:
    told = {"For the worker": audit.for_worker, "For the agency": audit.for_agency}
    sent = {
        "Worker told": audit.worker_told_at,
        "Agency told": audit.agency_told_at,
    }
    rows = [{"key": key, "value": value} for key, value in told.items() if value]
    rows += [{"key": key, "value": words.long_moment(at)} for key, at in sent.items() if at]
    return {
        "pk": audit.pk,
        "title": f"{audit.by}, {words.short_moment(audit.at)}: {audit.overall} – {AUDIT_GRADES[audit.overall]}",
        "rows": [*audit_rows(audit), *rows],
        "may_tell": bool(
            (audit.for_worker and not audit.worker_told_at) or (audit.for_agency and not audit.agency_told_at)
        ),
    }


def finding_card(audit: Audit) -> Row:
    """What the person reads whose work it is."""
    contact = audit.sampled.child.contact
    return {
        "pk": audit.pk,
        "title": f"{contact.reference}, from the sample of {audit.sampled.sample.month:%B %Y}",
        "reference": contact.reference,
        "rows": [
            {"key": "What you should know", "value": audit.for_worker},
            {"key": "Overall", "value": f"{audit.overall} – {AUDIT_GRADES[audit.overall]}"},
            *audit_rows(audit),
            {"key": "Audited by", "value": f"{audit.by}, {words.long_date(audit.at)}"},
        ],
    }


def form_card(audit: Audit) -> Row:
    """What the agency reads about its form: no name of anybody who worked on it or audited it."""
    return {
        "pk": audit.pk,
        "title": f"Referral {audit.sampled.child.contact.reference}",
        "reference": audit.sampled.child.contact.reference,
        "rows": [
            {"key": "What was found", "value": audit.for_agency},
            {"key": "Sample", "value": f"{audit.sampled.sample.month:%B %Y}"},
            {"key": "Sent", "value": words.long_date(audit.agency_told_at) if audit.agency_told_at else ""},
        ],
    }


def action_row(action: AuditAction, user: User, today: date) -> Row:
    late = (today - action.due) // timedelta(days=1)
    open_late = action.done_at is None and late > 0
    how_late = f", {words.count(late, 'day')} late" if open_late else ""
    return {
        "what": action.what,
        "owner": str(action.owner),
        "reference": action.audit.sampled.child.contact.reference,
        "url": reverse("assurance:case", args=[action.audit.sampled_id]) if user.as_role in permissions.AUDITS else "",
        "due": f"{words.long_date(action.due)}{how_late}",
        "is_late": open_late,
        "done": f"{action.done} ({words.long_date(action.done_at)})" if action.done_at else "",
        "done_url": reverse("assurance:done", args=[action.pk]) if _may_finish(action, user) else "",
    }


def _may_finish(action: AuditAction, user: User) -> bool:
    return action.done_at is None and (action.owner_id == user.pk or user.as_role in permissions.DRAWS)


def again_words(there: Collection[int], drawn: frozenset[int]) -> str:
    """Whether the seed draws today what it drew then."""
    number = words.count(len(there), "child", "children")
    if frozenset(there) == drawn:
        return f"Drawn again today from its seed: the same {number}."
    same = len(drawn & frozenset(there))
    return (
        f"Drawn again today from its seed: {same} of these {number} are the same. The others have been decided again "
        "since it was drawn, or may no longer be counted."
    )
