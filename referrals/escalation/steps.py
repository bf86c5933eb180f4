"""Steps as the sweep claims them, and the one after a step that repeats."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from referrals.models import Escalation
from referrals.rules.ladder import told_again

#: A repeat that cannot be read is taken for the ladder's own: every 4 hours. None comes more often than SHORTEST.
USUAL, SHORTEST = timedelta(hours=4), timedelta(minutes=5)

#: Is anything due, how much, does anything go up, and what time is it? Two index probes while nothing is.
_LOOK = """
    SELECT coalesce(%(now)s, statement_timestamp()), (SELECT count(*) FROM (
        SELECT FROM referrals_escalation
        WHERE fired_at IS NULL AND cancelled_at IS NULL AND due_at <= coalesce(%(now)s, statement_timestamp())
        LIMIT %(limit)s) AS due), (SELECT count(*) FROM (
        SELECT FROM referrals_escalation
        WHERE fired_at IS NOT NULL AND acknowledged_at IS NULL
          AND goes_up_at <= coalesce(%(now)s, statement_timestamp())
        LIMIT %(limit)s) AS unseen)
"""
#: A contact that somebody is changing at this moment is left for the next sweep, two seconds later: whoever changes it
#: goes on to this contact's steps, and neither may wait for the other.
_CLAIM = """
    SELECT e.id, e.deadline_id, e.contact_id, d.clock, e.step, e.label, e.due_at, e.roles, e.repeats_every_hours,
           e.goes_up_minutes, c.reference, c.owner_id, c.is_restricted, c.rag,
           (e.only_if_unclaimed AND c.owner_id IS NOT NULL)
               OR d.met_at IS NOT NULL OR d.cancelled_at IS NOT NULL
    FROM referrals_escalation e
    JOIN referrals_contact c ON c.id = e.contact_id
    JOIN referrals_deadline d ON d.id = e.deadline_id
    WHERE e.fired_at IS NULL AND e.cancelled_at IS NULL AND e.due_at <= %(now)s AND e.id <> ALL(%(but)s)
    ORDER BY e.due_at, e.id LIMIT %(limit)s
    FOR UPDATE OF e SKIP LOCKED FOR SHARE OF c SKIP LOCKED
"""


@dataclass(frozen=True, slots=True, eq=False)
class Armed:
    """One step whose time has come. `spent`: nobody needs telling any more."""

    pk: int
    deadline_id: int
    contact_id: int
    clock: str
    step: str
    label: str
    due_at: datetime
    roles: Sequence[str]
    repeats_every_hours: float
    goes_up_minutes: int | None
    reference: str
    owner_id: int | None
    is_restricted: bool
    rag: str
    spent: bool


def look(now: datetime | None, limit: int) -> tuple[datetime, int, int]:
    """The database's time, or the one given; how many steps are due and how many go up, each counted up to `limit`."""
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, {"now": now, "limit": limit})
        moment, due, unseen = cursor.fetchone()
    return moment, due, unseen


def claim(now: datetime, limit: int, but: Collection[int]) -> list[Armed]:
    """Lock the oldest steps that are due and in no other sweep's hands. Inside the transaction that fires them."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"now": now, "limit": limit, "but": list(but)})
        return [Armed(*row) for row in cursor.fetchall()]


def after(step: Armed, now: datetime) -> Escalation | None:
    """The next repeat, later than `now`: what was missed while nobody swept is not made up for. None: fires once."""
    gap = _gap(step.repeats_every_hours)
    if gap is None:
        return None
    missed = max(0, (now - step.due_at) // gap)
    return Escalation(
        deadline_id=step.deadline_id,
        contact_id=step.contact_id,
        step=told_again(step.step),
        label=step.label,
        due_at=step.due_at + gap * (missed + 1),
        roles=list(step.roles),
        repeats_every_hours=gap / timedelta(hours=1),
        goes_up_minutes=step.goes_up_minutes,
    )


def _gap(hours: float) -> timedelta | None:
    if hours == 0:
        return None
    if not math.isfinite(hours) or not 0 < hours < 1_000_000:
        return USUAL
    return max(timedelta(hours=hours), SHORTEST)
