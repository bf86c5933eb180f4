"""Make the population: agencies and workers by name, everything else in bulk."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from referrals.rules.clocks import DEFAULTS
from referrals.vocabulary import Clock

from . import likely, names, tables

#: England's hub of a large authority: what the goals call one authority.
A_YEAR = 100_000
WEEKS_OF_YEAR = 52
MOST_YEARS = 40.0
EARLIER = 12
EVENTS = 10
STEPS = 5
#: So many contacts at a time: what a machine holds in memory, and often enough to say how far it is.
AT_ONCE = 25_000
SYMBOLS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class Cursor(Protocol):
    """What of a database cursor is needed here, of Django's as of psycopg2's."""

    def execute(self, sql: str, params: Any = None, /) -> Any: ...
    def fetchone(self) -> Any: ...


@dataclass(frozen=True)
class Size:
    """How much: `years` that the contacts are spread over, lines of audit for each of them."""

    contacts: int
    years: float
    events: int = EVENTS

    @classmethod
    def usual(cls, contacts: int, events: int = EVENTS) -> "Size":
        """One authority for a year, and more of them as further years: as many as figures may be asked for."""
        return cls(contacts, min(max(contacts / A_YEAR, 1.0), MOST_YEARS), events)


def make(cursor: Cursor, size: Size, done: Callable[[int], None] = lambda contacts: None) -> None:
    """Make them; `done` is told how many there are after each chunk, when it may commit.

    A superuser skips the checks of foreign keys, which costs half the time; the days are marked for the figures here.
    """
    values = begun(cursor, size)
    cursor.execute(tables.PEOPLE, values)
    for first in range(1, size.contacts + 1, AT_ONCE):
        last = min(first + AT_ONCE - 1, size.contacts)
        chunk(cursor, values, first, last)
        done(last)
    for name in tables.NUMBERED:
        cursor.execute(tables.GO_ON.format(name))


def begun(cursor: Cursor, size: Size) -> dict[str, Any]:
    """What every chunk is made from."""
    values = _values(cursor, size)
    cursor.execute(f"SET synchronous_commit = off; {_without_checks(cursor)}")
    cursor.execute(tables.FUNCTIONS, values)
    for kind in likely.SHARES:
        outcomes, levels = likely.outcomes(kind)
        weekly = likely.minutes_of_week(kind)
        cursor.execute(tables.LIKELY, {"kind": kind, "weekly": weekly, "outcomes": outcomes, "levels": levels})
    return values


def chunk(cursor: Cursor, values: dict[str, Any], first: int, last: int) -> None:
    """The contacts from the number `first` to `last`."""
    for statement in tables.CHUNK:
        cursor.execute(statement, {**values, "first": first, "last": last})


def _without_checks(cursor: Cursor) -> str:
    """Only a superuser may."""
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    [is_super] = cursor.fetchone()
    return "SET session_replication_role = replica" if is_super else ""


def _values(cursor: Cursor, size: Size) -> dict[str, Any]:
    last = {}
    for name in tables.NUMBERED:
        cursor.execute(tables.LAST.format(name))
        [last[name]] = cursor.fetchone()
    workers = names.workers()
    return {
        "contacts": size.contacts,
        "people": max(size.contacts * 7 // 10, 2),
        "weeks": size.years * WEEKS_OF_YEAR,
        "earlier": EARLIER,
        "events": size.events,
        "steps": STEPS,
        "family": names.FAMILY,
        "ending": names.ENDING,
        "given": names.GIVEN,
        "sounds": json.dumps(names.sounds()),
        "symbols": SYMBOLS,
        "decision": json.dumps(DEFAULTS[Clock.DECISION].to_dict()),
        "statutory": json.dumps(DEFAULTS[Clock.STATUTORY].to_dict()),
        "senders": likely.senders(names.agencies()),
        "workers": workers,
        "teams": len(workers),
        "takes": likely.minutes_taken(),
        "of_source": json.dumps(likely.OF_SOURCE),
        "others": likely.OTHERS,
        "contact_from": last["contact"],
        "people_from": last["person"],
        "deadline_from": last["deadline"],
        "decision_from": last["decision"],
    }
