"""Gathers, in a few queries, what the guards look at. The guards themselves are plain Python: rules/guards.py."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from mash_portal.accounts.models import User
from referrals import access, clockwork, discussions
from referrals.models import Assessment, Consent, Contact, Decision
from referrals.rules.guards import ChildPicture, Picture
from referrals.vocabulary import Outcome

if TYPE_CHECKING:
    from .actions import Recommendation

TEXTS = (
    "facts",
    "risk_analysis",
    "childs_voice",
    "rationale",
    "why_no_strategy",
    "advice",
    "advice_service",
    "agreement_obtained",
    "why_nfa_still_right",
)


def picture_of(contact: Contact, recommendation: Recommendation, *, by: User, now: datetime) -> Picture:
    """A recommendation that is about to be made."""
    return _picture(
        contact,
        outcomes={child: frozenset(chosen) for child, chosen in recommendation.outcomes.items()},
        levels=recommendation.levels,
        texts=recommendation.texts,
        advice_level=recommendation.advice_level,
        is_qualified=by.is_qualified(clockwork.london(now).date()),
        reader=by,
        now=now,
    )


def picture_of_decision(contact: Contact, decision: Decision, *, reader: User, now: datetime) -> Picture:
    """A recommendation that is waiting, as a manager is about to sign it off with the history that they may read."""
    outcomes: dict[int, frozenset[Outcome]] = {}
    levels: dict[int, int] = {}
    for row in decision.outcomes.all():
        outcomes[row.child_id] = outcomes.get(row.child_id, frozenset()) | {Outcome(row.outcome)}
        levels[row.child_id] = row.level
    return _picture(
        contact,
        outcomes=outcomes,
        levels=levels,
        texts={name: getattr(decision, name) for name in TEXTS},
        advice_level=decision.advice_level,
        is_qualified=decision.recommended_by.is_qualified(clockwork.london(decision.recommended_at).date()),
        reader=reader,
        now=now,
    )


def _picture(
    contact: Contact,
    *,
    outcomes: Mapping[int, frozenset[Outcome]],
    levels: Mapping[int, int],
    texts: Mapping[str, str],
    advice_level: int | None,
    is_qualified: bool,
    reader: User,
    now: datetime,
) -> Picture:
    assessment = Assessment.objects.latest_of(contact, Assessment.HUB)
    earlier = access.earlier_contacts(reader, contact)
    discussed = discussions.latest_by_child(contact)
    children = tuple(
        ChildPicture(
            key=child.pk,
            name=child.name,
            outcomes=outcomes.get(child.pk, frozenset()),
            level=levels.get(child.pk),
            date_of_birth=child.date_of_birth,
            is_unborn=child.is_unborn,
            estimated_age=child.estimated_age,
            earlier_contacts=tuple(row.received_at for row in earlier.get(child.person_id, [])),
            earlier_nfas=tuple(
                row.decided_at for row in earlier.get(child.person_id, []) if row.was_nfa and row.decided_at
            ),
            discussion=discussed.get(child.pk),
        )
        for child in contact.children.all()
        if child.in_scope
    )
    return Picture(
        now=now,
        children=children,
        assessed_level=assessment.level if assessment else None,
        has_harm_alert=bool(assessment and assessment.has_harm_alert),
        recommender_is_qualified=is_qualified,
        agreement_on_record=Consent.objects.filter(contact=contact, agreement_given=True).exists(),
        texts=texts,
        advice_level=advice_level,
        suggested_level=assessment.suggested_level if assessment else None,
        open_checks=tuple(contact.checks.open().order_by("agency__name").values_list("agency__name", flat=True)),
    )
