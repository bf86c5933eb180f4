"""Asking agencies what they know, and answering for them, as the pages do."""

from collections.abc import Sequence
from typing import Any

from mash_portal.accounts.models import Agency, User
from mash_portal.audit.models import Event
from referrals.enquiries import actions
from referrals.enquiries.actions import Request
from referrals.models import Check, Contact, Deadline, Notice, StageChange, Synthesis
from referrals.rules.checks import Answer
from tests import build

PURPOSE = "Any incident at the address since the summer, and who lives there."
FACTS = "Two calls in September for shouting; no arrest."
BECAUSE = "The father must not be warned before the school has spoken to her."


def request(contact: Contact, *agencies: Agency | None, **said: Any) -> Request:
    """One purpose for these agencies, about every child of the contact."""
    facts = {
        "agencies": [agency for agency in agencies if agency],
        "children": [child.pk for child in contact.children.all()],
        "purpose": PURPOSE,
        "legal_basis": "agreement",
        **said,
    }
    return Request(**facts)


def asked(contact: Contact, *people: User, by: User, **said: Any) -> list[Check]:
    """The agencies of these people are asked; the checks in their order."""
    made = actions.ask(contact.reference, request(contact, *(one.agency for one in people), **said), by=by)
    order = [one.agency_id for one in people]
    return sorted(made, key=lambda check: order.index(check.agency_id))


def one_asked(by: User, of: User, *, worker: User, **facts: Any) -> Check:
    """A contact of `by` in the hands of `worker`, with agreement unless said, and a check with the agency of `of`."""
    [check] = asked(build.claimed(by, worker=worker, **facts), of, by=worker)
    return check


def answer_of(**said: Any) -> Answer:
    return Answer(**{"known": True, "facts": FACTS, "may_share": "yes", "share_with": "", **said})


def answered(check: Check, by: User, *, seen: int = 0, **said: Any) -> Check:
    return actions.answer(check.pk, answer_of(**said), seen=seen, by=by)


def closed(checks: Sequence[Check], by: User, because: str = "The decision cannot wait.") -> list[Check]:
    numbers = [check.pk for check in checks]
    return actions.close(checks[0].contact.reference, numbers, because=because, by=by)


def rows() -> list[int]:
    """How much there is of everything that an action about a check writes."""
    return [model.objects.count() for model in (Check, Deadline, StageChange, Synthesis, Notice, Event)]
