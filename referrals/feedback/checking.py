"""Feedback as it is about to be sent, held against the record: who is on it, and what agencies told in confidence."""

import hashlib
from collections.abc import Mapping, Sequence

from django.conf import settings

from referrals import checked
from referrals.models import Contact
from referrals.rules import feedback as rules

#: The boxes that are looked at. Whom to call is meant to hold a name and a number.
BOXES = ("reason", "next_steps", "mark_advice")


def warnings(contact: Contact, said: Mapping[str, object]) -> list[str]:
    """What should be looked at before it is sent. Four queries."""
    known = _known(contact)
    found = [one for box in BOXES for one in rules.warnings(str(said.get(box) or ""), known)]
    return list(dict.fromkeys(found))


def seal(found: Sequence[str]) -> str:
    """What the page was warned of: a second sending confirms these warnings and no others."""
    return hashlib.sha256("\n".join(found).encode()).hexdigest()[:32] if found else ""


def _known(contact: Contact) -> rules.Known:
    children = list(contact.children.all())
    others = [child.name for child in children if not child.in_scope]
    return rules.Known(
        people=[*(adult.name for adult in contact.adults.all()), *others],
        children=[child.name for child in children if child.in_scope],
        answers=checked.answers_of_others(contact),
        our_phones=(settings.MASH_PHONE, settings.EDT_PHONE),
    )
