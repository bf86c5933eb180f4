"""What may not stand in feedback to a referrer (front-door.md 3.6), as a check that warns and never refuses.

Words only: it finds what can be found in them. Whoever writes judges, and says so by sending a second time.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

#: So many words in a row, the same as in an answer, are no coincidence.
PHRASE = 6
#: Shorter parts of a name, and particles, are ordinary words as often as names.
SHORTEST_NAME = 3
_PARTICLES = frozenset({"the", "van", "von", "del", "der", "bin", "ibn", "not", "known", "unknown", "baby"})
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b", re.IGNORECASE)
_STREET = (
    "street|road|lane|avenue|close|drive|way|court|place|gardens|crescent|terrace|grove|hill|walk|square|row|view|mews"
)
_ADDRESS = re.compile(rf"\b\d{{1,4}}[a-z]?,?\s+(?:[^\W\d_][\w'’\-]*\s+){{1,3}}(?:{_STREET})\b", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w/])(?:\+44|0)[\d ()\-]{8,14}\d\b")


@dataclass(frozen=True)
class Known:
    """What the record holds: people who are not the children of the decision, agencies’ answers, our own numbers."""

    people: Collection[str] = ()
    children: Collection[str] = ()
    answers: Mapping[str, Collection[str]] = field(default_factory=dict)
    our_phones: Collection[str] = ()


def warnings(text: str, known: Known) -> list[str]:
    """A sentence for each thing that should be looked at, each once, in the order of the rules."""
    return list(dict.fromkeys([*_names(text, known), *_places(text), *_phones(text, known), *_phrases(text, known)]))


def _names(text: str, known: Known) -> Iterator[str]:
    """A part of somebody's name that no child of the decision shares: "Aziz" is Noor's, too."""
    written = {word.casefold() for word in _words(text)}
    shared = {part for child in known.children for part in _parts(child)}
    for person in known.people:
        if found := sorted((_parts(person) - shared) & written):
            yield f"It names {person} (“{found[0].capitalize()}”), who is on this record."


def _parts(name: str) -> set[str]:
    parts = {word.casefold() for word in _words(name)}
    return {part for part in parts if len(part) >= SHORTEST_NAME and part not in _PARTICLES}


def _places(text: str) -> Iterator[str]:
    for found in _POSTCODE.findall(text):
        yield f"“{found}” looks like a postcode."
    for found in _ADDRESS.finditer(text):
        yield f"“{found[0]}” looks like an address."


def _phones(text: str, known: Known) -> Iterator[str]:
    ours = {_digits(phone) for phone in known.our_phones}
    for found in _PHONE.findall(text):
        if _digits(found) not in ours:
            yield f"“{found.strip()}” looks like a telephone number."


def _digits(phone: str) -> str:
    return re.sub(r"\D", "", phone.replace("+44", "0"))


def _phrases(text: str, known: Known) -> Iterator[str]:
    written = _runs(text)
    for agency, answers in known.answers.items():
        for answer in answers:
            told = set(_runs(answer))
            if found := next((run for run in written if run in told), None):
                yield f"“{' '.join(found)} …” stands in the answer of {agency}."
                break


def _runs(text: str) -> list[tuple[str, ...]]:
    words = [word.casefold() for word in _words(text)]
    return [tuple(words[at : at + PHRASE]) for at in range(len(words) - PHRASE + 1)]


def _words(text: str) -> list[str]:
    return _WORD.findall(text)
