"""How long a draft is kept, and who is told of it before (front-door.md 3.2, 3.9). Time runs from its last save."""

from datetime import datetime, timedelta
from enum import StrEnum

#: A draft is deleted this many days after its last save.
DRAFT_DAYS = 90
#: An unsent referral is a child nobody knows about: its writer is reminded after so many days.
REMIND_AFTER_DAYS = (1, 7)
#: So many days before it is deleted, its agency is warned.
WARN_DAYS_BEFORE = 7
#: A writer who has not signed in for so long is away: the agency's safeguarding leads are told as well.
AWAY_DAYS = 7


class Step(StrEnum):
    """What happens to a draft that nobody sends."""

    REMIND = "remind"
    WARN = "warn"
    DELETE = "delete"


STEPS: tuple[tuple[timedelta, Step], ...] = (
    *((timedelta(days=days), Step.REMIND) for days in REMIND_AFTER_DAYS),
    (timedelta(days=DRAFT_DAYS - WARN_DAYS_BEFORE), Step.WARN),
    (timedelta(days=DRAFT_DAYS), Step.DELETE),
)


def due_step(saved: datetime, now: datetime) -> tuple[timedelta, Step] | None:
    """The latest step whose time has come; None while it is too early. After downtime one follows, not all."""
    return next((step for step in reversed(STEPS) if saved + step[0] <= now), None)


def next_step(saved: datetime, now: datetime) -> datetime:
    """When to look at a draft again."""
    return next((saved + after for after, _ in STEPS if saved + after > now), now + timedelta(days=1))


def deleted_at(saved: datetime) -> datetime:
    return saved + timedelta(days=DRAFT_DAYS)


def days_left(saved: datetime, now: datetime) -> int:
    """Days until a draft is deleted, begun ones counted whole; never less than none."""
    return max(-((now - deleted_at(saved)) // timedelta(days=1)), 0)


def is_away(last_signed_in: datetime | None, now: datetime) -> bool:
    return last_signed_in is None or now - last_signed_in > timedelta(days=AWAY_DAYS)
