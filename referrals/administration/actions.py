"""What an administrator changes: clocks, who is on duty, agencies. No case, ever."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.http import Http404

from mash_portal.accounts.models import Agency, User
from mash_portal.accounts.roles import Role
from mash_portal.audit import trail
from referrals.models import Duty
from referrals.refusals import Refused
from referrals.vocabulary import HANDED_OVER, AgencyKind, Outcome

#: The roles that a ladder of deadlines calls upon.
ON_CALL = (Role.TEAM_MANAGER, Role.SERVICE_MANAGER)


@transaction.atomic
def set_duty(role: Role, person: User | None, *, by: User) -> None:
    """Who answers for a role from now on; None: its longest-serving active holder."""
    if role not in ON_CALL:
        raise Refused(f"Nobody is put on duty as {role.label.lower()}.")
    if person is None:
        Duty.objects.filter(role=role).delete()
    elif not person.is_active or person.as_role is not role:
        raise Refused(f"{person.full_name} is not an active {role.label.lower()}.")
    else:
        Duty.objects.update_or_create(role=role, defaults={"person": person})
    trail.record("duty_changed", by=by, details={"role": role, "person": person.pk if person else None})


@transaction.atomic
def add_agency(name: str, *, kind: AgencyKind, source: str, by: User) -> Agency:
    """A body whose people may refer from now on."""
    if Agency.objects.filter(name__iexact=name).exists():
        raise Refused(f"There is an agency called {name} already.")
    try:
        with transaction.atomic():
            agency = Agency.objects.create(name=name, kind=kind, source=source, is_hub=kind is AgencyKind.HUB)
    except IntegrityError as taken:
        raise Refused(f"There is an agency called {name} already.") from taken
    trail.record("agency_added", by=by, details={"agency": agency.pk, "kind": kind, "source": source})
    return agency


@transaction.atomic
def set_agency_active(pk: int, *, active: bool, by: User) -> Agency:
    """An inactive agency keeps its record; nobody new is added to it."""
    agency = Agency.objects.select_for_update().filter(pk=pk).first()
    if agency is None:
        raise Http404
    if agency.pk == by.agency_id and not active:
        raise Refused("You cannot make your own agency inactive.")
    if agency.is_active is not active:
        agency.is_active = active
        agency.save(update_fields=["is_active"])
        trail.record("agency_activated" if active else "agency_deactivated", by=by, details={"agency": pk})
    return agency


@transaction.atomic
def set_receives(pk: int, outcomes: Sequence[Outcome], *, by: User) -> Agency:
    """After which outcomes a team is offered the child, from the next decision on."""
    agency = Agency.objects.select_for_update().filter(pk=pk).first()
    if agency is None:
        raise Http404
    if not HANDED_OVER.issuperset(outcomes):
        raise Refused("Choose outcomes after which somebody else takes the child over.")
    before, agency.receives = agency.receives, [one.value for one in outcomes]
    if before != agency.receives:
        agency.save(update_fields=["receives"])
        trail.record("agency_receives", by=by, details={"agency": pk, "from": before, "to": agency.receives})
    return agency


@transaction.atomic
def set_size(pk: int, size: int | None, *, by: User) -> Agency:
    """How many children an agency works with, for the figures; None where nobody knows."""
    agency = Agency.objects.select_for_update().filter(pk=pk).first()
    if agency is None:
        raise Http404
    before, agency.size = agency.size, size
    if before != size:
        agency.save(update_fields=["size"])
        trail.record("agency_size", by=by, details={"agency": pk, "from": before, "to": size})
    return agency
