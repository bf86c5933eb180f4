"""Opening, meeting and replacing deadlines as rows, with the steps of their ladders armed beside them.

rules/clocks.py does the arithmetic; the gate and the priority action call this; the sweep fires what is armed here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from mash_portal.accounts.models import Agency
from referrals.models import Contact, Deadline, Escalation
from referrals.models.partnership import clock_rules, working_week
from referrals.rules import clocks
from referrals.rules.clocks import Rule
from referrals.vocabulary import Clock, Rag

LONDON = ZoneInfo("Europe/London")


def london(moment: datetime) -> datetime:
    return moment.astimezone(LONDON)


@dataclass(frozen=True)
class Plan:
    """A clock that is about to open: under which rule, from when, until when."""

    clock: Clock
    rule: Rule
    opened_at: datetime
    due_at: datetime
    about: str = ""
    agency: Agency | None = None


def promises(received_at: datetime, rag: Rag | None) -> Mapping[Clock, Plan]:
    """The two promises about a contact: a decision by the earlier of 24 hours and its RAG, and one working day."""
    rules, week = clock_rules(), working_week()
    decision = clocks.decision_due(received_at, rag, rules, week)
    statutory = clocks.due_at(rules[Clock.STATUTORY], received_at, week)
    return {
        Clock.DECISION: Plan(Clock.DECISION, rules[Clock.DECISION], received_at, decision),
        Clock.STATUTORY: Plan(Clock.STATUTORY, rules[Clock.STATUTORY], received_at, statutory),
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
                rule=p.rule.to_dict(),
                opened_at=p.opened_at,
                due_at=p.due_at,
            )
            for p in plans
        ]
    )
    armed = [
        _arm(deadline, step.key, step, due)
        for deadline, plan in zip(deadlines, plans, strict=True)
        for step, due in clocks.step_times(plan.rule, plan.opened_at, plan.due_at)
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
        plans = {kind: Plan(kind, rules[kind], now, clocks.due_at(rules[kind], now, week)) for kind in kinds}
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
    began, rule = opened_at or now, clock_rules()[clock]
    plan = Plan(clock, rule, began, clocks.due_at(rule, began, working_week()), about, agency)
    return open_all(contact, [plan])[0]


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
    """Re-compute the decision deadline from receipt for a new priority; the old one is kept, cancelled.

    A step that has fired already and would be past again is not armed a second time: nobody is told twice.
    """
    old = contact.deadlines.live().get(clock=Clock.DECISION)
    rules, week = clock_rules(), working_week()
    due = clocks.decision_due(old.opened_at, rag, rules, week)
    if due == old.due_at:
        return due
    told = set(old.escalations.fired().values_list("step", flat=True))
    close(contact, met=(), cancelled=(Clock.DECISION,), now=now)
    [new] = open_all(contact, [Plan(Clock.DECISION, rules[Clock.DECISION], old.opened_at, due)])
    new.escalations.filter(step__in=told, due_at__lte=now).update(cancelled_at=now)
    return due


def _arm(deadline: Deadline, key: str, step: clocks.Step, due: datetime) -> Escalation:
    return Escalation(
        deadline=deadline,
        contact_id=deadline.contact_id,
        step=key,
        label=step.label,
        due_at=due,
        roles=list(step.roles),
        only_if_unclaimed=step.only_if_unclaimed,
        repeats_every_hours=step.repeats_every,
    )
