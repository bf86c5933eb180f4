"""Every promise with a time in it (front-door.md 3.3): its default length, what it counts, and its ladder.

Lengths and ladders are settings of the partnership; these are the defaults. A due time is computed once, from the
moment the clock starts, and no clock ever pauses.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from mash_portal.accounts.roles import Role
from referrals.vocabulary import Clock, Rag, Unit

from .ladder import AGENCY, DUE, LEADS, OWNER, HoursLate, NotARule, Part, Step, next_repeat, number
from .working_time import STANDARD_WEEK, WorkingWeek, add_working_days, add_working_hours, as_utc

__all__ = [
    "AGENCY",
    "COUNTED_FROM",
    "DEFAULTS",
    "OWNER",
    "NotARule",
    "Rule",
    "Step",
    "WorkingWeek",
    "decision_due",
    "due_at",
    "in_words",
    "length_in_words",
    "next_repeat",
    "step_times",
]

#: The longest clock the portal keeps, in any unit: more is a slip of the keyboard.
LONGEST = 1000

DECISION_LADDER = (
    Step("half", "Half of the time has gone and nobody has claimed it", Part("1/2"), (Role.TEAM_MANAGER,), True),
    Step("five_sixths", "Five sixths of the time have gone", Part("5/6"), (OWNER, Role.TEAM_MANAGER)),
    Step("due", "The decision is due", DUE, (Role.TEAM_MANAGER, Role.SERVICE_MANAGER)),
    Step("late", "The decision is late", HoursLate(4), (Role.SERVICE_MANAGER,), repeats_every=4),
)
TO_MANAGER = (Step("due", "The time has passed", DUE, (Role.TEAM_MANAGER,)),)
TO_OWNER = (Step("due", "The time has passed", DUE, (OWNER, Role.TEAM_MANAGER)),)
TO_AGENCY = (
    Step("half", "Half of the time for the answer has gone", Part("1/2"), (AGENCY,)),
    Step("due", "The answer has not come", DUE, (AGENCY, OWNER, Role.TEAM_MANAGER)),
)
UNREAD_LADDER = (
    Step("half", "Nobody has opened the feedback for half of the time", Part("1/2"), (LEADS,)),
    Step("due", "Nobody has opened the feedback: ring the referrer", DUE, (OWNER, Role.TEAM_MANAGER)),
)
TO_RECEIVER = (Step("due", "Nobody has accepted the hand-over", DUE, (AGENCY, OWNER, Role.TEAM_MANAGER)),)
TO_AUDITOR = (Step("due", "Nobody has reviewed it", DUE, (Role.AUDITOR, Role.SERVICE_MANAGER)),)
TO_HEAD = (Step("due", "The time has passed", DUE, (Role.TEAM_MANAGER, Role.SERVICE_MANAGER)),)

WRITTEN_LADDER = (
    Step("half", "Half of the time for the written form has gone", Part("1/2"), (AGENCY,)),
    Step("due", "The written form has not come", DUE, (AGENCY, OWNER, Role.TEAM_MANAGER)),
)

#: What each clock is counted from, as pages say it.
COUNTED_FROM = MappingProxyType(
    {
        Clock.DECISION: "from receipt",
        Clock.STATUTORY: "from receipt",
        Clock.RED: "from receipt",
        Clock.AMBER: "from receipt",
        Clock.GREEN: "from receipt",
        Clock.WRITTEN_CONFIRMATION: "from the phone call",
        Clock.CHECK_RED: "from the request",
        Clock.CHECK_AMBER: "from the request",
        Clock.CHECK_GREEN: "from the request",
        Clock.STRATEGY: "from when it is judged necessary",
        Clock.HANDOVER: "from when it is routed",
        Clock.EMERGENCY: "from when it was done",
        Clock.BREAK_REVIEW: "from when the glass was broken",
        Clock.FEEDBACK: "from sign-off",
        Clock.FEEDBACK_READ: "from when it is sent",
        Clock.QUESTION_BACK: "from the question",
        Clock.QUESTION: "from the question",
        Clock.QUESTION_RED: "from the question",
        Clock.DISAGREEMENT_1: "from when the stage starts",
        Clock.DISAGREEMENT_2: "from when the stage starts",
        Clock.DISAGREEMENT_3: "from when the stage starts",
        Clock.DISAGREEMENT_4: "from when the stage starts",
        Clock.ASSESSMENT: "from referral",
        Clock.POLICE_PROTECTION: "from when it is taken",
    }
)
RAG_CLOCKS = MappingProxyType({Rag.RED: Clock.RED, Rag.AMBER: Clock.AMBER, Rag.GREEN: Clock.GREEN})
ONE_OF = {Unit.HOURS: "hour", Unit.WORKING_HOURS: "working hour", Unit.WORKING_DAYS: "working day"}


@dataclass(frozen=True)
class Rule:
    """How long one clock runs, in what unit, and whom it tells. No ladder: a clock for information only."""

    clock: Clock
    amount: float
    unit: Unit
    ladder: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < self.amount <= LONGEST:
            raise NotARule(f"The length of the {self.clock} clock must be more than 0 and at most {LONGEST}.")
        keys = [step.key for step in self.ladder]
        if len(set(keys)) < len(keys):
            raise NotARule(f"The ladder of the {self.clock} clock has two steps with the same key.")

    def step(self, key: str) -> Step:
        """The ladder's step of that key; KeyError when the ladder has been changed and has none."""
        return {step.key: step for step in self.ladder}[key]

    def to_dict(self) -> dict[str, Any]:
        """A mapping that JSON can hold, for the partnership's settings."""
        return {
            "clock": str(self.clock),
            "amount": self.amount,
            "unit": str(self.unit),
            "ladder": [step.to_dict() for step in self.ladder],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Rule":
        """The rule that `to_dict` wrote down; NotARule says in a sentence what is wrong with it."""
        if not isinstance(data, Mapping):
            raise NotARule("A clock's rule must be a mapping of its clock, amount, unit and ladder.")
        clock = next((word for word in Clock if word == data.get("clock")), None)
        unit = next((word for word in Unit if word == data.get("unit")), None)
        ladder = data.get("ladder", [])
        if clock is None:
            raise NotARule(f"There is no clock called {data.get('clock')!r}. The clocks are: {', '.join(Clock)}.")
        if unit is None:
            raise NotARule(f"The {clock} clock cannot count {data.get('unit')!r}. It can count: {', '.join(Unit)}.")
        if not isinstance(ladder, list | tuple):
            raise NotARule(f"The ladder of the {clock} clock must be a list of steps.")
        amount = number(data.get("amount"), f"The length of the {clock} clock")
        return cls(clock, amount, unit, tuple(Step.from_dict(step) for step in ladder))


def _rules(*rules: Rule) -> Mapping[Clock, Rule]:
    return MappingProxyType({rule.clock: rule for rule in rules})


#: The table of front-door.md 3.3.
DEFAULTS: Mapping[Clock, Rule] = _rules(
    Rule(Clock.DECISION, 24, Unit.HOURS, DECISION_LADDER),
    Rule(Clock.STATUTORY, 1, Unit.WORKING_DAYS, TO_MANAGER),
    Rule(Clock.RED, 4, Unit.HOURS),
    Rule(Clock.AMBER, 24, Unit.HOURS),
    Rule(Clock.GREEN, 24, Unit.HOURS),
    Rule(Clock.WRITTEN_CONFIRMATION, 24, Unit.HOURS, WRITTEN_LADDER),
    Rule(Clock.CHECK_RED, 1, Unit.HOURS, TO_AGENCY),
    Rule(Clock.CHECK_AMBER, 4, Unit.WORKING_HOURS, TO_AGENCY),
    Rule(Clock.CHECK_GREEN, 1, Unit.WORKING_DAYS, TO_AGENCY),
    Rule(Clock.STRATEGY, 4, Unit.HOURS, TO_HEAD),
    Rule(Clock.HANDOVER, 1, Unit.WORKING_DAYS, TO_RECEIVER),
    Rule(Clock.EMERGENCY, 1, Unit.HOURS, TO_HEAD),
    Rule(Clock.BREAK_REVIEW, 1, Unit.WORKING_DAYS, TO_AUDITOR),
    Rule(Clock.FEEDBACK, 24, Unit.HOURS, TO_OWNER),
    Rule(Clock.FEEDBACK_READ, 96, Unit.HOURS, UNREAD_LADDER),
    Rule(Clock.QUESTION_BACK, 1, Unit.WORKING_DAYS, TO_OWNER),
    Rule(Clock.QUESTION, 24, Unit.HOURS, TO_OWNER),
    Rule(Clock.QUESTION_RED, 4, Unit.HOURS, TO_OWNER),
    Rule(Clock.DISAGREEMENT_1, 1, Unit.WORKING_DAYS, TO_HEAD),
    Rule(Clock.DISAGREEMENT_2, 2, Unit.WORKING_DAYS, TO_HEAD),
    Rule(Clock.DISAGREEMENT_3, 2, Unit.WORKING_DAYS, TO_HEAD),
    Rule(Clock.DISAGREEMENT_4, 5, Unit.WORKING_DAYS, TO_HEAD),
    Rule(Clock.ASSESSMENT, 45, Unit.WORKING_DAYS),
    Rule(Clock.POLICE_PROTECTION, 72, Unit.HOURS),
)


def due_at(rule: Rule, received_at: datetime, week: WorkingWeek = STANDARD_WEEK) -> datetime:
    """When the clock is due, in UTC, if it starts at `received_at`, which must say its offset from UTC."""
    if rule.unit == Unit.WORKING_HOURS:
        return add_working_hours(received_at, rule.amount, week)
    if rule.unit == Unit.WORKING_DAYS:
        return add_working_days(received_at, rule.amount, week)
    return as_utc(received_at) + timedelta(hours=rule.amount)


def decision_due(
    received_at: datetime, rag: Rag | None, rules: Mapping[Clock, Rule] = DEFAULTS, week: WorkingWeek = STANDARD_WEEK
) -> datetime:
    """The decision is due at the earlier of the decision clock and the clock of its RAG, both from receipt."""
    decision = due_at(rules[Clock.DECISION], received_at, week)
    if rag is None:
        return decision
    return min(decision, due_at(rules[RAG_CLOCKS[rag]], received_at, week))


def step_times(rule: Rule, opened_at: datetime, due: datetime) -> list[tuple[Step, datetime]]:
    """When each step of the ladder is first due, in that order, for a clock that runs from `opened_at` to `due`."""
    opened_at, due = as_utc(opened_at), as_utc(due)
    times = [(step, step.at.moment(opened_at, due)) for step in rule.ladder]
    return sorted(times, key=lambda pair: pair[1])


def length_in_words(rule: Rule) -> str:
    """ "24 hours", "1 working day" """
    return f"{rule.amount:g} {ONE_OF[rule.unit]}{'' if rule.amount == 1 else 's'}"


def in_words(rule: Rule, week: WorkingWeek = STANDARD_WEEK) -> str:
    """Such as "24 hours from receipt", or "1 working day: Monday to Friday, 8:30am to 5:00pm, without England's …"."""
    if rule.unit == Unit.HOURS:
        return f"{length_in_words(rule)} {COUNTED_FROM[rule.clock]}"
    return f"{length_in_words(rule)}: {week.in_words()}"
