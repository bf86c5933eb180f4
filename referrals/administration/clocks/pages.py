"""What the pages of clocks and working hours show, in words."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import Http404

from mash_portal.govuk import words
from referrals.models import ClockSetting
from referrals.models.partnership import clock_rules, working_week
from referrals.rebasing import RAG_OF
from referrals.rules.clocks import COUNTED_FROM, DEFAULTS, Rule, WorkingWeek, in_words, length_in_words
from referrals.rules.ladder import Step
from referrals.vocabulary import Clock

from . import changes


@dataclass(frozen=True)
class Row:
    clock: Clock
    label: str
    length: str
    counted_from: str
    is_own: bool
    default: str
    ladder: str


def rows() -> list[Row]:
    """Every clock with the rule that holds for it now. Two queries."""
    rules = clock_rules()
    own = set(ClockSetting.objects.values_list("clock", flat=True))
    return [
        Row(
            clock=clock,
            label=clock.label,
            length=length_in_words(rule),
            counted_from=COUNTED_FROM[clock],
            is_own=clock in own,
            default=length_in_words(DEFAULTS[clock]),
            ladder=_ladder(rule),
        )
        for clock, rule in rules.items()
    ]


def _ladder(rule: Rule) -> str:
    if rule.clock in RAG_OF:
        return "The decision’s"
    return words.count(len(rule.ladder), "step") if rule.ladder else "None: for information"


def of(rule: Rule) -> dict[str, Any]:
    """One clock for the page that changes it: its rule in full, and whether it is the default."""
    clock, own_default = rule.clock, DEFAULTS[rule.clock]
    return {
        "clock": clock,
        "words": in_words(rule, working_week()),
        "default": length_in_words(own_default),
        "is_priority": clock in RAG_OF,
        "has_ladder": changes.has_ladder(clock),
        "is_own": rule != own_default,
        "same_length": (rule.amount, rule.unit) == (own_default.amount, own_default.unit),
        "steps": [{"key": one.key, "label": one.label, "when": one.when, "who": one.who} for one in rule.ladder],
    }


def clock_of(name: str) -> Clock:
    found = next((kind for kind in Clock if kind == name), None)
    if found is None:
        raise Http404
    return found


def step_of(rule: Rule, rung: str) -> Step:
    found = next((step for step in rule.ladder if step.key == rung), None)
    if found is None or not changes.has_ladder(rule.clock):
        raise Http404
    return found


def week(now: datetime) -> dict[str, Any]:
    """The working week, with the closures that are still to come first."""
    found = working_week()
    today = now.astimezone(words.LONDON).date()
    return {
        "week": found,
        "words": found.in_words(),
        "closures": [_closure(day) for day in sorted(found.closures) if day >= today],
        "past": [words.long_date(day) for day in sorted(found.closures, reverse=True) if day < today][:20],
    }


def _closure(day: date) -> dict[str, str]:
    return {"day": day.isoformat(), "words": f"{day:%A} {words.long_date(day)}"}


def hours_as_typed(found: WorkingWeek) -> dict[str, str]:
    return {
        "starts": f"{found.start:%H:%M}",
        "ends": f"{found.end:%H:%M}",
        "seen": changes.stamp_of_week(found),
    }
