"""What a system may know of its agency's referrals: where they stand, when an answer is due, the feedback."""

import re
from typing import Any

from django.http import Http404

from mash_portal.accounts.models import User
from mash_portal.converters import Reference
from referrals import access, since
from referrals.feedback import actions as feedback_actions
from referrals.feedback import pages as feedback_pages
from referrals.intake.states import state_of
from referrals.models import Contact
from referrals.vocabulary import Verb

_REFERENCE = re.compile(Reference.regex)


def known(user: User, reference: str) -> None:
    """404 for what is no reference at all, before anybody looks."""
    if not _REFERENCE.fullmatch(reference):
        raise Http404


def receipt(contact: Contact) -> dict[str, Any]:
    return {
        "reference": contact.reference,
        "received_at": contact.received_at.isoformat(),
        "decision_due_at": contact.due_at.isoformat(),
        "one_working_day_due_at": contact.statutory_due_at.isoformat(),
    }


def state(user: User, reference: str) -> dict[str, Any]:
    """The state in the words that the agency's people read, with both due times."""
    known(user, reference)
    contact = access.read(user, reference, Verb.FOLLOW)
    has_question = since.has_question_waiting(contact)
    found = state_of(contact.as_stage, has_feedback=contact.feedback.exists(), has_question=has_question)
    return {
        **receipt(contact),
        "state": found.value,
        "state_in_words": found.label,
        "decided_at": contact.decided_at.isoformat() if contact.decided_at else None,
        "question_waiting": has_question,
    }


def feedback(user: User, reference: str) -> dict[str, Any]:
    """The feedback; opening it is recorded, so that the hub knows that the agency knows."""
    known(user, reference)
    found = feedback_actions.open_feedback(reference, by=user)
    if found is None:
        return {"reference": reference, "ready": False, "feedback": None}
    shown = feedback_pages.for_the_referrer(found)
    return {
        "reference": reference,
        "ready": True,
        "feedback": {
            "sent_at": found.sent_at.isoformat(),
            "reason": shown["reason"],
            "next_steps": shown["next_steps"],
            "who_to_call": shown["who_to_call"],
            "advice_level": shown["advice_level"],
            "children": [
                {
                    "name": child["name"],
                    "level": child["level"],
                    "outcomes": [outcome["label"] for outcome in child["outcomes"]],
                }
                for child in shown["outcomes"]
            ],
        },
    }
