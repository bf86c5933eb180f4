"""Lines of the board in words: what happened, who was told and when, who has seen it, and what comes next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from mash_portal.accounts.models import User
from mash_portal.govuk import words
from mash_portal.govuk.words import ClockWords
from referrals import access
from referrals.models import Circle, Escalation, Telling
from referrals.rules import duty
from referrals.vocabulary import Clock, Verb

from . import places
from .going_up import next_people
from .places import Link
from .recipients import OnDuty, circles_of

NOBODY = "A manager is looked for until there is one"
TOP = "Everybody above has been told. It stays here until somebody acknowledges it"


@dataclass(frozen=True)
class Row:
    """One step as the board shows it."""

    pk: int
    reference: str
    stage: str
    holder: str
    label: str
    clock: ClockWords | None
    clock_name: str
    fired: str
    told: list[str]
    is_mine: bool
    is_late: bool
    done: str
    comes: str
    place: Link
    may_acknowledge: bool


@dataclass(frozen=True)
class _Asked:
    """A fired step, as whoever may hear of it is asked for."""

    contact_id: int
    clock: str
    is_restricted: bool


def rows(steps: Iterable[Escalation], user: User, now: datetime) -> list[Row]:
    """The facts of duty are read once for the page, up to when the last of its steps goes up."""
    steps = list(steps)
    coming = _Coming(steps, now)
    return [_row(step, user, now, coming) for step in steps]


class _Coming:
    """What happens next with the steps of a page, and when. Four queries at most, however many there are."""

    def __init__(self, steps: Iterable[Escalation], now: datetime) -> None:
        waiting = [one for one in steps if one.goes_up_at is not None and one.acknowledged_at is None]
        self.now = now
        self.on_duty = OnDuty(now, max((one.goes_up_at for one in waiting if one.goes_up_at), default=now))
        asked = [_Asked(one.contact_id, one.deadline.clock, one.contact.is_restricted) for one in waiting]
        self.circles: Mapping[int, Circle] = circles_of(asked)

    def words(self, step: Escalation) -> str:
        deadline, over = step.deadline, step.acknowledged_at is not None or getattr(step, "has_later", False)
        taken = step.only_if_unclaimed and step.contact.owner_id is not None
        if over or taken or deadline.met_at is not None or deadline.cancelled_at is not None:
            return ""
        told = [one.user for one in step.tellings.all()]
        if step.goes_up_at is None:
            goes = duty.can_go_up(deadline.clock, step.roles, [one.role for one in told])
            return TOP if step.went_up_at is not None and goes else ""
        moment = max(step.goes_up_at, self.now)
        people = next_people(told, self.circles.get(step.contact_id), moment, self.on_duty)
        if not people:
            return TOP if told else NOBODY
        who, when = ", ".join(one.full_name for one in people), _when(step.goes_up_at, self.now)
        late = step.goes_up_at < self.now
        return f"Should have gone up to {who} {when}" if late else f"Goes up to {who} {when} unless acknowledged"


def _row(step: Escalation, user: User, now: datetime, coming: _Coming) -> Row:
    contact, deadline, kind = step.contact, step.deadline, Clock(step.deadline.clock)
    clock = None
    if deadline.cancelled_at is None:
        clock = words.clock_words(kind.label, deadline.due_at, now, deadline.met_at)
    told = list(step.tellings.all())
    return Row(
        pk=step.pk,
        reference=contact.reference,
        stage=contact.as_stage.label,
        holder=f"Held by {contact.owner}" if contact.owner else "Held by nobody",
        label=step.label,
        clock=clock,
        clock_name=kind.label,
        fired=words.short_moment(step.fired_at) if step.fired_at else "",
        told=[_told(one) for one in told] or ["Nobody: no manager was active"],
        is_mine=any(one.user_id == user.pk for one in told),
        is_late=clock is not None and clock.state == "overdue" and deadline.met_at is None,
        done=_done(step),
        comes=coming.words(step),
        place=places.link_for(user, deadline, contact),
        may_acknowledge=step.acknowledged_at is None and Verb.ACKNOWLEDGE in access.may(user, contact),
    )


def _told(telling: Telling) -> str:
    """ "Maya Shah, Fri 20 Nov, 4:00pm" """
    return f"{telling.user}, {words.short_moment(telling.at)}" if telling.at else str(telling.user)


def _when(moment: datetime, now: datetime) -> str:
    """ "at 3:30pm" today, "on Sat 21 Nov, 3:30am" on another day."""
    same = moment.astimezone(words.LONDON).date() == now.astimezone(words.LONDON).date()
    return f"at {words.time_of_day(moment)}" if same else f"on {words.short_moment(moment)}"


def _done(step: Escalation) -> str:
    if step.acknowledged_at is None or step.acknowledged_by is None:
        return ""
    return f"{step.acknowledged_by} acknowledged it, {words.short_moment(step.acknowledged_at)}"
