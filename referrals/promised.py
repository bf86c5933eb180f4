"""The clocks of a contact in a few lines, for the page that has everything about it. Any phase may use it."""

from datetime import datetime

from mash_portal.govuk import words
from referrals.models import Contact
from referrals.rules import permissions
from referrals.vocabulary import Clock

#: At the head of every page of the case, so that they are not said a second time.
AT_THE_HEAD = (Clock.DECISION, Clock.STATUTORY)


def briefly(contact: Contact, now: datetime) -> list[words.ClockWords]:
    """Every other clock that runs, the soonest first. One query."""
    running = contact.deadlines.live().exclude(clock__in={*AT_THE_HEAD, *permissions.ONLY_FOR})
    return [
        words.clock_words(
            f"{Clock(one.clock).label}: {one.agency}" if one.agency else Clock(one.clock).label, one.due_at, now
        )
        for one in running.select_related("agency")
    ]
