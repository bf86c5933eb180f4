"""A change of a clock or of the working hours, as somebody has asked for it: what would hold after it, or a sentence.

Nothing here writes. `seen` stands for the rule that the page showed: where it is another by now, nothing is lost, and
whoever asks looks again first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Self

from django.http import Http404

from mash_portal.govuk.words import LONDON, long_date
from referrals.models.partnership import clock_rules, working_week
from referrals.rebasing import RAG_OF, stamp_of
from referrals.refusals import Objection, Refused, Stale
from referrals.rules.clocks import DEFAULTS, NotARule, Rule, WorkingWeek, in_words
from referrals.rules.kept import week_to_dict
from referrals.rules.ladder import Step
from referrals.rules.working_time import bank_holidays
from referrals.vocabulary import Clock, Unit

NOTHING = "Nothing would change: this is what holds already."


@dataclass(frozen=True)
class Settings:
    """Everything that due times are computed from."""

    rules: Mapping[Clock, Rule]
    week: WorkingWeek

    @classmethod
    def today(cls) -> Self:
        return cls(clock_rules(), working_week())

    def having(self, rule: Rule) -> Self:
        return replace(self, rules={**self.rules, rule.clock: rule})


def stamp_of_rule(rule: Rule) -> str:
    return stamp_of(rule.to_dict())


def stamp_of_week(week: WorkingWeek) -> str:
    return stamp_of(week_to_dict(week))


def length(clock: Clock, *, amount: float, unit: Unit, seen: str) -> Rule:
    """The same ladder, another length."""
    before = _as_seen(clock, seen)
    try:
        after = replace(before, amount=amount, unit=unit)
    except NotARule as wrong:
        raise Refused(Objection("amount", str(wrong))) from wrong
    return _another(before, after)


def ladder(clock: Clock, step: Step | None, *, rung: str, seen: str) -> Rule:
    """The step of that key as given, at the end where there is none yet; None takes it away."""
    before = _as_seen(clock, seen)
    if not has_ladder(clock):
        raise Http404
    others = [one for one in before.ladder if one.key != rung]
    if step is None and len(others) == len(before.ladder):
        raise Refused("Somebody has taken this step away already.")
    steps = [step if one.key == rung else one for one in before.ladder if step is not None or one.key != rung]
    if step is not None and len(others) == len(before.ladder):
        steps.append(step)
    try:
        after = replace(before, ladder=tuple(one for one in steps if one is not None))
    except NotARule as wrong:
        raise Refused(str(wrong)) from wrong
    return _another(before, after)


def default(clock: Clock, *, seen: str) -> Rule:
    before = _as_seen(clock, seen)
    if before == DEFAULTS[clock]:
        raise Refused("This clock is at its default already.")
    return DEFAULTS[clock]


def hours(*, starts: time, ends: time, seen: str) -> WorkingWeek:
    before = _week_as_seen(seen)
    if starts >= ends:
        raise Refused(Objection("ends", "The working day must end after it starts."))
    return _another_week(before, replace(before, start=starts, end=ends))


def closure(day: date, *, now: datetime, seen: str) -> WorkingWeek:
    """One more day on which the office is shut."""
    before = _week_as_seen(seen)
    if day in before.closures:
        raise Refused(Objection("day", f"{long_date(day)} is a closure already."))
    if day < now.astimezone(LONDON).date():
        raise Refused(Objection("day", "Enter a day that is still to come: nothing counts over a day of the past."))
    if day in bank_holidays(day.year):
        raise Refused(Objection("day", f"{long_date(day)} is a bank holiday, and left out already."))
    if day.weekday() not in before.weekdays:
        raise Refused(Objection("day", f"{long_date(day)} is a {day:%A}: nobody works on it anyway."))
    return replace(before, closures=before.closures | {day})


def no_closure(day: date, *, seen: str) -> WorkingWeek:
    before = _week_as_seen(seen)
    if day not in before.closures:
        raise Refused("Somebody has taken this closure away already.")
    return replace(before, closures=before.closures - {day})


def has_ladder(clock: Clock) -> bool:
    """A priority shares the ladder of the decision, and what is for information has none."""
    return clock not in RAG_OF and bool(DEFAULTS[clock].ladder)


def _as_seen(clock: Clock, seen: str) -> Rule:
    before = clock_rules()[clock]
    if seen != stamp_of_rule(before):
        raise changed_meanwhile(before)
    return before


def changed_meanwhile(before: Rule) -> Stale:
    said = in_words(before, working_week())
    return Stale(
        f"Somebody has changed this clock since you opened the page. It is now: {said}. What you typed is still here: "
        "check it against that, then go on."
    )


def _week_as_seen(seen: str) -> WorkingWeek:
    before = working_week()
    if seen != stamp_of_week(before):
        raise hours_changed_meanwhile(before)
    return before


def hours_changed_meanwhile(before: WorkingWeek) -> Stale:
    return Stale(
        f"Somebody has changed the working hours or closures since you opened the page. They are now: "
        f"{before.in_words()}. What you typed is still here: check it against that, then go on."
    )


def _another(before: Rule, after: Rule) -> Rule:
    if after == before:
        raise Refused(NOTHING)
    if before.ladder and not after.ladder:
        raise Refused("Keep at least one step: a clock that tells nobody passes unseen.")
    return after


def _another_week(before: WorkingWeek, after: WorkingWeek) -> WorkingWeek:
    if after == before:
        raise Refused(NOTHING)
    return after
