"""What the pages of a decision show, prepared so that templates only print."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mash_portal.govuk import words
from referrals import casefile
from referrals.models import Assessment, Child, Contact, Decision
from referrals.rules import guards
from referrals.vocabulary import Outcome, SideRoute

from .forms import RECORD, RecommendForm
from .picture import picture_of_decision

MOST_ACTIONS = 10

_FURTHER = (
    ("why_no_strategy", "Why no strategy discussion"),
    ("strategy_invited", "Invited to the strategy discussion"),
    ("agreement_obtained", "Agreement obtained by the MASH"),
    ("advice", "Advice to the referrer"),
    ("why_nfa_still_right", "Why no further action is still right (the manager)"),
)


def children_to_decide(contact: Contact) -> list[Child]:
    """Those who were referred; a brother or sister named only as such gets no outcome."""
    return [child for child in contact.children.all() if child.in_scope]


def action_rows(posted: Mapping[str, Any]) -> int:
    """How many actions the form asks for: as many as were shown, and one more when that was asked for."""
    shown = sum(1 for row in range(MOST_ACTIONS) if f"action_{row}_what" in posted)
    return min(max(1, shown + ("more" in posted)), MOST_ACTIONS)


def without_errors(form: RecommendForm) -> RecommendForm:
    """The same form with what was typed, before anybody has said that it is finished."""
    return RecommendForm(
        children=form.children, rows=form.rows, initial=form.typed() | {"version": form["version"].value()}
    )


def evidence(contact: Contact) -> dict[str, Any]:
    """What the worker decides from: the hub's assessment, and the earlier contacts of each child."""
    assessment = Assessment.objects.latest_of(contact, Assessment.HUB)
    return {"assessment": assessment, "history": casefile.earlier_contacts(contact)}


def waiting(contact: Contact, *, now: datetime) -> dict[str, Any]:
    """The recommendation that waits for sign-off, what argues against it, and what it rests on."""
    decision = Decision.objects.latest_of(contact)
    found = evidence(contact)
    if decision is None or not decision.is_waiting:
        return {**found, "decision": None, "reasons_to_look_again": ()}
    picture = picture_of_decision(contact, decision, now=now)
    return {
        **found,
        "decision": shown(decision),
        "reasons_to_look_again": guards.reasons_to_look_again(picture),
    }


def decisions_of(contact: Contact) -> list[dict[str, Any]]:
    """Every decision on this contact, newest first, ready to print."""
    rows = (
        contact.decisions.select_related("recommended_by", "signed_off_by", "sent_back_by")
        .prefetch_related("outcomes__child", "actions")
        .order_by("-id")
    )
    return [shown(decision) for decision in rows]


def shown(decision: Decision) -> dict[str, Any]:
    """A management decision record as summary rows."""
    said = [(label, getattr(decision, name)) for name, label, _ in RECORD]
    said += [(label, getattr(decision, name)) for name, label in _FURTHER]
    rows = [*_outcome_rows(decision), *({"key": label, "value": text} for label, text in said if text)]
    if decision.side_routes:
        rows.append(
            {"key": "Routes beside it", "value": ", ".join(SideRoute(one).label for one in decision.side_routes)}
        )
    rows += [
        {"key": f"Action for {action.owner}", "value": f"{action.what}\nBy {words.long_date(action.due)}"}
        for action in decision.actions.all()
    ]
    return {
        "title": _title(decision),
        "rows": rows,
        "recommended_by": decision.recommended_by,
        "steps": _steps(decision),
    }


def _outcome_rows(decision: Decision) -> list[dict[str, str]]:
    by_child: dict[str, list[str]] = {}
    for row in decision.outcomes.all():
        by_child.setdefault(f"{row.child.name} (level {row.level})", []).append(Outcome(row.outcome).label)
    return [{"key": child, "value": "\n".join(outcomes)} for child, outcomes in by_child.items()]


def _title(decision: Decision) -> str:
    if decision.signed_off_at:
        return f"Decision signed off {words.long_moment(decision.signed_off_at)}"
    if decision.sent_back_at:
        return f"Recommendation returned {words.long_moment(decision.sent_back_at)}"
    return "Recommendation waiting for sign-off"


def _steps(decision: Decision) -> list[str]:
    if decision.is_imported:
        return ["Brought over from the earlier system, which kept no names."]
    steps = [f"Recommended by {decision.recommended_by}, {words.long_moment(decision.recommended_at)}."]
    if decision.signed_off_at:
        steps.append(f"Signed off by {decision.signed_off_by}, {words.long_moment(decision.signed_off_at)}.")
    if decision.sent_back_at:
        steps.append(f"Returned by {decision.sent_back_by}: {decision.sent_back_reason}")
    return steps
