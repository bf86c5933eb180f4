"""How far what two records say of a child's birth agrees."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum


class Closeness(IntEnum):
    DIFFERENT = 0
    MISSING = 1
    SAME_AGE = 2
    EXPECTED = 3
    PARTLY = 4
    YEAR = 5
    DIGIT = 6
    TURNED = 7
    SAME = 8


#: Births come up to five weeks before and two weeks after the day they are expected, and forms are rounder than that.
_AROUND = timedelta(weeks=6)


@dataclass(frozen=True)
class Birth:
    """A birth date, or the day a baby is expected, or the year that an estimated age leads to; any may be missing."""

    born: date | None = None
    expected: date | None = None
    year: int | None = None


def closeness(one: Birth, other: Birth) -> Closeness:
    if one.born and other.born:
        return _of_dates(one.born, other.born)
    days = [day for day in (one.born or one.expected, other.born or other.expected) if day]
    if len(days) == 2:
        return Closeness.EXPECTED if abs(days[0] - days[1]) <= _AROUND else Closeness.DIFFERENT
    if one.year is None or other.year is None:
        return Closeness.MISSING
    return Closeness.SAME_AGE if abs(one.year - other.year) <= 1 else Closeness.DIFFERENT


def turned(day: date | None) -> date | None:
    """The date that is read when day and month change places; None where there is no other."""
    if day is None or day.day > 12 or day.day == day.month:
        return None
    return date(day.year, day.day, day.month)


def _of_dates(one: date, other: date) -> Closeness:
    if one == other:
        return Closeness.SAME
    if turned(one) == other:
        return Closeness.TURNED
    if (one.day, one.month) == (other.day, other.month) and abs(one.year - other.year) == 1:
        return Closeness.YEAR
    if _is_one_slip(f"{one:%d%m%Y}", f"{other:%d%m%Y}"):
        return Closeness.DIGIT
    agree = (one.day == other.day) + (one.month == other.month) + (one.year == other.year)
    return Closeness.PARTLY if agree == 2 else Closeness.DIFFERENT


def _is_one_slip(one: str, other: str) -> bool:
    """One digit is another, or two neighbours changed places."""
    wrong = [at for at, (left, right) in enumerate(zip(one, other, strict=True)) if left != right]
    if len(wrong) == 1:
        return True
    if len(wrong) != 2:
        return False
    first, second = wrong
    return second == first + 1 and (one[first], one[second]) == (other[second], other[first])
