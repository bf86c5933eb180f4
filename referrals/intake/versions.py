"""Two versions of one answer as people read them, and as what stops the form: a person chooses before it is sent."""

from collections.abc import Mapping
from typing import Any

from mash_portal.govuk.words import time_of_day
from referrals.models import Draft
from referrals.rules import marf
from referrals.rules.marf.sheet import in_words
from referrals.rules.marf.values import name_of, people, text

from . import saving
from .saving import Clash

#: The short word for it in a list of what is missing; links.gap_url leads to the task list, where one chooses.
NAME = "a choice between two versions"


def gaps(draft: Draft) -> list[marf.Gap]:
    """One for each answer of which there are two versions: neither is dropped without a person's word."""
    found = {}
    for clash in saving.clashes(draft):
        sentence = f"Choose between two versions of “{_heading(draft, clash)}”"
        found[clash.section, clash.page, clash.leaf] = marf.Gap(clash.section, "", NAME, sentence, _key(clash))
    return list(found.values())


def shown(draft: Draft, section: str = "", page: str = "") -> list[dict[str, Any]]:
    """Both versions of each, side by side, ready to print."""
    return [_shown(draft, clash) for clash in saving.clashes(draft, section, page)]


def _shown(draft: Draft, clash: Clash) -> dict[str, Any]:
    return {
        "section": clash.section,
        "page": clash.page,
        "leaf": clash.leaf,
        "person": clash.person,
        "heading": _heading(draft, clash),
        "saved": _words(draft, clash, clash.saved) or "Nothing",
        "saved_by": clash.saved_by,
        "aside": _words(draft, clash, clash.aside),
        "by": clash.by,
        "at": time_of_day(clash.at),
        "id": f"{clash.section}-{clash.page}-{clash.leaf}-{clash.person}".replace(".", "-"),
    }


def _key(clash: Clash) -> str:
    return clash.page if marf.BY_SLUG[clash.section].is_people else ""


def _question(clash: Clash) -> marf.Question | None:
    name = clash.leaf.partition(".")[0]
    return next((one for one in marf.BY_SLUG[clash.section].questions if one.name == name), None)


def _heading(draft: Draft, clash: Clash) -> str:
    """ "Relationship: Leo Marsh", "Evidence for L3-LRN-01"."""
    question, key = _question(clash), clash.leaf.partition(".")[2]
    if question is None:
        return clash.leaf
    if question.kind is marf.Kind.INDICATORS:
        return f"Evidence for {key}"
    return f"{question.heading}: {_children(draft).get(key, 'a child')}" if key else question.heading


def _words(draft: Draft, clash: Clash, value: Any) -> str:
    question = _question(clash)
    if question is None or question.kind is marf.Kind.INDICATORS:
        return text({"words": value}, "words")
    if clash.leaf.partition(".")[2]:
        return dict(question.choices).get(value, text({"words": value}, "words"))
    return in_words(question, value, _children(draft))


def _children(draft: Draft) -> Mapping[str, str]:
    found = people(draft.answers, "children")
    return {text(child, "key"): name_of(child, f"child {number}") for number, child in enumerate(found, 1)}
