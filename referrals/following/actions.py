"""What happens to a referral after it is sent, by its agency and by the hub. Nothing that was sent ever changes."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals import access, clockwork, gate, since
from referrals.models import Addition, Contact, Question, Withdrawal
from referrals.refusals import Objection, Refused
from referrals.vocabulary import Verb

#: The same words by the same person within this time are a double click or a retry, and are kept once.
SAME_WORDS = timedelta(minutes=10)


@transaction.atomic
def add(reference: str, *, text: str, by: User) -> Addition:
    """Append what the agency has learned since; a recommendation that has not seen it can no longer be signed off."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.ADD)
    text = _given(text, "text", "Write what you want to add.")
    if same := contact.additions.filter(by=by, text=text, at__gte=now - SAME_WORDS).first():
        return same
    gate.move(contact, Verb.ADD, by=by, now=now)
    return Addition.objects.create(contact=contact, text=text, by=by, at=now)


@transaction.atomic
def withdraw(reference: str, *, reason: str, by: User) -> Withdrawal:
    """The agency wishes that it had not referred. Nothing stops by itself: the hub decides, because of the child."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.WITHDRAW)
    reason = _given(reason, "reason", "Write why you want to withdraw the referral.")
    earlier = Withdrawal.objects.filter(contact=contact).select_related("by").first()
    if earlier is not None and (earlier.by_id, earlier.reason) == (by.pk, reason):
        return earlier
    if earlier is not None:
        raise Refused(f"{earlier.by} has already asked to withdraw this referral. It can be asked once.")
    gate.move(contact, Verb.WITHDRAW, by=by, now=now, reason=reason)
    return Withdrawal.objects.create(contact=contact, reason=reason, by=by, at=now)


@transaction.atomic
def carry_on(reference: str, *, because: str, by: User) -> Withdrawal:
    """The hub goes on in spite of a wish to withdraw, and says why. To stop is a decision like any other."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.CARRY_ON)
    withdrawal = Withdrawal.objects.filter(contact=contact).select_related("answered_by").first()
    if withdrawal is None:
        raise Refused("Nobody has asked to withdraw this referral.")
    because = _given(because, "because", "Write why the MASH carries on: the referrer reads it.")
    if withdrawal.answered_by == by and withdrawal.carry_on_because == because:
        return withdrawal
    if withdrawal.answered_by is not None:
        raise Refused(f"{withdrawal.answered_by} has already decided to carry on.")
    gate.move(contact, Verb.CARRY_ON, by=by, now=now, reason=because)
    withdrawal.carry_on_because, withdrawal.answered_by, withdrawal.answered_at = because, by, now
    withdrawal.save(update_fields=["carry_on_because", "answered_by", "answered_at"])
    return withdrawal


@transaction.atomic
def ask(reference: str, *, text: str, by: User) -> Question:
    """Ask the referrer for what is missing, on a clock of its own. No decision waits for the answer."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.ASK)
    text = _given(text, "text", "Write what you need to know.")
    waiting = contact.questions.waiting().first()
    if waiting is not None and (waiting.asked_by_id, waiting.text) == (by.pk, text):
        return waiting
    if waiting is not None:
        raise Refused("A question is already waiting for its answer. Another can be asked when it has come.")
    clock = since.clock_of_a_question(contact)
    gate.move(contact, Verb.ASK, by=by, now=now)
    clockwork.start(contact, (clock,), now=now)
    due = contact.deadlines.live().get(clock=clock).due_at
    return Question.objects.create(contact=contact, text=text, asked_by=by, asked_at=now, due_at=due)


@transaction.atomic
def answer(reference: str, *, question: int, text: str, by: User) -> Question:
    """Answer the question that the page showed; its clock is met, and whoever asked is told."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.ANSWER)
    text = _given(text, "text", "Write your answer.")
    asked = _asked(contact, question)
    if asked.answered_by == by and asked.answer == text:
        return asked
    _still_waits(asked)
    gate.move(contact, Verb.ANSWER, by=by, now=now)
    asked.answer, asked.answered_by, asked.answered_at = text, by, now
    asked.save(update_fields=["answer", "answered_by", "answered_at"])
    return asked


def _asked(contact: Contact, question: int) -> Question:
    found = contact.questions.select_related("answered_by").filter(pk=question).first()
    if found is None:
        raise Refused("There is no such question about this referral. Open the page again.")
    return found


def _still_waits(question: Question) -> None:
    if question.answered_by is not None:
        raise Refused(
            f"{question.answered_by} has answered this question already. If you know more, add it as information."
        )
    if question.dropped_at is not None:
        raise Refused("The referral was decided without this answer. If it matters, add it as information.")


def _given(text: str, field: str, sentence: str) -> str:
    if not text.strip():
        raise Refused(Objection(field, sentence))
    return text.strip()
