"""Who is told what: a verb → a template and a person. Rows only, in the transaction of what they tell of.

relay.py sends them afterwards. A notice is a template's name, a reference and a person, never a child's data.
"""

from collections.abc import Iterable
from datetime import datetime

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import Role
from referrals.models import Contact, Notice
from referrals.models.partnership import on_duty
from referrals.vocabulary import Verb

#: verb → template in templates/notices/; the recipient is worked out by _whom.
TEMPLATES = {
    Verb.RECEIVE: "receipt",
    Verb.ASSIGN: "assigned",
    Verb.RECOMMEND: "sign_off_wanted",
    Verb.SEND_BACK: "sent_back",
    Verb.SIGN_OFF: "feedback_due",
    Verb.GIVE_FEEDBACK: "update",
    Verb.REOPEN: "reopened",
}


def tell(verb: Verb, contact: Contact, *, by: User, now: datetime) -> None:
    """Queue the notices that follow from a step. Nobody is told of what they did themselves, but for a receipt."""
    template = TEMPLATES.get(verb)
    if template is None:
        return
    people = [person for person in _whom(verb, contact) if person != by or verb is Verb.RECEIVE]
    queue(template, contact.reference, people, occasion=f"v{contact.version}", now=now)


def queue(template: str, reference: str, people: Iterable[User], *, occasion: str, now: datetime) -> None:
    """One row per person. The key makes the same news to the same person one notice, however often it is queued."""
    rows = [
        Notice(
            key=f"{template}:{reference}:{occasion}:{person.pk}",
            template=template,
            to=person,
            reference=reference,
            created_at=now,
            next_attempt_at=now,
        )
        for person in people
        if person.is_active
    ]
    if rows:
        Notice.objects.bulk_create(rows, ignore_conflicts=True)


def _whom(verb: Verb, contact: Contact) -> list[User]:
    if verb in (Verb.RECEIVE, Verb.GIVE_FEEDBACK):
        return [contact.referrer]
    if verb is Verb.RECOMMEND:
        manager = on_duty(Role.TEAM_MANAGER)
        return [manager] if manager else []
    return [contact.owner] if contact.owner else []
