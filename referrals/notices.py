"""Who is told what: a verb → a template and a person. Rows only, in the transaction of what they tell of.

relay.py sends them afterwards. A notice is a template's name, a reference and a person, never a child's data.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from mash_portal.accounts.models import Agency, User
from mash_portal.accounts.roles import Role
from mash_portal.accounts.systems import NO_ADDRESS
from referrals.models import Child, Contact, MatchProposal, Notice, Restriction, circles, rota
from referrals.rules import permissions
from referrals.vocabulary import Verb

#: What is said in place of "the referrer has been told".
NOBODY = "Nobody has been sent a message: this contact has no referrer whom one would reach."
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
    Verb.CALL_STRATEGY: "strategy_called",
    Verb.ANSWER_CHECK: "check_answered",
}


#: To the managers named on a restricted record: nobody of the agency may be told; a child of it has come in again.
NOBODY_NAMED, HISTORY = "restricted_nobody", "restricted_history"


def tell(verb: Verb, contact: Contact, *, by: User, now: datetime) -> None:
    """Queue the notices that follow from a step. Nobody is told of what they did themselves, but for a receipt."""
    template = TEMPLATES.get(verb)
    if template is None:
        return
    people = [person for person in _whom(verb, contact, now) if (person == by) is (verb is Verb.RECEIVE)]
    is_open = not contact.is_restricted  # held by the step that is being told of: nobody restricts it meanwhile
    queue(template, contact.reference, people, occasion=f"v{contact.version}", now=now, is_for_them=is_open)


def queue(
    template: str,
    reference: str,
    people: Iterable[User],
    *,
    occasion: str,
    now: datetime,
    is_for_them: bool = False,
) -> None:
    """One row per person. The key makes the same news to the same person one notice, however often it is queued.

    News of a restricted record goes to nobody who may not see it, unless it `is_for_them` whoever they are.
    """
    people = [person for person in people if person.is_active]
    if people and reference and not is_for_them:
        template, people = _within(template, reference, people, now)
    if rows := made(template, reference, people, occasion=occasion, now=now):
        Notice.objects.bulk_create(rows, ignore_conflicts=True)


def made(template: str, reference: str, people: Iterable[User], *, occasion: str, now: datetime) -> list[Notice]:
    """The rows, for whoever writes many in one statement and has seen to it that these people may hear of it."""
    return [
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


def _within(template: str, reference: str, people: list[User], now: datetime) -> tuple[str, list[User]]:
    """Those who may hear of it. Where nobody is left, a manager who is named hears that there was nobody to tell."""
    [circle] = circles(Restriction.objects.filter(contact__reference=reference)).values() or [None]
    if circle is None:
        return template, people
    if inside := circle.keep(people):
        return template, inside
    is_for_an_agency = any(person.as_role in permissions.ANSWERS_FOR_AN_AGENCY for person in people)
    return NOBODY_NAMED if is_for_an_agency else template, list(circle.managers) or manager_on_duty(now)


def of_history(contact: Contact, *, now: datetime) -> None:
    """A child of this contact is, or may be, known from a restricted record: whoever manages that is told.

    Whoever works on this contact is not shown that record, so a child's safety must not rest on their knowing it.
    """
    mine = Child.objects.filter(contact=contact).exclude(person=None).values("person")
    maybe = MatchProposal.objects.filter(child__contact=contact).values("person")
    rows = Child.objects.filter(Q(person__in=mine) | Q(person__in=maybe)).exclude(contact=contact)
    found = circles(Restriction.objects.filter(contact__in=rows.values("contact")))
    people = {one.pk: one for circle in found.values() for one in list(circle.managers) or manager_on_duty(now)}
    queue(HISTORY, contact.reference, people.values(), occasion="history", now=now)


def _whom(verb: Verb, contact: Contact, now: datetime) -> list[User]:
    if verb in (Verb.RECEIVE, Verb.GIVE_FEEDBACK, Verb.ASK, Verb.CARRY_ON):
        return referrers_of(contact)
    if verb is Verb.RECOMMEND:
        return manager_on_duty(now)
    if verb in (Verb.ADD, Verb.WITHDRAW, Verb.ANSWER_CHECK):
        return holder_of(contact, now)
    if verb is Verb.ANSWER:
        return _asker(contact, now)
    return [contact.owner] if contact.owner else []


def referrers_of(contact: Contact) -> list[User]:
    """Who sent it; where no message reaches them (they have left, they rang), whoever answers for their agency.

    Nobody where none of these can be reached, or where the hub took down what a member of the public said.
    """
    person = contact.referrer
    if person.is_active and person.as_role in permissions.DRAFTING and not person.email.endswith(f"@{NO_ADDRESS}"):
        return [person]
    return leads_of(contact.agency)


def leads_of(agency: Agency) -> list[User]:
    """An agency's safeguarding leads; everybody who refers for it where it has none. The hub is nobody's referrer."""
    if agency.is_hub:
        return []
    people = User.objects.filter(agency=agency, role__in=permissions.DRAFTING, is_active=True)
    people = people.exclude(email__endswith=f"@{NO_ADDRESS}")
    return list(people.filter(role=Role.SAFEGUARDING_LEAD)) or list(people)


def answerers_of(agency: Agency) -> list[User]:
    """Who answers the hub's checks for an agency: its practitioners and safeguarding leads, if any has an account."""
    return list(User.objects.filter(agency=agency, role__in=permissions.ANSWERERS, is_active=True).order_by("id"))


def holder_of(contact: Contact, now: datetime) -> list[User]:
    """Who holds it, or answers for them while they are away; the manager on duty where that is nobody."""
    person = rota.answers_for(contact.owner, now) if contact.owner else None
    return [person] if person else manager_on_duty(now)


def _asker(contact: Contact, now: datetime) -> list[User]:
    """Who asked the last question, and whoever holds the contact now, if that is somebody else."""
    question = contact.questions.select_related("asked_by").first()
    people = {person.pk: person for person in holder_of(contact, now)}
    if question is not None and question.asked_by.is_active:
        asker = question.asked_by
        people = {asker.pk: asker} | (people if contact.owner else {})
    return list(people.values())


def manager_on_duty(now: datetime) -> list[User]:
    """The manager on duty now; nobody where the hub has no manager."""
    manager = rota.manager_on_duty(now)
    return [manager] if manager else []
