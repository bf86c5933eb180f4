"""A CSV file of an earlier system, row by row: what each row says, or every sentence about what is wrong with it.

Free of Django. One row is one child of one contact. Times without an offset are local times of Europe/London.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from referrals import codes
from referrals.vocabulary import Channel, Outcome, Rag

LONDON = ZoneInfo("Europe/London")
MOVED = "+moved"
EARLIEST = 1973
OLDEST_AT_CONTACT = timedelta(days=26 * 366)
OUTCOMES = (
    Outcome.NFA_INFORMATION,
    Outcome.NFA_PUSHBACK,
    Outcome.SIGNPOST,
    Outcome.EARLY_HELP,
    Outcome.SECTION_17,
    Outcome.STRATEGY,
    Outcome.OPEN_CASE,
)


class NotAHistory(Exception):  # noqa: N818 - the sentence names the file, the program has not erred
    """Why nothing can be read from the file, as a sentence."""


@dataclass(frozen=True, slots=True)
class Row:
    """One child of one contact. `fingerprint` is of the whole row as it stood in the file."""

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
        """The same row some days later, for a demonstration. What would then be still to come has happened by now."""
        received_at = _later(self.received_at, days)
        feedback_at = self.feedback_at and _later(self.feedback_at, days)
        return replace(
            self,
            contact_ref=self.contact_ref + MOVED,
            child_ref=self.child_ref + MOVED,
            date_of_birth=self.date_of_birth and self.date_of_birth + timedelta(days=days),
            received_at=received_at,
            decided_at=max(received_at, min(_later(self.decided_at, days), now)),
            feedback_at=feedback_at and min(max(feedback_at, received_at), now),
        )


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that cannot go in, with a sentence for each thing that is wrong with it."""

    line: int
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Survey:
    """What a file holds, before anything is written."""

    rows: int
    last_day: date | None


def survey(path: Path, *, now: datetime) -> Survey:
    """Read the whole file once: NotAHistory where it cannot be read to its end."""
    rows, last = 0, None
    for row in read(path, now=now):
        rows += 1
        if isinstance(row, Row) and (last is None or row.received_at > last):
            last = row.received_at
    if rows == 0:
        raise NotAHistory(f"{path} has no rows.")
    return Survey(rows, last and last.astimezone(LONDON).date())


def read(path: Path, *, now: datetime) -> Iterator[Row | Bad]:
    """Every row in turn. Raises NotAHistory for a file that is not there, not text, or without its columns."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = csv.reader(file)
            header = _header(path, next(table, []))
            for values in table:
                if values:
                    yield _row(table.line_num, header, values, now)
    except UnicodeDecodeError as error:
        raise NotAHistory(f"{path} is not a text file in UTF-8.") from error
    except csv.Error as error:
        raise NotAHistory(f"{path} cannot be read as CSV near line {table.line_num}: {error}.") from error
    except OSError as error:
        raise NotAHistory(f"{path} cannot be read: {error.strerror}.") from error


def _header(path: Path, names: list[str]) -> list[str]:
    header = [name.strip() for name in names]
    if not any(header):
        raise NotAHistory(f"{path} is empty. Its first line must name the columns: {', '.join(COLUMNS)}.")
    if missing := [column for column in COLUMNS if column not in header]:
        raise NotAHistory(
            f"{path} has no column {' and no column '.join(missing)}. Its first line must name the columns."
        )
    if twice := sorted({name for name in header if name in COLUMNS and header.count(name) > 1}):
        raise NotAHistory(f"{path} has the column {' and the column '.join(twice)} twice.")
    return header


def _row(line: int, header: list[str], values: list[str], now: datetime) -> Row | Bad:
    if len(values) != len(header):
        return Bad(line, (f"There are {len(values)} values where the first line names {len(header)} columns.",))
    text = {name: value.strip() for name, value in zip(header, values, strict=True)}
    facts: dict[str, Any] = {}
    problems = []
    for column, read_value in COLUMNS.items():
        try:
            facts[column] = read_value(text[column])
        except ValueError as error:
            problems.append(f"{column} {error}")
    problems += _contradictions(facts, now)
    if problems:
        return Bad(line, tuple(problems))
    return Row(line=line, fingerprint=_fingerprint(text), **facts)


def _fingerprint(text: Mapping[str, str]) -> str:
    """40 symbols that differ where any value of the row differs."""
    return blake2b("\x1f".join(text[column] for column in COLUMNS).encode(), digest_size=20).hexdigest()


def _contradictions(facts: Mapping[str, Any], now: datetime) -> list[str]:
    """What no single value shows. A value that could not be read is left out."""
    received, decided, feedback = (facts.get(name) for name in ("received_at", "decided_at", "feedback_at"))
    born = facts.get("date_of_birth")
    found = [f"{name} is in the future." for name in _MOMENTS if facts.get(name) and facts[name] > now]
    if received and decided and decided < received:
        found.append("decided_at is before received_at.")
    if decided and feedback and feedback < decided:
        found.append("feedback_at is before decided_at.")
    if received and born:
        day = received.astimezone(LONDON).date()
        if born > day:
            found.append("date_of_birth is after received_at.")
        elif day - born > OLDEST_AT_CONTACT:
            found.append("date_of_birth makes the child older than 25 when the contact was received.")
    return found


def _later(moment: datetime, days: int) -> datetime:
    """The same time of day in London, some days later."""
    local = moment.astimezone(LONDON).replace(tzinfo=None) + timedelta(days=days)
    return local.replace(tzinfo=LONDON).astimezone(UTC)


def _text(longest: int, *, required: bool = False) -> Callable[[str], str]:
    def read_text(value: str) -> str:
        if required and not value:
            raise ValueError("is empty.")
        if len(value) > longest:
            raise ValueError(f"is longer than {longest} characters.")
        if not value.isprintable():
            raise ValueError("has a character in it that cannot be shown.")
        return value

    return read_text


def _one_of(known: set[str], what: str, *, required: bool = True) -> Callable[[str], str]:
    def read_code(value: str) -> str:
        if value in known or not (value or required):
            return value
        raise ValueError(f"“{value[:40]}” is not {what}." if value else f"is empty: it has to be {what}.")

    return read_code


def _level(value: str) -> int:
    if value not in {"1", "2", "3", "4"}:
        raise ValueError(f"“{value[:40]}” is not 1, 2, 3 or 4." if value else "is empty: it has to be 1, 2, 3 or 4.")
    return int(value)


def _moment(value: str) -> datetime:
    if not value:
        raise ValueError("is empty.")
    try:
        moment = datetime.fromisoformat(value)
        day_only = len(value) <= len("2017-09-01")
        utc = (moment if moment.tzinfo else moment.replace(tzinfo=LONDON)).astimezone(UTC)
    except (ValueError, OverflowError):
        day_only, utc = True, datetime.min.replace(tzinfo=UTC)
    if day_only:
        raise ValueError(f"“{value[:40]}” is not a date and time such as 2017-09-01T06:00:26.")
    if utc.year < EARLIEST:
        raise ValueError(f"“{value[:40]}” is before {EARLIEST}.")
    return utc


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"“{value[:40]}” is not a date such as 2009-03-23.") from error


def _or_none[T](read_value: Callable[[str], T]) -> Callable[[str], T | None]:
    raise NotImplementedError


_MOMENTS = ("received_at", "decided_at", "feedback_at")
