"""What has been said about a contact since it was sent, ready to print: for the hub, and for the agency that sent it.

The agency reads nobody's name in the hub and nothing of how the hub works: it hears from the MASH. Reads, never writes.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from mash_portal.govuk import words
from referrals.models import Addition, Contact, Decision, Question, Withdrawal
from referrals.models.partnership import clock_rules
from referrals.presence import Kind
from referrals.rules import clocks
from referrals.vocabulary import Clock, Rag, Stage

Said = dict[str, Any]


def for_the_hub(contact: Contact, now: datetime, there: Collection[Kind]) -> Said:
    """Additions, questions and a wish to withdraw, with who said each. A query for each kind there is; one at sign-off.

    `there`: from presence.kinds_about.
    """
    asked = _questions(contact) if Question in there else []
    questions = [_question(one, contact, now, in_the_hub=True) for one in asked]
    return {
        "withdrawal": _withdrawal(contact, in_the_hub=True) if Withdrawal in there else None,
        "questions": questions,
        "has_question": any(one["is_waiting"] for one in questions),
        "additions": _additions(contact) if Addition in there else [],
        "is_out_of_date": _is_out_of_date(contact),
    }


def for_the_agency(contact: Contact, now: datetime) -> Said:
    """The same without a name or a word from inside the hub. Three queries."""
    return {
        "withdrawal": _withdrawal(contact, in_the_hub=False),
        "questions": [_question(one, contact, now, in_the_hub=False) for one in _questions(contact)],
        "additions": _additions(contact),
    }


def question_to_answer(contact: Contact, shown: object = None) -> Question | None:
    """The question that a page has `shown`, by its number as it was posted; else the one that waits, if any does."""
    number = str(shown or "")
    if number.isascii() and number.isdigit() and len(number) < 19:
        return contact.questions.filter(pk=int(number)).first()
    return contact.questions.waiting().first() if contact.is_open else None


def clock_of_a_question(contact: Contact) -> Clock:
    """An urgent contact has an urgent question."""
    return Clock.QUESTION_RED if contact.rag == Rag.RED else Clock.QUESTION


def time_to_answer(contact: Contact) -> str:
    """ "24 hours from the question", as the partnership has set it. One query."""
    return clocks.in_words(clock_rules()[clock_of_a_question(contact)])


def has_question_waiting(contact: Contact) -> bool:
    return contact.is_open and contact.questions.waiting().exists()


def _questions(contact: Contact) -> list[Question]:
    return list(contact.questions.select_related("asked_by", "answered_by"))


def _additions(contact: Contact) -> list[Said]:
    return [_addition(one) for one in contact.additions.select_related("by")]


def _addition(addition: Addition) -> Said:
    return {"key": f"{addition.by}, {words.long_moment(addition.at)}", "value": addition.text}


def _question(question: Question, contact: Contact, now: datetime, *, in_the_hub: bool) -> Said:
    is_waiting = contact.is_open and question.answered_at is None and question.dropped_at is None
    by, due = f" by {question.asked_by}" if in_the_hub else "", words.long_moment(question.due_at)
    rows = [{"key": f"Asked{by}, {words.long_moment(question.asked_at)}", "value": question.text}]
    if question.answered_at:
        answered = f"Answered by {question.answered_by}, {words.long_moment(question.answered_at)}"
        rows.append({"key": answered, "value": question.answer})
    elif is_waiting and in_the_hub:
        rows.append({"key": "Answer due", "value": f"{due}\n{words.time_left(question.due_at, now)}"})
    elif not is_waiting:
        rows.append({"key": "Answer", "value": "None came before the decision was made."})
    return {
        "rows": rows,
        "text": question.text,
        "is_waiting": is_waiting,
        "due": due,
    }


def _withdrawal(contact: Contact, *, in_the_hub: bool) -> Said | None:
    found = Withdrawal.objects.filter(contact=contact).select_related("by", "answered_by").first()
    if found is None:
        return None
    rows = [{"key": f"{found.by}, {words.long_moment(found.at)}", "value": found.reason}]
    if found.answered_at:
        who = str(found.answered_by) if in_the_hub else "The MASH"
        said = f"{who} decided to carry on, {words.long_moment(found.answered_at)}"
        rows.append({"key": said, "value": found.carry_on_because})
    return {"by": found.by, "rows": rows, "is_waiting": contact.is_open and found.answered_at is None}


def _is_out_of_date(contact: Contact) -> bool:
    """A recommendation waits that was made before the last thing that happened: it cannot be signed off as it is."""
    if contact.as_stage is not Stage.SIGN_OFF:
        return False
    decision = Decision.objects.latest_of(contact)
    return decision is not None and decision.on_version != contact.version
