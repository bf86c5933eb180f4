"""What a running clock is computed under, kept beside it: its rule, the working hours, and the priority’s rule.

A change of the partnership’s settings never reaches a clock that runs: it has all of this with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from .clocks import Rule, due_at
from .ladder import NotARule
from .working_time import STANDARD_WEEK, WorkingWeek


@dataclass(frozen=True)
class Kept:
    """`priority`: the decision is due at the earlier of its own rule and this. `week`: None where it was not kept."""

    rule: Rule
    week: WorkingWeek | None = None
    priority: Rule | None = None

    def due_at(self, opened_at: datetime) -> datetime:
        """When a clock that opened then is due, in UTC."""
        return due_at(self.decisive(opened_at), opened_at, self.week or STANDARD_WEEK)

    def decisive(self, opened_at: datetime) -> Rule:
        """The rule that says when it is due: the earlier of two, the clock’s own where both say the same."""
        rules = [rule for rule in (self.rule, self.priority) if rule is not None]
        return min(rules, key=lambda rule: due_at(rule, opened_at, self.week or STANDARD_WEEK))

    def since(self, opened_at: datetime) -> "Kept":
        """The same, without the closures of the past: later ones count where its priority makes it longer."""
        if self.week is None or not self.week.closures:
            return self
        first = opened_at.astimezone(ZoneInfo(self.week.timezone)).date()
        return replace(
            self, week=replace(self.week, closures=frozenset(day for day in self.week.closures if day >= first))
        )

    def to_dict(self) -> dict[str, Any]:
        """A mapping that JSON can hold: the rule’s own, and beside it what else it was computed under."""
        said = self.rule.to_dict()
        if self.week is not None:
            said["week"] = week_to_dict(self.week)
        if self.priority is not None:
            said["priority"] = self.priority.to_dict()
        return said

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Kept":
        """What `to_dict` wrote down; NotARule says in a sentence what is wrong with it."""
        rule = Rule.from_dict(data)
        week, priority = data.get("week"), data.get("priority")
        return cls(
            rule,
            week_from_dict(week) if week is not None else None,
            Rule.from_dict(priority) if priority is not None else None,
        )


def week_to_dict(week: WorkingWeek) -> dict[str, Any]:
    return {
        "start": week.start.isoformat("minutes"),
        "end": week.end.isoformat("minutes"),
        "weekdays": sorted(week.weekdays),
        "closures": sorted(day.isoformat() for day in week.closures),
    }


def week_from_dict(data: Mapping[str, Any]) -> WorkingWeek:
    try:
        return WorkingWeek(
            start=time.fromisoformat(data["start"]),
            end=time.fromisoformat(data["end"]),
            weekdays=frozenset(data["weekdays"]),
            closures=frozenset(date.fromisoformat(day) for day in data["closures"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise NotARule("The working hours that were kept with a clock cannot be read.") from error
