"""What is open, by priority and by worker, and what the last twelve weeks say about the rest of today.

Contacts, as the queue counts them: one concern about one family. Restricted records count for whoever may see them.
Six queries, however many rows.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import ExtractHour, TruncDate

from mash_portal.accounts.models import User
from referrals.models import Absence
from referrals.models.contact import ContactQuerySet
from referrals.rules import permissions
from referrals.rules.period import LONDON, midnight

from .pace import NOBODY, WEEKS, Usual

SOON = timedelta(hours=2)
ONE_DAY = timedelta(days=1)


@dataclass
class Held:
    """Open contacts: all, and of these the late ones and those due within two hours."""

    open: int = 0
    late: int = 0
    soon: int = 0

    def add(self, other: "Held") -> None:
        self.open += other.open
        self.late += other.late
        self.soon += other.soon


@dataclass
class Worker:
    """Somebody of the hub who may hold contacts, or holds some."""

    number: int
    name: str
    is_here: bool
    held: Held = field(default_factory=Held)


@dataclass
class Door:
    """What is open now."""

    total: Held
    unassigned: Held
    by_rag: dict[str, Held]
    workers: list[Worker]

    @property
    def here(self) -> int:
        return sum(worker.is_here for worker in self.workers)


def door(contacts: ContactQuerySet, now: datetime) -> Door:
    """Two queries: what is open, and who may hold it."""
    rows = contacts.open().order_by().values_list("owner", "rag")
    late, soon = Q(due_at__lt=now), Q(due_at__gte=now, due_at__lt=now + SOON)
    counted = rows.annotate(all=Count("pk"), late=Count("pk", filter=late), soon=Count("pk", filter=soon))
    found, by_owner = Door(Held(), Held(), {}, []), dict[int, Held]()
    for owner, rag, *numbers in counted:
        held = Held(*numbers)
        found.total.add(held)
        found.by_rag.setdefault(rag, Held()).add(held)
        (found.unassigned if owner is None else by_owner.setdefault(owner, Held())).add(held)
    found.workers = _workers(by_owner, now)
    return found


def _workers(by_owner: dict[int, Held], now: datetime) -> list[Worker]:
    """Whoever is there, and whoever is away or gone and still holds something; who holds most first."""
    away = Exists(Absence.objects.at(now).filter(person=OuterRef("pk")))
    may_hold = Q(is_active=True, role__in=permissions.ASSIGNABLE)
    people = User.objects.filter(may_hold | Q(pk__in=by_owner)).annotate(away=away)
    found = [
        Worker(one.pk, one.full_name, one.is_active and not one.away, by_owner.get(one.pk, Held())) for one in people
    ]
    shown = [worker for worker in found if worker.is_here or worker.held.open]
    return sorted(shown, key=lambda worker: (-worker.held.open, worker.name))


def usual(contacts: ContactQuerySet, now: datetime) -> Usual:
    """The same weekday of the last twelve weeks, and today so far: four queries."""
    contacts, today = contacts.order_by(), now.astimezone(LONDON).date()
    days = [today - week * timedelta(days=7) for week in range(1, WEEKS + 1)]
    decided = (
        contacts.filter(_on("decided_at", days))
        .annotate(day=TruncDate("decided_at", tzinfo=LONDON), hour=ExtractHour("decided_at", tzinfo=LONDON))
        .values_list("day", "hour", "owner")
        .annotate(number=Count("pk"))
    )
    received = (
        contacts.filter(_on("received_at", days))
        .annotate(day=TruncDate("received_at", tzinfo=LONDON), hour=ExtractHour("received_at", tzinfo=LONDON))
        .values_list("day", "hour")
        .annotate(number=Count("pk"))
    )
    return Usual(
        now=now,
        received=Counter({(day, hour): number for day, hour, number in received}),
        decided=Counter({(day, hour, owner or NOBODY): number for day, hour, owner, number in decided}),
        received_today=contacts.filter(_on("received_at", [today])).count(),
        decided_today=contacts.filter(_on("decided_at", [today])).count(),
    )


def _on(name: str, days: Sequence[date]) -> Q:
    found = Q(pk__in=[])
    for day in days:
        found |= Q(**{f"{name}__gte": midnight(day), f"{name}__lt": midnight(day + ONE_DAY)})
    return found
