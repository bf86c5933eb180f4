"""The pages of disagreements ready to print. Both sides read the same: it was all written for both."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import HUB_ROLES
from mash_portal.govuk import words
from referrals import disputes
from referrals.models import Disagreement, DisagreementStage
from referrals.rules import disagreement as rules
from referrals.vocabulary import DisagreementResult, Ground

from .queries import ENDED, OPEN, Filters

Row = dict[str, Any]
EMPTY = {
    OPEN: "No disagreement is open",
    ENDED: "No disagreement has ended",
}


def shown(disagreement: Disagreement, now: datetime) -> Row:
    """One disagreement, whole: what was said, each stage, and how it ended."""
    return {
        "title": f"Raised {words.long_moment(disagreement.raised_at)} by {disagreement.raised_by}",
        "standing": disputes.standing(disagreement),
        "is_open": disagreement.ended_at is None,
        "is_waiting": not disagreement.result,
        "in_danger": disagreement.in_danger,
        "rows": [
            {"key": "About", "value": Ground(disagreement.ground).label},
            {"key": "Why", "value": disagreement.why},
            {"key": "Wanted", "value": disagreement.wanted},
            {"key": "What keeps the child safe", "value": disagreement.safety_plan},
        ],
        "stages": [_stage(stage, disagreement, now) for stage in disagreement.stages.all()],
        "end": _end(disagreement),
    }


def _stage(stage: DisagreementStage, of: Disagreement, now: datetime) -> Row:
    level = rules.STAGES[stage.number]
    named = f", named: {stage.hub_responder}" if stage.hub_responder else ""
    said = {
        "For the MASH": f"{level.hub[0].upper()}{level.hub[1:]}{named}",
        "For the agency": stage.agency_responder,
        "Met or spoke": words.long_moment(stage.met_at) if stage.met_at else "",
        "Who took part": stage.who_met,
        "Answer": stage.answer,
        "Answered by": _answered(stage),
        "Taken to the next stage because": stage.moved_on_because,
        "Time taken": took(stage, of, now),
    }
    waits = stage.answered_at is None and _runs(stage, of)
    return {
        "title": f"Stage {stage.number}",
        "clock": words.clock_words(f"Answer at stage {stage.number}", stage.due_at, now) if waits else None,
        "rows": [{"key": key, "value": value} for key, value in said.items() if value],
    }


def _answered(stage: DisagreementStage) -> str:
    if stage.answered_at is None:
        return ""
    kept = "" if stage.answered_at <= stage.due_at else ", after the time for it had passed"
    return f"{stage.answered_by}, {words.long_moment(stage.answered_at)}{kept}"


def _runs(stage: DisagreementStage, of: Disagreement) -> bool:
    return stage.moved_on_at is None and of.ended_at is None and not of.result


def took(stage: DisagreementStage, of: Disagreement, now: datetime) -> str:
    """How long the stage took, until it went on or ended; "so far" where it still lasts."""
    until = stage.moved_on_at or of.ended_at
    length = words.length((until or now) - stage.started_at)
    return length if until else f"{length} so far"


def _end(of: Disagreement) -> list[Row]:
    if not of.result:
        return []
    new = ""
    if of.new_decision is not None:
        new = disputes.CHANGED if of.result == DisagreementResult.CHANGED else disputes.SAME
    elif of.ended_at is None:
        new = f"{disputes.NEW_DECISION} Somebody else signs it off."
    said = {
        "Result": DisagreementResult(of.result).label if of.ended_at else "To be changed by a new decision",
        "New decision": new,
        "Settled by": of.settled_by.full_name if of.settled_by else "",
        "Because": of.settled_because,
        "Ended": words.long_moment(of.ended_at) if of.ended_at else "",
    }
    return [{"key": key, "value": value} for key, value in said.items() if value]


def heading(count: int, state: str) -> str:
    said = words.count(count, "disagreement")
    return f"{said} {state}" if state in (OPEN, ENDED) else f"{said} in all"


def list_rows(found: Iterable[Disagreement], user: User, now: datetime) -> list[Row]:
    """No child is named here. Who counts for the partnership opens none of them."""
    return [_row(one, user, now) for one in found]


def _row(of: Disagreement, user: User, now: datetime) -> Row:
    stages = list(of.stages.all())
    last = stages[-1]
    runs = last.answered_at is None and _runs(last, of)
    reference = of.contact.reference
    return {
        "reference": reference,
        "url": reverse("disagreement:contact", args=[reference]) if user.as_role in HUB_ROLES else "",
        "agency": of.contact.agency.name,
        "raised": words.short_moment(of.raised_at),
        "ground": Ground(of.ground).label,
        "in_danger": of.in_danger,
        "standing": disputes.standing(of),
        "responder": last.hub_responder.full_name if last.hub_responder else "nobody who may answer",
        "is_open": of.ended_at is None,
        "clock": words.clock_words("Answer", last.due_at, now) if runs else None,
        "answered": f"Answered {words.short_moment(last.answered_at)}" if last.answered_at else "",
        "took": [f"Stage {stage.number}: {took(stage, of, now)}" for stage in stages],
    }


def chosen(filters: Filters) -> list[tuple[str, str]]:
    """The filters in words, with the address that is left when each is taken away."""
    found = []
    if filters.state != OPEN:
        found.append((filters.state.capitalize(), Filters(stage=filters.stage).query))
    if filters.stage:
        found.append((f"Stage {filters.stage}", Filters(state=filters.state).query))
    return found
