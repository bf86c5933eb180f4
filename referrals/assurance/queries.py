"""What the lists of quality read. Each function says how many queries it makes; none grows with the rows."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Self, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Count, Model, Prefetch, QuerySet
from django.http import Http404, QueryDict

from mash_portal.accounts.models import Agency, User
from referrals.models import Audit, AuditAction, DipSample, LearningEvent, Sampled
from referrals.models.learning import SampledQuerySet
from referrals.rules import permissions
from referrals.vocabulary import LearningKind

from . import cases
from .drawing import finished_months
from .measures import follow_ups_due

Row = TypeVar("Row", bound=Model)
PAGE = 50
DUE, OPEN, LATE, DONE, ALL, MINE, WAITING = "due", "open", "late", "done", "all", "mine", "waiting"


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a list. Anything in the address that is not a choice is left out of account."""

    state: str = ""
    kind: str = ""

    @classmethod
    def read(cls, query: QueryDict, *states: str) -> Self:
        """The first state is what is shown where none is asked for."""
        state, kind = query.get("state", ""), query.get("kind", "")
        known = {one.value for one in LearningKind}
        return cls(state if state in states else states[0], kind if kind in known else "")


def paged(rows: QuerySet[Row], page: str) -> Page[Row]:
    return Paginator(rows, PAGE).get_page(page)


def events(filters: Filters, today: date) -> QuerySet[LearningEvent]:
    """Trainings and meetings, the latest first; the follow-ups that are due, the longest overdue first."""
    found = (
        LearningEvent.objects.select_related("followed_up_by")
        .annotate(agencies_there=Count("agencies"))
        .order_by("-held_on", "-pk")
    )
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.state == DUE:
        return found.filter(follow_ups_due(today)).order_by("follow_up_on", "pk")
    return found.exclude(followed_up_at=None) if filters.state == DONE else found


def event(number: int) -> LearningEvent:
    """Two queries. 404 where there is none."""
    people = ("by", "followed_up_by")
    found = LearningEvent.objects.select_related(*people).prefetch_related("agencies").filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def agencies() -> list[Agency]:
    """Whoever sends contacts, in the order of their kinds and names."""
    return list(Agency.objects.filter(is_active=True, is_hub=False).order_by("kind", "name"))


def samples(user: User) -> list[tuple[DipSample, int, int]]:
    """(sample, drawn, audited), the latest month first, of what this person may hear of: three queries."""
    seen = cases.seen_by(user).order_by().values("sample")
    counted = seen.annotate(drawn=Count("pk", distinct=True), audited=Count("audits__sampled", distinct=True))
    numbers = {one["sample"]: (one["drawn"], one["audited"]) for one in counted}
    found = DipSample.objects.select_related("drawn_by")
    return [(one, *numbers.get(one.pk, (0, 0))) for one in found]


def sample(number: int) -> DipSample:
    found = DipSample.objects.select_related("drawn_by").filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def cases_of(user: User, of: DipSample) -> list[Sampled]:
    """The cases of a sample that this person may hear of, by stratum: three queries."""
    found = with_audits(cases.seen_by(user).filter(sample=of))
    return list(found.order_by("stratum", "pk"))


def to_audit(user: User) -> list[Sampled]:
    """What this person has been given and has not audited, the oldest sample first: three queries."""
    found = with_audits(cases.seen_by(user).waiting_for(user))
    return list(found.order_by("sample__month", "pk"))


def with_audits(found: SampledQuerySet) -> SampledQuerySet:
    people = ("child__contact__agency", "sample", "auditor", "second_auditor")
    return found.select_related(*people).prefetch_related(Prefetch("audits", Audit.objects.select_related("by")))


def undrawn(today: date) -> list[date]:
    """Which of the last twelve finished months have no sample yet, the latest first: one query."""
    drawn = set(DipSample.objects.values_list("month", flat=True))
    return [month for month in finished_months(today, 12) if month not in drawn]


def auditors() -> list[User]:
    return _people(permissions.AUDITS)


def owners() -> list[User]:
    """Who may be given an action."""
    return _people(permissions.AUDITED)


def actions(user: User, filters: Filters, today: date) -> QuerySet[AuditAction]:
    """What follows from audits of what this person may hear of, the soonest due first."""
    seen = AuditAction.objects.filter(audit__in=cases.audits_seen_by(user))
    found = seen.select_related("owner", "audit__sampled__child__contact")
    if user.as_role not in permissions.AUDITS or filters.state == MINE:
        found = found.filter(owner=user)
    if filters.state == DONE:
        return found.exclude(done_at=None).order_by("-done_at", "-pk")
    if filters.state != ALL:
        found = found.filter(done_at=None)
    return (found.filter(due__lt=today) if filters.state == LATE else found).order_by("due", "pk")


def actions_of(audits: Collection[int]) -> list[AuditAction]:
    """What follows from these audits: one query."""
    found = AuditAction.objects.filter(audit__in=audits)
    return list(found.select_related("owner", "audit__sampled__child__contact"))


def action(user: User, number: int) -> AuditAction:
    found = AuditAction.objects.filter(audit__in=cases.audits_seen_by(user), pk=number)
    one = found.select_related("owner", "audit__sampled__child__contact").first()
    if one is None:
        raise Http404
    return one


def _people(roles: frozenset[object]) -> list[User]:
    return list(User.objects.filter(is_active=True, role__in=roles).order_by("full_name"))


@dataclass(frozen=True, slots=True)
class Counts:
    """What waits, for the page that leads to everything. None: not this person's business."""

    events: int
    due: int
    samples: int
    undrawn: date | None
    to_audit: int
    actions: int
    late: int
    findings: int


def counts(user: User, today: date) -> Counts:
    """Eight queries, one more where something is restricted."""
    mine = actions(user, Filters(MINE), today)
    waiting = undrawn(today)
    return Counts(
        events=LearningEvent.objects.count(),
        due=LearningEvent.objects.filter(follow_ups_due(today)).count(),
        samples=DipSample.objects.count(),
        undrawn=waiting[0] if waiting and waiting[0] == finished_months(today, 1)[0] else None,
        to_audit=cases.seen_by(user).waiting_for(user).count(),
        actions=mine.count(),
        late=mine.filter(due__lt=today).count(),
        findings=cases.found_about(user).count(),
    )
