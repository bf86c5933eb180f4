"""Everything that is late at this moment, by how late it is: `due_at < now`, whether or not any timer runs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.http import QueryDict
from django.urls import reverse

from mash_portal.accounts.models import User
from mash_portal.govuk import words
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.look import Look
from referrals import access
from referrals.models import Deadline
from referrals.models.deadline import DeadlineQuerySet
from referrals.rules import permissions
from referrals.vocabulary import Clock

from . import places

PAGE = 50
NOBODY = "nobody"
#: Clocks that are for information: nobody here can meet them.
INFORMATION = (Clock.ASSESSMENT, Clock.POLICE_PROTECTION)
#: What the referrer's agency owes, where the deadline names no other.
OF_THE_REFERRER = frozenset({Clock.QUESTION, Clock.QUESTION_RED, Clock.WRITTEN_CONFIRMATION, Clock.FEEDBACK_READ})


@dataclass(frozen=True)
class Band:
    """How late: more than `over`, and not more than `upto`."""

    key: str
    label: str
    over: timedelta
    upto: timedelta | None

    def condition(self, now: datetime) -> Q:
        found = Q(due_at__lt=now - self.over)
        return found if self.upto is None else found & Q(due_at__gte=now - self.upto)


HOUR = timedelta(hours=1)
BANDS = (
    Band("hour", "Up to 1 hour", timedelta(0), HOUR),
    Band("hours", "1 to 4 hours", HOUR, 4 * HOUR),
    Band("day", "4 to 24 hours", 4 * HOUR, 24 * HOUR),
    Band("days", "More than a day", 24 * HOUR, None),
)
CLOCKS = tuple((one.value, one.label) for one in Clock if one not in INFORMATION)


@dataclass(frozen=True)
class Filters:
    """What a person has chosen to see. Anything in the address that is not a choice is left out of account."""

    band: str = ""
    clock: str = ""
    worker: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> Self:
        band, clock, worker = (query.get(name, "") for name in ("band", "clock", "worker"))
        known = worker == NOBODY or (worker.isascii() and worker.isdigit() and len(worker) < 19)
        return cls(
            band=band if any(one.key == band for one in BANDS) else "",
            clock=clock if clock in dict(CLOCKS) else "",
            worker=worker if known else "",
        )

    def wanted(self) -> Q:
        """All but the band, by which what is left is counted."""
        found = Q(clock=self.clock) if self.clock else Q()
        if self.worker == NOBODY:
            return found & Q(contact__owner=None)
        return found & Q(contact__owner=int(self.worker)) if self.worker else found

    @property
    def url(self) -> str:
        return f"{reverse('escalation:late')}{'?' if self.query else ''}{self.query}"

    @property
    def query(self) -> str:
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in vars(self).items() if value})
        return query.urlencode()

    def page_url(self, number: int) -> str:
        return f"{reverse('escalation:late')}?{self.query}{'&' if self.query else ''}page={number}"

    def chosen(self, workers: Mapping[str, str]) -> list[tuple[str, str]]:
        """Each filter in words, with the address that is left when it is taken away."""
        found = []
        if self.band:
            label = next(one.label for one in BANDS if one.key == self.band)
            found.append((f"{label} late", replace(self, band="").url))
        if self.clock:
            found.append((dict(CLOCKS)[self.clock], replace(self, clock="").url))
        if self.worker:
            found.append((f"Held by {workers.get(self.worker, 'somebody else')}", replace(self, worker="").url))
        return found


class FilterForm(GovukForm):
    """The panel beside the board. It is only drawn: Filters reads the address."""

    mark_optional = False
    buttons = ()
    looks = {name: Look(small=True, size="s") for name in ("band", "clock", "worker")}

    band = forms.ChoiceField(label="How late", choices=[("", "However late"), *((one.key, one.label) for one in BANDS)])
    clock = forms.ChoiceField(label="What", choices=[("", "Everything"), *CLOCKS])
    worker = forms.ChoiceField(label="Held by")

    def __init__(self, workers: Mapping[str, str], filters: Filters) -> None:
        super().__init__(initial=vars(filters))
        self.fields["worker"].choices = [("", "Anybody or nobody"), *workers.items()]  # type: ignore[attr-defined]  # a ChoiceField


def late(user: User, now: datetime) -> DeadlineQuerySet:
    """What should have been done on contacts that this person may see."""
    running = Deadline.objects.live().filter(due_at__lt=now, contact__in=access.visible_to(user))
    return running.exclude(clock__in={*INFORMATION, *permissions.unseen_clocks(user.as_role)})


def page_of(user: User, filters: Filters, now: datetime, page: str) -> Page[Deadline]:
    """What is late for longest first. Two queries."""
    found = late(user, now).filter(filters.wanted())
    if filters.band:
        found = found.filter(next(one for one in BANDS if one.key == filters.band).condition(now))
    found = found.select_related("contact__owner", "contact__agency", "contact__call", "agency")
    return Paginator(found.order_by("due_at", "id"), PAGE).get_page(page)


def tiles(user: User, filters: Filters, now: datetime) -> list[dict[str, Any]]:
    """How much is how late, of what the other filters leave: one query."""
    counted = {one.key: Count("pk", filter=one.condition(now)) for one in BANDS}
    numbers = late(user, now).filter(filters.wanted()).aggregate(**counted)
    return [
        {
            "number": numbers[one.key],
            "label": one.label,
            "url": replace(filters, band=one.key).url,
            "state": "overdue" if numbers[one.key] and one.upto is None else "",
        }
        for one in BANDS
    ]


def workers(user: User, now: datetime) -> dict[str, str]:
    """Who holds something that is late: one query."""
    held = late(user, now).exclude(contact__owner=None)
    holders = held.values_list("contact__owner", "contact__owner__full_name").distinct()
    named = sorted((name, str(pk)) for pk, name in holders)
    return {**{pk: name for name, pk in named}, NOBODY: "Nobody"}


def rows(deadlines: Iterable[Deadline], user: User, now: datetime) -> list[dict[str, Any]]:
    return [_row(one, user, now) for one in deadlines]


def _row(deadline: Deadline, user: User, now: datetime) -> dict[str, Any]:
    contact = deadline.contact
    return {
        "reference": contact.reference,
        "stage": contact.as_stage.label,
        "clock": Clock(deadline.clock).label,
        "late": words.time_left(deadline.due_at, now),
        "due": words.short_moment(deadline.due_at),
        "owes": _owes(deadline),
        "holder": f"Held by {contact.owner}" if contact.owner else "Held by nobody",
        "place": places.link_for(user, deadline, contact),
    }


def _owes(deadline: Deadline) -> str:
    if deadline.agency is not None:
        return str(deadline.agency)
    return str(deadline.contact.agency) if deadline.clock in OF_THE_REFERRER else "The MASH"
