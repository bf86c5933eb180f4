"""Who is told of a strategy discussion: the practitioners of the agencies invited. A reference and a link, no more."""

from datetime import datetime

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import Role
from referrals import notices
from referrals.models import StrategyDiscussion
from referrals.rules import permissions

#: Templates in templates/notices/.
INVITATION, CHANGE, CALLED_OFF = "strategy_invitation", "strategy_changed", "strategy_called_off"


def invitation(discussion: StrategyDiscussion, *, by: User, now: datetime) -> None:
    """Once for each person, though their agency be invited twice or somebody else be invited later."""
    _tell(INVITATION, discussion, "", by=by, now=now)


def change(discussion: StrategyDiscussion, *, by: User, now: datetime) -> None:
    _tell(CHANGE, discussion, f":{now.isoformat()}", by=by, now=now)


def called_off(discussion: StrategyDiscussion, *, by: User, now: datetime) -> None:
    _tell(CALLED_OFF, discussion, "", by=by, now=now)


def _tell(template: str, discussion: StrategyDiscussion, time: str, *, by: User, now: datetime) -> None:
    people = [person for person in practitioners(discussion) if person != by]
    notices.queue(template, discussion.contact.reference, people, occasion=f"{discussion.pk}{time}", now=now)


def practitioners(discussion: StrategyDiscussion) -> list[User]:
    """Everybody who may read the invitation; a referrer only where nobody else answers for their agency.

    Of a restricted record only those who are named on it: access.invited_to shows it to nobody else.
    """
    invited = discussion.invitations.exclude(agency=None).filter(not_invited_because="")
    people = User.objects.filter(agency__in=invited.values("agency"), is_active=True, role__in=permissions.INVITED)
    if discussion.contact.is_restricted:
        people = people.filter(named_on__contact=discussion.contact, named_on__lifted_at=None).distinct()
    found = list(people.order_by("id"))
    answered = {person.agency_id for person in found if person.as_role is not Role.REFERRER}
    referred = discussion.contact.agency_id
    return [
        person
        for person in found
        if person.as_role is not Role.REFERRER or (person.agency_id == referred and person.agency_id not in answered)
    ]
