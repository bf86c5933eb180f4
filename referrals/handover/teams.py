"""Which teams there are to choose from, and who answers for one."""

from mash_portal.accounts.models import Agency, User
from referrals.models import Handover
from referrals.rules import permissions
from referrals.vocabulary import AgencyKind

#: Kinds of agency that take children over, whatever outcomes an administrator has ticked for them.
RECEIVING = (AgencyKind.TEAM, AgencyKind.EARLY_HELP, AgencyKind.AUTHORITY)


def is_of(user: User, handover: Handover) -> bool:
    """Whether this person accepts for the team that the child was handed over to."""
    mine = user.agency_id is not None and user.agency_id == handover.team_id
    return mine and user.as_role in permissions.EARLY_HELP


def answers_itself(handover: Handover) -> bool:
    """Whether somebody of the team can answer in the portal; for anybody else the hub writes the answer down."""
    if handover.team_id is None:
        return False
    people = User.objects.filter(agency=handover.team_id, role__in=permissions.EARLY_HELP, is_active=True)
    return people.exists()


def with_accounts() -> frozenset[int]:
    """Every team that somebody can answer for in the portal. One query."""
    people = User.objects.filter(role__in=permissions.EARLY_HELP, is_active=True, agency__isnull=False)
    return frozenset(people.order_by().values_list("agency_id", flat=True).distinct())


def to_choose_from(handover: Handover) -> list[Agency]:
    """Every active team but the one that has it on offer now, those that receive its outcome first. One query."""
    known = Agency.objects.filter(is_active=True)
    if handover.is_waiting and handover.team_id:
        known = known.exclude(pk=handover.team_id)
    found = [team for team in known if team.receives or team.kind in RECEIVING]
    return sorted(found, key=lambda team: (handover.outcome not in team.receives, team.name))
