"""What the pages of a decision show, prepared so that templates only print."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from mash_portal.accounts.models import User
from mash_portal.govuk import words
from referrals import acts, casefile, decided, discussions
from referrals.models import Assessment, Contact, Decision
from referrals.refusals import Objection
from referrals.rules import guards, permissions
from referrals.vocabulary import Outcome

from . import answers as said
from .drafting import Before, Writing
from .picture import picture_of, picture_of_decision

#: Outcomes after which advice is offered, though none is needed.
_MAY_ADVISE = {Outcome.SIGNPOST}


def evidence(contact: Contact, user: User, now: datetime) -> dict[str, Any]:
    """What the worker decides from: the hub's assessment, earlier contacts, checks, and what was done at once."""
    assessment = Assessment.objects.latest_of(contact, Assessment.HUB)
    return {
        "assessment": assessment,
        "history": casefile.earlier_contacts(contact, user),
        "acts": acts.shown_of(contact, now),
        "discussions": discussions.briefly(contact, now),
        "open_checks": ", ".join(contact.checks.open().order_by("agency__name").values_list("agency__name", flat=True)),
    }


def waiting(contact: Contact, user: User, *, now: datetime) -> dict[str, Any]:
    """The recommendation that waits for sign-off, what argues against it, and what it rests on.

    `is_stale`: the record has changed since, so that it cannot be signed off; `changes` says who did what.
    """
    found = evidence(contact, user, now)
    decision = Decision.objects.latest_of(contact)
    if decision is None or not decision.is_waiting:
        return {**found, "decision": None, "reasons_to_look_again": (), "is_stale": False}
    decision.contact = contact
    picture = picture_of_decision(contact, decision, reader=user, now=now)
    is_stale = decision.on_version != contact.version
    return {
        **found,
        "decision": shown(decision),
        "reasons_to_look_again": guards.reasons_to_look_again(picture),
        "is_stale": is_stale,
        "changes": decided.changes_since(contact, decision.on_version) if is_stale else [],
    }


def decisions_of(contact: Contact) -> list[dict[str, Any]]:
    """Every decision on this contact, newest first, ready to print; each has the number of its paper."""
    found = decided.of(contact)
    return [{**shown(one), "number": len(found) - place} for place, one in enumerate(found)]


def may_print(user: User) -> bool:
    """The paper says what other agencies told in confidence: it is for the hub."""
    return user.as_role in permissions.QUEUE


def shown(decision: Decision) -> dict[str, Any]:
    """A management decision record as summary rows."""
    return {
        "title": decided.title(decision),
        "rows": decided.record_rows(decision),
        "recommended_by": decision.recommended_by,
        "steps": decided.steps(decision),
    }


def before_words(before: Before | None, writing: Writing) -> dict[str, Any] | None:
    """What was chosen before, for each child: shown, and chosen again by one button."""
    if before is None:
        return None
    what = said.chosen(before.choices, writing.children)
    rows = [
        {"key": child.name, "value": _choice_words(what.outcomes[child.pk], what.levels.get(child.pk))}
        for child in writing.children
    ]
    return {"by": before.by, "when": words.long_moment(before.at), "rows": rows, "because": before.because}


def outcome_words(writing: Writing, answers: Mapping[str, Any]) -> list[dict[str, str]]:
    """What has been chosen on the first page, at the head of the second."""
    what = said.chosen(answers, writing.children)
    return [
        {"key": child.name, "value": _choice_words(what.outcomes[child.pk], what.levels.get(child.pk))}
        for child in writing.children
    ]


def picture_now(contact: Contact, writing: Writing, user: User, now: datetime) -> guards.Picture:
    """The outcomes as they are chosen, with what the record says about them."""
    return picture_of(contact, said.chosen(writing.answers, writing.children), by=user, now=now)


def against_outcomes(picture: guards.Picture) -> list[Objection]:
    """What can be said of the outcomes before anything is written."""
    return guards.objections(picture, guards.ABOUT_OUTCOMES)


def questions(picture: guards.Picture) -> tuple[frozenset[str], frozenset[str]]:
    """Which fields these outcomes need, and which are offered beside them."""
    offered = {"advice", "advice_service"} if picture.outcomes & _MAY_ADVISE else set()
    return guards.wanted(picture), frozenset(offered)


def _choice_words(outcomes: Sequence[Outcome], level: int | None) -> str:
    lines = [outcome.label for outcome in outcomes] or ["Nothing chosen"]
    return "\n".join([*lines, f"Level {level}" if level else "No level chosen"])
