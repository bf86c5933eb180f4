"""What the pages of hand-overs read. Each function says how many queries it makes; none grows with the rows."""

from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, IntegerField, Q, Value, When

from mash_portal.accounts.models import Agency, User
from referrals import access
from referrals.models import Contact, Delivery, Handover
from referrals.models.handover import HandoverQuerySet
from referrals.rules import permissions

from .filters import ACCEPTED, LATE, SENT_BACK, WAITING, Filters, in_state

PAGE = 50


def listed_for(user: User) -> HandoverQuerySet:
    """A team: what is on offer to it, what it has taken, and what it sent back. The hub: all that have not ended.

    What a team sent back it sees as its own words and a reference: the contact itself is closed to it.
    """
    may_read = Q(contact__in=access.visible_to(user))
    if user.as_role not in permissions.EARLY_HELP:
        return Handover.objects.filter(may_read, ended_at=None)
    own_words = Q(declined_at__isnull=False, contact__is_restricted=False)
    return Handover.objects.of_team(user.agency_id).filter((may_read & Q(ended_at=None)) | own_words)


def page_of(user: User, filters: Filters, now: datetime, page: str) -> Page[Handover]:
    """What somebody has to act on first: for a team what waits, for the hub what was sent back. Two queries."""
    first, second = (SENT_BACK, WAITING) if user.as_role not in permissions.EARLY_HELP else (WAITING, ACCEPTED)
    rank = Case(
        When(in_state(first, now), then=Value(0)),
        When(in_state(second, now), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    soonest = Case(When(in_state(WAITING, now), then="due_at"))
    rows = (
        listed_for(user)
        .filter(filters.condition(now))
        .annotate(rank=rank, soonest=soonest)
        .select_related("contact__agency", "contact__owner", "child", "team", "accepted_by", "declined_by")
        .order_by("rank", "soonest", "-offered_at", "-id")
    )
    return Paginator(rows, PAGE).get_page(page)


def counts(user: User, now: datetime) -> dict[str, int]:
    """How many there are in each state, whatever is filtered. One query."""
    wanted = {state: Count("pk", filter=in_state(state, now)) for state in (WAITING, LATE, ACCEPTED, SENT_BACK)}
    return listed_for(user).aggregate(total=Count("pk"), **wanted)


def teams_for(user: User) -> dict[str, str]:
    """The teams that the hub may narrow its list to; none for a team, which sees its own. One query."""
    if user.as_role in permissions.EARLY_HELP:
        return {}
    teams = Agency.objects.filter(pk__in=listed_for(user).values("team"))
    return {str(team.pk): team.name for team in teams}


def of_contact(user: User, contact: Contact) -> list[Handover]:
    """Every hand-over of a contact, the latest first; a team sees only those to itself. One query."""
    found = contact.handovers.select_related("child", "team", "offered_by", "accepted_by", "declined_by")
    if user.as_role in permissions.EARLY_HELP:
        found = found.of_team(user.agency_id)
    return list(found.order_by("-offered_at", "-id"))


def one(contact: Contact, number: int) -> Handover | None:
    return contact.handovers.select_related("child", "team").filter(pk=number).first()


def deliveries_of(contact: Contact) -> list[Delivery]:
    return list(contact.deliveries.all())
