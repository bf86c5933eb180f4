"""What the administrator's pages show, in words."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.http import Http404

from mash_portal.accounts.models import Agency, User
from mash_portal.accounts.roles import Role
from referrals.codes import SOURCE_LABELS
from referrals.models import Duty
from referrals.vocabulary import AgencyKind, Outcome

from .actions import ON_CALL


def holders() -> dict[Role, list[User]]:
    """Everybody active who could answer for a role that ladders call upon, the longest-serving first."""
    people = User.objects.filter(role__in=ON_CALL, is_active=True).order_by("id")
    return {role: [person for person in people if person.as_role is role] for role in ON_CALL}


def duties() -> dict[str, str]:
    return {duty.role: str(duty.person_id) for duty in Duty.objects.filter(person__is_active=True)}


@dataclass(frozen=True)
class AgencyRow:
    pk: int
    name: str
    kind: str
    source: str
    people: int
    is_active: bool
    receives: str


def agency_rows() -> list[AgencyRow]:
    """Every agency with its number of active people. One query."""
    kinds, outcomes = dict(AgencyKind.choices()), dict(Outcome.choices())
    counted = Agency.objects.annotate(staff=Count("people", filter=Q(people__is_active=True))).values_list(
        "pk", "name", "kind", "source", "staff", "is_active", "receives"
    )
    return [
        AgencyRow(
            pk=pk,
            name=name,
            kind=kinds.get(kind, kind),
            source=f"{source}: {SOURCE_LABELS.get(source, 'not a national code')}",
            people=staff,
            is_active=is_active,
            receives=", ".join(outcomes.get(one, one) for one in receives),
        )
        for pk, name, kind, source, staff, is_active, receives in counted
    ]


def agency(pk: int) -> Agency:
    found = Agency.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
