"""What a change of clocks or working hours would do, shown before it is saved: in words, with examples, in numbers.

The administrator sees no case: numbers, and the references of what would be late at once. A restricted record is in
none of them.
"""

from datetime import datetime, timedelta
from typing import Any

from mash_portal.govuk import words
from referrals import rebasing
from referrals.rebasing import FIXED
from referrals.rules.clocks import Rule, due_at, in_words
from referrals.vocabulary import Clock, Unit

from .changes import Settings

FRIDAY, EVENING = 4, 18
#: So many references are named; all are counted.
NAMED = 20
Shown = dict[str, Any]


def of(before: Settings, after: Settings, now: datetime) -> list[Shown]:
    """Every clock that would be computed otherwise than today. One query for each."""
    return [_changed(clock, before, after, now) for clock in Clock if _differs(clock, before, after)]


def _differs(clock: Clock, before: Settings, after: Settings) -> bool:
    old, new = before.rules[clock], after.rules[clock]
    return old != new or (before.week != after.week and new.unit != Unit.HOURS)


def _changed(clock: Clock, before: Settings, after: Settings, now: datetime) -> Shown:
    old, new = before.rules[clock], after.rules[clock]
    has_moved = (old.amount, old.unit) != (new.amount, new.unit) or before.week != after.week
    return {
        "clock": clock,
        "label": clock.label,
        "before": in_words(old, before.week),
        "after": in_words(new, after.week),
        "has_moved": has_moved,
        "ladders": [("Its ladder now", rungs(old)), ("Its ladder from then on", rungs(new))]
        if old.ladder != new.ladder
        else [],
        "examples": [_example(said, at, clock, before, after) for said, at in moments(now)] if has_moved else [],
        **_open(clock, after, now),
    }


def moments(now: datetime) -> list[tuple[str, datetime]]:
    """Now, and the next Friday evening, after which nobody works until Monday."""
    local = now.astimezone(words.LONDON)
    friday = local.replace(hour=EVENING, minute=0, second=0, microsecond=0) + timedelta(
        days=(FRIDAY - local.weekday()) % 7
    )
    return [("now", now), ("on Friday evening", friday if friday > now else friday + timedelta(days=7))]


def _example(said: str, at: datetime, clock: Clock, before: Settings, after: Settings) -> Shown:
    return {
        "opened": f"Opened {said}",
        "at": words.short_moment(at),
        "before": words.long_moment(due_at(before.rules[clock], at, before.week)),
        "after": words.long_moment(due_at(after.rules[clock], at, after.week)),
    }


def _open(clock: Clock, after: Settings, now: datetime) -> Shown:
    """Those that run keep their rule; what computing them again would do is for whoever then decides to."""
    found = rebasing.under_all(rebasing.running(clock), after.rules, after.week)
    late = [one for one in found if one.is_late_at_once(now)]
    return {
        "running": len(found),
        "fixed": FIXED.get(clock, ""),
        "earlier": sum(one.is_earlier for one in found),
        "late": len(late),
        "references": ", ".join(one.deadline.contact.reference for one in late[:NAMED]),
        "more": max(len(late) - NAMED, 0),
    }


def rungs(rule: Rule) -> list[str]:
    """ "When it is due: “The decision is due”. Told: the team manager." """
    return [f"{step.when}: “{step.label}”. {step.who}." for step in rule.ladder]
