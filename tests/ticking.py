"""Clocks whose rule changes while they run, and computing them again as a person does who has read the page."""

from datetime import datetime
from typing import Any

from mash_portal.accounts.models import User
from referrals import rebasing
from referrals.models import ClockSetting, Contact, Deadline
from referrals.models.partnership import clock_rules, working_week
from referrals.promises import actions
from referrals.rules.clocks import DEFAULTS, Rule
from referrals.rules.ladder import Step
from referrals.vocabulary import Clock, Unit

REASON = "The partnership has agreed to decide sooner"


def ruled(clock: Clock, amount: float, unit: Unit | None = None, ladder: tuple[Step, ...] | None = None) -> Rule:
    """The partnership's rule from now on."""
    before = DEFAULTS[clock]
    rule = Rule(clock, amount, unit or before.unit, before.ladder if ladder is None else ladder)
    ClockSetting.objects.update_or_create(clock=clock, defaults={"rule": rule.to_dict()})
    return rule


def running(contact: Contact, clock: Clock = Clock.DECISION) -> Deadline:
    return contact.deadlines.live().get(clock=clock)


def again(contact: Contact, by: User, clock: Clock = Clock.DECISION, **other: Any) -> Deadline:
    """What a manager does who has read the page."""
    contact.refresh_from_db()
    old = running(contact, clock)
    would = rebasing.under(old, contact, clock_rules(), working_week())
    said = {"deadline": old.pk, "because": REASON, "seen": actions.seen_as(would), "version": contact.version, **other}
    return actions.rebase(contact.reference, by=by, **said)


def everything(by: User, clock: Clock, *, because: str = REASON, seen: str = "") -> actions.Rebased:
    seen = seen or rebasing.stamp(clock, clock_rules(), working_week())
    return actions.rebase_all(clock, because=because, seen=seen, by=by)


def armed(deadline: Deadline) -> dict[str, datetime]:
    return dict(deadline.escalations.filter(fired_at=None, cancelled_at=None).values_list("step", "due_at"))
