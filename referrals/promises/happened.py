"""What happened to one clock and when, as the record has it: nothing here is guessed or computed from rules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from mash_portal.govuk import words
from referrals.models import Deadline, Escalation, StageChange
from referrals.rules.clocks import COUNTED_FROM
from referrals.vocabulary import Clock, Verb

from .drawing import DONE, LATE, TOLD

#: Steps of the journey that both promises about a contact live by.
STEPS = frozenset(
    {
        Verb.CLAIM,
        Verb.ASSIGN,
        Verb.RELEASE,
        Verb.RATE,
        Verb.RECOMMEND,
        Verb.TAKE_BACK,
        Verb.SEND_BACK,
        Verb.SIGN_OFF,
        Verb.SCREEN_OUT,
        Verb.DUPLICATE,
    }
)
PROMISES = frozenset({Clock.DECISION, Clock.STATUTORY})


@dataclass(frozen=True)
class Event:
    at: datetime
    kind: str
    title: str
    text: str = ""


def to(chain: Sequence[Deadline], fired: Iterable[Escalation], steps: Sequence[StageChange]) -> list[Event]:
    """The oldest first. `chain`: one clock and those it took the place of, the last being the one that stands."""
    first, last = chain[0], chain[-1]
    clock, end = Clock(last.clock), ended_at(last)
    moved = {one.cancelled_at: (one, new) for one, new in pairwise(chain) if one.cancelled_at}
    found = [Event(first.opened_at, DONE, f"Opened: counted {COUNTED_FROM[clock]}")]
    if clock in PROMISES:
        near = [one for one in steps if first.opened_at <= one.at and (end is None or one.at <= end)]
        found += [_step(one, moved) for one in near if one.verb in STEPS]
    rated = {one.at for one in steps if one.verb == Verb.RATE and clock is Clock.DECISION}
    found += [_moved(at, old, new) for at, (old, new) in moved.items() if at not in rated]
    found += [_fired(one) for one in fired if one.fired_at]
    return sorted([*found, *_end(last, end)], key=lambda event: event.at)


def ended_at(deadline: Deadline) -> datetime | None:
    return deadline.met_at or deadline.cancelled_at


def late(chain: Iterable[Deadline], now: datetime) -> list[Event]:
    """Where a time ran out before its clock ended, or has run out by now."""
    out = [one for one in chain if (ended_at(one) or now) > one.due_at]
    return [Event(one.due_at, LATE, "The time ran out") for one in out]


def _step(step: StageChange, moved: dict[datetime, tuple[Deadline, Deadline]]) -> Event:
    label = Verb(step.verb).label
    said = [step.reason] if step.verb in (Verb.RATE, Verb.ASSIGN) else []
    if step.verb == Verb.RATE and (pair := moved.get(step.at)):
        said.append(_due(*pair))
    return Event(step.at, DONE, f"{step.by.full_name} {label}", "\n".join(said))


def _moved(at: datetime, old: Deadline, new: Deadline) -> Event:
    title = "Computed again under a newer rule" if new.rebased_because else "Computed again"
    return Event(at, DONE, title, "\n".join(filter(None, [_due(old, new), new.rebased_because])))


def _due(old: Deadline, new: Deadline) -> str:
    if old.due_at == new.due_at:
        return f"Due as before, {words.long_moment(new.due_at)}."
    return f"Due {words.long_moment(new.due_at)} instead of {words.long_moment(old.due_at)}."


def _fired(step: Escalation) -> Event:
    told = ", ".join(person.full_name for person in step.told.all())
    said = [f"Told: {told or 'nobody, because nobody holds that role'}."]
    if step.went_up_at:
        said.append(f"Nobody had acknowledged it: it went up {words.short_moment(step.went_up_at)}.")
    if step.acknowledged_at and step.acknowledged_by:
        said.append(f"{step.acknowledged_by} acknowledged it {words.short_moment(step.acknowledged_at)}.")
    else:
        said.append("Nobody has acknowledged it.")
    return Event(step.fired_at or step.due_at, TOLD, step.label, "\n".join(said))


def _end(deadline: Deadline, end: datetime | None) -> list[Event]:
    if end is None:
        return []
    if deadline.met_at is None:
        return [Event(end, DONE, "No longer owed")]
    late_by = deadline.met_at - deadline.due_at
    return [
        Event(end, DONE, "Met in time" if deadline.met_at <= deadline.due_at else f"Met {words.length(late_by)} late")
    ]
