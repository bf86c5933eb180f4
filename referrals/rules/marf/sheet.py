"""The answers in words, for checking before they are sent and for reading ever after."""

import calendar
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from .frozen import sections_of
from .gap import Gap
from .questions import YES, Kind, Question, Section
from .sections import FORM_VERSION
from .values import Answers, clean_text, evidence, is_blank, name_of, part, people, text

#: Where an answer stands: section, person, question.
Place = tuple[str, str, str]

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


def sheet(
    answers: Answers, indicators: Mapping[str, str], gaps: Iterable[Gap] = (), *, version: str = FORM_VERSION
) -> list[Card]:
    """Every answer in the order of the form, and a row without words for each of the `gaps`.

    `indicators` gives the words of each ticked indicator by its code. `version` is that of a form that was sent: it is
    shown with the questions that it was asked.
    """
    children = {text(child, "key"): name_of(child, "this child") for child in people(answers, "children")}
    words = _Words(children, indicators)
    missing = frozenset((gap.section, gap.key, gap.field) for gap in gaps)
    return [card for section in sections_of(version) for card in _cards(section, answers, words, missing)]


@dataclass(frozen=True)
class _Words:
    """Names and texts for the keys and codes that answers are kept under."""

    children: Mapping[str, str]
    indicators: Mapping[str, str]


def _cards(section: Section, answers: Answers, words: _Words, missing: Collection[Place]) -> Iterator[Card]:
    if not section.is_people:
        yield Card(section, section.title, _rows(section, part(answers, section.slug), words, missing))
        return
    for number, entry in enumerate(people(answers, section.slug), 1):
        key = text(entry, "key")
        yield Card(section, title_of(section, entry, number), _rows(section, entry, words, missing, key), key)


def title_of(section: Section, entry: Answers, number: int) -> str:
    """What an entry of an add-another section is called."""
    otherwise = f"{section.one.capitalize()} {number}"
    return text(entry, "agency") or otherwise if section.slug == "agencies" else name_of(entry, otherwise)


def _rows(
    section: Section, entry: Answers, words: _Words, missing: Collection[Place], key: str = ""
) -> tuple[Row, ...]:
    found = []
    for question in section.questions:
        if entry.get(question.moot_after_yes) == YES:
            continue
        if question.kind is Kind.INDICATORS:
            said = _indicators(evidence({section.slug: entry}), words.indicators)
        else:
            said = in_words(question, entry.get(question.name), words.children)
        if said or (section.slug, key, question.name) in missing:
            found.append(Row(question, said))
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
