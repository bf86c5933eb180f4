"""What the pages of a duty day read. Each function says how many queries it makes; none grows with the rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Prefetch, Q

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import HUB_ROLES
from mash_portal.govuk import words
from referrals import access
from referrals.models import Absence, Contact, ShiftLine, ShiftNote
from referrals.models.contact import OPEN_STAGES
from referrals.models.partnership import working_week
from referrals.rules import permissions, working_time
from referrals.vocabulary import Rag, Stage

PAGE = 20


@dataclass(frozen=True)
class Load:
    """What one worker has in hand, and whether they are there."""

    person: User
    held: int
    red: int
    overdue: int
    waits_for_sign_off: int
    away: Absence | None

    @property
    def away_words(self) -> str:
        if self.away is None:
            return ""
        deputy = f"; {self.away.deputy.full_name} answers" if self.away.deputy else ""
        return f"Away until {words.short_moment(self.away.ends_at)}{deputy}"


def workload(user: User, now: datetime) -> list[Load]:
    """Everybody who may hold a contact, with what they hold of what this person may see: two queries."""
    visible = Q(held__stage__in=OPEN_STAGES) & ~Q(held__in=access.hidden_from(user))
    people = User.objects.filter(is_active=True, role__in=permissions.ASSIGNABLE).annotate(
        held_now=Count("held", filter=visible),
        red=Count("held", filter=visible & Q(held__rag=Rag.RED)),
        late=Count("held", filter=visible & Q(held__due_at__lt=now)),
        sign_off=Count("held", filter=visible & Q(held__stage=Stage.SIGN_OFF)),
    )
    away = absent(now)
    return [
        Load(one, one.held_now, one.red, one.late, one.sign_off, away.get(one.pk))
        for one in people.order_by("full_name")
    ]


def absent(now: datetime) -> dict[int, Absence]:
    """Who is away at this moment, by person: one query."""
    return {one.person_id: one for one in Absence.objects.at(now).select_related("person", "deputy")}


def absences(user: User, now: datetime) -> list[Absence]:
    """Absences that are not over, the next to begin first: of everybody, for whoever may note them. One query."""
    found = Absence.objects.filter(ends_at__gt=now, cancelled_at=None).select_related("person", "deputy", "noted_by")
    if not access.runs_the_queue(user):
        found = found.filter(person=user)
    return list(found.order_by("starts_at", "id"))


def people_of_the_hub() -> list[User]:
    return list(User.objects.filter(is_active=True, role__in=HUB_ROLES).order_by("full_name"))


def worker(person: int) -> User | None:
    """Somebody who may hold contacts, there or not: their supervision goes on when they have left."""
    return User.objects.filter(role__in=permissions.ASSIGNABLE, pk=person).first()


def left_behind(user: User, now: datetime) -> int:
    """Open contacts whose holder is away: they are offered to others. One query."""
    away = Absence.objects.at(now).filter(person=OuterRef("owner"))
    return access.visible_to(user).open().filter(Exists(away)).count()


def notes(user: User, *, waiting: bool, before: int | None = None) -> list[ShiftNote]:
    """Notes of shifts, newest first, with those of their lines that this person may see: two queries."""
    lines = ShiftLine.objects.filter(contact__in=access.visible_to(user)).select_related("contact")
    found = ShiftNote.objects.select_related("by", "taken_by").prefetch_related(Prefetch("lines", lines))
    if waiting:
        found = found.filter(taken_at=None)
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found.order_by("-id")[: PAGE + 1])


def in_hand(user: User) -> list[Contact]:
    """Open contacts that this person holds, the soonest deadline first: two queries."""
    return list(access.visible_to(user).open().filter(owner=user).for_list().soonest_first())


@dataclass(frozen=True)
class Night:
    """From when to when the office is shut around this moment."""

    closed_at: datetime
    opens_at: datetime

    @property
    def words(self) -> str:
        return f"{words.long_moment(self.closed_at)} to {words.long_moment(self.opens_at)}"


def night(now: datetime) -> Night:
    week = working_week()
    return Night(working_time.last_closed(now, week), working_time.next_opening(now, week))


def of_the_night(user: User, around: Night) -> list[Contact]:
    """Open contacts that came in since the office shut, or are due before it opens again: two queries."""
    wanted = Q(received_at__gte=around.closed_at) | Q(due_at__lte=around.opens_at)
    return list(
        access.visible_to(user).open().filter(wanted).for_list().select_related("referrer").soonest_first()[:200]
    )


def everything_open(user: User) -> Sequence[Contact]:
    """Every open contact, for paper, with whom to ring about it: two queries."""
    found = access.visible_to(user).filter(stage__in=OPEN_STAGES).select_related("agency", "owner", "referrer")
    return list(found.prefetch_related("children").soonest_first())
