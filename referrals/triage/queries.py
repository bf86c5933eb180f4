"""What the hub's pages read. Each function says how many queries it makes; none grows with the rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery, prefetch_related_objects
from django.db.models.functions import JSONObject

from mash_portal.accounts.models import User
from referrals import access, clockwork
from referrals.models import (
    Absence,
    Child,
    Consent,
    Contact,
    Decision,
    Escalation,
    Feedback,
    Rating,
    Restriction,
    SavedFilter,
    ShiftNote,
    StageChange,
)
from referrals.models.contact import OPEN_STAGES
from referrals.models.partnership import clock_rules, working_week
from referrals.rules import clocks, permissions
from referrals.vocabulary import QUIET, Clock, Rag, Stage

PAGE = 50
#: What a row says of each child, in the order of the model's fields.
CHILD_FACTS = ("given_names", "family_name", "date_of_birth", "expected_date", "estimated_age", "in_scope")
ROW_FACTS = (
    "id",
    "reference",
    "rag",
    "stage",
    "source",
    "received_at",
    "due_at",
    "statutory_due_at",
    "owner_id",
    "agency__name",
    "owner__full_name",
)


@dataclass(frozen=True)
class Place:
    """Where a page of the queue starts: after this due time and, among equals, this row."""

    due_at: datetime
    id: int

    def __str__(self) -> str:
        return f"{int(self.due_at.timestamp())}.{self.due_at.microsecond}.{self.id}"

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """None, the first page, where the text is no place."""
        parts = text.split(".")
        if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 13 for part in parts):
            return None
        seconds, micros, row = map(int, parts)
        try:
            return cls(datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=micros), row)
        except (OverflowError, ValueError):
            return None


@dataclass(frozen=True)
class Queue:
    """One page of the queue as plain rows, with what is beside it. `latest` is the last step that the reader knows."""

    rows: Sequence[dict[str, Any]]
    following: Place | None
    shown: int
    total: int
    latest: int


def queue(user: User, condition: Q, after: Place | None) -> Queue:
    """Open contacts, the soonest deadline first: one query for the rows with their children, one for the counts."""
    contacts = access.visible_to(user).open()
    rows = contacts.filter(condition)
    if after is not None:
        # the first half is what the index walks to; the second settles rows with the same due time
        rows = rows.filter(due_at__gte=after.due_at).exclude(due_at=after.due_at, id__lte=after.id)
    children = Child.objects.filter(contact=OuterRef("pk")).order_by("id")
    as_json = children.values(facts=JSONObject(**{name: F(name) for name in CHILD_FACTS}))
    page = list(
        rows.soonest_first()
        .annotate(children_facts=ArraySubquery(as_json))
        .values(*ROW_FACTS, "children_facts")[: PAGE + 1]
    )
    newest = Subquery(StageChange.objects.order_by("-id").values("id")[:1])
    counts = contacts.annotate(newest=newest).aggregate(
        total=Count("pk"), shown=Count("pk", filter=condition), latest=Max("newest")
    )
    last = page[PAGE - 1] if len(page) > PAGE else None
    return Queue(
        rows=page[:PAGE],
        following=Place(last["due_at"], last["id"]) if last else None,
        shown=counts["shown"],
        total=counts["total"],
        latest=counts["latest"] or latest_step(),
    )


def changed_since(user: User, step: int) -> int:
    """How many contacts came into, moved within or left the queue after that step of the timeline: one query."""
    within = [stage.value for stage in OPEN_STAGES]
    steps = StageChange.objects.filter(Q(from_stage__in=within) | Q(to_stage__in=within), id__gt=step)
    return steps.filter(contact__in=access.visible_to(user)).values("contact").distinct().count()


def latest_step() -> int:
    newest = StageChange.objects.order_by("-id").first()
    return newest.pk if newest else 0


@dataclass(frozen=True)
class Worker:
    """Somebody who may be given a contact, with what they hold already."""

    person: User
    held: int
    overdue: int


def workers(user: User, now: datetime) -> list[Worker]:
    """Everybody who is there and may hold a contact, those with the least that this person sees first: two queries."""
    open_ = Q(held__stage__in=OPEN_STAGES) & ~Q(held__in=access.hidden_from(user))
    people = (
        User.objects.filter(is_active=True, role__in=permissions.ASSIGNABLE)
        .exclude(Exists(Absence.objects.at(now).filter(person=OuterRef("pk"))))
        .annotate(
            open_held=Count("held", filter=open_), late_held=Count("held", filter=open_ & Q(held__due_at__lt=now))
        )
        .order_by("open_held", "full_name")
    )
    return [Worker(person, person.open_held, person.late_held) for person in people]


#: Whose contacts a manager shares out, besides a person's by their number.
NOBODYS, AWAY = "nobody", "away"
#: A manager ticks rows of one page: more than this is not looked at one by one.
MOST_SHARED = 100


def holders(user: User) -> list[User]:
    """Everybody who holds an open contact that this person may see: one query."""
    held = access.visible_to(user).open().exclude(owner=None)
    return list(User.objects.filter(pk__in=held.values("owner")).order_by("full_name"))


def shareable(user: User, whose: str, now: datetime) -> list[Contact]:
    """Open contacts that nobody holds, that somebody holds, or whose holder is away: two queries."""
    contacts = access.visible_to(user).filter(stage__in=(Stage.RECEIVED, Stage.TRIAGE))
    if whose == AWAY:
        contacts = contacts.filter(Exists(Absence.objects.at(now).filter(person=OuterRef("owner"))))
    elif whose == NOBODYS:
        contacts = contacts.filter(owner=None)
    else:
        contacts = contacts.filter(owner=int(whose))
    return list(contacts.for_list().soonest_first()[:MOST_SHARED])


def waiting_notes() -> int:
    """How many notes of earlier shifts nobody has taken over yet: one query."""
    return ShiftNote.objects.filter(taken_at=None).count()


def kept_views(user: User) -> list[SavedFilter]:
    return list(user.saved_filters.all())


def due_by_rag(contact: Contact) -> dict[Rag, datetime]:
    """When the decision would be due under each priority, as the action would compute it: three queries."""
    live = contact.deadlines.live().filter(clock=Clock.DECISION).first()
    rules, week = clock_rules(), working_week()
    if live is None:
        return {rag: clocks.decision_due(contact.received_at, rag, rules, week) for rag in Rag}
    return {rag: clockwork.rated(live, rag, rules, week).due_at(live.opened_at) for rag in Rag}


def earlier_contacts(user: User, contact: Contact) -> dict[int | None, list[Child]]:
    """Earlier contacts about each child of this one, newest first, that this person may see: by the known person."""
    return access.earlier_contacts(user, contact)


def fill(contact: Contact) -> None:
    """Fetch the people of a contact: one query for the children, two for the adults."""
    prefetch_related_objects([contact], "children", "adults__relationships")


def consent_of(contact: Contact) -> Consent | None:
    return Consent.objects.filter(contact=contact).first()


def latest_decision(contact: Contact) -> Decision | None:
    return Decision.objects.latest_of(contact)


def latest_feedback(contact: Contact) -> Feedback | None:
    return contact.feedback.select_related("sent_by", "opened_by").first()


def timeline(contact: Contact, user: User) -> list[StageChange]:
    """Every step, newest first. That it was once restricted is read by those alone who are or were named on it."""
    steps = contact.steps.select_related("by")
    named = Restriction.objects.filter(contact=OuterRef("contact"), named=user)
    return list(steps.filter(~Q(verb__in=QUIET) | Exists(named)))


def ratings(contact: Contact) -> list[Rating]:
    return list(contact.ratings.all())


def fired(contact: Contact) -> list[Escalation]:
    """Steps of the ladders that have fired, newest first, with who was told: two queries."""
    return list(
        Escalation.objects.fired()
        .filter(contact=contact)
        .select_related("acknowledged_by", "deadline")
        .prefetch_related("told")
        .order_by("-fired_at", "-id")
    )
