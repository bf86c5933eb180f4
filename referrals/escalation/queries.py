"""What the board reads, and its rows in words. The number of queries does not grow with the rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef

from mash_portal.accounts.models import User
from mash_portal.govuk import words
from mash_portal.govuk.words import ClockWords
from referrals import access
from referrals.models import Escalation
from referrals.rules.ladder import AGENCY
from referrals.vocabulary import Clock, Verb

from .filters import Filters

PAGE = 50


@dataclass(frozen=True)
class Row:
    """One step as the board shows it."""

    pk: int
    reference: str
    stage: str
    holder: str
    label: str
    clock: ClockWords | None
    clock_name: str
    fired: str
    told: str
    is_mine: bool
    is_late: bool
    done: str
    may_acknowledge: bool


def board(user: User, filters: Filters, now: datetime, page: str) -> Page[Escalation]:
    """Steps that have fired on contacts this person may see: mine first, then the longest waiting."""
    mine = Escalation.told.through.objects.filter(escalation=OuterRef("pk"), user=user)
    steps = (
        Escalation.objects.fired()
        .exclude(roles=[AGENCY])  # a reminder to the referrer, which nobody in the hub has to take up
        .filter(contact__in=access.visible_to(user))
        .annotate(is_mine=Exists(mine))
        .filter(filters.condition(user, now))
        .select_related("contact__owner", "deadline", "acknowledged_by")
        .prefetch_related("told")
        .order_by("-is_mine", "fired_at", "id")
    )
    return Paginator(steps, PAGE).get_page(page)


def rows(steps: Iterable[Escalation], user: User, now: datetime) -> list[Row]:
    return [_row(step, user, now) for step in steps]


def _row(step: Escalation, user: User, now: datetime) -> Row:
    contact, deadline, kind = step.contact, step.deadline, Clock(step.deadline.clock)
    clock = None
    if deadline.cancelled_at is None:
        clock = words.clock_words(kind.label, deadline.due_at, now, deadline.met_at)
    told = [person.full_name for person in step.told.all()]
    return Row(
        pk=step.pk,
        reference=contact.reference,
        stage=contact.as_stage.label,
        holder=f"Held by {contact.owner}" if contact.owner else "Held by nobody",
        label=step.label,
        clock=clock,
        clock_name=kind.label,
        fired=words.short_moment(step.fired_at) if step.fired_at else "",
        told=", ".join(told) or "Nobody: no manager was active",
        is_mine=user in step.told.all(),
        is_late=clock is not None and clock.state == "overdue" and deadline.met_at is None,
        done=_done(step),
        may_acknowledge=step.acknowledged_at is None and Verb.ACKNOWLEDGE in access.may(user, contact),
    )


def _done(step: Escalation) -> str:
    if step.acknowledged_at is None or step.acknowledged_by is None:
        return ""
    return f"{step.acknowledged_by} acknowledged it, {words.short_moment(step.acknowledged_at)}"
