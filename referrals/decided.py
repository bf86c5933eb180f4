"""A management decision record in words, for the pages of a decision and for paper. Reads, never writes."""

from datetime import datetime

from mash_portal.accounts.models import User
from mash_portal.govuk import words
from referrals import discussions
from referrals.codes import PRIMARY_NEED_LABELS
from referrals.models import ChildOutcome, Contact, Decision
from referrals.vocabulary import Outcome, SideRoute, Verb

Row = dict[str, str]

#: The four texts that every record has, in the order of the page.
RECORD = {
    "facts": "Facts and reflection",
    "risk_analysis": "Risk analysis",
    "childs_voice": "The child’s voice",
    "rationale": "Rationale for the decision",
}
_FURTHER = {
    "why_no_strategy": "Why no strategy discussion",
    "strategy_invited": "Invited to the strategy discussion",
    "agreement_obtained": "Agreement obtained by the MASH",
    "advice": "Advice to the referrer",
    "advice_service": "Service that the referrer should try",
    "advice_level": "Level at which to act on the advice",
    "why_nfa_still_right": "Why no further action is still right (the manager)",
}


def of(contact: Contact) -> list[Decision]:
    """Every decision on this contact, newest first, with all that its record shows: seven queries."""
    return list(
        contact.decisions.select_related("contact", "recommended_by", "signed_off_by", "sent_back_by")
        .prefetch_related("outcomes__child", "actions", discussions.OF_A_DECISION)
        .order_by("-id")
    )


def title(decision: Decision) -> str:
    if decision.signed_off_at:
        return f"Decision signed off {words.long_moment(decision.signed_off_at)}"
    if decision.sent_back_at:
        return f"Recommendation returned {words.long_moment(decision.sent_back_at)}"
    return "Recommendation waiting for sign-off"


def until(decision: Decision) -> datetime | None:
    """What came later was not known when this was decided; None while it waits."""
    return decision.signed_off_at or decision.sent_back_at


def record_rows(decision: Decision) -> list[Row]:
    """The record: outcomes, texts, routes, discussions, actions."""
    return [
        *outcome_rows(decision),
        *text_rows(decision),
        *route_rows(decision),
        *discussions.on_the_record(decision),
        *action_rows(decision),
    ]


def outcome_rows(decision: Decision) -> list[Row]:
    """One row for each child, with the level."""
    by_child: dict[str, list[str]] = {}
    for row in decision.outcomes.all():
        by_child.setdefault(f"{row.child.name} (level {row.level})", []).append(_outcome(row))
    return [{"key": child, "value": "\n".join(outcomes)} for child, outcomes in by_child.items()]


def _outcome(row: ChildOutcome) -> str:
    """With the primary need that was chosen for a referral."""
    need = PRIMARY_NEED_LABELS.get(row.need, "")
    return f"{Outcome(row.outcome).label}. Primary need: {need}" if need else Outcome(row.outcome).label


def text_rows(decision: Decision) -> list[Row]:
    """What was written, where anything was."""
    said = {label: getattr(decision, name) for name, label in (RECORD | _FURTHER).items()}
    return [{"key": label, "value": str(text)} for label, text in said.items() if text]


def route_rows(decision: Decision) -> list[Row]:
    routes = "\n".join(SideRoute(one).label for one in decision.side_routes)
    return [{"key": "Routes beside it", "value": routes}] if routes else []


def action_rows(decision: Decision) -> list[Row]:
    return [
        {"key": f"Action for {action.owner}", "value": f"{action.what}\nBy {words.long_date(action.due)}"}
        for action in decision.actions.all()
    ]


def steps(decision: Decision) -> list[str]:
    """Who did what and when, as sentences."""
    if decision.is_imported:
        return ["Brought over from the earlier system, which kept no names."]
    found = [f"Recommended by {who(decision.recommended_by)}, {words.long_moment(decision.recommended_at)}."]
    if decision.signed_off_at:
        found.append(f"Signed off by {who(decision.signed_off_by)}, {words.long_moment(decision.signed_off_at)}.")
    if decision.sent_back_at:
        found.append(f"Returned by {decision.sent_back_by}: {decision.sent_back_reason}")
    return found


def who(person: User | None) -> str:
    """ "Grace Lin, Social worker, registration SW104417"."""
    if person is None:
        return "nobody who is named"
    number = f"registration {person.registration_number}" if person.registration_number else ""
    return ", ".join(part for part in (person.full_name, person.job, number) if part)


def changes_since(contact: Contact, version: int) -> list[Row]:
    """Who did what and when after that version of the record, oldest first. One query.

    Each step of the journey is one version (gate.move), so the steps after the first `version` are what changed.
    """
    later = contact.steps.select_related("by").order_by("id")[version:]
    return [
        {"what": f"{step.by} {Verb(step.verb).label}", "when": words.long_moment(step.at), "reason": step.reason}
        for step in later
    ]
