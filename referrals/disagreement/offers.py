"""What each side may do next with a disagreement, as its page offers it. The actions look again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from mash_portal.accounts.models import User
from referrals import disputes
from referrals.models import Contact, Disagreement, DisagreementStage
from referrals.refusals import Refused
from referrals.rules import disagreement as rules
from referrals.vocabulary import DisagreementResult

from . import actions, queries

SETTLED = "It is settled already: the disagreement ends when the new decision is signed off."
NONE = "There is no open disagreement about this decision."


def open_one(contact: Contact) -> Disagreement:
    """The one that has not ended; a page about it is refused where there is none."""
    found = next((one for one in queries.of_contact(contact) if one.ended_at is None), None)
    if found is None:
        raise Refused(NONE)
    return found


def speaker(user: User) -> str:
    return ", ".join(part for part in (user.full_name, user.job) if part)


def to_the_agency(contact: Contact, found: Sequence[Disagreement], now: datetime) -> dict[str, Any]:
    here = next((one for one in found if one.ended_at is None), None)
    if here is None:
        return {"can_raise": not contact.is_open and contact.decided_at is not None}
    standing = _standing(here)
    why_not = rules.why_not_take_up(standing, now, disputes.deciders_of(here.decision), in_danger=False)
    return {
        "why_not_take_up": why_not,
        "can_take_up": not why_not,
        "can_take_up_in_danger": not rules.why_not_take_up(
            standing, now, disputes.deciders_of(here.decision), in_danger=True
        ),
        "can_accept": bool(rules.endings_for_the_agency(standing)),
    }


def to_the_hub(found: Sequence[Disagreement], user: User, now: datetime) -> dict[str, Any]:
    """Whether this person may answer and settle now; if not, why not."""
    here = next((one for one in found if one.ended_at is None), None)
    if here is None or here.result:
        return {"has_open": here is not None}
    deciders, standing = disputes.deciders_of(here.decision), _standing(here)
    why_not = rules.why_not_answer(here.stage, user.as_role, user.pk, deciders)
    may_settle = not rules.why_not_settle(here.stage, user.as_role, user.pk, deciders)
    return {
        "has_open": True,
        "why_not": why_not,
        "can_answer": not why_not and standing.answered_at is None,
        "can_settle": may_settle and bool(rules.endings_for_the_hub(standing, now)),
    }


def next_level(here: Disagreement) -> rules.Level | None:
    following = rules.next_stage(here.stage, disputes.deciders_of(here.decision))
    return rules.STAGES[following] if following else None


def endings_for_the_agency(here: Disagreement) -> tuple[DisagreementResult, ...]:
    return _some(rules.endings_for_the_agency(_standing(here)))


def endings_for_the_hub(here: Disagreement, now: datetime) -> tuple[DisagreementResult, ...]:
    return _some(rules.endings_for_the_hub(_standing(here), now))


def _some(endings: tuple[DisagreementResult, ...]) -> tuple[DisagreementResult, ...]:
    if not endings:
        raise Refused(SETTLED)
    return endings


def _standing(here: Disagreement) -> rules.Standing:
    return actions.standing_of(here, _stage(here))


def _stage(here: Disagreement) -> DisagreementStage:
    return next(stage for stage in here.stages.all() if stage.number == here.stage)
