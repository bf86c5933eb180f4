"""The referrer says that they understand, or asks; the hub answers, on a clock. Both sides see it all."""

from django.db import transaction
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals import access, clockwork, gate, notices
from referrals.models import Feedback, FeedbackQuestion
from referrals.models.partnership import clock_rules, working_week
from referrals.refusals import Objection, Refused
from referrals.rules import clocks
from referrals.vocabulary import Clock, Verb

from .actions import latest_of


@transaction.atomic
def understand(reference: str, *, by: User) -> Feedback:
    """The referrer has read it and knows what to do. Once."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.UNDERSTAND)
    feedback = latest_of(contact)
    if feedback.understood_at is not None:
        return feedback
    if feedback.opened_at is None:
        raise Refused("Read the feedback first.")
    gate.move(contact, Verb.UNDERSTAND, by=by, now=now)
    feedback.understood_at, feedback.understood_by = now, by
    feedback.save(update_fields=["understood_at", "understood_by"])
    return feedback


@transaction.atomic
def ask(reference: str, *, text: str, by: User) -> FeedbackQuestion:
    """One question at a time about the latest feedback; whoever sent it and whoever holds the contact are told."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.ASK_BACK)
    feedback = latest_of(contact)
    if not text.strip():
        raise Refused(Objection("text", "Write what you want to know."))
    waiting = feedback.questions.filter(answered_at=None).select_related("asked_by").first()
    if waiting is not None and (waiting.asked_by_id, waiting.text) == (by.pk, text.strip()):
        return waiting
    if waiting is not None:
        raise Refused(f"A question by {waiting.asked_by} waits for its answer. Ask again when it has come.")
    gate.move(contact, Verb.ASK_BACK, by=by, now=now, reason=text.strip())
    due = clocks.due_at(clock_rules()[Clock.QUESTION_BACK], now, working_week())
    question = feedback.questions.create(text=text.strip(), asked_by=by, asked_at=now, due_at=due)
    clockwork.start_about(contact, Clock.QUESTION_BACK, question.about, now=now)
    people = {one.pk: one for one in (contact.owner, feedback.sent_by) if one is not None and one.is_active}
    told = list(people.values()) or notices.manager_on_duty(now)
    notices.queue("feedback_question", contact.reference, told, occasion=question.about, now=now)
    return question


@transaction.atomic
def answer(reference: str, *, question: int, text: str, by: User) -> FeedbackQuestion:
    """The answer stands under the feedback; whoever asked is told, and the leads of their agency."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.ANSWER_BACK)
    asked = FeedbackQuestion.objects.select_related("asked_by", "answered_by").filter(
        feedback__contact=contact, pk=question
    )
    found = asked.first()
    if found is None:
        raise Refused("There is no such question about this feedback. Open the page again.")
    if not text.strip():
        raise Refused(Objection("text", "Write the answer: the referrer reads it."))
    if found.answered_by == by and found.answer == text.strip():
        return found
    if found.answered_by is not None:
        raise Refused(f"{found.answered_by} has already answered this question.")
    gate.move(contact, Verb.ANSWER_BACK, by=by, now=now)
    clockwork.close(contact, met=(Clock.QUESTION_BACK,), now=now, about=found.about)
    found.answer, found.answered_by, found.answered_at = text.strip(), by, now
    found.save(update_fields=["answer", "answered_by", "answered_at"])
    people = {one.pk: one for one in (found.asked_by, *notices.leads_of(contact.agency))}
    notices.queue("feedback_answer", contact.reference, people.values(), occasion=found.about, now=now)
    return found
