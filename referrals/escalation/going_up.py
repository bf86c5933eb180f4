"""What nobody has acknowledged in its time goes up: to the next person who has not been told, once for each rung.

Rows are claimed with SKIP LOCKED, as for firing, so that any number of sweeps take each of them up once. Of one
deadline only the latest step goes up: whoever is told of that sees the earlier ones beside it.
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from mash_portal.accounts.models import User
from mash_portal.audit import trail
from referrals.models import Circle, Escalation, Notice, Telling
from referrals.rules import duty
from referrals.rules.duty import Patience
from referrals.rules.ladder import AGENCY, LEADS
from referrals.rules.permissions import ONLY_FOR

from .messages import Fired, notices_for
from .recipients import OnDuty, circles_of

log = logging.getLogger(__name__)

#: Spent: it is met or taken, or the hub was told of a later step of the same deadline.
_CLAIM = """
    SELECT e.id, e.contact_id, d.clock, e.step, e.label, e.goes_up_at, e.goes_up_minutes, c.reference, c.is_restricted,
           c.rag, (e.only_if_unclaimed AND c.owner_id IS NOT NULL)
               OR d.met_at IS NOT NULL OR d.cancelled_at IS NOT NULL OR EXISTS (
               SELECT FROM referrals_escalation later
               WHERE later.deadline_id = e.deadline_id AND later.fired_at IS NOT NULL
                 AND (later.due_at, later.id) > (e.due_at, e.id) AND NOT later.roles <@ %(outside)s::varchar[])
    FROM referrals_escalation e
    JOIN referrals_contact c ON c.id = e.contact_id
    JOIN referrals_deadline d ON d.id = e.deadline_id
    WHERE e.fired_at IS NOT NULL AND e.acknowledged_at IS NULL AND e.goes_up_at <= %(now)s AND e.id <> ALL(%(but)s)
    ORDER BY e.goes_up_at, e.id LIMIT %(limit)s
    FOR UPDATE OF e SKIP LOCKED FOR SHARE OF c SKIP LOCKED
"""


@dataclass(frozen=True, slots=True, eq=False)
class Unseen:
    """A step that has waited for as long as it may. `spent`: nobody needs telling any more."""

    pk: int
    contact_id: int
    clock: str
    step: str
    label: str
    goes_up_at: datetime
    goes_up_minutes: int | None
    reference: str
    is_restricted: bool
    rag: str
    spent: bool


def next_people(told: Sequence[User], circle: Circle | None, at: datetime, on_duty: OnDuty) -> list[User]:
    """Whom it reaches next: the first rung above everybody told that has somebody new, within a restricted circle."""
    known = {person.pk for person in told}
    for rung in duty.rungs_above(person.role for person in told):
        people = [one for one in on_duty.at(rung, at) if one.pk not in known]
        if found := circle.keep(people) if circle else people:
            return found
    return [one for one in circle.managers if one.pk not in known] if circle else []


@dataclass
class GoingUp:
    """One run over what has not been acknowledged in its time."""

    now: datetime
    batch: int
    crowded: bool
    on_duty: OnDuty
    patience: Patience
    system: User

    def run(self, stopping: Callable[[], bool]) -> list[tuple[Unseen, Sequence[User]]]:
        """What went up, and to whom."""
        done: list[tuple[Unseen, Sequence[User]]] = []
        stuck: set[int] = set()
        while not stopping() and (went := self.one_batch(stuck)) is not None:
            done += went
        return done

    @transaction.atomic
    def one_batch(self, stuck: set[int]) -> list[tuple[Unseen, Sequence[User]]] | None:
        """Claim and tell up to a batch; None when nothing is left that can be claimed."""
        found = self._claim(stuck)
        if not found:
            return None
        spent = [one.pk for one in found if one.spent]
        if spent:
            Escalation.objects.filter(pk__in=spent).update(goes_up_at=None)
        steps = [one for one in found if not one.spent]
        try:
            with transaction.atomic():
                return self._take_up(steps)
        except Exception as error:
            _go_on_after(error)
            stuck.update(one.pk for one in steps)
            return self._one_by_one(steps)

    def _one_by_one(self, steps: Sequence[Unseen]) -> list[tuple[Unseen, Sequence[User]]]:
        done = []
        for step in steps:
            try:
                with transaction.atomic():
                    done += self._take_up([step])
            except Exception as error:
                _go_on_after(error)
        return done

    def _claim(self, but: Collection[int]) -> list[Unseen]:
        facts: dict[str, Any] = {"now": self.now, "but": list(but), "limit": self.batch, "outside": [AGENCY, LEADS]}
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, facts)
            return [Unseen(*row) for row in cursor.fetchall()]

    def _take_up(self, steps: Sequence[Unseen]) -> list[tuple[Unseen, Sequence[User]]]:
        told, circles = told_by_step([step.pk for step in steps]), circles_of(steps)
        going = {
            step: self.on_duty.only_for(step.clock)
            if step.clock in ONLY_FOR
            else next_people(told.get(step.pk, ()), circles.get(step.contact_id), self.now, self.on_duty)
            for step in steps
        }
        self._mark(going, told)
        went: list[tuple[Unseen, Sequence[User]]] = [(step, people) for step, people in going.items() if people]
        Telling.objects.bulk_create(
            Telling(escalation_id=step.pk, user=person, at=self.now) for step, people in went for person in people
        )
        lines = [(step.reference, {"step": step.step, "told": [one.pk for one in people]}) for step, people in went]
        trail.record_many("went_up", lines, by=self.system)
        self._queue(went)
        return went

    def _mark(self, going: Mapping[Unseen, Sequence[User]], told: Mapping[int, Sequence[User]]) -> None:
        """It waits again for whoever is told now. Where nobody has ever been told, it looks for somebody again."""
        by_wait: dict[tuple[bool, datetime | None], list[int]] = {}
        for step, people in going.items():
            again = people or not told.get(step.pk)
            due = self.now + self.patience.of(step.rag, step.goes_up_minutes) if again else None
            by_wait.setdefault((bool(people), due), []).append(step.pk)
        for (went, due), pks in by_wait.items():
            changed: dict[str, datetime | None] = {"goes_up_at": due}
            Escalation.objects.filter(pk__in=pks).update(**changed | ({"went_up_at": self.now} if went else {}))

    def _queue(self, went: Sequence[tuple[Unseen, Sequence[User]]]) -> None:
        by_person: dict[User, list[Fired]] = {}
        for step, people in went:
            for person in people:
                by_person.setdefault(person, []).append(Fired(step.pk, step.reference, step.goes_up_at))
        made = notices_for(by_person, crowded=self.crowded, now=self.now)
        Notice.objects.bulk_create(made, ignore_conflicts=True)


def _go_on_after(error: Exception) -> None:
    """Continue only where the database has undone the failed part and nothing else. The next sweep tries again."""
    log.error("What nobody has acknowledged could not go up: %s", type(error).__name__)
    if connection.needs_rollback or connection.closed_in_transaction:
        raise error


def told_by_step(steps: Collection[int]) -> Mapping[int, Sequence[User]]:
    """Who has been told of each, the first one first: one query."""
    found: dict[int, list[User]] = {}
    for one in Telling.objects.filter(escalation__in=steps).select_related("user"):
        found.setdefault(one.escalation_id, []).append(one.user)
    return found
