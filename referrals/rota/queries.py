"""What the rota's pages read. None grows with the rows."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import Http404

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import Role
from referrals.models import Turn, rota
from referrals.rules import duty
from referrals.rules.duty import ON_CALL, Span

AHEAD = timedelta(days=14)


@dataclass(frozen=True)
class Overview:
    """Who answers for each role, from now on; everybody's name."""

    now: datetime
    spans: dict[Role, list[Span]]
    names: dict[int, str]


def overview(now: datetime) -> Overview:
    """The next 14 days: two queries."""
    facts = rota.between(now, now + AHEAD, ON_CALL)
    spans = {role: duty.spans(role, now, now + AHEAD, facts) for role in ON_CALL}
    names = User.objects.filter(role__in=ON_CALL).values_list("pk", "full_name")
    return Overview(now, spans, dict(names))


def turns(now: datetime) -> list[Turn]:
    """Those that are not over, the next to begin first: one query."""
    return list(Turn.objects.filter(ends_at__gt=now).select_related("person"))


def turn(number: int, now: datetime) -> Turn:
    """One that is not over. 404 where there is none."""
    found = Turn.objects.filter(ends_at__gt=now, pk=number).select_related("person").first()
    if found is None:
        raise Http404
    return found


def people(role: str = "") -> list[User]:
    """Everybody who may be given a turn: for all roles, or for one."""
    found = User.objects.filter(role__in=[role] if role else ON_CALL, is_active=True)
    return list(found.order_by("-role", "full_name"))
