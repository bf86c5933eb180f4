"""By what the records that could be one child are found, before they are compared: a few keys with an index each."""

from dataclasses import dataclass
from datetime import date

from .births import turned
from .comparing import Known
from .names import words
from .sounds import sound


@dataclass(frozen=True, slots=True)
class Keys:
    """What to look for. `sounds` are of the given and the family name alike, because forms swap them."""

    born: date | None
    turned: date | None
    year: int | None
    sounds: tuple[str, ...]
    given: str
    family: str
    postcode: str
    nhs_number: str
    upn: str


def given_sound(given_names: str) -> str:
    """How the first given name sounds: what is stored beside a record."""
    parts = words(given_names)
    return sound(parts[0]) if parts else ""


def family_sound(family_name: str) -> str:
    """How the whole family name sounds: what is stored beside a record."""
    return sound("".join(words(family_name)))


def keys(known: Known) -> Keys:
    given, family = given_sound(known.given_names), family_sound(known.family_name)
    each = {sound(word) for word in (*words(known.given_names), *words(known.family_name))}
    year = known.date_of_birth.year if known.date_of_birth else known.birth_year
    return Keys(
        born=known.date_of_birth,
        turned=turned(known.date_of_birth),
        year=year,
        sounds=tuple(sorted((each | {given, family}) - {""})),
        given=given,
        family=family,
        postcode=known.postcode,
        nhs_number=known.nhs_number,
        upn=known.upn,
    )
