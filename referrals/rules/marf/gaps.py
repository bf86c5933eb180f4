"""What stops a form from being sent: what is missing, and what cannot be true.

"Not known" is an answer and blank is not (front-door.md 3.1). Little is asked: a child at risk can be referred in
minutes by somebody who knows little.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from referrals.vocabulary import Channel

from . import contradictions
from .gap import Gap
from .questions import NO, YES, Kind, Section
from .sections import BY_SLUG, SECTIONS
from .values import Answers, code_in, day, evidence, is_blank, is_unreal_date, name_of, part, people, text

#: Nobody who reports in these ways is stopped by what the family was told or agreed to.
NEVER_STOPPED = frozenset({Channel.POLICE, Channel.PHONE, Channel.EDT})
#: A notification says what happened; where it stands against the matrix is for the hub to judge.
NO_THRESHOLD_NEEDED = frozenset({Channel.POLICE})
AGREEMENT_REQUIRED = frozenset({"2", "3"})
WHAT_TO_DO_INSTEAD = (
    "Level {level} cannot go ahead without the family’s agreement. Talk to the family and ask for it, see what your "
    "own agency can do, ring the MASH for advice, or think again about whether level 4 is met. Your draft is kept."
)


def gaps(answers: Answers, *, today: date, channel: Channel = Channel.MARF) -> list[Gap]:
    """Everything that stops the form, what is about the child first. An empty list means that it can be sent."""
    found = [*_children(answers, today), *contradictions.of_children(answers, today)]
    if channel not in NEVER_STOPPED:
        found += [*_consent(answers), *contradictions.of_consent(answers)]
    found += [*_concern(answers), *_level(answers, channel)]
    if channel not in NEVER_STOPPED:
        found += _safeguarding_lead(answers)
    found += contradictions.of_adults(answers)
    known = {(gap.section, gap.key, gap.field) for gap in found}
    return found + [gap for gap in _slips(answers, today) if (gap.section, gap.key, gap.field) not in known]


def _children(answers: Answers, today: date) -> Iterator[Gap]:
    children = people(answers, "children")
    if not children:
        yield Gap("children", "", "a child", "Add the child you are worried about")
    for number, child in enumerate(children, 1):
        yield from _child(child, name_of(child, f"child {number}"), today)
    if children and all(text(child, "sibling_only") == YES for child in children):
        key = text(children[0], "key")
        yield Gap("children", "sibling_only", "a child in the referral", "Say which child you are referring", key)


def _child(child: Answers, name: str, today: date) -> Iterator[Gap]:
    key = text(child, "key")
    if not text(child, "family_name"):
        sentence = f"Enter the family name of {name}, or “not known”"
        yield Gap("children", "family_name", "family name", sentence, key)
    if all(is_blank(child.get(field)) for field in ("date_of_birth", "expected_date", "estimated_age")):
        sentence = f"Enter the date of birth of {name}, an estimated age or “not known”, or when the baby is expected"
        yield Gap("children", "date_of_birth", "date of birth", sentence, key)
    if not text(child, "address"):
        yield Gap("children", "address", "address", f"Enter the address of {name}, or “not known”", key)


def _consent(answers: Answers) -> Iterator[Gap]:
    consent = part(answers, "consent")
    questions = {question.name: question for question in BY_SLUG["consent"].questions}
    informed = code_in(consent, questions["informed"])
    agreed = code_in(consent, questions["agreement"])
    if not informed:
        yield Gap("consent", "informed", "consent", "Say whether you have told the family")
    if informed == NO and not code_in(consent, questions["not_informed_reason"]):
        sentence = "Say why you have not told the family"
        yield Gap("consent", "not_informed_reason", "reason the family was not informed", sentence)
    if not agreed:
        yield Gap("consent", "agreement", "consent", "Say whether the family has agreed to support")
    if agreed == NO and not code_in(consent, questions["no_agreement_reason"]):
        sentence = "Say why there is no agreement"
        yield Gap("consent", "no_agreement_reason", "reason there is no agreement", sentence)


def _concern(answers: Answers) -> Iterator[Gap]:
    if not text(part(answers, "worry"), "worry"):
        yield Gap("worry", "worry", "what you are worried about", "Say what has happened")


def _level(answers: Answers, channel: Channel) -> Iterator[Gap]:
    threshold = part(answers, "threshold")
    level = code_in(threshold, next(q for q in BY_SLUG["threshold"].questions if q.name == "level"))
    ticked = evidence(answers)
    if channel in NO_THRESHOLD_NEEDED and is_blank(threshold.get("level")) and not ticked:
        return
    if not level:
        yield Gap("threshold", "level", "level", "Say which level you believe is met")
    refused = text(part(answers, "consent"), "agreement") == NO and channel not in NEVER_STOPPED
    if level in AGREEMENT_REQUIRED and refused:
        sentence = WHAT_TO_DO_INSTEAD.format(level=level)
        yield Gap("consent", "agreement", f"agreement is required at level {level}", sentence)
    if not ticked:
        sentence = "Tick at least one indicator and write the evidence for it"
        yield Gap("threshold", "indicators", "evidence for the level", sentence)
    for code, words in ticked.items():
        if not words:
            sentence = f"Write the evidence for indicator {code}, or untick it"
            yield Gap("threshold", "indicators", "evidence for the level", sentence, code)


def _safeguarding_lead(answers: Answers) -> Iterator[Gap]:
    about = part(answers, "about")
    consulted = text(about, "dsl_consulted")
    name = "safeguarding lead"
    if consulted not in (YES, NO):
        yield Gap("about", "dsl_consulted", name, "Say whether you have consulted your safeguarding lead")
    elif consulted == YES and not text(about, "dsl_name"):
        yield Gap("about", "dsl_name", name, "Enter the name of the safeguarding lead you consulted")
    elif consulted == NO and not text(about, "dsl_why_not"):
        yield Gap("about", "dsl_why_not", name, "Say why you have not consulted your safeguarding lead")


def _slips(answers: Answers, today: date) -> Iterator[Gap]:
    """Slips that any question can have: a date that is none or is still to come, a text that does not fit."""
    for section in SECTIONS:
        entries = people(answers, section.slug) if section.is_people else [part(answers, section.slug)]
        for entry in entries:
            yield from _slips_of(section, entry, today)


def _slips_of(section: Section, entry: Mapping[str, Any], today: date) -> Iterator[Gap]:
    key = text(entry, "key") if section.is_people else ""
    for question in section.questions:
        found = day(entry, question.name) if question.kind is Kind.DATE else None
        if is_unreal_date(question, entry):
            sentence = f"{question.heading} must be a real date"
        elif question.not_future and found and found > today:
            sentence = f"{question.heading} must be today or in the past"
        elif _longest_typed(entry.get(question.name)) > question.longest:
            sentence = f"{question.heading} must be {question.longest:,} characters or fewer"
        elif question.check == "age" and not _is_age(text(entry, question.name)):
            sentence = "Estimated age must be a number of years between 0 and 25, or “not known”"
        else:
            continue
        yield Gap(section.slug, question.name, question.subject, sentence, key)


def _longest_typed(value: object) -> int:
    if isinstance(value, Mapping):
        return max((_longest_typed(one) for one in value.values()), default=0)
    return len(value) if isinstance(value, str) else 0


def _is_age(typed: str) -> bool:
    if typed.isascii() and typed.isdigit():
        return len(typed) <= 2 and int(typed) <= 25
    return typed.casefold().strip(" .") in ("", "not known", "unknown")
