"""How a clock was computed, in sentences: from what, for how long, which hours counted and which days did not."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from mash_portal.govuk import words
from referrals import clockwork
from referrals.models import Contact, Deadline
from referrals.rebasing import FIXED, under
from referrals.rules.clocks import COUNTED_FROM, Rule, WorkingWeek, in_words, length_in_words
from referrals.rules.kept import Kept
from referrals.rules.working_time import bank_holidays, working_spans
from referrals.vocabulary import Clock, Unit

#: A clock that is made of more stretches than this is said as days, not as stretches.
MOST_SPANS = 5


def sentences(deadline: Deadline, contact: Contact, rules: Mapping[Clock, Rule], week: WorkingWeek) -> list[str]:
    """The first says the rule and the due time; the rest, what was counted and whether the rule has changed since."""
    kept = clockwork.kept_of(deadline)
    if kept is None:
        return [f"It is due {words.long_moment(deadline.due_at)}. The rule it was computed under cannot be read."]
    decisive = kept.decisive(deadline.opened_at)
    said = [_rule(deadline, kept, decisive)]
    if decisive.unit == Unit.HOURS:
        said.append("Every hour counts, at night and at weekends too.")
    elif kept.week is not None:
        said += _working(deadline, decisive, kept.week)
    if deadline.rebased_because:
        said.append(f"It was computed again under a newer rule: {deadline.rebased_because}")
    if _is_older(deadline, contact, rules, week):
        today = in_words(under(deadline, contact, rules, week).kept.decisive(deadline.opened_at), week)
        said.append(f"The rule has changed since. A clock that opens now has: {today}. This one keeps its own.")
    return said


def rule_of(deadline: Deadline, week: WorkingWeek) -> str:
    """The rule that says when it is due; nothing where it cannot be read. `week`: where it kept none of its own."""
    kept = clockwork.kept_of(deadline)
    return in_words(kept.decisive(deadline.opened_at), kept.week or week) if kept else ""


def _rule(deadline: Deadline, kept: Kept, decisive: Rule) -> str:
    opened, due = words.long_moment(deadline.opened_at), words.long_moment(deadline.due_at)
    length, counted = length_in_words(decisive), COUNTED_FROM[Clock(deadline.clock)]
    said = f"{length} {counted}, {opened}: due {due}."
    if kept.priority is None:
        return said
    own, other = length_in_words(kept.rule), length_in_words(kept.priority)
    name = Clock(kept.priority.clock).label.lower()
    return f"{said} That is the earlier of {own} for every decision and {other} for {name}."


def _working(deadline: Deadline, rule: Rule, week: WorkingWeek) -> list[str]:
    hours = f"{week.in_words().partition(', without')[0]}"
    said = [f"Working time is {hours}; bank holidays and closures are left out."]
    if left_out := _left_out(deadline, week):
        said.append(f"Left out: {_listed(left_out)}.")
    amount = week.day_length * rule.amount if rule.unit == Unit.WORKING_DAYS else timedelta(hours=rule.amount)
    spans = list(working_spans(deadline.opened_at, amount, week))
    if len(spans) <= MOST_SPANS and spans[-1][1] == deadline.due_at:
        parts = [f"{words.length(end - start)} on {_day(start)}" for start, end in spans]
        said.append(f"Counted: {_listed(parts)}.")
    return said


def _left_out(deadline: Deadline, week: WorkingWeek) -> list[str]:
    """Weekdays within its time on which nobody worked."""
    day, last = (moment.astimezone(words.LONDON).date() for moment in (deadline.opened_at, deadline.due_at))
    found = []
    while day <= last:
        if day.weekday() in week.weekdays and not week.works_on(day):
            why = "bank holiday" if day in bank_holidays(day.year) else "closed"
            found.append(f"{_date(day)} ({why})")
        day += timedelta(days=1)
    return found


def _is_older(deadline: Deadline, contact: Contact, rules: Mapping[Clock, Rule], week: WorkingWeek) -> bool:
    runs = deadline.met_at is None and deadline.cancelled_at is None
    return runs and Clock(deadline.clock) not in FIXED and under(deadline, contact, rules, week).changes


def _day(moment: datetime) -> str:
    return _date(moment.astimezone(words.LONDON).date())


def _date(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"


def _listed(parts: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
