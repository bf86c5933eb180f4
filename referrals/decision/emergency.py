"""Immediate danger: a qualified worker acts now and writes it down, and a manager looks at it within the hour.

It decides nothing: the contact goes on to its decision.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals import access, clockwork, gate, notices
from referrals.models import Child, Contact, EmergencyAct, rota
from referrals.refusals import NotYours, Objection, Refused
from referrals.rules import journey
from referrals.rules.duty import ON_CALL
from referrals.vocabulary import Clock, Verb

NOT_QUALIFIED = (
    "Only a social worker whose registration is on record and in force can record that they acted at once. If a child "
    "is in danger, ring 999, and tell a manager now."
)
WANTED = {
    "danger": "Write what the danger is.",
    "done": "Write what was done, when and by whom.",
    "told": "Write who was told, with their reference.",
}
YOUR_OWN = "You did this yourself, so another manager must look at it."


@dataclass(frozen=True)
class Act:
    """What a form says of what was done. `children`: by their ids."""

    danger: str
    done: str
    told: str
    children: Sequence[int]
    police_protection_at: datetime | None = None


@transaction.atomic
def act_now(reference: str, act: Act, *, by: User) -> EmergencyAct:
    """Write down what was done at once. Where nobody holds the contact, whoever acted takes it with the same step."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.ACT_NOW)
    require_qualified(by, now)
    journey.step(contact.as_stage, Verb.ACT_NOW)
    _nothing_waits(contact)
    children = list(contact.children.all())
    if objections := _objections(act, children, now):
        raise Refused(*objections)
    if contact.owner is None and Verb.CLAIM in access.may(by, contact):
        gate.move(contact, Verb.CLAIM, by=by, now=now, owner=by)
    gate.move(contact, Verb.ACT_NOW, by=by, now=now, reason=_line(act))
    done = EmergencyAct.objects.create(
        contact=contact,
        danger=act.danger.strip(),
        done=act.done.strip(),
        told=act.told.strip(),
        police_protection_at=act.police_protection_at,
        by=by,
        at=now,
    )
    done.children.set(child for child in children if child.pk in act.children)
    if act.police_protection_at is not None:
        clockwork.start_about(contact, Clock.POLICE_PROTECTION, done.about, now=now, opened_at=act.police_protection_at)
    notices.queue("acted_now", contact.reference, _told(contact, by, now), occasion=f"v{contact.version}", now=now)
    return done


@transaction.atomic
def confirm_act(reference: str, *, was_right: bool | None, words: str, by: User) -> EmergencyAct:
    """A manager who did not act looks at what was done, and says what else must happen."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.CONFIRM_ACT)
    act = waiting_act(contact)
    if act is None:
        raise Refused("Nothing waits to be looked at: a manager has done so already.")
    if act.by_id == by.pk:
        raise Refused(YOUR_OWN)
    if was_right is None:
        raise Refused(Objection("was_right", "Say whether what was done was right."))
    if not words.strip():
        raise Refused(Objection("words", "Write what else must happen, or that nothing else must."))
    right = "It was right" if was_right else "Something must be put right"
    gate.move(contact, Verb.CONFIRM_ACT, by=by, now=now, reason=f"{right}. {words.strip()}")
    act.confirmed_by, act.confirmed_at, act.was_right, act.managers_words = by, now, was_right, words.strip()
    act.save(update_fields=["confirmed_by", "confirmed_at", "was_right", "managers_words"])
    people = {person.pk: person for person in (act.by, contact.owner) if person is not None and person != by}
    notices.queue("act_looked_at", contact.reference, people.values(), occasion=f"v{contact.version}", now=now)
    return act


def waiting_act(contact: Contact) -> EmergencyAct | None:
    """The act that no manager has looked at yet; a contact has at most one."""
    return EmergencyAct.objects.with_people().to_confirm().filter(contact=contact).first()


def require_qualified(by: User, now: datetime) -> None:
    """Refuses with a sentence whoever has no registration in force today."""
    if not by.is_qualified(clockwork.london(now).date()):
        raise NotYours(NOT_QUALIFIED)


def _nothing_waits(contact: Contact) -> None:
    act = waiting_act(contact)
    if act is not None:
        raise Refused(
            f"{act.by} wrote down at {clockwork.london(act.at):%H:%M} what was done at once, and a manager has not "
            "looked at it yet. Tell that manager now what you did; you can write it down here once they have looked."
        )


def _objections(act: Act, children: Sequence[Child], now: datetime) -> list[Objection]:
    found = [Objection(name, words) for name, words in WANTED.items() if not getattr(act, name).strip()]
    if children and not any(child.pk in act.children for child in children):
        found.append(Objection("children", "Choose the children who were in danger."))
    if act.police_protection_at is not None and act.police_protection_at > now:
        found.append(Objection("protected_time", "Police protection cannot have been taken in the future."))
    return found


def _line(act: Act) -> str:
    """The timeline's words."""
    return f"Danger: {act.danger.strip()}\nDone: {act.done.strip()}\nTold: {act.told.strip()}"


def _told(contact: Contact, by: User, now: datetime) -> list[User]:
    """The manager on duty, or whoever else can look at it where that is the person who acted; and who holds it."""
    managers = [*(rota.on_duty(role, now) for role in ON_CALL), *_other_managers(by, now)]
    able = [person for person in managers if person is not None and person != by][:1]
    holder = [contact.owner] if contact.owner is not None and contact.owner != by else []
    return list({person.pk: person for person in [*able, *holder]}.values())


def _other_managers(by: User, now: datetime) -> list[User]:
    others = User.objects.filter(role__in=ON_CALL, is_active=True).exclude(pk=by.pk)
    return rota.there_first(list(others.order_by("id")), now)[:1]
