"""Reading what a sweep has done: steps, who was told, what is in the outbox."""

from datetime import timedelta

from referrals.models import Contact, Escalation, Notice
from referrals.vocabulary import Clock

MINUTE = timedelta(minutes=1)


def step(contact: Contact, key: str, clock: Clock = Clock.DECISION) -> Escalation:
    return contact.escalations.get(deadline__clock=clock, step=key, deadline__cancelled_at=None)


def decision_only(contact: Contact) -> Contact:
    """Without the statutory clock, whose ladder other tests are about."""
    contact.escalations.filter(deadline__clock=Clock.STATUTORY).delete()
    return contact


def names(escalation: Escalation) -> set[str]:
    return {person.full_name for person in escalation.told.all()}


def notices() -> list[tuple[str, str, str]]:
    return sorted((one.template, one.reference, one.to.full_name) for one in Notice.objects.exclude(template="receipt"))
