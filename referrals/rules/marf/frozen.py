"""The questions of each version of the form in the words in which they were asked: what was sent is shown with its own.

versions/2026.2.json and its like are written by scripts/freeze_form.py and never changed afterwards; a guard compares
the newest with the questions of today (tests/guards/test_form_versions.py).
"""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from .questions import Kind, Page, Question, Section
from .sections import FORM_VERSION, SECTIONS

VERSIONS = Path(__file__).parent / "versions"
#: What a form that was sent shows of a question. Hints and limits were for whoever filled it in.
_SHOWN = ("name", "label", "short", "kind", "choices", "moot_after_yes")


class AlreadyFrozen(Exception):
    """This version has been written down with other words: forms may have been sent with it."""


def sections_of(version: str) -> tuple[Section, ...]:
    """The sections of a version; of one that was never written down, those of the oldest that was."""
    if version == FORM_VERSION:
        return SECTIONS
    known = {path.stem for path in VERSIONS.glob("*.json")}
    return _read(version if version in known else min(known, key=_order))


def as_data(sections: Iterable[Section]) -> list[dict[str, Any]]:
    """What is written down of a form."""
    return [
        {
            "slug": section.slug,
            "title": section.title,
            "one": section.one,
            "questions": [_question(question) for question in section.questions],
        }
        for section in sections
    ]


def freeze(directory: Path = VERSIONS) -> Path:
    """Write the questions of today down under their version; AlreadyFrozen where others stand there."""
    path = directory / f"{FORM_VERSION}.json"
    found = as_data(SECTIONS)
    if path.exists() and json.loads(path.read_text()) != found:
        raise AlreadyFrozen(FORM_VERSION)
    path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    return path


def _question(question: Question) -> dict[str, Any]:
    facts = {name: getattr(question, name) for name in _SHOWN}
    facts["choices"] = [list(pair) for pair in question.choices]
    return {name: value for name, value in facts.items() if value}


@cache
def _read(version: str) -> tuple[Section, ...]:
    found = json.loads((VERSIONS / f"{version}.json").read_text())
    return tuple(_section(section) for section in found)


def _section(said: dict[str, Any]) -> Section:
    questions = tuple(
        Question(**{**one, "kind": Kind(one["kind"]), "choices": tuple(tuple(pair) for pair in one.get("choices", ()))})
        for one in said["questions"]
    )
    return Section(said["slug"], said["title"], (Page(said["slug"], said["title"], questions),), one=said["one"])


def _order(version: str) -> list[int]:
    return [int(part) for part in version.split(".") if part.isdigit()]
