"""What one value of an earlier system's row may be. Each reader gives the value, or says in a ValueError what is wrong.

The sentence follows the column's name: "source “99” is not a national contact source code."
"""

from collections.abc import Callable, Collection
from datetime import UTC, date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
EARLIEST_YEAR = 1973
LEVELS = ("1", "2", "3", "4")

Value = TypeVar("Value")


def text(longest: int, *, required: bool = False) -> Callable[[str], str]:
    def read(value: str) -> str:
        if required and not value:
            raise ValueError("is empty.")
        if len(value) > longest:
            raise ValueError(f"is longer than {longest} characters.")
        if any(ord(symbol) < 32 or ord(symbol) == 127 for symbol in value):
            raise ValueError("has a character in it that cannot be shown.")
        return value

    return read


def one_of(known: Collection[str], what: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value in known:
            return value
        raise ValueError(f"{_shown(value)} is not {what}." if value else f"is empty. It has to be {what}.")

    return read


def if_given(read: Callable[[str], Value]) -> Callable[[str], Value | None]:
    """The same, where nothing is an answer too."""
    return lambda value: read(value) if value else None


def level(value: str) -> int:
    if value in LEVELS:
        return int(value)
    raise ValueError(f"{_shown(value)} is not 1, 2, 3 or 4." if value else "is empty. It has to be 1, 2, 3 or 4.")


def moment(value: str) -> datetime:
    """An instant, in UTC. A time that does not say its offset is London's."""
    if not value:
        raise ValueError("is empty.")
    try:
        date_only = _is_date(value)
        given = datetime.fromisoformat(value)
        instant = (given if given.tzinfo else given.replace(tzinfo=LONDON)).astimezone(UTC)
    except (ValueError, OverflowError):
        date_only, instant = True, datetime.max.replace(tzinfo=UTC)
    if date_only:
        raise ValueError(f"{_shown(value)} is not a date and time such as 2017-09-01T06:00:26.")
    if instant.year < EARLIEST_YEAR:
        raise ValueError(f"{_shown(value)} is before {EARLIEST_YEAR}.")
    return instant


def day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"{_shown(value)} is not a date such as 2009-03-23.") from error


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _shown(value: str) -> str:
    return f"“{value[:40]}”"
