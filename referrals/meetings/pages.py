"""What the pages of the domestic abuse meeting show, prepared so that templates only print."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from mash_portal.accounts.models import User
from mash_portal.govuk import words
from referrals import casefile
from referrals.models import AbuseMeeting, Contact, MeetingItem
from referrals.rules import meetings as rules
from referrals.rules import permissions
from referrals.rules.meetings import Present
from referrals.vocabulary import AgencyKind, MeetingDecision

from . import queries

#: Where the way goes on from the meeting: the page that takes the decision further.
_ON = {
    MeetingDecision.STRATEGY: ("strategy:call", "Call the strategy discussion"),
    MeetingDecision.CONTACT: ("triage:contact", "Go on with the contact"),
}


def list_of_meetings(user: User, before: date | None) -> dict[str, Any]:
    found = queries.meetings(user, before)
    page, more = found[: queries.PAGE], len(found) > queries.PAGE
    return {
        "rows": [_meeting_row(one) for one in page],
        "older_url": f"?before={page[-1].held_on.isoformat()}" if more else "",
        "first_url": reverse("meetings:list") if before else "",
        "may_meet": user.as_role in permissions.MEETS,
    }


def whole(meeting: AbuseMeeting, user: User, now: datetime) -> dict[str, Any]:
    """The record of a meeting, to read, to go on with, or to print."""
    children = [_child(row, meeting, now) for row in queries.items(user, meeting)]
    undecided = sum(not child["is_decided"] for child in children)
    return {
        "meeting": meeting,
        "heading": f"Domestic abuse meeting, {words.long_date(meeting.held_on)}",
        "facts": _facts(meeting, len(children), undecided),
        "children": children,
        "attendance": _attendance(meeting),
        "is_open": meeting.closed_at is None,
        "may_meet": user.as_role in permissions.MEETS,
    }


def attended(meeting: AbuseMeeting) -> list[Present]:
    return [
        Present(AgencyKind(row.kind), row.attended, row.who, row.absent_because) for row in meeting.attendance.all()
    ]


def offered(user: User, meeting: AbuseMeeting, now: datetime) -> list[tuple[str, str]]:
    """Contacts to add by hand, each in a line: its children, who sent it, and when."""
    return [(contact.reference, _offer(contact)) for contact in queries.offered(user, meeting, now)]


def child_of(row: MeetingItem, now: datetime) -> dict[str, Any]:
    """Whom a decision is about, at the head of its form."""
    contact = row.child.contact
    return {
        "name": row.child.name,
        "said": casefile.child_words(row.child, now),
        "reference": contact.reference,
        "url": reverse("triage:contact", args=[contact.reference]),
        "from": f"{contact.agency}, received {words.short_moment(contact.received_at)}",
    }


def _offer(contact: Contact) -> str:
    children = ", ".join(child.name for child in contact.children.all()) or "Nobody named"
    return f"{children} ({contact.reference}, {contact.agency}, {words.short_moment(contact.received_at)})"


def _meeting_row(meeting: Any) -> dict[str, str]:
    undecided = meeting.children - meeting.decided
    if meeting.closed_at:
        state = f"Closed {words.short_moment(meeting.closed_at)}"
    else:
        state = f"Open, {words.count(undecided, 'child', 'children')} without a decision"
    return {
        "url": reverse("meetings:meeting", args=[meeting.pk]),
        "day": words.long_date(meeting.held_on),
        "chair": meeting.chaired_by.full_name,
        "children": words.count(meeting.children, "child", "children"),
        "state": state,
    }


def _facts(meeting: AbuseMeeting, children: int, undecided: int) -> list[dict[str, str]]:
    rows = [
        ("Chaired by", meeting.chaired_by.full_name),
        ("Opened", f"{words.long_moment(meeting.opened_at)} by {meeting.opened_by}"),
        ("Children", f"{words.count(children, 'child', 'children')} on the list, {_left(undecided)}"),
    ]
    if meeting.closed_at:
        rows.append(("Closed", f"{words.long_moment(meeting.closed_at)} by {meeting.closed_by}"))
    return [{"key": key, "value": value} for key, value in rows]


def _left(undecided: int) -> str:
    return f"{undecided} without a decision" if undecided else "none without a decision"


def _attendance(meeting: AbuseMeeting) -> list[dict[str, Any]]:
    known = {row.kind: row for row in attended(meeting)}
    return [_agency(name, known.get(kind)) for kind, name in rules.AGENCIES.items()]


def _agency(name: str, row: Present | None) -> dict[str, Any]:
    if row is None:
        return {"key": name, "value": "Not recorded yet", "missing": True}
    return {"key": name, "value": row.who if row.attended else f"Did not come: {row.absent_because}"}


def _child(row: MeetingItem, meeting: AbuseMeeting, now: datetime) -> dict[str, Any]:
    head = child_of(row, now)
    said: Sequence[tuple[str, str]] = []
    if row.decision:
        said = [
            ("What it is like for the child", row.child_focus),
            ("Decision", MeetingDecision(row.decision).label),
            ("Why", row.reason),
            ("Action", f"{row.action}\n{row.action_owner}" if row.action else ""),
            ("Written by", f"{row.by}, {words.short_moment(row.at)}" if row.at else ""),
        ]
    return {
        **head,
        "is_decided": bool(row.decision),
        "rows": [{"key": key, "value": value} for key, value in said if value],
        "decide_url": reverse("meetings:decide", args=[meeting.pk, row.pk]),
        **_way_on(row),
    }


def _way_on(row: MeetingItem) -> dict[str, str]:
    page = _ON.get(MeetingDecision(row.decision)) if row.decision else None
    if page is None:
        return {"on_url": "", "on_words": ""}
    return {"on_url": reverse(page[0], args=[row.child.contact.reference]), "on_words": page[1]}
