"""The daily domestic abuse meeting: opened for a day, decided child by child, closed when nobody is left open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit import trail
from mash_portal.govuk.words import long_date, short_moment
from referrals import access, clockwork, gate
from referrals.models import AbuseMeeting, Child, MeetingAttendance, MeetingItem
from referrals.refusals import NotYours, Objection, Refused
from referrals.rules import meetings as rules
from referrals.rules import permissions
from referrals.rules.meetings import Judgement, Present
from referrals.vocabulary import AgencyKind, MeetingDecision, Verb

from . import queries


@dataclass(frozen=True)
class Added:
    """What came of adding contacts by hand: how many children are new on the list."""

    children: int


@transaction.atomic
def open_meeting(*, held_on: date, chair: User, by: User) -> AbuseMeeting:
    """The meeting of that day with its list: opened once, whoever opens it first; the second is shown the same one."""
    now = timezone.now()
    _may_meet(by)
    if held_on > clockwork.london(now).date():
        raise Refused(Objection("held_on", "A meeting is opened on its day, not before."))
    since = _looks_back_to(now)
    meeting, is_new = AbuseMeeting.objects.get_or_create(
        held_on=held_on, defaults={"chaired_by": chair, "opened_by": by, "opened_at": now}
    )
    if is_new:
        children = queries.notified_since(by, since)
        _put_on_the_list(meeting, children)
        trail.record("open_meeting", by=by, details={"held_on": held_on.isoformat(), "children": len(children)})
    return meeting


@transaction.atomic
def add(meeting: int, *, references: Sequence[str], by: User) -> Added:
    """Put contacts with domestic abuse on the list by hand: all of their children, or nobody where one is wrong."""
    _may_meet(by)
    found = _open(meeting, by)
    wanted = list(dict.fromkeys(reference.strip().upper() for reference in references if reference.strip()))
    if not wanted:
        raise Refused(Objection("reference", "Choose a contact, or write its reference."))
    visible = access.visible_to(by).filter(reference__in=wanted)
    known = {contact.reference: contact for contact in visible}
    abuse = {contact.reference for contact in queries.with_domestic_abuse(visible)}
    if objections := [_why_not(one, one in known) for one in wanted if one not in abuse]:
        raise Refused(*objections)
    children = list(Child.objects.filter(contact__in=known.values(), in_scope=True))
    here = set(MeetingItem.objects.filter(meeting=found).values_list("child_id", flat=True))
    new = [child for child in children if child.pk not in here]
    _put_on_the_list(found, new)
    for reference in wanted:
        trail.record("add_to_meeting", by=by, reference=reference, details={"held_on": found.held_on.isoformat()})
    return Added(len(new))


@transaction.atomic
def note_attendance(meeting: int, *, rows: Sequence[Present], by: User) -> AbuseMeeting:
    """Who came for each agency, or why nobody did. What is not said yet can be said until the meeting is closed."""
    _may_meet(by)
    found = _open(meeting, by)
    if objections := list(rules.before_attendance(rows)):
        raise Refused(*objections)
    found.attendance.all().delete()
    MeetingAttendance.objects.bulk_create(
        MeetingAttendance(
            meeting=found,
            kind=row.kind,
            who=row.who.strip() if row.attended else "",
            attended=row.attended,
            absent_because="" if row.attended else row.absent_because.strip(),
        )
        for row in rows
        if row.attended is not None
    )
    trail.record("meeting_attendance", by=by, details={"held_on": found.held_on.isoformat()})
    return found


@transaction.atomic
def decide(meeting: int, item: int, *, judged: Judgement, by: User) -> MeetingItem:
    """What the meeting decides for one child, with the child's own focus; a line of the contact's timeline."""
    now = timezone.now()
    reference = queries.item(by, queries.meeting(meeting), item).child.contact.reference
    contact = access.open_for(by, reference, Verb.MEET)
    found = _open(meeting, by)
    row = queries.item(by, found, item)
    if objections := list(rules.before_deciding(row.child.name, judged)):
        raise Refused(*objections)
    if _says_the_same(row, judged):
        return row
    row.decision = judged.decision or ""
    row.child_focus, row.reason = judged.child_focus.strip(), judged.reason.strip()
    row.action, row.action_owner = judged.action.strip(), judged.action_owner.strip()
    row.by, row.at = by, now
    row.save(update_fields=["decision", "child_focus", "reason", "action", "action_owner", "by", "at"])
    details = {"decision": row.decision, "held_on": found.held_on.isoformat()}
    gate.move(contact, Verb.MEET, by=by, now=now, reason=_line(row), details=details)
    return row


@transaction.atomic
def close(meeting: int, *, by: User) -> AbuseMeeting:
    """Nobody is left open: every agency accounted for, every child decided. From now it is read, not changed."""
    now = timezone.now()
    _may_meet(by)
    found = _open(meeting, by)
    attendance = {AgencyKind(kind) for kind in found.attendance.values_list("kind", flat=True)}
    undecided = [row.child.name for row in queries.items(by, found).filter(decision="")]
    if objections := list(rules.before_closing(attendance, undecided)):
        raise Refused(*objections)
    found.closed_by, found.closed_at = by, now
    found.save(update_fields=["closed_by", "closed_at"])
    trail.record("close_meeting", by=by, details={"held_on": found.held_on.isoformat()})
    return found


def _may_meet(by: User) -> None:
    if by.as_role not in permissions.MEETS:
        raise NotYours("Only a social worker or a manager of the hub holds the domestic abuse meeting.")


def _open(number: int, by: User) -> AbuseMeeting:
    """The meeting, locked, so that nothing is decided while it is being closed."""
    found = queries.meeting(number, lock=True)
    if found.closed_at is not None:
        raise Refused(f"{found.closed_by} closed this meeting {short_moment(found.closed_at)}. It can be read.")
    return found


def _looks_back_to(now: datetime) -> datetime:
    last = AbuseMeeting.objects.order_by("-opened_at").first()
    return last.opened_at if last else now - queries.FIRST_LOOKS_BACK


def _put_on_the_list(meeting: AbuseMeeting, children: Sequence[Child]) -> None:
    MeetingItem.objects.bulk_create(
        [MeetingItem(meeting=meeting, child=child) for child in children], ignore_conflicts=True
    )


def _why_not(reference: str, is_known: bool) -> Objection:
    if not is_known:
        return Objection("reference", f"There is no contact {reference} that you can see.")
    return Objection("reference", f"Nothing on contact {reference} speaks of domestic abuse, so it has no place here.")


def _says_the_same(row: MeetingItem, judged: Judgement) -> bool:
    said = (judged.decision, judged.child_focus, judged.reason, judged.action, judged.action_owner)
    kept = (row.decision, row.child_focus, row.reason, row.action, row.action_owner)
    return row.at is not None and tuple((one or "").strip() for one in said) == kept


def _line(row: MeetingItem) -> str:
    """ "Domestic abuse meeting of 20 November 2026, Noor Aziz: early help is offered. …" """
    decided = MeetingDecision(row.decision).label
    said = f"Domestic abuse meeting of {long_date(row.meeting.held_on)}, {row.child.name}: {decided}.\n{row.reason}"
    return f"{said}\n{row.action_owner}: {row.action}" if row.action else said
