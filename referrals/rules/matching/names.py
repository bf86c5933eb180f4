"""How far two names agree. A slip is one thing, another name is another: Kaaiden is Kaiden, and Jayden is not."""

import re
from enum import IntEnum
from functools import lru_cache
from typing import TypeVar

from .sounds import simple, sound
from .spellings import are_one_name, is_known, is_short_for, letters

_Name = TypeVar("_Name", str, tuple[str, ...])


class Agreement(IntEnum):
    """From least to most. PART and better is one name; below, it may be a twin's, who are Millie and Amelia too."""

    DIFFERENT = 0
    NEAR = 1
    SHORT = 2
    MISSING = 3
    PART = 4
    SLIP = 5
    SOUND = 6
    SPELLING = 7
    SAME = 8

    @property
    def is_one_name(self) -> bool:
        return self >= Agreement.PART


#: In front of many given names, and so no help in telling brothers apart.
_PREFIXES = ("mohammed", "syed", "abdul", "md", "noor")
#: After many given names: titles as much as names.
_TITLES = frozenset({"kaur", "singh", "begum", "bibi", "khatun", "khatoon", "bano"})
_PARTICLES = frozenset({"o", "mc", "mac", "de", "da", "van", "von", "el", "al", "bin", "ibn", "ur", "ul", "st", "ap"})
_SHORT = 4


@lru_cache(maxsize=65536)
def words(name: str) -> tuple[str, ...]:
    """The words of a name, with what only stands before another joined to it: O Brien is one word, Lily-Mae is two."""
    found: list[str] = []
    waiting = ""
    for part in re.split(r"[\s\-‐-―/]+", name):
        word = letters(part)
        if word in _PARTICLES:
            waiting += word
        elif word:
            found.append(waiting + word)
            waiting = ""
    return (*found, waiting) if waiting else tuple(found)


@lru_cache(maxsize=262144)
def given(one: str, other: str) -> Agreement:
    """How far two children's given names agree."""
    return _compare(_without_title(words(one)), _without_title(words(other)))


@lru_cache(maxsize=262144)
def family(one: str, other: str) -> Agreement:
    """How far two family names agree. Foley-Hughes is Hughes-Foley, and part of it is Foley."""
    first, second = words(one), words(other)
    if first and sorted(first) == sorted(second):
        return Agreement.SAME
    agreement = _compare(first, second)
    if agreement is Agreement.NEAR and distance("".join(first), "".join(second)) == 1:
        return Agreement.SLIP  # twins share a family name, so that one letter more tells nobody apart
    return agreement


def _without_title(parts: tuple[str, ...]) -> tuple[str, ...]:
    return parts[:-1] if len(parts) > 1 and parts[-1] in _TITLES else parts


def _compare(one: tuple[str, ...], other: tuple[str, ...]) -> Agreement:
    if not one or not other:
        return Agreement.MISSING
    if "".join(one) == "".join(other):
        return Agreement.SAME
    whole = word("".join(one), "".join(other))
    if len(one) == len(other) == 1:
        return whole
    return max(whole, _of_several(*sorted((one, other), key=_size)))


def _size(name: _Name) -> tuple[int, _Name]:
    """The shorter first and, of one length, always the same one first: they compare alike either way round."""
    return len(name), name


def _of_several(fewer: tuple[str, ...], more: tuple[str, ...]) -> Agreement:
    """Names of more than one word: each word of the shorter one has to be in the longer one, in order."""
    left = list(more)
    found: list[Agreement] = []
    for name in fewer:
        scores = [word(name, other) for other in left]
        best = max(scores, default=Agreement.DIFFERENT)
        if not best.is_one_name:
            return Agreement.NEAR if found and not _is_prefix(fewer[0]) else Agreement.DIFFERENT
        left = left[scores.index(best) + 1 :]
        found.append(best)
    if len(fewer) == len(more):
        return min(found)
    return Agreement.NEAR if len(fewer) == 1 and _is_prefix(fewer[0]) else Agreement.PART


def _is_prefix(name: str) -> bool:
    return any(are_one_name(name, prefix) or name == prefix for prefix in _PREFIXES)


@lru_cache(maxsize=262144)
def word(one: str, other: str) -> Agreement:
    """How far two single words agree, as the names of a person."""
    if one == other:
        return Agreement.SAME
    if are_one_name(one, other):
        return Agreement.SPELLING
    if is_short_for(one, other):
        return Agreement.SHORT
    if is_known(one) and is_known(other):
        return Agreement.DIFFERENT
    return _slip(*sorted((one, other), key=_size))


def _slip(short: str, long: str) -> Agreement:
    """Two words of which at least one is nobody's usual name: said alike, a slip of the pen, or neither."""
    if long in (short + "a", short + "ah") and not short.endswith("a"):
        return Agreement.NEAR  # a sister's name is often a brother's with an "a"
    edits = distance(short, long)
    if sound(short) == sound(long) and distance(simple(short), simple(long)) <= (len(short) > _SHORT):
        return Agreement.SOUND
    if edits == 1:
        return Agreement.SLIP if len(short) < len(long) or _is_believable(short, long) else Agreement.NEAR
    return Agreement.NEAR if edits == 2 and len(short) >= _SHORT else Agreement.DIFFERENT


def _is_believable(one: str, other: str) -> bool:
    """One letter is another, or two changed places: brothers who rhyme (Tarik, Zarik) are not a slip of the pen."""
    if sorted(one) == sorted(other):
        return True
    either_is_known = is_known(one) or is_known(other)
    return either_is_known and one[0] == other[0] and len(one) >= _SHORT


def distance(one: str, other: str) -> int:
    """Letters to add, drop or change, and neighbours to swap, to make one word the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, sign in enumerate(one, 1):
        before, above, row = row, before, [at]
        for to, target in enumerate(other, 1):
            cost = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (sign != target))
            if at > 1 and to > 1 and sign == other[to - 2] and one[at - 2] == target:
                cost = min(cost, above[to - 2] + 1)
            row.append(cost)
    return row[-1]
