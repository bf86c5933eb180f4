"""Fire every step of a ladder whose time has come: once, on time, whatever else is wrong (G4). What nobody
acknowledges goes up.

A batch is one transaction: steps marked, people told, messages queued, repeats armed, audit written; or none of it.
Any number of these may run at once, on any number of hosts: rows are claimed with SKIP LOCKED. Nothing here leaves the
database, and only its clock counts.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import Role
from mash_portal.audit import trail
from referrals import notices
from referrals.models import Escalation, Feedback, Notice, Telling
from referrals.models.partnership import patience
from referrals.rules import duty, permissions
from referrals.rules.checks import CHECK_CLOCKS
from referrals.rules.ladder import AGENCY, LEADS
from referrals.vocabulary import Clock

from .going_up import GoingUp
from .messages import Fired, notices_for
from .recipients import OnDuty, agencies_by_deadline
from .steps import Armed, after, claim, look

log = logging.getLogger(__name__)

BATCH = 200
#: How an agency is reminded of what it owes, by the clock; the rest is about its own referral.
REMINDERS: Mapping[str, str] = {
    Clock.BREAK_REVIEW: "glass_late",
    Clock.HANDOVER: "handover_late",
    Clock.FEEDBACK_READ: "feedback_unread",
    **dict.fromkeys(CHECK_CLOCKS, "check_due"),
}
#: Said of a step that cannot be read.
GENERIC = "A deadline needs your attention"


@dataclass(frozen=True)
class Line:
    """One escalation as `run_timers --once` prints it."""

    at: datetime
    reference: str
    label: str
    told: tuple[str, ...]


@dataclass
class SweepResult:
    """Fired, of which poisoned; gone up; skipped because nobody needs telling any more; `lines` says which, to whom."""

    fired: int = 0
    went_up: int = 0
    skipped: int = 0
    poisoned: int = 0
    lines: list[Line] = field(default_factory=list)

    def add(self, batch: "SweepResult") -> None:
        self.fired += batch.fired
        self.went_up += batch.went_up
        self.skipped += batch.skipped
        self.poisoned += batch.poisoned
        self.lines += batch.lines


def sweep(
    now: datetime | None = None, *, batch: int = BATCH, stopping: Callable[[], bool] = lambda: False
) -> SweepResult:
    """Fire all that is due, then take up what nobody has acknowledged in its time. `now` is for tests; `stopping` is
    asked between batches.
    """
    result = SweepResult()
    now, due, unseen = look(now, batch + 1)
    if not due and not unseen:
        return result
    sweeping = _Sweep(now, batch, crowded=due > batch)
    while due and not stopping() and (done := sweeping.one_batch()) is not None:
        result.add(done)
    if unseen:
        result.add(sweeping.take_up(stopping, crowded=unseen > batch))
    return result


class _Sweep:
    """One run over what is due at one moment."""

    def __init__(self, now: datetime, batch: int, *, crowded: bool) -> None:
        self.now = now
        self.batch = batch
        self.crowded = crowded
        self.on_duty = OnDuty(now)
        self.patience = patience()
        self.system = User.objects.system()
        self.stuck: set[int] = set()

    @transaction.atomic
    def one_batch(self) -> SweepResult | None:
        """Claim and fire up to a batch; None when nothing is left that can be claimed."""
        steps = claim(self.now, self.batch, self.stuck)
        if not steps:
            return None
        result = SweepResult()
        spent = [step.pk for step in steps if step.spent]
        if spent:
            Escalation.objects.filter(pk__in=spent).update(cancelled_at=self.now)
        result.skipped = len(spent)
        result.add(self._fire_all([step for step in steps if not step.spent]))
        return result

    def _fire_all(self, steps: Sequence[Armed]) -> SweepResult:
        """Together; if that fails, each by itself, so that one bad row holds up nothing but its own words."""
        try:
            with transaction.atomic():
                return self._fire(steps, crowded=self.crowded)
        except Exception as error:
            self._go_on_after(error)
        result = SweepResult()
        for step in steps:
            result.add(self._fire_one(step))
        return result

    def _fire_one(self, step: Armed) -> SweepResult:
        for attempt in (self._fire, self._fire_generic):
            try:
                with transaction.atomic():
                    # a message about several: the rest of the batch is about to follow
                    return attempt([step], crowded=True)
            except Exception as error:
                self._go_on_after(error)
        # left due and unfired: watch.py sees it, and says so to everybody
        self.stuck.add(step.pk)
        return SweepResult(poisoned=1)

    @staticmethod
    def _go_on_after(error: Exception) -> None:
        """Continue only where the database has undone the failed part and nothing else."""
        log.error("A step of a ladder could not be fired: %s", type(error).__name__)
        if connection.needs_rollback or connection.closed_in_transaction:
            raise error

    def _fire(self, steps: Sequence[Armed], *, crowded: bool) -> SweepResult:
        agencies = agencies_by_deadline(step.deadline_id for step in steps if {AGENCY, LEADS} & set(step.roles))
        told: Mapping[Armed, Sequence[User]] = {
            step: self.on_duty.people(step.roles, step.owner_id, agencies.get(step.deadline_id, ())) for step in steps
        }
        told = self.on_duty.within(told)
        result = self._mark(told)
        self._note_leads(steps)
        Escalation.objects.bulk_create([repeat for step in steps if (repeat := after(step, self.now))])
        self._queue(told, crowded=crowded)
        self._say_where_nobody_is(told)
        return result

    def _fire_generic(self, steps: Sequence[Armed], *, crowded: bool) -> SweepResult:
        """A step that cannot be fired as it stands goes to a manager, in words that fit anything."""
        told = self.on_duty.within(dict.fromkeys(steps, self.on_duty.managers()))
        result = self._mark(told, poisoned=True)
        Escalation.objects.filter(pk__in=[step.pk for step in steps]).update(label=GENERIC)
        for step in steps:
            if repeat := after(step, self.now):
                repeat.step, repeat.label = f"again-{step.pk}", GENERIC
                repeat.roles = [Role.TEAM_MANAGER]
                Escalation.objects.bulk_create([repeat])
        self._queue(told, crowded=crowded)
        return result

    def _note_leads(self, steps: Sequence[Armed]) -> None:
        """Where an agency's leads are told that feedback is unread, the feedback says since when they know."""
        unread = [step.contact_id for step in steps if LEADS in step.roles and step.clock == Clock.FEEDBACK_READ]
        if unread:
            waiting = Feedback.objects.filter(contact__in=unread, opened_at=None, lead_told_at=None)
            waiting.update(lead_told_at=self.now)

    def _queue(self, told: Mapping[Armed, Sequence[User]], *, crowded: bool) -> None:
        """Messages in the outbox: relay.py sends them. An agency is reminded of its own page, and sees no board."""
        by_person: dict[User, list[Fired]] = {}
        reminders: list[Notice] = []
        for step, people in told.items():
            outside = [person for person in people if _sees_no_board(person, step)]
            template = REMINDERS.get(step.clock, "reminder")
            reminders += notices.made(template, step.reference, outside, occasion=str(step.pk), now=self.now)
            for person in (one for one in people if one not in outside):
                by_person.setdefault(person, []).append(Fired(step.pk, step.reference, step.due_at))
        made = [*reminders, *notices_for(by_person, crowded=crowded, now=self.now)]
        Notice.objects.bulk_create(sorted(made, key=lambda notice: notice.key), ignore_conflicts=True)

    def _say_where_nobody_is(self, told: Mapping[Armed, Sequence[User]]) -> None:
        """The hub has no manager: an administrator hears of it, once an hour at most. The step looks for one again."""
        if not all(told.values()):
            people = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True)
            notices.queue("nobody_on_duty", "", people, occasion=f"{self.now:%Y-%m-%d-%H}", now=self.now)

    def _mark(self, told: Mapping[Armed, Sequence[User]], *, poisoned: bool = False) -> SweepResult:
        """The step has fired; who was told; a line of the trail."""
        for goes_up_at, pks in self._by_wait(told).items():
            Escalation.objects.filter(pk__in=pks).update(fired_at=self.now, goes_up_at=goes_up_at)
        Telling.objects.bulk_create(
            Telling(escalation_id=step.pk, user=one, at=self.now) for step, people in told.items() for one in people
        )
        lines = [(step.reference, _details(step, people, poisoned)) for step, people in told.items()]
        trail.record_many("escalated", lines, by=self.system)
        return SweepResult(
            fired=len(told),
            poisoned=len(told) if poisoned else 0,
            lines=[
                Line(self.now, step.reference, GENERIC if poisoned else step.label, tuple(map(str, people)))
                for step, people in told.items()
            ],
        )

    def _by_wait(self, told: Mapping[Armed, Sequence[User]]) -> Mapping[datetime | None, list[int]]:
        """Until when each waits to be acknowledged, before it goes up. None: it is not the hub's to acknowledge."""
        found: dict[datetime | None, list[int]] = {}
        for step, people in told.items():
            waits = duty.can_go_up(step.clock, step.roles, [person.role for person in people])
            moment = self.now + self.patience.of(step.rag, step.goes_up_minutes) if waits else None
            found.setdefault(moment, []).append(step.pk)
        return found

    def take_up(self, stopping: Callable[[], bool], *, crowded: bool) -> SweepResult:
        """What nobody has acknowledged in its time, told to the next person up."""
        rising = GoingUp(self.now, self.batch, crowded, self.on_duty, self.patience, self.system)
        went = rising.run(stopping)
        lines = [
            Line(self.now, one.reference, f"Not acknowledged: {one.label}", tuple(map(str, people)))
            for one, people in went
        ]
        return SweepResult(went_up=len(went), lines=lines)


def _sees_no_board(person: User, step: Armed) -> bool:
    """An agency's people are told of their own page; a late review is told to its reviewers, wherever it is on."""
    return person.as_role in permissions.ANSWERS_FOR_AN_AGENCY or step.clock in permissions.ONLY_FOR


def _details(step: Armed, people: Sequence[User], poisoned: bool) -> dict[str, object]:
    details: dict[str, object] = {"step": step.step, "told": [person.pk for person in people]}
    return {**details, "poisoned": True} if poisoned else details
