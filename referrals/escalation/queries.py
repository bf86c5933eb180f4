"""What the board reads. The number of queries does not grow with the rows."""

from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q

from mash_portal.accounts.models import User
from referrals import access
from referrals.models import Escalation, Telling
from referrals.models.deadline import EscalationQuerySet
from referrals.rules import permissions
from referrals.rules.duty import OUTSIDE

from .filters import Filters

PAGE = 50


def board(user: User, filters: Filters, now: datetime, page: str) -> Page[Escalation]:
    """Steps that have fired on contacts this person may see: mine first, then the longest waiting.

    Without what only an agency was reminded of: nobody in the hub has to take that up.
    """
    mine = Telling.objects.filter(escalation=OuterRef("pk"), user=user)
    steps = (
        Escalation.objects.fired()
        .exclude(_theirs())
        .exclude(deadline__clock__in=permissions.unseen_clocks(user.as_role))
        .filter(contact__in=access.visible_to(user))
        .annotate(is_mine=Exists(mine), has_later=Exists(_later()))
        .filter(filters.condition(user, now))
        .select_related("contact__owner", "contact__call", "deadline", "acknowledged_by")
        .prefetch_related(Prefetch("tellings", Telling.objects.select_related("user")))
        .order_by("-is_mine", "fired_at", "id")
    )
    return Paginator(steps, PAGE).get_page(page)


def _later() -> EscalationQuerySet:
    """A later step of the same deadline, which the hub was told of: that one goes up in its place."""
    later = Escalation.objects.fired().filter(deadline=OuterRef("deadline"))
    return later.after(OuterRef("due_at"), OuterRef("pk")).exclude(roles__contained_by=sorted(OUTSIDE))


def _theirs() -> Q:
    """For an agency alone, and told to its people alone: no manager was told in their place."""
    told = Telling.objects.filter(escalation=OuterRef("pk"))
    agency = Q(user__role__in=permissions.ANSWERS_FOR_AN_AGENCY)
    return Q(Exists(told.filter(agency)), ~Exists(told.exclude(agency)), roles__contained_by=sorted(OUTSIDE))
