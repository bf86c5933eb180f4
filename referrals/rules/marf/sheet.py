"""The answers in words, for checking before they are sent and for reading ever after."""

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from .questions import Kind, Question, Section
from .sections import SECTIONS
from .values import Answers, clean_text, evidence, is_blank, name_of, part, people, text

MONTHS = tuple(calendar.month_name)  # English: no locale is ever set


@dataclass(frozen=True)
class Row:
    """One question and its answer in words; no words where it has not been answered."""

    question: Question
    words: str


@dataclass(frozen=True)
class Card:
    """The answers of one section, or of one person within it (`key`, `title`)."""

    section: Section
    title: str
    rows: tuple[Row, ...]
    key: str = ""


def sheet(answers: Answers, indicators: Mapping[str, str]) -> list[Card]:
    """Every answer in the order of the form. `indicators` gives the words of each ticked indicator by its code."""
    children = {text(child, "key"): name_of(child, "this child") for child in people(answers, "children")}
    return [card for section in SECTIONS for card in _cards(section, answers, children, indicators)]


def _cards(
    section: Section, answers: Answers, children: Mapping[str, str], indicators: Mapping[str, str]
) -> Iterator[Card]:
    if not section.is_people:
        yield Card(section, section.title, _rows(section, part(answers, section.slug), children, indicators))
        return
    for number, entry in enumerate(people(answers, section.slug), 1):
        yield Card(section, title_of(section, entry, number), _rows(section, entry, children, {}), text(entry, "key"))


def title_of(section: Section, entry: Answers, number: int) -> str:
    """What an entry of an add-another section is called."""
    otherwise = f"{section.one.capitalize()} {number}"
    return text(entry, "agency") or otherwise if section.slug == "agencies" else name_of(entry, otherwise)


def _rows(
    section: Section, entry: Answers, children: Mapping[str, str], indicators: Mapping[str, str]
) -> tuple[Row, ...]:
    found = []
    for question in section.questions:
        if question.kind is Kind.INDICATORS:
            words = _indicators(evidence({section.slug: entry}), indicators)
        else:
            words = in_words(question, entry.get(question.name), children)
        if words or not question.optional:
            found.append(Row(question, words))
    return tuple(found)


def in_words(question: Question, value: object, children: Mapping[str, str]) -> str:
    """One answer as text: labels for codes, a date as people write it, one line for each child."""
    if is_blank(value):
        return ""
    labels = dict(question.choices)
    if isinstance(value, Mapping) and question.kind is Kind.DATE:
        return " ".join(clean_text(one) for one in value.values()).strip()
    if isinstance(value, Mapping):
        lines = {children.get(key, ""): clean_text(one) for key, one in value.items()}
        return "\n".join(f"{name}: {labels.get(one, one)}" for name, one in lines.items() if name and one)
    if isinstance(value, list):
        return "\n".join(labels.get(str(one), str(one)) for one in value)
    typed = clean_text(value)
    return _date(typed) if question.kind is Kind.DATE else labels.get(typed, typed)


def _date(typed: str) -> str:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return typed
    return f"{day.day} {MONTHS[day.month]} {day.year}"


def _indicators(ticked: Mapping[str, str], texts: Mapping[str, str]) -> str:
    return "\n\n".join(
        f"{texts.get(code, code)} ({code})\n{words or 'No evidence written yet'}" for code, words in ticked.items()
    )
