"""What the pages of a strategy discussion read. The number of queries does not grow with what is shown."""

from collections.abc import Sequence
from datetime import datetime

from mash_portal.accounts.models import Agency, User
from referrals import clockwork
from referrals.models import Contact, Invitation, StrategyDiscussion
from referrals.rules import permissions


def agencies() -> Sequence[Agency]:
    return list(Agency.objects.filter(is_active=True).order_by("name"))


def chairs(now: datetime) -> list[User]:
    """Qualified people of the hub: a section 47 enquiry is not decided by anybody else (Norfolk)."""
    today = clockwork.london(now).date()
    people = User.objects.filter(role__in=permissions.MEETS, is_active=True, agency__is_hub=True)
    return [person for person in people.order_by("full_name") if person.is_qualified(today)]


def open_of(contact: Contact) -> StrategyDiscussion | None:
    """The discussion that waits to be recorded. One query, and one for its invitations."""
    waiting = contact.strategy_discussions.open().select_related("called_by")
    return waiting.prefetch_related("invitations__agency").first()


def invitations_of(contact: Contact, number: object) -> list[Invitation]:
    """Those of the discussion that a form was about, though it be recorded since: what was typed is kept."""
    found = Invitation.objects.filter(discussion__contact=contact).select_related("agency")
    text = str(number)
    return list(found.filter(discussion=int(text))) if text.isascii() and text.isdigit() and len(text) < 10 else []
