"""Everyday words for indicators, as the reviewed files in words/ give them. Plain Python."""

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DIRECTORY = Path(__file__).parent / "words"
THESAURUS, FUNCTION = "thesaurus.yaml", "function.yaml"
MOODS = ("serious", "good", "negative")
#: How alike the text of an indicator must be to the shipped one of the same code for the shipped words to be its own.
SAME_INDICATOR = 0.6
#: Sections of the thesaurus that say who or how, and not what about.
BACKGROUND = ("people", "how")


def cleaned(typed: str) -> str:
    """What was said as plain small words: "Won’t eat her dinner!" → "wont eat dinner"."""
    text = re.sub(r"['’‘`´]s\b", "", typed.lower())
    text = re.sub(r"['’‘`´]", "", text)
    said = (_spelt(word) for word in re.sub(r"[\W_]+", " ", text).split())
    return " ".join(word for word in said if word not in function_words("small"))


@cache
def function_words(kind: str) -> frozenset[str]:
    """Words that hold a sentence together: the small, and the linking ones."""
    return frozenset(_read(DIRECTORY / FUNCTION)[kind])


@cache
def reviewed() -> Mapping[str, list[str]]:
    """The reviewed words of each shipped indicator, by code."""
    files = [path for path in sorted(DIRECTORY.glob("*.yaml")) if path.name not in (THESAURUS, FUNCTION)]
    return {code: phrases for path in files for code, phrases in _read(path).items()}


@cache
def thesaurus() -> list[tuple[str, str, str, str]]:
    """Every word of every group: group, wider group, mood, word."""
    groups = {name: group for section in _thesaurus().values() for name, group in section.items()}
    return [
        (name, group.get("within", ""), next((mood for mood in MOODS if group.get(mood)), ""), word)
        for name, group in groups.items()
        for word in dict.fromkeys(map(cleaned, group["words"]))
        if word
    ]


def background() -> list[str]:
    """The groups that say who or how, and not what about."""
    return [group for section in BACKGROUND for group in _thesaurus()[section]]


@cache
def _thesaurus() -> Mapping[str, Any]:
    found: Mapping[str, Any] = _read(DIRECTORY / THESAURUS)
    return found


def words_of(code: str, text: str, shipped: Mapping[str, str], own: Iterable[str] = ()) -> Iterator[str]:
    """The phrases that an indicator is found by: its own text, those its document gives, and the reviewed ones.

    A partnership's own matrix may use a code for something else: reviewed words stay with the indicator they are for.
    """
    yield text
    yield from own
    if is_the_same(text, shipped.get(code, "")):
        yield from reviewed().get(code, [])


def is_the_same(text: str, other: str) -> bool:
    """Whether a text that was reworded still says much the same."""
    return SequenceMatcher(None, text.lower(), other.lower()).ratio() >= SAME_INDICATOR


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@cache
def _numbers() -> Mapping[str, str]:
    return {str(number): word for number, word in enumerate(_read(DIRECTORY / FUNCTION)["numbers"])}


def _spelt(word: str) -> str:
    return _numbers().get(word, word)
