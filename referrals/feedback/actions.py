"""Telling the referrer, and knowing that they have read it; or that somebody told them by telephone."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit import trail
from referrals import access, clockwork, gate, notices
from referrals.models import Contact, Decision, Feedback, QualityMark, Service
from referrals.refusals import Objection, Refused
from referrals.vocabulary import Channel, Clock, Grade, Verb

#: What every piece of feedback must say, by the name of its field.
WANTED = {
    "reason": "Write the reason for the decision in a paragraph.",
    "next_steps": "Write what the referrer should do next.",
    "who_to_call": "Write whom the referrer can call.",
}
#: A form came this way, so its quality can be marked; nobody marks what somebody said on the telephone.
MARKED = frozenset({Channel.MARF, Channel.API})
#: What is marked, by the field of the record.
QUALITIES = {
    "evidence": "Evidence",
    "consent": "Agreement of the family",
    "threshold": "Threshold",
    "childs_voice": "The child’s voice",
}


@transaction.atomic
def give_feedback(
    reference: str,
    *,
    reason: str,
    next_steps: str,
    who_to_call: str,
    by: User,
    version: int,
    services: Collection[int] = (),
    mark: Mapping[str, str] | None = None,
    warned_of: int = 0,
) -> Feedback:
    """Send the outcome of the decision to the referrer; the contact closes and its feedback clock is met.

    From then on a clock runs until somebody of the agency has opened it, where there is anybody who could.
    `warned_of`: how many warnings about its words the writer has looked at and sent all the same.
    """
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.GIVE_FEEDBACK)
    gate.check_version(contact, version)
    said = {"reason": reason, "next_steps": next_steps, "who_to_call": who_to_call}
    if missing := [Objection(name, sentence) for name, sentence in WANTED.items() if not said[name].strip()]:
        raise Refused(*missing)
    _mark(contact, mark, by=by, now=now)
    gate.move(contact, Verb.GIVE_FEEDBACK, by=by, now=now, details={"warned_of": warned_of} if warned_of else None)
    if notices.referrers_of(contact):
        clockwork.start(contact, (Clock.FEEDBACK_READ,), now=now)
    feedback = Feedback.objects.create(
        contact=contact,
        decision=Decision.objects.signed_off(contact),
        **{name: text.strip() for name, text in said.items()},
        sent_by=by,
        sent_at=now,
    )
    feedback.services.set(Service.objects.filter(pk__in=services, is_active=True))
    return feedback


@transaction.atomic
def open_feedback(reference: str, *, by: User) -> Feedback | None:
    """The newest feedback, for its reader; None before there is any. The first opening is recorded."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.READ_FEEDBACK)
    feedback = (
        contact.feedback.select_related("decision", "sent_by", "understood_by")
        .prefetch_related("decision__outcomes__child", "services", "questions__asked_by", "questions__answered_by")
        .first()
    )
    trail.record("viewed:feedback", by=by, reference=contact.reference)
    if feedback is not None and feedback.opened_at is None and contact.is_closed:
        gate.move(contact, Verb.READ_FEEDBACK, by=by, now=now)
        feedback.opened_at, feedback.opened_by = now, by
        feedback.save(update_fields=["opened_at", "opened_by"])
    return feedback


@transaction.atomic
def phone(reference: str, *, words: str, by: User) -> Feedback:
    """Nobody has opened it: somebody rang and told the referrer. Whom they spoke to and what was said is kept."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.PHONE)
    feedback = latest_of(contact)
    if not words.strip():
        raise Refused(Objection("words", "Write whom you spoke to, and what they said."))
    if feedback.phoned_by == by and feedback.phoned_words == words.strip():
        return feedback
    if feedback.phoned_at is not None:
        raise Refused(f"{feedback.phoned_by} has already told the referrer by telephone.")
    if feedback.opened_at is not None:
        raise Refused(f"{feedback.opened_by} has opened the feedback: nobody has to be rung.")
    gate.move(contact, Verb.PHONE, by=by, now=now, reason=words.strip())
    feedback.phoned_at, feedback.phoned_by, feedback.phoned_words = now, by, words.strip()
    feedback.save(update_fields=["phoned_at", "phoned_by", "phoned_words"])
    return feedback


def latest_of(contact: Contact) -> Feedback:
    found = contact.feedback.select_related("phoned_by", "opened_by", "sent_by", "understood_by").first()
    if found is None:
        raise Refused("No feedback has been sent about this contact yet.")
    return found


def _mark(contact: Contact, mark: Mapping[str, str] | None, *, by: User, now: datetime) -> None:
    """All four qualities or none: a mark with a hole in it cannot be counted."""
    given = {name: (mark or {}).get(name, "") for name in QUALITIES}
    if not any(given.values()):
        return
    if contact.channel not in MARKED:
        raise Refused("Only a referral that came on a form has a quality to mark.")
    if missing := [name for name, grade in given.items() if grade not in set(Grade)]:
        raise Refused(*(Objection(name, f"Mark “{QUALITIES[name]}”, or none of the four.") for name in missing))
    facts = {**given, "advice": (mark or {}).get("advice", "").strip(), "by": by, "at": now}
    QualityMark.objects.update_or_create(contact=contact, defaults=facts)
