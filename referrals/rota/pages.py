"""The rota in words: who answers, why it is they, and where nobody does or no turn is set."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import Role
from mash_portal.govuk.words import short_moment
from referrals import access
from referrals.models import Turn
from referrals.rules import permissions
from referrals.rules.duty import Answer, Span, Why

from .queries import Overview

WHY = {
    Why.TURN: "By the rota",
    Why.STANDING: "Standing duty: no turn is set",
    Why.LONGEST: "The longest-serving who is there: no turn is set",
}


def ways_on(user: User) -> dict[str, bool]:
    """What else this person does about duty, on other pages."""
    return {
        "notes_absences": access.runs_the_queue(user),
        "sets_standing_duty": user.as_role in permissions.ADMINISTRATION,
    }


def now_rows(found: Overview) -> list[dict[str, str]]:
    """One for each role."""
    return [_row(role, spans[0], found) for role, spans in found.spans.items()]


def ahead_rows(found: Overview) -> list[dict[str, str]]:
    return [_row(role, span, found) for role, spans in found.spans.items() for span in spans]


def gaps(found: Overview) -> list[str]:
    """What is wrong with the next days, in sentences: nobody answers, or somebody does whom nobody planned."""
    said = []
    for role, spans in found.spans.items():
        for span in spans:
            if span.answer is None:
                said.append(f"{_when(span, found.now)} nobody answers as {role.label.lower()}: everybody is away.")
            elif span.answer.why is not Why.TURN:
                who = found.names[span.answer.person]
                said.append(f"{_when(span, found.now)} no turn is set as {role.label.lower()}: {who} answers.")
    return said


def turn_row(turn: Turn, now: datetime) -> dict[str, Any]:
    return {
        "name": turn.person.full_name,
        "role": Role(turn.role).label,
        "from": short_moment(turn.starts_at),
        "to": short_moment(turn.ends_at),
        "state": "Running now" if turn.starts_at <= now else "",
        "url": reverse("rota:turn", args=[turn.pk]),
    }


def _row(role: Role, span: Span, found: Overview) -> dict[str, str]:
    return {
        "role": role.label,
        "name": found.names[span.answer.person] if span.answer else "Nobody",
        "why": _why(span.answer, found),
        "from": "Now" if span.starts <= found.now else short_moment(span.starts),
        "to": short_moment(span.ends),
        "state": "" if span.answer else "gap",
    }


def _why(answer: Answer | None, found: Overview) -> str:
    if answer is None:
        return "Everybody who holds this role is away, without a deputy who is there"
    if answer.instead_of is not None:
        return f"{WHY[answer.why].partition(':')[0]}, for {found.names[answer.instead_of]}, who is away"
    return WHY[answer.why]


def _when(span: Span, now: datetime) -> str:
    begins = "From now" if span.starts <= now else f"From {short_moment(span.starts)}"
    return f"{begins} to {short_moment(span.ends)}"
