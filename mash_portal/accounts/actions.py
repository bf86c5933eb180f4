"""Keeping the list of people, each change with its line in the audit trail. No contact is known here."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.db import IntegrityError, transaction
from django.utils.encoding import force_bytes, force_str
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from mash_portal.audit import trail

from .models import Agency, User
from .roles import Role

#: What an administrator may set. The portal's own account is nobody's to change.
FIELDS = ("full_name", "email", "job", "phone", "agency", "role", "registration_number", "registered_until")


class NotPossible(Exception):
    """A refusal: nothing has been written, and str() is the sentence that the administrator reads."""


@dataclass(frozen=True)
class Facts:
    """Everything about a person that an administrator sets."""

    full_name: str
    email: str
    role: Role
    agency: Agency
    job: str = ""
    phone: str = ""
    registration_number: str = ""
    registered_until: date | None = None


@transaction.atomic
def add(facts: Facts, *, by: User) -> User:
    """A new account without a password: nobody can sign in as this person until they have set one."""
    _address_is_free(facts.email, None)
    try:
        with transaction.atomic():
            person = User.objects.create_user(**vars(facts))
    except IntegrityError as taken:
        raise NotPossible("Somebody has just been added with this e-mail address.") from taken
    trail.record("person_added", by=by, details={"person": person.pk, "role": person.role})
    return person


@transaction.atomic
def change(pk: int, facts: Facts, *, by: User) -> User:
    """What changed is on the trail by the names of the fields. A new role holds from the next request."""
    person = _locked(pk)
    _address_is_free(facts.email, person)
    if person.pk == by.pk and facts.role is not person.as_role:
        raise NotPossible("You cannot change your own role. Ask another administrator.")
    new = {**vars(facts), "email": facts.email.lower()}
    changed = [name for name in FIELDS if getattr(person, name) != new[name]]
    for name in changed:
        setattr(person, name, new[name])
    if changed:
        person.save(update_fields=changed)
        trail.record("person_changed", by=by, details={"person": pk, "fields": changed})
    return person


@transaction.atomic
def set_active(pk: int, *, active: bool, by: User) -> User:
    """Somebody who leaves can do nothing from their next request on, and is told of nothing."""
    person = _locked(pk)
    if person.pk == by.pk:
        raise NotPossible("You cannot make yourself inactive. Ask another administrator.")
    if person.is_active is not active:
        person.is_active = active
        person.save(update_fields=["is_active"])
        trail.record("person_activated" if active else "person_deactivated", by=by, details={"person": pk})
    return person


@transaction.atomic
def password_link(pk: int, *, by: User) -> tuple[str, str]:
    """The two parts of a link by which this person, once and within three days, sets their first password.

    Refused for somebody who has a password: it can be taken away first, which signs them out and is on the trail, so
    that nobody's account changes hands unnoticed.
    """
    person = _locked(pk)
    if not person.is_active:
        raise NotPossible(f"{person.full_name} is inactive. Make them active first.")
    if person.has_usable_password():
        raise NotPossible(f"{person.full_name} has a password already.")
    trail.record("password_link_made", by=by, details={"person": pk})
    return urlsafe_base64_encode(force_bytes(pk)), default_token_generator.make_token(person)


@transaction.atomic
def clear_password(pk: int, *, by: User) -> User:
    """For a person who has forgotten theirs: the old one stops working, and so does wherever they are signed in."""
    person = _locked(pk)
    if person.pk == by.pk:
        raise NotPossible("You cannot take your own password away. Ask another administrator.")
    person.set_unusable_password()
    person.save(update_fields=["password"])
    trail.record("password_cleared", by=by, details={"person": pk})
    return person


@transaction.atomic
def set_password(uidb64: str, token: str, password: str) -> User:
    """The person sets their own password, which uses the link up."""
    person = person_of_link(uidb64, token, lock=True)
    if person is None:
        raise NotPossible("This link has been used, or has run out. Ask your administrator for a new one.")
    person.set_password(password)
    person.save(update_fields=["password"])
    trail.record("password_set", by=person, details={"person": person.pk})
    return person


def person_of_link(uidb64: str, token: str, *, lock: bool = False) -> User | None:
    """Whose link this is; None when it is nobody's, used or too old."""
    try:
        pk = int(force_str(urlsafe_base64_decode(uidb64)))
    except (ValueError, OverflowError):
        return None
    people = User.objects.filter(pk=pk, is_active=True)
    person = (people.select_for_update(of=("self",)) if lock else people).first()
    return person if person is not None and default_token_generator.check_token(person, token) else None


def _locked(pk: int) -> User:
    person = User.objects.select_for_update(of=("self",)).filter(pk=pk).exclude(role=Role.SYSTEM).first()
    if person is None:
        raise NotPossible("There is no such person.")
    return person


def _address_is_free(email: str, person: User | None) -> None:
    taken: Any = User.objects.filter(email__iexact=email)
    if person is not None:
        taken = taken.exclude(pk=person.pk)
    if other := taken.first():
        raise NotPossible(f"{other.full_name} has this e-mail address already.")
