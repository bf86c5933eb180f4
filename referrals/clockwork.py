"""Opening, meeting and replacing deadlines as rows, with the steps of their ladders armed beside them.

rules/clocks.py does the arithmetic; the gate and the priority action call this; the sweep fires what is armed here.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from mash_portal.accounts.models import Agency
from referrals.models import Contact, Deadline, Escalation
from referrals.models.partnership import clock_rules, working_week
from referrals.rules import clocks
from referrals.rules.clocks import NotARule, Rule, WorkingWeek
from referrals.rules.duty import OUTSIDE
from referrals.rules.kept import Kept
from referrals.rules.ladder import first_of, told_again
from referrals.vocabulary import Clock, Rag

LONDON = ZoneInfo("Europe/London")


def london(moment: datetime) -> datetime:
    return moment.astimezone(LONDON)


@dataclass(frozen=True)
class Plan:
    """A clock that is about to open: what it is computed under, from when, until when.

    `told`: the steps of an earlier ladder that have fired by `asked_at`; nobody is told of them a second time.
    """

    clock: Clock
    kept: Kept
    opened_at: datetime
    due_at: datetime
    about: str = ""
    agency: Agency | None = None
    because: str = ""
    told: frozenset[str] = frozenset()
    asked_at: datetime | None = None


def plan(
    clock: Clock, kept: Kept, opened_at: datetime, *, about: str = "", agency: Agency | None = None, because: str = ""
) -> Plan:
    """The due time worked out; of the closures, those of the past are not kept with it."""
    return Plan(clock, kept.since(opened_at), opened_at, kept.due_at(opened_at), about, agency, because)


def under(clock: Clock, rag: Rag | None, rules: Mapping[Clock, Rule], week: WorkingWeek) -> Kept:
    """What a clock is computed under today: a decision also under the rule of its priority."""
    priority = rules[clocks.RAG_CLOCKS[rag]] if clock is Clock.DECISION and rag is not None else None
    return Kept(rules[clock], week, priority)


def promises(received_at: datetime, rag: Rag | None) -> Mapping[Clock, Plan]:
    """The two promises about a contact: a decision by the earlier of 24 hours and its RAG, and one working day."""
    rules, week = clock_rules(), working_week()
    return {
        clock: plan(clock, under(clock, rag, rules, week), received_at) for clock in (Clock.DECISION, Clock.STATUTORY)
    }


def open_all(contact: Contact, plans: Iterable[Plan]) -> list[Deadline]:
    """Insert the deadlines and arm every step of their ladders: two statements, however many there are."""
    plans = list(plans)
    deadlines = Deadline.objects.bulk_create(
        [
            Deadline(
                contact=contact,
                clock=p.clock,
                about=p.about,
                agency=p.agency,
                rule=p.kept.to_dict(),
                opened_at=p.opened_at,
                due_at=p.due_at,
                rebased_because=p.because,
            )
            for p in plans
        ]
    )
    armed = [
        _arm(deadline, step, due) for deadline, plan in zip(deadlines, plans, strict=True) for step, due in to_arm(plan)
    ]
    Escalation.objects.bulk_create(armed)
    return deadlines


def start(contact: Contact, kinds: Iterable[Clock], *, now: datetime) -> dict[str, Any]:
    """Open clocks on a contact that is already here; returns the contact's own fields that this changed."""
    kinds = tuple(kinds)
    changed: dict[str, Any] = {}
    if Clock.DECISION in kinds:
        plans = promises(now, Rag(contact.rag) if contact.rag else None)
        changed = {
            "due_at": plans[Clock.DECISION].due_at,
            "statutory_due_at": plans[Clock.STATUTORY].due_at,
        }
    else:
        rules, week = clock_rules(), working_week()
        plans = {kind: plan(kind, under(kind, None, rules, week), now) for kind in kinds}
    open_all(contact, plans.values())
    for field, value in changed.items():
        setattr(contact, field, value)
    return changed


def start_about(
    contact: Contact,
    clock: Clock,
    about: str,
    *,
    now: datetime,
    agency: Agency | None = None,
    opened_at: datetime | None = None,
) -> Deadline:
    """Open a clock about one check, discussion or hand-over; `agency` owes it. Of these a contact may have several."""
    kept = under(clock, None, clock_rules(), working_week())
    return open_all(contact, [plan(clock, kept, opened_at or now, about=about, agency=agency)])[0]


def close(
    contact: Contact,
    *,
    met: Iterable[Clock] = (),
    cancelled: Iterable[Clock] = (),
    now: datetime,
    about: str | None = None,
) -> None:
    """Stop clocks in the transaction of what stopped them; whatever their ladders still had armed is disarmed.

    `about`: only those about this check, discussion or hand-over; None: whatever they are about.
    """
    met, cancelled = tuple(met), tuple(cancelled)
    if not (met or cancelled):
        return
    live = contact.deadlines.live()
    if about is not None:
        live = live.filter(about=about)
    Escalation.objects.filter(
        deadline__in=live.filter(clock__in=met + cancelled), fired_at=None, cancelled_at=None
    ).update(cancelled_at=now)
    live.filter(clock__in=met).update(met_at=now)
    live.filter(clock__in=cancelled).update(cancelled_at=now)


def rebase_decision(contact: Contact, rag: Rag, *, now: datetime) -> datetime:
    """Re-compute the decision deadline from receipt for a new priority; the old one is kept, cancelled."""
    old = contact.deadlines.live().get(clock=Clock.DECISION)
    new = plan(Clock.DECISION, rated(old, rag, clock_rules(), working_week()), old.opened_at)
    if new.due_at != old.due_at:
        return compute_again(contact, old, new, now=now).due_at
    old.rule = new.kept.to_dict()
    old.save(update_fields=["rule"])
    return old.due_at


def rated(decision: Deadline, rag: Rag, rules: Mapping[Clock, Rule], week: WorkingWeek) -> Kept:
    """What a decision that runs is computed under with another priority.

    Its own length, ladder and hours stay those it was opened under: only the priority's clock is today's.
    """
    kept = kept_of(decision) or Kept(rules[Clock.DECISION])
    return replace(kept, week=kept.week or week, priority=rules[clocks.RAG_CLOCKS[rag]])


def compute_again(contact: Contact, old: Deadline, new: Plan, *, now: datetime) -> Deadline:
    """Put a clock that runs in the place of another; the old one is kept, cancelled.

    What has been told and is still so goes with the clock: it waits there to be acknowledged, or goes up. What the new
    clock makes untrue stays with the old one, and is told again when it comes true.
    """
    close(contact, cancelled=(Clock(old.clock),), now=now, about=old.about)
    new = asked_again(old, new, now=now)
    opened = open_all(contact, [new])[0]
    old.escalations.fired().filter(step__in=new.told).update(deadline=opened)
    _wait_again(opened, now)
    return opened


def _wait_again(deadline: Deadline, now: datetime) -> None:
    """The latest of what has come with the clock goes up by itself: a later step that stayed behind no longer does."""
    last = deadline.escalations.unacknowledged().exclude(roles__contained_by=sorted(OUTSIDE)).last()
    if last is not None and last.goes_up_at is None:
        last.goes_up_at = now
        last.save(update_fields=["goes_up_at"])


def asked_again(old: Deadline, new: Plan, *, now: datetime) -> Plan:
    """The plan with what the clock before it has told people, as far as it is true of the new one too."""
    ahead = {step.key for step, due in clocks.step_times(new.kept.rule, new.opened_at, new.due_at) if due > now}
    told = old.escalations.fired().values_list("step", flat=True)
    return replace(new, told=frozenset(key for key in told if first_of(key) not in ahead), asked_at=now)


def kept_of(deadline: Deadline) -> Kept | None:
    """What a clock was computed under; None where it cannot be read."""
    try:
        return Kept.from_dict(deadline.rule)
    except NotARule:
        return None


def to_arm(plan: Plan) -> Iterator[tuple[clocks.Step, datetime]]:
    """Each step with its time. What would be past is told at once; what has been told comes as its next repeat, if any.

    At once is not late: the monitor counts from when a step was to be told.
    """
    for step, due in clocks.step_times(plan.kept.rule, plan.opened_at, plan.due_at):
        if plan.asked_at is None or due > plan.asked_at:
            yield step, due
        elif step.key not in plan.told:
            yield step, plan.asked_at
        elif step.repeats_every:
            gap, times = timedelta(hours=step.repeats_every), [key for key in plan.told if first_of(key) == step.key]
            again = told_again(max(times, key=lambda key: (len(key), key)))
            yield replace(step, key=again), due + gap * ((plan.asked_at - due) // gap + 1)


def _arm(deadline: Deadline, step: clocks.Step, due: datetime) -> Escalation:
    return Escalation(
        deadline=deadline,
        contact_id=deadline.contact_id,
        step=step.key,
        label=step.label,
        due_at=due,
        roles=list(step.roles),
        only_if_unclaimed=step.only_if_unclaimed,
        repeats_every_hours=step.repeats_every,
        goes_up_minutes=step.goes_up_after,
    )
