"""Names as people write them: letters without accents, and which spellings are one name (names.txt, reviewed data)."""

import unicodedata
from functools import cache, lru_cache
from pathlib import Path

_NAMES = Path(__file__).with_name("names.txt")
#: Letters that no accent is taken off, as they are written in English.
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})


@lru_cache(maxsize=65536)
def letters(name: str) -> str:
    """The letters of a name, small and without accents: Siân and Sian, O'Brien and OBrien."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_PLAIN))
    return "".join(sign for sign in plain if sign.isalpha())


@cache
def _lines() -> tuple[dict[str, frozenset[int]], dict[str, frozenset[int]]]:
    """Word → the names that it is a spelling of, and word → the names that it is a spelling or a short form of."""
    spelt: dict[str, set[int]] = {}
    heard: dict[str, set[int]] = {}
    for number, line in enumerate(_NAMES.read_text(encoding="utf-8").splitlines()):
        if line.startswith("#"):
            continue
        full, _, short = line.partition("|")
        for word in full.split():
            spelt.setdefault(letters(word), set()).add(number)
        for word in (full + short).split():
            heard.setdefault(letters(word), set()).add(number)
    return (
        {word: frozenset(names) for word, names in spelt.items()},
        {word: frozenset(names) for word, names in heard.items()},
    )


def is_known(word: str) -> bool:
    """Whether this is a name that many people have, and so hardly a slip in another."""
    return word in _lines()[1]


def are_one_name(one: str, other: str) -> bool:
    """Mohammed and Muhammad."""
    spelt = _lines()[0]
    return not spelt.get(one, frozenset()).isdisjoint(spelt.get(other, frozenset()))


def is_short_for(one: str, other: str) -> bool:
    """Ollie and Oliver, either way round."""
    heard = _lines()[1]
    return not heard.get(one, frozenset()).isdisjoint(heard.get(other, frozenset()))
