"""Who is told what: a verb → a template and a person. Rows only, in the transaction of what they tell of.

relay.py sends them afterwards. A notice is a template's name, a reference and a person, never a child's data.
"""

from collections.abc import Iterable
from datetime import datetime

from mash_portal.accounts.models import Agency, User
from mash_portal.accounts.roles import Role
from referrals.models import Contact, Notice
from referrals.models.partnership import on_duty
from referrals.rules import permissions
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
    Verb.ADD: "added",
    Verb.ASK: "question",
    Verb.ANSWER: "answered",
    Verb.WITHDRAW: "withdrawal",
    Verb.CARRY_ON: "carrying_on",
    Verb.JOIN: "form_came",
}


def tell(verb: Verb, contact: Contact, *, by: User, now: datetime) -> None:
    """Queue the notices that follow from a step. Nobody is told of what they did themselves, but for a receipt."""
    template = TEMPLATES.get(verb)
    if template is None:
        return
    people = [person for person in _whom(verb, contact) if (person == by) is (verb is Verb.RECEIVE)]
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
    if verb in (Verb.RECEIVE, Verb.GIVE_FEEDBACK, Verb.ASK, Verb.CARRY_ON):
        return referrers_of(contact)
    if verb is Verb.RECOMMEND:
        return _manager()
    if verb in (Verb.ADD, Verb.WITHDRAW):
        return _holder(contact)
    if verb is Verb.ANSWER:
        return _asker(contact)
    return [contact.owner] if contact.owner else []


def referrers_of(contact: Contact) -> list[User]:
    """Who sent it; where they have left, or rang and have no account, whoever answers for their agency."""
    person = contact.referrer
    if person.is_active and person.as_role in permissions.DRAFTING:
        return [person]
    return leads_of(contact.agency)


def leads_of(agency: Agency) -> list[User]:
    """An agency's safeguarding leads; everybody who refers for it where it has none. The hub is nobody's referrer."""
    if agency.is_hub:
        return []
    people = User.objects.filter(agency=agency, role__in=permissions.DRAFTING, is_active=True)
    return list(people.filter(role=Role.SAFEGUARDING_LEAD)) or list(people)


def _holder(contact: Contact) -> list[User]:
    """Who holds it; the team manager on duty where nobody does, or where they have left."""
    return [contact.owner] if contact.owner and contact.owner.is_active else _manager()


def _asker(contact: Contact) -> list[User]:
    """Who asked the last question, and whoever holds the contact now, if that is somebody else."""
    question = contact.questions.select_related("asked_by").first()
    people = {person.pk: person for person in _holder(contact)}
    if question is not None and question.asked_by.is_active:
        asker = question.asked_by
        people = {asker.pk: asker} | (people if contact.owner else {})
    return list(people.values())


def _manager() -> list[User]:
    manager = on_duty(Role.TEAM_MANAGER)
    return [manager] if manager else []
