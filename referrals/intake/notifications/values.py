"""Dates, times and codes as police systems write them."""

import re
from datetime import date, datetime

from mash_portal.govuk.words import LONDON

_DAY_FIRST = re.compile(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$", re.ASCII)
_TIME = re.compile(r"^(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d{1,6})?)?$", re.ASCII)
_SEXES = {
    "m": "M", "male": "M", "boy": "M", "f": "F", "female": "F", "girl": "F",
    "u": "U", "unknown": "U", "not known": "U",
}  # fmt: skip


def day_of(typed: str) -> date | None:
    """ "10/10/2019" or "2019-10-10"; None where it is no date."""
    if found := _DAY_FIRST.match(typed):
        day, month, year = map(int, found.groups())
        try:
            return date(year, month, day)
        except ValueError:
            return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def moment_of(typed: str) -> datetime | None:
    """A date, with or without a time; London's unless it says otherwise. None where it is none."""
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        first, _, rest = typed.replace(",", " ").partition(" ")
        day, time = day_of(first), _TIME.match(rest.strip() or "00:00")
        if day is None or time is None or int(time[1]) > 23 or int(time[2]) > 59:
            return None
        at = datetime(day.year, day.month, day.day, int(time[1]), int(time[2]), tzinfo=LONDON)
    return at if at.tzinfo else at.replace(tzinfo=LONDON)


def sex_of(typed: str) -> str:
    """The national code, or nothing where it is not understood."""
    return _SEXES.get(typed.casefold(), "")
