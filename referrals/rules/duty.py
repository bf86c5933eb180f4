"""Who answers for a role at a moment, and whom a message goes up to when nobody acknowledges it. Data and choosing.

The turn of the rota at that moment; where that person is away, whoever deputises; then the standing duty, or their
deputy; then the longest-serving who is there. People are numbers here: models/rota.py finds the facts in one query.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from mash_portal.accounts.roles import Role
from referrals.vocabulary import Rag

from .ladder import AGENCY, LEADS, SHORTEST_WAIT
from .permissions import ANSWERS_FOR_AN_AGENCY, ONLY_FOR

#: The roles that ladders call upon, and that a rota is kept for.
ON_CALL = (Role.TEAM_MANAGER, Role.SERVICE_MANAGER)
#: The last rung: every manager who is there.
EVERY_MANAGER = "every manager"
#: What goes up goes from rung to rung: the first above everybody who has been told, and tells somebody new.
UP: tuple[str, ...] = (*ON_CALL, EVERY_MANAGER)
#: Steps that are for an agency alone remind it; the hub has a step of its own. Where nobody of it can be told, a
#: manager is, and then it is the hub's like any other.
OUTSIDE = frozenset({AGENCY, LEADS})
#: What is for its reviewers alone goes nowhere: all of them are told at once, and nobody else may hear of it. Where
#: there was none, one is looked for.
STAYS = frozenset(ONLY_FOR)


class Why(StrEnum):
    """By what somebody answers."""

    TURN = "turn"
    STANDING = "standing"
    LONGEST = "longest"


@dataclass(frozen=True)
class Turn:
    role: str
    person: int
    starts: datetime
    ends: datetime


@dataclass(frozen=True)
class Away:
    person: int
    starts: datetime
    ends: datetime
    deputy: int | None = None


@dataclass(frozen=True)
class Rota:
    """The facts: active holders of each role, the longest-serving first; turns; standing duties; absences."""

    holders: Mapping[str, Sequence[int]]
    turns: Sequence[Turn] = ()
    standing: Mapping[str, int] = field(default_factory=dict)
    away: Sequence[Away] = ()

    def is_away(self, person: int, at: datetime) -> Away | None:
        return next((one for one in self.away if one.person == person and one.starts <= at < one.ends), None)

    def turn(self, role: str, at: datetime) -> Turn | None:
        """Of two that overlap, the one that began later: it was the change."""
        found = [one for one in self.turns if one.role == role and one.starts <= at < one.ends]
        return max(found, key=lambda one: (one.starts, one.person), default=None)


@dataclass(frozen=True)
class Answer:
    """Who answers; `instead_of`: whoever it would have been, and is away."""

    person: int
    why: Why
    instead_of: int | None = None


@dataclass(frozen=True)
class Span:
    """From when to when one answer holds. None: nobody answers."""

    starts: datetime
    ends: datetime
    answer: Answer | None


def on_duty(role: str, at: datetime, rota: Rota) -> Answer | None:
    """Never somebody who is away, or who does not hold the role. None: nobody who holds it is there."""
    holders = rota.holders.get(role, ())
    for person, why in _named(role, at, rota):
        found = in_place_of(person, at, rota)
        if found is not None and person in holders and found in holders:
            return Answer(found, why, None if found == person else person)
    there = next((one for one in holders if rota.is_away(one, at) is None), None)
    return None if there is None else Answer(there, Why.LONGEST)


def in_place_of(person: int, at: datetime, rota: Rota) -> int | None:
    """The person; while they are away their deputy, or the deputy's; None where nobody of these is there."""
    seen: set[int] = set()
    found: int | None = person
    while found is not None and found not in seen:
        away = rota.is_away(found, at)
        if away is None:
            return found
        seen.add(found)
        found = away.deputy
    return None


def spans(role: str, start: datetime, end: datetime, rota: Rota) -> list[Span]:
    """Who answers from `start` to `end`, without a hole; neighbours that say the same are one."""
    found: list[Span] = []
    for begins, ends in _pieces(start, end, rota):
        answer = on_duty(role, begins, rota)
        if found and found[-1].answer == answer:
            found[-1] = Span(found[-1].starts, ends, answer)
        else:
            found.append(Span(begins, ends, answer))
    return found


def left_to_nobody(
    person: int, role: str, start: datetime, end: datetime, rota: Rota
) -> tuple[datetime, datetime] | None:
    """The first stretch in which this person is away and nobody who holds the role answers for them. None: there is
    none from `start` to `end`.
    """
    pieces, holders = list(_pieces(start, end, rota)), rota.holders.get(role, ())
    alone = [in_place_of(person, begins, rota) not in holders for begins, _ in pieces]
    if True not in alone:
        return None
    first = alone.index(True)
    last = alone.index(False, first) if False in alone[first:] else len(alone)
    return pieces[first][0], pieces[last - 1][1]


def _pieces(start: datetime, end: datetime, rota: Rota) -> Iterator[tuple[datetime, datetime]]:
    """From `start` to `end`, cut wherever a turn or an absence begins or ends: within a piece nothing changes."""
    moments = {moment for turn in rota.turns for moment in (turn.starts, turn.ends)}
    moments |= {moment for away in rota.away for moment in (away.starts, away.ends)}
    return pairwise([start, *sorted(one for one in moments if start < one < end), end])


def rungs_above(told: Iterable[str]) -> tuple[str, ...]:
    """Where a message may go that people of these roles were told and have not acknowledged, the next one first."""
    highest = max((UP.index(role) for role in told if role in UP), default=-1)
    return UP[highest + 1 :]


@dataclass(frozen=True)
class Patience:
    """How long a message waits to be acknowledged, in minutes: the partnership's own."""

    red: int = 30
    other: int = 120

    def of(self, rag: str | None, own: int | None = None) -> timedelta:
        """`own`: what the ladder says of this step."""
        minutes = own if own is not None else self.red if rag == Rag.RED else self.other
        return timedelta(minutes=max(minutes, SHORTEST_WAIT))


def can_go_up(clock: str, roles: Collection[str], told: Collection[str]) -> bool:
    """Whether somebody else is told where nobody acknowledges it; `told`: the roles of whoever was told of it first."""
    theirs = roles and OUTSIDE.issuperset(roles) and told and ANSWERS_FOR_AN_AGENCY.issuperset(told)
    return not theirs and not (clock in STAYS and told)


def _named(role: str, at: datetime, rota: Rota) -> Iterator[tuple[int, Why]]:
    turn = rota.turn(role, at)
    if turn is not None:
        yield turn.person, Why.TURN
    if role in rota.standing:
        yield rota.standing[role], Why.STANDING
