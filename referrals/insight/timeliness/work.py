"""The work behind decisions: stages, agency checks, strategy discussions, feedback. For contacts received in a period.

Each set of rows that is counted here is also the list behind its numbers (behind.py): the same function gives both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, F, FloatField, Func, OuterRef, Q, Subquery, Window
from django.db.models.aggregates import Aggregate
from django.db.models.functions import Lead

from referrals.insight.filters import NO_FILTERS, Filters
from referrals.insight.period import Period
from referrals.insight.queries import counted
from referrals.models import Check, Feedback, Invitation, StageChange, StrategyDiscussion
from referrals.models.people import ChildQuerySet
from referrals.vocabulary import Stage

#: Stages that a contact leaves again.
STAGES = (Stage.RECEIVED, Stage.TRIAGE, Stage.SIGN_OFF, Stage.DECIDED)


@dataclass(frozen=True, slots=True)
class Cohort:
    """The contacts whose work is looked at: those of the children who are counted, of this person."""

    children: ChildQuerySet
    period: Period
    now: datetime
    filters: Filters = NO_FILTERS

    @property
    def counted(self) -> ChildQuerySet:
        return counted(self.children, self.period, self.now, self.filters).order_by()

    @property
    def contacts(self) -> Any:
        return self.counted.values("contact")


class _Between(Func):
    """Hours between two moments."""

    template = "(date_part('epoch', %(expressions)s) / 3600)"
    arg_joiner = " - "
    output_field = FloatField()


class _Percentile(Aggregate):
    """Between neighbours, of what is not empty."""

    template = "percentile_cont(%(at)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def hours_between(since: str, until: str) -> _Between:
    return _Between(F(until), F(since))


def percentile(at: float, since: str, until: str) -> _Percentile:
    return _Percentile(hours_between(since, until), at=at)


@dataclass(frozen=True, slots=True)
class StageTime:
    """How often contacts were in a stage, how often they have left it again, and how many hours it took to."""

    stage: Stage
    entered: int = 0
    left: int = 0
    median: float | None = None
    ninety: float | None = None


def visits(cohort: Cohort) -> Any:
    """Each time that a contact came into a stage."""
    return StageChange.objects.filter(contact__in=cohort.contacts).exclude(from_stage=F("to_stage")).order_by()


def with_ends(visits: Any) -> Any:
    """With the moment at which the contact went on, however the visits are narrowed."""
    later = Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), id__gt=OuterRef("id"))
    after = StageChange.objects.filter(later, contact=OuterRef("contact")).exclude(from_stage=F("to_stage"))
    return visits.annotate(until=Subquery(after.order_by("at", "id").values("at")[:1]))


STAGE_TIMES = """
WITH visits AS MATERIALIZED ({visits})
SELECT to_stage, count(*), count(until),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY date_part('epoch', until - at) / 3600),
       percentile_cont(0.9) WITHIN GROUP (ORDER BY date_part('epoch', until - at) / 3600)
FROM visits GROUP BY to_stage
"""


def stages(cohort: Cohort) -> Sequence[StageTime]:
    """One pass over the visits in order: nothing may narrow them to some stages, or they would lose their ends."""
    until = Window(Lead("at"), partition_by=F("contact"), order_by=("at", "id"))
    ordered = visits(cohort).annotate(until=until).values("to_stage", "at", "until")
    sql, parameters = ordered.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(STAGE_TIMES.format(visits=sql), parameters)
        found = {stage: StageTime(Stage(stage), *rest) for stage, *rest in cursor.fetchall()}
    return [found.get(stage, StageTime(stage)) for stage in STAGES]


@dataclass(frozen=True, slots=True)
class Turnaround:
    """The checks of one agency. Late: answered too late, or not answered when the time had passed."""

    agency: str
    agency_id: int
    asked: int
    answered: int
    late: int
    owed: int
    median: float | None
    ninety: float | None


def checks(cohort: Cohort) -> Any:
    """Every check that reached its agency."""
    return Check.objects.asked().filter(contact__in=cohort.contacts).order_by()


def late_check(now: datetime) -> Q:
    """Not answered when its time had passed: answered later, or closed later without an answer, or still open."""
    unanswered = Q(answered_at=None) & (Q(closed_at__gt=F("due_at")) | Q(closed_at=None, due_at__lte=now))
    return Q(answered_at__gt=F("due_at")) | unanswered


def owed_check(now: datetime) -> Q:
    """Of which it can be said whether they were in time: one that was closed before it was due cannot be late."""
    return Q(answered_at__isnull=False) | late_check(now)


def turnarounds(cohort: Cohort) -> Sequence[Turnaround]:
    """By agency, most checks first."""
    found = (
        checks(cohort)
        .values("agency", "agency__name")
        .annotate(
            asked=Count("*"),
            answered=Count("answered_at"),
            late=Count("pk", filter=late_check(cohort.now)),
            owed=Count("pk", filter=owed_check(cohort.now)),
            median=percentile(0.5, "requested_at", "answered_at"),
            ninety=percentile(0.9, "requested_at", "answered_at"),
        )
        .order_by("-asked", "agency__name")
    )
    return [
        Turnaround(
            *(row[name] for name in ("agency__name", "agency", "asked", "answered", "late", "owed", "median", "ninety"))
        )
        for row in found
    ]


@dataclass(frozen=True, slots=True)
class Discussions:
    """Strategy discussions that were called and not called off, and those that were."""

    called: int
    held: int
    late: int
    owed: int
    called_off: int
    median: float | None


def discussions(cohort: Cohort) -> Any:
    return StrategyDiscussion.objects.filter(contact__in=cohort.contacts).order_by()


def late_discussion(now: datetime) -> Q:
    """Held too late, or not held when the time had passed."""
    return Q(held_at__gt=F("due_at")) | Q(held_at=None, due_at__lte=now)


def owed_discussion(now: datetime) -> Q:
    return Q(held_at__isnull=False) | late_discussion(now)


def discussions_on_time(cohort: Cohort) -> Discussions:
    on = Q(called_off_at=None)
    row = discussions(cohort).aggregate(
        called=Count("pk", filter=on),
        held=Count("held_at", filter=on),
        late=Count("pk", filter=on & late_discussion(cohort.now)),
        owed=Count("pk", filter=on & owed_discussion(cohort.now)),
        called_off=Count("called_off_at"),
        median=_Percentile(hours_between("called_at", "held_at"), at=0.5, filter=on),
    )
    return Discussions(**row)


@dataclass(frozen=True, slots=True)
class Attendance:
    """One kind of agency at the discussions that are recorded: who was asked, who came, who was left out."""

    kind: str
    invited: int
    came: int
    left_out: int


def invitations(cohort: Cohort) -> Any:
    """Of discussions that were held and are recorded: whether somebody came is only then known."""
    held = {"discussion__recorded_at__isnull": False, "discussion__called_off_at": None}
    return Invitation.objects.filter(discussion__contact__in=cohort.contacts, **held).order_by()


def attendance(cohort: Cohort) -> Sequence[Attendance]:
    """By kind of agency, whoever was invited most first."""
    found = (
        invitations(cohort)
        .values("kind")
        .annotate(
            invited=Count("pk", filter=Q(not_invited_because="")),
            came=Count("pk", filter=Q(not_invited_because="", attended=True)),
            left_out=Count("pk", filter=~Q(not_invited_because="")),
        )
        .order_by("-invited", "kind")
    )
    return [Attendance(**row) for row in found]


@dataclass(frozen=True, slots=True)
class FeedbackTimes:
    """Hours from the decision to the feedback, and from the feedback to its being opened, in the middle."""

    to_send: float | None
    to_open: float | None


def feedback_times(cohort: Cohort) -> FeedbackTimes:
    sent = Feedback.objects.filter(contact__in=cohort.contacts).order_by()
    row = sent.aggregate(
        to_send=percentile(0.5, "decision__signed_off_at", "sent_at"),
        to_open=percentile(0.5, "sent_at", "opened_at"),
    )
    return FeedbackTimes(**row)
