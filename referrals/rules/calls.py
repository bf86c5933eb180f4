"""What a record of a telephone call must hold, and when two records are of one child. Plain Python."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from referrals.refusals import Objection
from referrals.vocabulary import CallerKind, CallResult

#: National contact sources of somebody who rings as a private person, in the order of the list; and of nobody known.
PUBLIC_SOURCES = ("1A", "1B", "1C", "1D")
ANONYMOUS_SOURCE = "9"
OLDEST = 25


@dataclass(frozen=True)
class ChildSaid:
    """What the caller said of one child. Everything may be not known."""

    given_names: str = ""
    family_name: str = ""
    date_of_birth: date | None = None
    estimated_age: int | None = None


@dataclass(frozen=True)
class Said:
    """A call as it was written down; kind and result are codes, or empty where nothing was chosen.

    `has_agency`: an agency was chosen. Objections name child fields from 1."""

    caller_kind: str
    result: str
    caller_name: str
    caller_phone: str
    has_agency: bool
    source: str
    children: Sequence[ChildSaid]
    said: str
    advice: str


def objections(call: Said, today: date) -> list[Objection]:
    """Everything that stops the record, in the order of the page; empty where nothing does."""
    return [*_caller(call), *_children(call, today), *_words(call), *_result(call)]


def _caller(call: Said) -> Iterator[Objection]:
    if not call.caller_kind:
        yield Objection("caller_kind", "Say who rang.")
    if call.caller_kind == CallerKind.PROFESSIONAL:
        if not call.caller_name:
            yield Objection("caller_name", "Enter the caller’s name: a professional is never anonymous.")
        if not call.has_agency:
            yield Objection("agency", "Choose the agency that the caller works for.")
    if call.caller_kind == CallerKind.PUBLIC and call.source not in PUBLIC_SOURCES:
        yield Objection("source", "Say who the caller is to the child.")
    if call.caller_kind == CallerKind.ANONYMOUS and (call.caller_name or call.caller_phone):
        sentence = "Clear the name and the telephone number, or say that the caller is a member of the public."
        yield Objection("caller_name", sentence)


def _children(call: Said, today: date) -> Iterator[Objection]:
    for number, child in enumerate(call.children, 1):
        if child.date_of_birth and child.date_of_birth > today:
            yield Objection(f"born_{number}", f"The date of birth of child {number} must be today or in the past.")
        if child.date_of_birth and child.estimated_age is not None:
            yield Objection(f"age_{number}", f"Clear the age of child {number}: the date of birth says it.")
    if not call.children and call.result in (CallResult.CONTACT, CallResult.FORM_EXPECTED):
        yield Objection("family_name_1", "Say which child it is about. If the name is not known, write “not known”.")


def _words(call: Said) -> Iterator[Objection]:
    if not call.said:
        yield Objection("said", "Write what the caller said.")
    if not call.advice and call.result in (CallResult.ADVICE, CallResult.FORM_EXPECTED):
        yield Objection("advice", "Write the advice that you gave: the caller gets it as a record.")


def _result(call: Said) -> Iterator[Objection]:
    if not call.result:
        yield Objection("result", "Say what the call leads to.")
    private = call.caller_kind in (CallerKind.PUBLIC, CallerKind.ANONYMOUS)
    if call.result == CallResult.FORM_EXPECTED and private:
        yield Objection("result", "Only a professional sends a form. Take this call as a contact now, or as advice.")


class Named(Protocol):
    """As much of a child's record as tells children of one family apart."""

    key: str
    given_names: str
    family_name: str
    date_of_birth: date | None


Row = TypeVar("Row", bound=Named)


def paired(wanted: Sequence[Row], already: Sequence[Row]) -> list[Row | None]:
    """For each child of a form the record that the call has made of them, each record once; None where there is none.

    The surest first: the same entry, then the same child by name and birth date, then a child whose name and birth
    date nobody knew on the telephone.
    """
    left = list(already)
    found: list[Row | None] = [None] * len(wanted)
    for test in (_same_entry, _same_child, _nobody_known):
        for place, row in enumerate(wanted):
            match = next((one for one in left if found[place] is None and test(row, one)), None)
            if match is not None:
                found[place] = match
                left.remove(match)
    return found


def _same_entry(one: Named, other: Named) -> bool:
    return bool(one.key) and one.key == other.key


def _same_child(one: Named, other: Named) -> bool:
    """Nothing speaks against it, and a first name or a birth date speaks for it."""
    given, family = _same(one.given_names, other.given_names), _same(one.family_name, other.family_name)
    births = {one.date_of_birth, other.date_of_birth} - {None}
    same_birth = one.date_of_birth is not None and one.date_of_birth == other.date_of_birth
    if len(births) > 1 or given is False or (family is False and not same_birth):
        return False
    return bool(given) or (same_birth and family is not False)


def _nobody_known(one: Named, other: Named) -> bool:
    unknown = not other.given_names and other.date_of_birth is None
    return unknown and _same(one.family_name, other.family_name) is not False


def _same(one: str, other: str) -> bool | None:
    """None where one of them is not known."""
    if not one.strip() or not other.strip():
        return None
    return one.casefold().split() == other.casefold().split()
