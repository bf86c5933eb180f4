"""One message for one step that falls due; one for all of them when there are several. Never a storm, never silence.

A message about one step names its contact; a message about several points to the board. A person is sent at most
ONES messages about one step and one about several within QUIET. What comes on top of that is not dropped: it is
gathered in one further message, which waits until QUIET is over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q

from mash_portal.accounts.models import User
from referrals.models import Notice

ONE, SEVERAL = "escalation", "escalations"
QUIET = timedelta(hours=1)
ONES = 5
#: A sweep that has much to catch up on takes several batches, on several hosts: this long, they are one occasion.
OCCASION = timedelta(minutes=2)


@dataclass(frozen=True)
class Fired:
    """What a message needs to know of a step."""

    pk: int
    reference: str
    due_at: datetime


@dataclass(frozen=True)
class Sent:
    """What a person has been sent of late: `waiting` and `going` count messages about several that are not sent yet."""

    last: int = 0
    last_at: datetime | None = None
    waiting: int = 0
    going: int = 0
    ones: int = 0

    def covers(self, step: Fired, now: datetime) -> bool:
        """True when a message about several, made on this same occasion or about to go, points to this step too."""
        if self.going:
            return True
        return self.last_at is not None and step.due_at <= self.last_at and now - self.last_at <= OCCASION

    def quiet_until(self, now: datetime) -> datetime:
        return now if self.last_at is None else max(now, self.last_at + QUIET)


def notices_for(told: Mapping[User, Sequence[Fired]], *, crowded: bool, now: datetime) -> list[Notice]:
    """The messages that a batch gives rise to, in the order of their keys so that two sweeps never wait in a circle.

    `crowded`: more is due than this batch holds, so that every message is about several.
    """
    sent = _sent_to(told, now)
    found = [_notice(person, steps, sent.get(person.pk, Sent()), crowded, now) for person, steps in told.items()]
    return sorted((notice for notice in found if notice), key=lambda notice: notice.key)


def _notice(person: User, steps: Sequence[Fired], sent: Sent, crowded: bool, now: datetime) -> Notice | None:
    if all(sent.covers(step, now) for step in steps):
        return None
    if len(steps) == 1 and not crowded and sent.ones < ONES:
        [step] = steps
        key = f"{ONE}:{step.reference}:{step.pk}:{person.pk}"
        return Notice(key=key, template=ONE, to=person, reference=step.reference, created_at=now, next_attempt_at=now)
    if sent.waiting:
        return None
    # the key names the message before, so that two sweeps at once write one
    key = f"{SEVERAL}:{person.pk}:after:{sent.last}"
    return Notice(key=key, template=SEVERAL, to=person, created_at=now, next_attempt_at=sent.quiet_until(now))


def _sent_to(told: Mapping[User, Sequence[Fired]], now: datetime) -> dict[int, Sent]:
    several, one = Q(template=SEVERAL), Q(template=ONE)
    unsent = several & Q(sent_at=None, failed_at=None)
    rows = (
        Notice.objects.filter(to__in=[person.pk for person in told], template__in=(ONE, SEVERAL))
        .values_list("to_id")
        .annotate(
            last=Max("id", filter=several),
            last_at=Max("created_at", filter=several),
            waiting=Count("id", filter=unsent),
            going=Count("id", filter=unsent & Q(next_attempt_at__lte=now)),
            ones=Count("id", filter=one & Q(created_at__gt=now - QUIET)),
        )
    )
    return {to: Sent(last or 0, last_at, *counts) for to, last, last_at, *counts in rows}
