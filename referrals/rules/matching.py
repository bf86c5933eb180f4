"""Is this child known? Compares what two records say of a child. Pure: candidates are found by the caller.

The strong rule joins two records without asking anybody: the same national number, or the same birth date with the same
family name and a given name that is the same but for its spelling. Twins differ in their given names and stay two.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date

#: From here on two records are taken to be one child.
STRONG = 0.9

# Pairs of letters that people write for the same sound, longest first.
_SPELLINGS = (("ph", "f"), ("ck", "k"), ("ie", "i"), ("ey", "i"), ("y", "i"), ("c", "k"), ("z", "s"))


@dataclass(frozen=True)
class Known:
    """What a record says of a child; empty where it says nothing."""

    given_names: str = ""
    family_name: str = ""
    date_of_birth: date | None = None
    sex: str = ""
    nhs_number: str = ""
    upn: str = ""


@dataclass(frozen=True)
class Likeness:
    """How sure it is that two records are one child, from 0 to 1, and why, in words."""

    score: float
    reasons: tuple[str, ...] = ()

    @property
    def is_strong(self) -> bool:
        return self.score >= STRONG


def likeness(one: Known, other: Known) -> Likeness:
    """Compare two records. Facts that cannot be true of one child outweigh everything else."""
    if _differ(one.nhs_number, other.nhs_number):
        return Likeness(0, ("different NHS numbers",))
    if one.nhs_number and one.nhs_number == other.nhs_number:
        return Likeness(1, ("same NHS number",))
    if one.upn and one.upn == other.upn:
        return Likeness(1, ("same pupil number",))
    if one.date_of_birth is None or one.date_of_birth != other.date_of_birth:
        return Likeness(0)
    if _differ(one.sex.strip("U"), other.sex.strip("U")):
        return Likeness(0, ("same birth date, different sex",))
    return _by_name(one, other)


def _by_name(one: Known, other: Known) -> Likeness:
    family = alike(one.family_name, other.family_name)
    given = alike(_first(one.given_names), _first(other.given_names))
    if not family or not given:
        return Likeness(0.3, ("same birth date",))
    reasons = ("same birth date", f"family name {family}", f"given name {given}")
    return Likeness(1.0 if {family, given} == {"the same"} else STRONG, reasons)


def alike(one: str, other: str) -> str:
    """In words how two names agree; nothing where they do not."""
    if not _letters(one) or not _letters(other):
        return ""
    if _letters(one) == _letters(other):
        return "the same"
    return "spelt differently" if spelling(one) == spelling(other) else ""


def spelling(name: str) -> str:
    """A name without the ways in which its spelling varies: Kaiden and Kayden, Lily and Lilly, Sofia and Sophia."""
    letters = _letters(name)
    for written, sound in _SPELLINGS:
        letters = letters.replace(written, sound)
    single = "".join(sign for at, sign in enumerate(letters) if at == 0 or sign != letters[at - 1])
    return single[:1] + single[1:].replace("h", "")


def _letters(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in plain if sign.isalpha())


def _first(given_names: str) -> str:
    return given_names.split(maxsplit=1)[0] if given_names.split() else ""


def _differ(one: str, other: str) -> bool:
    return bool(one and other and one != other)
