"""A restricted record, and one that somebody opened by breaking its glass."""

from collections.abc import Collection
from datetime import timedelta

from mash_portal.accounts.models import User
from referrals.models import BrokenGlass, Contact
from referrals.restricted import actions, breaking

REASON = "A member of staff is family"
BECAUSE = "The police are at the door and nobody named answers"


def restricted(contact: Contact, *, by: User, people: Collection[User] = ()) -> Contact:
    contact.refresh_from_db()
    actions.restrict(contact.reference, reason=REASON, people=people, by=by, version=contact.version)
    contact.refresh_from_db()
    return contact


def broken(contact: Contact, *, by: User) -> BrokenGlass:
    breaking.break_glass(contact.reference, reason=BECAUSE, by=by)
    return BrokenGlass.objects.get(contact=contact, by=by)


def run_out(glass: BrokenGlass) -> None:
    """As if it had been broken so long ago that it is over: the database's clock is what counts."""
    ago = timedelta(hours=4, seconds=1)
    BrokenGlass.objects.filter(pk=glass.pk).update(at=glass.at - ago, expires_at=glass.expires_at - ago)
