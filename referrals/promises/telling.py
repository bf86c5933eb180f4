"""Who is told that something is due earlier than they were told before. A reference and a link, nothing more."""

from datetime import datetime

from mash_portal.accounts.models import User
from referrals import notices
from referrals.models import Contact, Deadline
from referrals.rules import permissions
from referrals.rules.checks import CHECK_CLOCKS
from referrals.rules.clocks import RAG_CLOCKS
from referrals.vocabulary import Clock

#: What the queue shows, where one look tells of all of them.
IN_THE_QUEUE = frozenset({Clock.DECISION, Clock.STATUTORY, *RAG_CLOCKS.values()})
#: What the referrer's side owes.
THEIRS = frozenset({Clock.WRITTEN_CONFIRMATION, Clock.QUESTION, Clock.QUESTION_RED})
HUB, HUB_MANY, CHECK, ANSWER = "clock_earlier", "clocks_earlier", "check_earlier", "answer_earlier"


def of_one(contact: Contact, deadline: Deadline, *, by: User, now: datetime) -> None:
    occasion = f"clock:{deadline.pk}"
    notices.queue(HUB, contact.reference, _hub(contact, deadline, by, now), occasion=occasion, now=now)
    _tell_who_owes_it(contact, deadline, occasion, now)


def of_many(contact: Contact, deadline: Deadline, *, by: User, now: datetime) -> None:
    """One message to a person of the hub, of however many contacts: the key is the same for all of one occasion.

    That leads to the queue. Of what the queue does not show, people are told contact by contact.
    """
    occasion = f"{deadline.clock}:{now:%Y%m%d%H%M%S}"
    template, reference = (HUB_MANY, "") if deadline.clock in IN_THE_QUEUE else (HUB, contact.reference)
    notices.queue(template, reference, _hub(contact, deadline, by, now), occasion=occasion, now=now)
    _tell_who_owes_it(contact, deadline, occasion, now)


def _tell_who_owes_it(contact: Contact, deadline: Deadline, occasion: str, now: datetime) -> None:
    """The other agency: where its answer is on its own page, and where its referral is."""
    clock = Clock(deadline.clock)
    if clock in CHECK_CLOCKS and deadline.agency is not None:
        people = notices.answerers_of(deadline.agency)
        notices.queue(CHECK, contact.reference, people, occasion=occasion, now=now)
    elif clock in THEIRS:
        notices.queue(ANSWER, contact.reference, notices.referrers_of(contact), occasion=occasion, now=now)


def _hub(contact: Contact, deadline: Deadline, by: User, now: datetime) -> list[User]:
    """Whoever works towards it: the team it was offered to, else whoever answers for the contact."""
    if deadline.clock == Clock.HANDOVER and deadline.agency_id is not None:
        people = User.objects.filter(agency=deadline.agency_id, role__in=permissions.EARLY_HELP, is_active=True)
        found = list(people.order_by("id"))
    else:
        found = notices.holder_of(contact, now)
    return [person for person in found if person != by]
