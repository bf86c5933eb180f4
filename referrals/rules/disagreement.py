"""Professional disagreement (front-door.md 3.7): who answers at each stage, what comes next, and how it may end.

Nobody reviews a decision that they recommended or signed off. Plain Python: no Django, no clock, no database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from mash_portal.accounts.roles import Role
from referrals.vocabulary import Clock, DisagreementResult

_MANAGERS = frozenset({Role.TEAM_MANAGER, Role.SERVICE_MANAGER})


@dataclass(frozen=True)
class Level:
    """One stage of the policy. `hub` and `agency`: who speaks for each side; `roles`: who may write the answer down."""

    number: int
    hub: str
    agency: str
    roles: frozenset[Role]
    clock: Clock


STAGES: Mapping[int, Level] = MappingProxyType(
    {
        level.number: level
        for level in (
            Level(
                1,
                "a practitioner and a team manager of the MASH",
                "whoever referred, or their safeguarding lead",
                _MANAGERS | {Role.SOCIAL_WORKER},
                Clock.DISAGREEMENT_1,
            ),
            Level(
                2,
                "the head of safeguarding",
                "the safeguarding lead or the head of the agency",
                frozenset({Role.SERVICE_MANAGER}),
                Clock.DISAGREEMENT_2,
            ),
            Level(
                3,
                "a senior manager of children’s social care",
                "a senior manager of the agency",
                frozenset({Role.SERVICE_MANAGER}),
                Clock.DISAGREEMENT_3,
            ),
            Level(
                4,
                "the chair of the safeguarding partnership",
                "a senior manager of the agency",
                frozenset({Role.SERVICE_MANAGER}),
                Clock.DISAGREEMENT_4,
            ),
        )
    }
)
FIRST, HEAD, LAST = 1, 2, 4
#: Where a child is in danger it may start here, and nowhere further on: the chair hears what managers have looked at.
LATEST_START = 3
#: From this stage on somebody without an account speaks for the hub: whoever writes it down says who.
NAMED_FROM = 3
#: So long after an answer that the agency neither accepts nor takes further, the hub may end it.
SILENCE = timedelta(days=7)


@dataclass(frozen=True)
class Deciders:
    """Who recommended and who signed off the decision that is disagreed with: neither reviews it."""

    people: frozenset[int]
    head_decided: bool = False


@dataclass(frozen=True)
class Standing:
    """Where a disagreement stands at its present stage. `is_settled`: it is to be changed by a new decision."""

    stage: int
    due_at: datetime
    answered_at: datetime | None = None
    met_at: datetime | None = None
    is_settled: bool = False


def roles_at(stage: int, deciders: Deciders) -> frozenset[Role]:
    """Who may write the answer down. Where the head of safeguarding decided, a team manager who did not steps in."""
    roles = STAGES[stage].roles
    return roles | {Role.TEAM_MANAGER} if deciders.head_decided and stage >= NAMED_FROM else roles


def why_not_answer(stage: int, role: Role, person: int, deciders: Deciders) -> str:
    """The sentence that says why this person may not answer at this stage; nothing where they may."""
    if person in deciders.people:
        return "You recommended or signed off this decision, so somebody else answers the disagreement with it."
    if role not in roles_at(stage, deciders):
        return f"Stage {stage} is answered by {STAGES[stage].hub}."
    return ""


def why_not_settle(stage: int, role: Role, person: int, deciders: Deciders) -> str:
    """As for an answer; but a practitioner answers, and a manager settles."""
    if said := why_not_answer(stage, role, person, deciders):
        return said
    return "" if role in _MANAGERS else "A manager settles a disagreement. You can answer it."


def why_not_start(stage: int, *, in_danger: bool, deciders: Deciders) -> str:
    """Stage 1, unless a child is in danger; never with a head of safeguarding who made the decision."""
    if stage == FIRST:
        return ""
    if not FIRST < stage <= LATEST_START:
        return f"A disagreement starts at stage 1, 2 or 3, and not at stage {stage}."
    if not in_danger:
        return "It starts at stage 1. Only where a child is in danger can it start later."
    if stage == HEAD and deciders.head_decided:
        return "The head of safeguarding made this decision, so stage 2 is left out. Choose stage 3."
    return ""


def next_stage(stage: int, deciders: Deciders) -> int | None:
    """Where it goes when the agency takes it further. None after the chair."""
    following = stage + 1
    if following == HEAD and deciders.head_decided:
        following += 1
    return following if following <= LAST else None


def why_not_take_up(now: Standing, at: datetime, deciders: Deciders, *, in_danger: bool) -> str:
    """The agency waits for the answer or for the time to pass, but not where a child is in danger."""
    if now.is_settled:
        return "The MASH is making a new decision. If you disagree with that one, say so when it is made."
    if next_stage(now.stage, deciders) is None:
        return "The chair of the safeguarding partnership is the last stage: it cannot be taken further."
    if now.answered_at is None and at <= now.due_at and not in_danger:
        return "Wait for the answer, or until the time for it has passed; unless a child is in danger now."
    return ""


def endings_for_the_agency(now: Standing) -> tuple[DisagreementResult, ...]:
    """The agency may let the decision stand at any time, and once it has been answered accept something between."""
    if now.is_settled:
        return ()
    agreed = () if now.answered_at is None else (DisagreementResult.COMPROMISE,)
    return (DisagreementResult.UPHELD, *agreed)


def endings_for_the_hub(now: Standing, at: datetime) -> tuple[DisagreementResult, ...]:
    """A new decision at any time; a compromise once both sides have met; that it stands when the agency is heard out.

    That it stands is the agency's to accept. The hub ends it so after the last stage, or where the agency is silent.
    """
    if now.is_settled:
        return ()
    found = [DisagreementResult.CHANGED]
    if now.met_at is not None:
        found.append(DisagreementResult.COMPROMISE)
    if now.answered_at is not None and (now.stage == LAST or at - now.answered_at > SILENCE):
        found.append(DisagreementResult.UPHELD)
    return tuple(found)
