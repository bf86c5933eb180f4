"""Accepting a child, sending it back, offering it to another team. The first offer is made at sign-off: routing.py."""

from datetime import datetime

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from mash_portal.accounts.models import Agency, User
from mash_portal.accounts.roles import Role
from referrals import access, clockwork, gate, notices, routing
from referrals.models import Contact, Handover
from referrals.models.rota import on_duty
from referrals.refusals import NotYours, Objection, Refused
from referrals.rules import permissions
from referrals.vocabulary import Clock, Verb

from . import teams


@transaction.atomic
def accept(reference: str, number: int, *, by: User) -> Handover:
    """A team's own worker takes the child."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.ACCEPT)
    handover = _open(contact, number, by)
    if not teams.is_of(by, handover):
        raise Refused("Write down who accepted, and when.")
    return _accepted(contact, handover, words=f"{by.full_name} took them", at=now, by=by, now=now)


@transaction.atomic
def record_acceptance(reference: str, number: int, *, who: str, at: datetime, by: User) -> Handover:
    """The hub writes down who took the child for a team that has nobody in the portal, or as its allocated worker."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.ACCEPT)
    handover = _open(contact, number, by)
    if not who.strip():
        raise Refused(Objection("who", "Write who accepted, with their job and team."))
    if at > now:
        raise Refused(Objection("on", "They accepted now or earlier: the time cannot be in the future."))
    if at < handover.offered_at.replace(second=0, microsecond=0):
        raise Refused(Objection("on", "They cannot have accepted before the child was handed over."))
    handover.accepted_for = who.strip()
    return _accepted(contact, handover, words=f"{handover.accepted_for} took them", at=at, by=by, now=now)


@transaction.atomic
def decline(reference: str, number: int, *, reason: str, by: User) -> Handover:
    """Sent back with the reason: holder and duty manager are told, and from now on the hub owes the child a place."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.DECLINE)
    handover = _open(contact, number, by)
    if not reason.strip():
        raise Refused(Objection("reason", "Say why you cannot take this child: the hub acts on it."))
    said = reason.strip()
    gate.move(contact, Verb.DECLINE, by=by, now=now, reason=f"{_what(handover)}: {said}", details=_details(handover))
    handover.declined_at, handover.declined_by, handover.declined_because = now, by, said
    handover.save(update_fields=["declined_at", "declined_by", "declined_because"])
    clockwork.close(contact, met=(Clock.HANDOVER,), now=now, about=handover.about)
    # nobody has the child now: the hub owes it a place, in the same time
    clockwork.start_about(contact, Clock.HANDOVER, handover.about, now=now)
    told = _who_decides(contact, by, now)
    notices.queue("handover_sent_back", contact.reference, told, occasion=handover.about, now=now)
    return handover


@transaction.atomic
def offer(reference: str, number: int, *, team: Agency, note: str, by: User) -> Handover:
    """The hub offers a child to a team, or to another one: the first offer ends, and the new team's clock starts."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.HAND_OVER)
    handover = _found(contact, number)
    if handover.accepted_at is not None or handover.ended_at is not None:
        raise Refused(_already(handover))
    if not team.is_active:
        raise Refused(Objection("team", f"{team.name} is not an active team: choose another."))
    if handover.is_waiting and handover.team_id == team.pk:
        raise Refused(Objection("team", f"{team.name} has this child on offer already."))
    said = f"{handover.child.name}, {handover.as_outcome.label}: offered to {team.name}"
    note = note.strip()
    gate.move(
        contact, Verb.HAND_OVER, by=by, now=now, reason=f"{said}. {note}".strip(), details=_details(handover, team)
    )
    routing.end(contact, [handover], now=now)
    wanted = routing.Offer(handover.child_id, handover.as_outcome, team, note)
    return routing.offer(contact, handover.decision, [wanted], by=by, now=now)[0]


def _accepted(contact: Contact, handover: Handover, *, words: str, at: datetime, by: User, now: datetime) -> Handover:
    reason = f"{_what(handover)}: {words}"
    gate.move(contact, Verb.ACCEPT, by=by, now=now, reason=reason, details=_details(handover))
    handover.accepted_at, handover.accepted_by = at, by
    handover.save(update_fields=["accepted_at", "accepted_by", "accepted_for"])
    clockwork.close(contact, met=(Clock.HANDOVER,), now=at, about=handover.about)
    return handover


def _open(contact: Contact, number: int, by: User) -> Handover:
    """A hand-over that waits for an answer which this person may give."""
    handover = _found(contact, number)
    if by.as_role in permissions.EARLY_HELP and not teams.is_of(by, handover):
        raise NotYours(f"This child was handed over to {handover.team or 'nobody yet'}, not to your team.")
    if not handover.is_waiting:
        raise Refused(_already(handover))
    if by.as_role not in permissions.EARLY_HELP and teams.answers_itself(handover):
        raise Refused(f"{handover.team} answers this in the portal. Ring them, or offer the child to another team.")
    return handover


def _found(contact: Contact, number: int) -> Handover:
    found = contact.handovers.select_related("team", "child", "decision", "accepted_by", "declined_by")
    handover = found.filter(pk=number).first()
    if handover is None:
        raise Http404
    return handover


def _already(handover: Handover) -> str:
    if handover.accepted_at is not None:
        return f"{handover.accepted_for or handover.accepted_by} has accepted this child already."
    if handover.ended_at is not None:
        return "This child is no longer on offer: it was offered elsewhere, or the decision was changed."
    return f"{handover.declined_by} has sent this child back already."


def _who_decides(contact: Contact, by: User, now: datetime) -> list[User]:
    """Who holds the contact and the team manager on duty, but for the person who did it."""
    people = {person.pk: person for person in (contact.owner, on_duty(Role.TEAM_MANAGER, now)) if person}
    people.pop(by.pk, None)
    return [person for person in people.values() if access.visible_to(person).filter(pk=contact.pk).exists()]


def _what(handover: Handover) -> str:
    team = f" to {handover.team}" if handover.team else ""
    return f"{handover.child.name}, {handover.as_outcome.label}{team}"


def _details(handover: Handover, team: Agency | None = None) -> dict[str, object]:
    details: dict[str, object] = {"handover": handover.pk, "outcome": handover.outcome, "team": handover.team_id}
    return {**details, "to": team.pk} if team else details
