"""A CSV file of an earlier system, row by row: what each row says, or every sentence about what is wrong with it.

Free of Django. One row is one child of one contact. Times without an offset are local times of Europe/London.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType
from typing import Any

from referrals import codes
from referrals.vocabulary import Channel, Outcome, Rag

from .values import LONDON, day, if_given, level, moment, one_of, text

#: What ends the numbers of a demonstration's contacts and children, so that the true ones can still be brought over.
MOVED = "+moved"
NUMBER = 60 - len(MOVED)
NAME = 120
OLDEST = timedelta(days=26 * 366)
#: A contact may be about a child who is not born yet; the earlier system has written the birth date in since.
BEFORE_BIRTH = timedelta(weeks=40)
OUTCOMES = (
    Outcome.NFA_INFORMATION,
    Outcome.NFA_PUSHBACK,
    Outcome.SIGNPOST,
    Outcome.EARLY_HELP,
    Outcome.SECTION_17,
    Outcome.STRATEGY,
    Outcome.OPEN_CASE,
)
COLUMNS: Mapping[str, Callable[[str], Any]] = MappingProxyType(
    {
        "contact_ref": text(NUMBER, required=True),
        "received_at": moment,
        "channel": one_of(list(Channel), f"one of {', '.join(Channel)}"),
        "source": one_of(codes.SOURCE_LABELS, "a national contact source code"),
        "agency": text(NAME, required=True),
        "child_ref": text(NUMBER, required=True),
        "given_names": text(NAME),
        "family_name": text(NAME),
        "date_of_birth": if_given(day),
        "sex": one_of(codes.SEX_LABELS, f"one of {', '.join(codes.SEX_LABELS)}"),
        "ethnicity": one_of(codes.ETHNICITY_LABELS, "a national ethnicity code"),
        "postcode": text(8),
        "rag": one_of(["", *Rag], f"one of {', '.join(Rag)}"),
        "level_believed": if_given(level),
        "level_decided": level,
        "outcome": one_of(OUTCOMES, f"one of {', '.join(OUTCOMES)}"),
        "decided_at": moment,
        "feedback_at": if_given(moment),
    }
)


class NotAHistory(Exception):
    """Why nothing can be read from the file, as a sentence."""


@dataclass(frozen=True, slots=True)
class Row:
    """One child of one contact; instants in UTC. `fingerprint` differs where any value of the row differs."""

    line: int
    fingerprint: str
    contact_ref: str
    received_at: datetime
    channel: str
    source: str
    agency: str
    child_ref: str
    given_names: str
    family_name: str
    date_of_birth: date | None
    sex: str
    ethnicity: str
    postcode: str
    rag: str
    level_believed: int | None
    level_decided: int
    outcome: str
    decided_at: datetime
    feedback_at: datetime | None

    def moved(self, days: int, now: datetime) -> "Row":
        """The same row some days later, ages kept. What would then still be to come has happened by `now`."""
        received_at = _later(self.received_at, days)
        decided_at = max(received_at, min(_later(self.decided_at, days), now))
        return replace(
            self,
            contact_ref=self.contact_ref + MOVED,
            child_ref=self.child_ref + MOVED,
            date_of_birth=self.date_of_birth and self.date_of_birth + timedelta(days=days),
            received_at=received_at,
            decided_at=decided_at,
            feedback_at=self.feedback_at and max(decided_at, min(_later(self.feedback_at, days), now)),
        )


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that cannot go in, with a sentence for each thing that is wrong with it."""

    line: int
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Survey:
    """How many rows a file has, and the London day of the last receipt among those that can go in."""

    rows: int
    last_day: date | None


def survey(path: Path, *, now: datetime) -> Survey:
    """Read the whole file once before anything is written. NotAHistory where it cannot be read to its end."""
    rows, last = 0, None
    for row in read(path, now=now):
        rows += 1
        if isinstance(row, Row) and (last is None or row.received_at > last):
            last = row.received_at
    if rows == 0:
        raise NotAHistory(f"{path} has no rows under its first line.")
    return Survey(rows, last and last.astimezone(LONDON).date())


def read(path: Path, *, now: datetime) -> Iterator[Row | Bad]:
    """Every row in turn. NotAHistory for a file that is not there, is no text, or lacks columns."""
    line = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = csv.reader(file)
            header = _header(path, next(table, []))
            for values in table:
                line = table.line_num
                if values:
                    yield _row(line, header, values, now)
    except UnicodeDecodeError as error:
        raise NotAHistory(f"{path} is not a text file in UTF-8.") from error
    except csv.Error as error:
        raise NotAHistory(f"{path} cannot be read as CSV after line {line}: {error}.") from error
    except OSError as error:
        raise NotAHistory(f"{path} cannot be read: {error.strerror}.") from error


def _header(path: Path, names: list[str]) -> list[str]:
    header = [name.strip() for name in names]
    if not any(header):
        raise NotAHistory(f"{path} is empty. Its first line must name the columns: {', '.join(COLUMNS)}.")
    if missing := [column for column in COLUMNS if column not in header]:
        named = " and no column ".join(missing)
        raise NotAHistory(f"{path} has no column {named}. Its first line must name the columns.")
    if twice := sorted({column for column in COLUMNS if header.count(column) > 1}):
        raise NotAHistory(f"{path} has two columns called {' and '.join(twice)}.")
    return header


def _row(line: int, header: list[str], values: list[str], now: datetime) -> Row | Bad:
    if len(values) != len(header):
        return Bad(line, (f"there are {len(values)} values where the first line names {len(header)} columns.",))
    said = {name: value.strip() for name, value in zip(header, values, strict=True)}
    facts: dict[str, Any] = {}
    problems = []
    for column, read_value in COLUMNS.items():
        try:
            facts[column] = read_value(said[column])
        except ValueError as error:
            problems.append(f"{column} {error}")
    problems += _contradictions(facts, now)
    if problems:
        return Bad(line, tuple(problems))
    return Row(line=line, fingerprint=_fingerprint(said), **facts)


def _fingerprint(said: Mapping[str, str]) -> str:
    whole = "\x1f".join(said[column] for column in COLUMNS)
    return blake2b(whole.encode(), digest_size=20).hexdigest()


def _contradictions(facts: Mapping[str, Any], now: datetime) -> list[str]:
    """What no single value shows. Values that could not be read are left out."""
    received, decided, feedback, born = (
        facts.get(column) for column in ("received_at", "decided_at", "feedback_at", "date_of_birth")
    )
    moments = {"received_at": received, "decided_at": decided, "feedback_at": feedback}
    found = [f"{column} is in the future." for column, at in moments.items() if at and at > now]
    if received and decided and decided < received:
        found.append("decided_at is before received_at.")
    if decided and feedback and feedback < decided:
        found.append("feedback_at is before decided_at.")
    age = received.astimezone(LONDON).date() - born if received and born else timedelta(0)
    if -age > BEFORE_BIRTH:
        found.append("date_of_birth is more than 40 weeks after received_at.")
    if age > OLDEST:
        found.append("date_of_birth makes the child older than 25 when the contact was received.")
    return found


def _later(at: datetime, days: int) -> datetime:
    """The same time of day in London, some days later."""
    local = at.astimezone(LONDON).replace(tzinfo=None) + timedelta(days=days)
    return local.replace(tzinfo=LONDON).astimezone(UTC)
