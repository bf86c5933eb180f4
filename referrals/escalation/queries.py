"""What the board reads. The number of queries does not grow with the rows."""

from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Prefetch

from mash_portal.accounts.models import User
from referrals import access
from referrals.models import Escalation, Telling
from referrals.models.deadline import EscalationQuerySet
from referrals.rules.duty import OUTSIDE
from referrals.rules.ladder import AGENCY

from .filters import Filters

PAGE = 50


def board(user: User, filters: Filters, now: datetime, page: str) -> Page[Escalation]:
    """Steps that have fired on contacts this person may see: mine first, then the longest waiting."""
    mine = Telling.objects.filter(escalation=OuterRef("pk"), user=user)
    steps = (
        Escalation.objects.fired()
        .exclude(roles=[AGENCY])  # a reminder to the referrer, which nobody in the hub has to take up
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
    later = Escalation.objects.fired().filter(deadline=OuterRef("deadline"), due_at__gt=OuterRef("due_at"))
    return later.exclude(roles__contained_by=sorted(OUTSIDE))
