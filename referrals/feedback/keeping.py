"""Keeping the directory of services: added, changed, no longer offered. Nothing is deleted, feedback points to it."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction

from mash_portal.accounts.models import User
from mash_portal.audit import trail
from referrals.models import Service
from referrals.refusals import NotYours, Objection, Refused
from referrals.rules import permissions


def one(number: int) -> Service | None:
    return Service.objects.filter(pk=number).first()


@transaction.atomic
def save(
    number: int | None, *, name: str, what: str, how: str, levels: Sequence[str], is_active: bool, by: User
) -> Service:
    """Add one (`number` None) or change one. Two of one name are refused."""
    if by.as_role not in permissions.KEEPS_SERVICES:
        raise NotYours("The directory of services is kept by managers and administrators.")
    facts: dict[str, Any] = {"name": name.strip(), "what": what.strip(), "how": how.strip(), "is_active": is_active}
    facts |= {"levels": sorted(int(level) for level in levels)}
    try:
        with transaction.atomic():
            service = _saved(number, facts)
    except IntegrityError as error:
        raise Refused(Objection("name", f"There is a service called {name.strip()} already.")) from error
    trail.record("service:save", by=by, details={"service": service.pk, "is_active": is_active})
    return service


def _saved(number: int | None, facts: dict[str, Any]) -> Service:
    if number is None:
        return Service.objects.create(**facts)
    Service.objects.filter(pk=number).update(**facts)
    return Service.objects.get(pk=number)
