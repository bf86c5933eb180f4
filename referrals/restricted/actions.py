"""Restricting a record, changing who is named on it, lifting the restriction. Each by a manager who is named on it.

Who holds the contact and who referred it see it as long as they do; they are not written down as named.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals import access, gate, notices
from referrals.models import Contact, Decision, Notice, Restriction, circles
from referrals.refusals import Objection, Refused
from referrals.vocabulary import Verb

from . import queries


@transaction.atomic
def restrict(reference: str, *, reason: str, people: Collection[User], by: User, version: int) -> Contact:
    """From now on the record is there for these people alone; for everybody else as if it had never been."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.RESTRICT)
    gate.check_version(contact, version)
    if contact.is_restricted:
        raise Refused("This record is restricted already. You can change who is named on it.")
    named = _named(contact, people, by)
    for one in _whole(contact):
        restriction = Restriction.objects.create(contact=one, reason=_given(reason), by=by, at=now)
        restriction.named.set(named)
        _move(one, Verb.RESTRICT, named, by=by, now=now, is_restricted=True)
    _tell(contact, named, by=by, now=now)
    return contact


@transaction.atomic
def name(reference: str, *, reason: str, people: Collection[User], by: User, version: int) -> Contact:
    """Change who is named, or the words of the reason. Whoever is not named any more sees nothing from now on."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.RESTRICT)
    gate.check_version(contact, version)
    before = set(_in_force(contact).named.values_list("pk", flat=True))
    named = _named(contact, people, by)
    for one in _whole(contact):
        restriction = _in_force(one)
        restriction.reason = _given(reason)
        restriction.save(update_fields=["reason"])
        restriction.named.set(named)
        _move(one, Verb.RESTRICT, named, by=by, now=now)
    _tell(contact, [person for person in named if person.pk not in before], by=by, now=now)
    return contact


@transaction.atomic
def lift(reference: str, *, reason: str, by: User, version: int) -> Contact:
    """The record is again there for whoever works with such records. That it was restricted stays for those named."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.LIFT)
    gate.check_version(contact, version)
    _in_force(contact)
    for one in _whole(contact):
        restriction = _in_force(one)
        restriction.lifted_by, restriction.lifted_at, restriction.lifted_because = by, now, _given(reason)
        restriction.save(update_fields=["lifted_by", "lifted_at", "lifted_because"])
        one.broken_glass.in_force().update(closed_at=now)  # restricted again within hours, it opens nothing
        _move(one, Verb.LIFT, (), by=by, now=now, is_restricted=False)
    return contact


def _given(reason: str) -> str:
    if not reason.strip():
        raise Refused(Objection("reason", "Give the reason: it stays with the record."))
    return reason.strip()


def _named(contact: Contact, people: Collection[User], by: User) -> list[User]:
    """The manager who does it and whoever they chose, of those who could be chosen."""
    could = {person.pk for person in queries.may_be_named(contact)}
    strangers = [person for person in people if person.pk not in could | {by.pk}]
    if strangers:
        names = ", ".join(person.full_name for person in strangers)
        raise Refused(Objection("people", f"Choose people from the list. It does not have {names}."))
    return list({by.pk: by, **{person.pk: person for person in people}}.values())


def _whole(contact: Contact) -> list[Contact]:
    """The contact, and with it the form or the call that was found to be about the same: they are one record."""
    same = Q(confirmed_call__contact=contact) | Q(call__form=contact)
    rows = Contact.objects.filter(pk__in=Contact.objects.filter(same).values("pk")).order_by("pk")
    others = rows.select_for_update(of=("self",), no_key=True)
    return [contact, *(one for one in others if one.is_restricted == contact.is_restricted)]


def _in_force(contact: Contact) -> Restriction:
    found = Restriction.objects.in_force().filter(contact=contact).first()
    if found is None:
        raise Refused("This record is not restricted.")
    return found


def _move(contact: Contact, verb: Verb, named: Iterable[User], *, by: User, now: datetime, **changes: Any) -> None:
    """A line of the timeline and of the trail. Who may read has changed, not what was read: a waiting recommendation
    stays good, and messages that wait for people outside do not go out.
    """
    seen = contact.version
    details = {"named": sorted(person.pk for person in named)}
    gate.move(contact, verb, by=by, now=now, details=details, **changes)
    waiting = Decision.objects.filter(contact=contact, on_version=seen, signed_off_at=None, sent_back_at=None)
    waiting.update(on_version=contact.version)
    if verb is Verb.RESTRICT:
        _hold_back(contact)


def _hold_back(contact: Contact) -> None:
    circle = circles(Restriction.objects.filter(contact=contact))[contact.pk]
    waiting = Notice.objects.filter(reference=contact.reference, sent_at=None, failed_at=None, leased_until=None)
    outside = [notice.pk for notice in waiting.select_related("to") if not circle.holds(notice.to)]
    Notice.objects.filter(pk__in=outside).delete()


def _tell(contact: Contact, people: Iterable[User], *, by: User, now: datetime) -> None:
    """Those of the hub: whoever else is named finds it among what they have."""
    told = [person for person in people if person != by and person.as_role in queries.HUB]
    notices.queue("restricted_named", contact.reference, told, occasion=f"v{contact.version}", now=now)
