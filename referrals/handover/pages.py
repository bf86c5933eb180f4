"""What the pages of hand-overs show, in words, so that their templates only print."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from mash_portal.accounts.models import User
from mash_portal.govuk import words
from mash_portal.govuk.words import ClockWords
from referrals import access, casefile
from referrals.models import Contact, Delivery, Handover
from referrals.rules import journey, permissions
from referrals.vocabulary import Verb

from . import teams
from .filters import ACCEPTED, LATE, SENT_BACK, WAITING, Filters

NO_TEAM = "No team chosen yet"


@dataclass(frozen=True)
class Row:
    """One hand-over as the list shows it. Without `url`, the contact is closed to this person."""

    pk: int
    reference: str
    url: str
    child: str
    outcome: str
    team: str
    has_team: bool
    agency: str
    clock: ClockWords | None
    state: str
    colour: str
    said: str
    may_accept: bool
    may_decline: bool
    may_offer: bool


def rows(found: Iterable[Handover], user: User, now: datetime, *, answering: Collection[int]) -> list[Row]:
    """`answering`: the teams that somebody can answer for in the portal. Asks the database nothing."""
    return [_row(one, user, now, answering) for one in found]


def _row(handover: Handover, user: User, now: datetime, answering: Collection[int]) -> Row:
    contact = handover.contact
    is_theirs = user.as_role in permissions.EARLY_HELP
    is_closed_to_them = is_theirs and (handover.declined_at is not None or handover.ended_at is not None)
    may = access.may(user, contact) & journey.possible(contact.as_stage)
    answers = handover.is_waiting and (is_theirs or handover.team_id not in answering)
    state, colour = _state(handover, now)
    return Row(
        pk=handover.pk,
        reference=contact.reference,
        url="" if is_closed_to_them else reverse("handover:contact", args=[contact.reference]),
        child="" if is_closed_to_them else casefile.child_words(handover.child, now),
        outcome=handover.as_outcome.label,
        team=handover.team.name if handover.team else NO_TEAM,
        has_team=handover.team_id is not None,
        agency=contact.agency.name,
        clock=words.clock_words("To be accepted", handover.due_at, now) if handover.is_waiting else None,
        state=state,
        colour=colour,
        said=said(handover),
        may_accept=answers and Verb.ACCEPT in may,
        may_decline=answers and Verb.DECLINE in may,
        may_offer=_may_offer(handover) and Verb.HAND_OVER in may,
    )


def _may_offer(handover: Handover) -> bool:
    return handover.accepted_at is None and handover.ended_at is None


def _state(handover: Handover, now: datetime) -> tuple[str, str]:
    if handover.accepted_at:
        return "Accepted", "green"
    if handover.declined_at:
        return "Sent back", "red"
    if handover.ended_at:
        return "No longer on offer", "grey"
    return ("Overdue", "red") if handover.due_at < now else ("Waiting", "yellow")


def said(handover: Handover) -> str:
    """Who answered what, and when; nothing while it waits."""
    if handover.accepted_at:
        when, writer = words.short_moment(handover.accepted_at), handover.accepted_by
        if handover.accepted_for:
            return f"{handover.accepted_for} accepted, {when}. Written down by {writer}."
        return f"{writer} accepted, {when}."
    if handover.declined_at and handover.declined_by:
        when, writer = words.short_moment(handover.declined_at), handover.declined_by
        own = writer.agency_id == handover.team_id
        who = f"{writer} sent it back, {when}" if own else f"Sent back, {when}, written down by {writer}"
        return f"{who}: {handover.declined_because}"
    return ""


def tiles(counts: dict[str, int], filters: Filters) -> list[dict[str, Any]]:
    late = counts[LATE]
    return [
        {"number": f"{counts[WAITING]:,}", "label": "waiting to be accepted", "url": filters.of_state(WAITING)},
        {"number": f"{late:,}", "label": "overdue", "url": filters.of_state(LATE), "state": "overdue" if late else ""},
        {"number": f"{counts[SENT_BACK]:,}", "label": "sent back", "url": filters.of_state(SENT_BACK)},
        {"number": f"{counts[ACCEPTED]:,}", "label": "accepted", "url": filters.of_state(ACCEPTED)},
    ]


def heading(user: User, shown: int, total: int) -> str:
    """ "3 children handed over to us", or "1 of 3 children …" where a filter hides some."""
    what = f"{words.count(total, 'child', 'children')} handed over"
    what = f"{what} to us" if user.as_role in permissions.EARLY_HELP else what
    return what if shown == total else f"{shown:,} of {what}"


def cards(found: Iterable[Handover], contact: Contact, user: User, now: datetime) -> list[dict[str, Any]]:
    """One card for each hand-over of a contact, with what this person may do with it. One query."""
    answering = teams.with_accounts()
    made = []
    for handover in found:
        handover.contact = contact
        row = _row(handover, user, now, answering)
        made.append({"row": row, "rows": _card_rows(handover, row), "title": f"{handover.child.name}: {row.outcome}"})
    return made


def _card_rows(handover: Handover, row: Row) -> list[dict[str, str]]:
    offered = f"{words.long_moment(handover.offered_at)}, by {handover.offered_by}"
    ended = words.long_moment(handover.ended_at) if handover.ended_at else ""
    known = [
        ("Team", row.team),
        ("Handed over", offered),
        ("To be accepted by", words.long_moment(handover.due_at)),
        ("What they should know", handover.note),
        ("Answer", row.said),
        ("Ended", f"Offered elsewhere or decided anew, {ended}" if ended else ""),
    ]
    return [{"key": key, "value": value} for key, value in known if value]


def deliveries(found: Iterable[Delivery], contact: Contact) -> list[str]:
    """What the case management system has been sent of this contact, in sentences; empty where there is none."""
    return [_delivery(one, contact) for one in found]


def _delivery(delivery: Delivery, contact: Contact) -> str:
    queued = f"Queued {words.short_moment(delivery.created_at)}"
    if delivery.sent_at:
        return f"{queued}, sent {words.short_moment(delivery.sent_at)}."
    if contact.is_restricted:
        return f"{queued}. It is not sent while the record is restricted."
    if delivery.failed_at:
        return f"{queued}. It could not be sent ({delivery.last_error}): an administrator can try again."
    if delivery.attempts:
        tried = words.count(delivery.attempts, "time")
        return f"{queued}, waiting to be sent. It was tried {tried}: {delivery.last_error}."
    return f"{queued}, waiting to be sent."
