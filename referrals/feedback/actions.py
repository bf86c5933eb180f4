"""Telling the referrer, and knowing that they have read it."""

from django.db import transaction
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit import trail
from referrals import access, gate
from referrals.models import Decision, Feedback
from referrals.refusals import Objection, Refused
from referrals.vocabulary import Verb

#: What every piece of feedback must say, by the name of its field.
WANTED = {
    "reason": "Write the reason for the decision in a paragraph.",
    "next_steps": "Write what the referrer should do next.",
    "who_to_call": "Write whom the referrer can call.",
}


@transaction.atomic
def give_feedback(
    reference: str, *, reason: str, next_steps: str, who_to_call: str, by: User, version: int
) -> Feedback:
    """Send the outcome of the decision to the referrer; the contact closes and its feedback clock is met."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.GIVE_FEEDBACK)
    gate.check_version(contact, version)
    said = {"reason": reason, "next_steps": next_steps, "who_to_call": who_to_call}
    if missing := [Objection(name, sentence) for name, sentence in WANTED.items() if not said[name].strip()]:
        raise Refused(*missing)
    gate.move(contact, Verb.GIVE_FEEDBACK, by=by, now=now)
    return Feedback.objects.create(
        contact=contact,
        decision=Decision.objects.signed_off(contact),
        reason=reason.strip(),
        next_steps=next_steps.strip(),
        who_to_call=who_to_call.strip(),
        sent_by=by,
        sent_at=now,
    )


@transaction.atomic
def open_feedback(reference: str, *, by: User) -> Feedback | None:
    """The newest feedback, for its reader; None before there is any. The first opening is recorded."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.READ_FEEDBACK)
    feedback = (
        contact.feedback.select_related("decision", "sent_by").prefetch_related("decision__outcomes__child").first()
    )
    trail.record("viewed:feedback", by=by, reference=contact.reference)
    if feedback is not None and feedback.opened_at is None and contact.is_closed:
        gate.move(contact, Verb.READ_FEEDBACK, by=by, now=now)
        feedback.opened_at, feedback.opened_by = now, by
        feedback.save(update_fields=["opened_at", "opened_by"])
    return feedback
