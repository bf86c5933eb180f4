"""How a name sounds, as a short key: names that are said alike have the same one, whoever wrote them down.

Made for British records: English, Welsh, Irish and Scottish names, and South Asian, Arabic and African ones as clerks
spell them. Consonants only, because vowels are what differs most (Mohammed, Muhammad); a leading vowel is an "a".
"""

import re
from functools import lru_cache

from .spellings import letters

LENGTH = 12

_START = (("kn", "n"), ("gn", "n"), ("wr", "r"), ("ps", "s"), ("wh", "w"), ("mac", "mc"), ("x", "s"), ("rh", "r"))
#: Groups of letters and the one sound that they are, the longer first. Capitals are sounds of their own.
_GROUPS = (
    ("tsch", "C"),
    ("ght", "t"),
    ("mps", "ms"),
    ("tch", "C"),
    ("sch", "S"),
    ("ch", "C"),
    ("sh", "S"),
    ("sz", "S"),
    ("cz", "C"),
    ("ph", "f"),
    ("dge", "j"),
    ("dj", "j"),
    ("ck", "k"),
    ("gh", "g"),
    ("kh", "k"),
    ("dh", "d"),
    ("bh", "b"),
    ("th", "t"),
    ("zh", "z"),
    ("qu", "k"),
    ("ce", "se"),
    ("ci", "si"),
    ("cy", "si"),
)
_LETTERS = str.maketrans({"c": "k", "q": "k", "z": "s", "v": "f"})
_VOWELS = re.compile(r"[aeiouyw]")
_TWICE = re.compile(r"(.)\1+")
#: Ways of writing one vowel or consonant, the longer first.
_ONE_SOUND = (
    ("eigh", "e"), ("aye", "e"), ("aie", "e"), ("ai", "e"), ("ay", "e"), ("ei", "e"), ("ey", "i"), ("ee", "i"),
    ("ea", "i"), ("ie", "i"), ("oo", "u"), ("ou", "u"), ("ow", "u"), ("aw", "o"), ("au", "o"), ("ah", "a"), ("eh", "a"),
    ("ph", "f"), ("v", "f"), ("ck", "k"), ("c", "k"), ("q", "k"), ("z", "s"), ("y", "i"), ("j", "i"), ("th", "t"),
)  # fmt: skip
_HARD_H = re.compile(r"(?<!^)h")


@lru_cache(maxsize=65536)
def sound(name: str) -> str:
    """The key of one name; nothing for no name. At most LENGTH signs."""
    written = letters(name)
    for start, said in _START:
        if written.startswith(start):
            written = said + written[len(start) :]
            break
    for group, said in _GROUPS:
        written = written.replace(group, said)
    written = _TWICE.sub(r"\1", written.translate(_LETTERS).replace("x", "ks"))
    if not written:
        return ""
    first = "a" if written[0] in "aeiou" else written[0]
    return (first + _VOWELS.sub("", _HARD_H.sub("", written[1:])))[:LENGTH]


@lru_cache(maxsize=65536)
def simple(name: str) -> str:
    """A name spelt in one way, vowels and all: Kayden and Caiden, Ruby and Rooby, Lily and Leely."""
    written = letters(name)
    for ways, said in _ONE_SOUND:
        written = written.replace(ways, said)
    return _TWICE.sub(r"\1", written).rstrip("h")
