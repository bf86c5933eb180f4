"""Is this child known? Weighs what two records say of a child. Pure: candidates are found by the caller (known.py).

Every agreement counts for as many bits as it is rare by chance among the children of one authority: a birth date is
one of 6,000, a postcode one of 7,000, a common family name one of 50. Two records taken at random are one child about
once in 100,000 pairs, so that some 21 bits are needed before they are joined without asking anybody. What tells twins
and siblings apart is not weighed but decided: a different given name, sex or NHS number is never joined by the portal.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from . import births, names
from .births import Birth, Closeness
from .names import Agreement


class Band(StrEnum):
    """LIKELY: joined on receipt. POSSIBLE: a person decides. UNLIKELY: not shown."""

    LIKELY = "likely"
    POSSIBLE = "possible"
    UNLIKELY = "unlikely"


ENOUGH_TO_JOIN = 21.0
ENOUGH_TO_ASK = 13.0
_CERTAIN = 36.0

_GIVEN = {
    Agreement.SAME: 6.0,
    Agreement.SPELLING: 5.0,
    Agreement.SOUND: 4.5,
    Agreement.SLIP: 4.5,
    Agreement.SHORT: 3.5,
    Agreement.PART: 4.5,
    Agreement.MISSING: 0.0,
    Agreement.NEAR: -2.0,
    Agreement.DIFFERENT: -8.0,
}
_FAMILY = {
    Agreement.SAME: 5.6,
    Agreement.SPELLING: 5.0,
    Agreement.SOUND: 4.5,
    Agreement.SLIP: 4.5,
    Agreement.SHORT: 2.0,
    Agreement.PART: 3.0,
    Agreement.MISSING: 0.0,
    Agreement.NEAR: 0.0,
    Agreement.DIFFERENT: -4.0,
}
_BORN = {
    Closeness.SAME: 12.0,
    Closeness.TURNED: 9.0,
    Closeness.DIGIT: 3.0,
    Closeness.YEAR: 3.0,
    Closeness.PARTLY: 3.0,
    Closeness.EXPECTED: 4.0,
    Closeness.SAME_AGE: 1.0,
    Closeness.MISSING: 0.0,
    Closeness.DIFFERENT: -8.0,
}
_SAME_POSTCODE, _SAME_SECTOR, _MOVED = 12.0, 5.0, -2.0
_SAME_SEX, _OTHER_SEX = 1.0, -6.0
_OTHER_ETHNICITY = -2.0
_SAME_NUMBER = 20.0
_NAMES_TURNED = -1.0

#: Refused, not yet obtained.
_NOT_SAID = frozenset({"REFU", "NOBT"})

_BORN_WORDS = {
    Closeness.SAME: "same birth date",
    Closeness.TURNED: "day and month of birth swapped",
    Closeness.DIGIT: "birth date differs by one digit",
    Closeness.YEAR: "same birthday, a year apart",
    Closeness.PARTLY: "two of day, month and year of birth are the same",
    Closeness.EXPECTED: "born about when the baby was expected",
    Closeness.SAME_AGE: "about the same age",
    Closeness.DIFFERENT: "different birth date",
}
_NAME_WORDS = {
    Agreement.SAME: "same {}",
    Agreement.SPELLING: "{} spelt differently",
    Agreement.SOUND: "{} sounds alike",
    Agreement.SLIP: "{} differs by a slip",
    Agreement.SHORT: "a short form of the {}",
    Agreement.PART: "part of the {} is the same",
    Agreement.NEAR: "similar {}",
    Agreement.DIFFERENT: "different {}",
}


@dataclass(frozen=True, slots=True)
class Known:
    """What a record says of a child; empty where it says nothing."""

    given_names: str = ""
    family_name: str = ""
    date_of_birth: date | None = None
    sex: str = ""
    nhs_number: str = ""
    upn: str = ""
    postcode: str = ""
    ethnicity: str = ""
    expected_date: date | None = None
    birth_year: int | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    """How sure it is that two records are one child: a band, a score from 0 to 1 to rank by, and why, in words."""

    band: Band
    score: float = 0.0
    reasons: tuple[str, ...] = ()

    @property
    def is_strong(self) -> bool:
        return self.band is Band.LIKELY


@dataclass(slots=True)
class _Weighing:
    bits: float = 0.0
    may_join: bool = True
    reasons: list[str] = field(default_factory=list)

    def add(self, bits: float, reason: str = "", *, joins: bool = True) -> None:
        self.bits += bits
        self.may_join = self.may_join and joins
        if reason:
            self.reasons.append(reason)


def likeness(one: Known, other: Known) -> Likeness:
    """Compare two records of a child. The same either way round."""
    weighing = _Weighing()
    same_number = _numbers(weighing, one, other)
    born = _birth(weighing, one, other, same_number=same_number)
    _names(weighing, one, other, born, same_number=same_number)
    _sex(weighing, one.sex.strip("U"), other.sex.strip("U"))
    _ethnicity(weighing, one.ethnicity, other.ethnicity)
    _home(weighing, one.postcode, other.postcode)
    score = round(min(max(weighing.bits / _CERTAIN, 0.0), 1.0), 3)
    return Likeness(_band(weighing), score, tuple(weighing.reasons))


def _band(weighing: _Weighing) -> Band:
    if weighing.bits >= ENOUGH_TO_JOIN and weighing.may_join:
        return Band.LIKELY
    return Band.POSSIBLE if weighing.bits >= ENOUGH_TO_ASK else Band.UNLIKELY


def _numbers(weighing: _Weighing, one: Known, other: Known) -> bool:
    """NHS number and UPN. A child has one NHS number for life, and a new UPN now and then."""
    same = False
    if one.nhs_number and other.nhs_number:
        same = one.nhs_number == other.nhs_number
        weighing.add(_SAME_NUMBER if same else -8.0, f"{'same' if same else 'different'} NHS number", joins=same)
    if one.upn and one.upn == other.upn:
        weighing.add(0.0 if same else _SAME_NUMBER, "same pupil number")
        same = True
    return same


def _birth(weighing: _Weighing, one: Known, other: Known, *, same_number: bool) -> Closeness:
    born = births.closeness(
        Birth(one.date_of_birth, one.expected_date, one.birth_year),
        Birth(other.date_of_birth, other.expected_date, other.birth_year),
    )
    weighing.add(_BORN[born], _BORN_WORDS.get(born, ""), joins=same_number or born >= Closeness.PARTLY)
    return born


def _names(weighing: _Weighing, one: Known, other: Known, born: Closeness, *, same_number: bool) -> None:
    given, family = names.given(one.given_names, other.given_names), names.family(one.family_name, other.family_name)
    if not (given.is_one_name and family.is_one_name):
        crossed = _turned(one, other)
        if crossed is not None:
            weighing.add(_GIVEN[crossed[0]] + _FAMILY[crossed[1]] + _NAMES_TURNED, _turned_words(crossed))
            return
    twins = born >= Closeness.PARTLY and not given.is_one_name
    at_home = born is Closeness.SAME and given is Agreement.SAME and _is_at_home(one, other)
    renamed = (same_number and not twins) or at_home
    weighing.add(_FAMILY[family], _name_words(family, "surname"), joins=renamed or family.is_one_name)
    weighing.add(_GIVEN[given], _name_words(given, "first name"), joins=renamed or given.is_one_name)


def _is_at_home(one: Known, other: Known) -> bool:
    """Known by one parent's name here and the other's there: it takes the same postcode to believe it."""
    return bool(one.postcode) and one.postcode == other.postcode


def _turned(one: Known, other: Known) -> tuple[Agreement, Agreement] | None:
    """How the names agree with given and family name the other way round, where they do."""
    both = (names.family(one.given_names, other.family_name), names.family(one.family_name, other.given_names))
    worse, better = sorted(both)
    if worse > Agreement.PART or (better, worse) == (Agreement.SAME, Agreement.PART):
        return better, worse
    return None


def _turned_words(crossed: tuple[Agreement, Agreement]) -> str:
    exactly = min(crossed) is Agreement.SAME
    return "first name and surname swapped" if exactly else "first name and surname swapped, and spelt differently"


def _name_words(agreement: Agreement, which: str) -> str:
    return _NAME_WORDS[agreement].format(which) if agreement in _NAME_WORDS else ""


def _sex(weighing: _Weighing, one: str, other: str) -> None:
    if one and other:
        same = one == other
        weighing.add(_SAME_SEX if same else _OTHER_SEX, "" if same else "different sex", joins=same)


def _ethnicity(weighing: _Weighing, one: str, other: str) -> None:
    """Agencies often record it differently for one child, so that it only stops a join that has little else for it."""
    if one and other and one != other and not {one, other} & _NOT_SAID:
        weighing.add(_OTHER_ETHNICITY, "ethnicity recorded differently")


def _home(weighing: _Weighing, one: str, other: str) -> None:
    if not one or not other:
        return
    here, there = one.replace(" ", "").upper(), other.replace(" ", "").upper()
    if here == there:
        weighing.add(_SAME_POSTCODE, "same postcode")
    elif here[:-2] == there[:-2]:
        weighing.add(_SAME_SECTOR, f"postcodes in the same part of {here[:-3]}")
    else:
        weighing.add(_MOVED, "another postcode")
