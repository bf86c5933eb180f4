"""Reading answers, which are kept exactly as they were typed and may be anything."""

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from .questions import Kind, Question

Answers = Mapping[str, Any]


def clean_text(value: object) -> str:
    """What was typed without what no database takes: NUL and halves of characters. Everything else is kept."""
    text = value if isinstance(value, str) else ""
    return "".join(sign for sign in text if sign != "\x00" and unicodedata.category(sign) != "Cs").strip()


def part(answers: Answers, section: str) -> Mapping[str, Any]:
    """The answers of a section with single questions."""
    found = answers.get(section)
    return found if isinstance(found, Mapping) else {}


def people(answers: Answers, section: str) -> list[Mapping[str, Any]]:
    """The entries of a section with several people, in the order in which they were added."""
    found = answers.get(section)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def text(answers: Answers, name: str) -> str:
    return clean_text(answers.get(name))


def code_in(answers: Answers, question: Question) -> str:
    """The chosen code, or nothing where it is not one of the choices."""
    code = text(answers, question.name)
    return code if code in dict(question.choices) else ""


def day(answers: Answers, name: str) -> date | None:
    """The date, or None where there is none or what was typed is not one."""
    try:
        return date.fromisoformat(text(answers, name))
    except ValueError:
        return None


def whole(answers: Answers, name: str) -> int | None:
    number = text(answers, name)
    return int(number) if number.isascii() and number.isdigit() and len(number) <= 3 else None


def is_blank(value: object) -> bool:
    """Nothing was typed, in any of the boxes."""
    if isinstance(value, Mapping):
        return all(is_blank(one) for one in value.values())
    if isinstance(value, list):
        return not value
    return not clean_text(value)


def is_unreal_date(question: Question, answers: Answers) -> bool:
    """Something was typed for a date and it is none."""
    return (
        question.kind is Kind.DATE and not is_blank(answers.get(question.name)) and day(answers, question.name) is None
    )


def evidence(answers: Answers) -> dict[str, str]:
    """Every ticked indicator with the evidence written for it, which may be nothing."""
    ticked = part(answers, "threshold").get("indicators")
    return {str(code): clean_text(words) for code, words in ticked.items()} if isinstance(ticked, Mapping) else {}


def name_of(person: Answers, otherwise: str) -> str:
    """A person's name as far as it is known."""
    known = " ".join(text(person, name) for name in ("given_names", "family_name")).strip()
    if known and not text(person, "given_names") and not is_blank(person.get("expected_date")):
        return f"Unborn baby {known}"
    return known or otherwise
