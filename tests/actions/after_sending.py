"""What people say to each other after a referral has been sent, and who has been told of it."""

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.following.actions import answer, ask
from referrals.models import Addition, Contact, Notice, Question, StageChange, Withdrawal


def told(template: str) -> list[User]:
    return [notice.to for notice in Notice.objects.filter(template=template).order_by("id")]


def rows() -> list[int]:
    return [model.objects.count() for model in (Addition, Question, Withdrawal, StageChange, Notice, Event)]


def asked(contact: Contact, by: User, text: str = "Who collects her from school?") -> Question:
    return ask(contact.reference, text=text, by=by)


def answered(question: Question, by: User, text: str = "Her aunt") -> Question:
    return answer(question.contact.reference, question=question.pk, text=text, by=by)
