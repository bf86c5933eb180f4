"""What a worker has done in a period, for their supervision: gathered from what was written down at the time.

It knows who was absent (front-door.md 3.10): working days away are said beside the figures, and what fell due on one of
them is told apart from what was late while they were there.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F

from mash_portal.accounts.models import User
from referrals import access, clockwork
from referrals.models import Absence, Contact, Deadline, Discussion, StageChange
from referrals.models.partnership import working_week
from referrals.rules.period import midnight
from referrals.vocabulary import Clock, Verb

#: Steps that a supervisor asks about, in the order of the work.
COUNTED = (
    Verb.CLAIM,
    Verb.FIRST_LOOK,
    Verb.ASSESS,
    Verb.CHECK,
    Verb.CALL_STRATEGY,
    Verb.ACT_NOW,
    Verb.RECOMMEND,
    Verb.SEND_BACK,
    Verb.SIGN_OFF,
    Verb.GIVE_FEEDBACK,
)


@dataclass(frozen=True)
class Summary:
    """One worker's period. `steps`: how often, in the order of the work. `late`: decisions made after their time.

    `late_away`: of these, by their keys, what fell due while the person was away. `taken`: contacts taken or given.
    """

    person: User
    first_day: date
    last_day: date
    steps: list[tuple[Verb, int]]
    decided: int
    late: list[Deadline]
    discussions: list[Discussion]
    held: list[Contact]
    days_away: int
    days_there: int
    late_away: frozenset[int]
    taken: int


def summary(person: User, *, reader: User, first_day: date, last_day: date) -> Summary:
    """Of what the reader may see: seven queries, however much was done."""
    starts, ends = midnight(first_day), midnight(last_day + timedelta(days=1))
    visible = access.visible_to(reader)
    steps = StageChange.objects.filter(by=person, at__gte=starts, at__lt=ends, verb__in=COUNTED, contact__in=visible)
    counted = Counter(steps.values_list("verb", flat=True))
    met = Deadline.objects.filter(
        clock=Clock.DECISION, met_at__gte=starts, met_at__lt=ends, contact__owner=person, contact__in=visible
    )
    away = list(Absence.objects.filter(person=person, cancelled_at=None, starts_at__lt=ends, ends_at__gt=starts))
    late = list(met.filter(met_at__gt=F("due_at")).select_related("contact").order_by("met_at"))
    days_away, days_there = _working_days(away, starts, ends)
    said = Discussion.objects.filter(at__gte=starts, at__lt=ends, contact__in=visible)
    return Summary(
        person=person,
        first_day=first_day,
        last_day=last_day,
        steps=[(verb, counted[verb]) for verb in COUNTED if counted[verb]],
        decided=met.count(),
        late=late,
        discussions=list(
            (said.filter(by=person) | said.filter(with_person=person))
            .select_related("contact", "by", "with_person")
            .order_by("-at", "-id")
        ),
        held=list(visible.open().filter(owner=person).for_list().soonest_first()),
        days_away=days_away,
        days_there=days_there,
        late_away=frozenset(one.pk for one in late if _was_away(away, one.due_at)),
        taken=counted[Verb.CLAIM],
    )


def _working_days(away: Sequence[Absence], starts: datetime, ends: datetime) -> tuple[int, int]:
    """Working days of the period on which the person was away at noon, and on which they were not."""
    week = working_week()
    day, absent, there = clockwork.london(starts).date(), 0, 0
    while midnight(day) < ends:
        if week.works_on(day):
            if _was_away(away, midnight(day) + timedelta(hours=12)):
                absent += 1
            else:
                there += 1
        day += timedelta(days=1)
    return absent, there


def _was_away(away: Sequence[Absence], moment: datetime) -> bool:
    return any(one.starts_at <= moment < one.ends_at for one in away)
