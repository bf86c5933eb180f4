"""What feedback shows: to its writer in the hub, and to the referrer. Never internal detail."""

from typing import Any

from mash_portal.accounts.models import User
from mash_portal.govuk import words
from referrals import checked, notices
from referrals.models import Contact, Decision, Feedback
from referrals.vocabulary import Outcome

SENT = "Sent. The referrer has been told that there is an update."
KEPT = f"Saved. {notices.NOBODY}"
#: Shown beside the box (front-door.md 3.6).
NEVER_INCLUDE = (
    "another agency’s confidential information",
    "who a member of the public is that told us",
    "an address, where domestic abuse is a factor",
    "intelligence about somebody alleged to have caused harm",
)

#: What the outcome means for the person who referred, in plain words.
MEANS = {
    Outcome.NFA_INFORMATION: "Children’s social care will take no further action. What you told us is kept on record.",
    Outcome.NFA_PUSHBACK: "Children’s social care will take no further action. There is advice for you below.",
    Outcome.SIGNPOST: "The family will be pointed to a service that can help without social care.",
    Outcome.EARLY_HELP: "Early help will offer the family support.",
    Outcome.OPEN_CASE: "The child already has a social worker, who has been given what you told us.",
    Outcome.TRANSFER: "Another authority is responsible and has been given what you told us.",
    Outcome.DISABILITIES: "The disabilities team will be in touch with the family.",
    Outcome.SECTION_17: "A social worker will assess what the child needs.",
    Outcome.STRATEGY: "Agencies are meeting to decide how the child is protected. You may be invited.",
    Outcome.EMERGENCY: "Action has been taken to keep the child safe now.",
}


def first_words(contact: Contact, user: User, phone: str) -> dict[str, object]:
    """Advice and service on record are offered as a start: never asked for twice, always read by whoever sends it."""
    decision = Decision.objects.signed_off(contact)
    service = f"Service to try: {decision.advice_service}" if decision.advice_service else ""
    return {
        "next_steps": "\n".join(part for part in (decision.advice, service) if part),
        "who_to_call": f"{user.full_name}, {phone}",
        "version": contact.version,
    }


def readers(contact: Contact) -> str:
    """Who is told of it, and reads it after signing in: “Rosa Bell (Alder Primary)”. Nothing where nobody can be."""
    people = [person.full_name for person in notices.referrers_of(contact)]
    return f"{', '.join(people)} ({contact.agency.name})" if people else ""


def decided(contact: Contact) -> dict[str, Any]:
    decision = Decision.objects.signed_off(contact)
    return {
        "outcomes": _outcomes(decision),
        "never_include": NEVER_INCLUDE,
        "kept_back": checked.kept_back(contact),
    }


def for_the_referrer(feedback: Feedback) -> dict[str, Any]:
    """Outcome and level for each child, the reason, what to do next, whom to call."""
    decision = feedback.decision
    return {
        "outcomes": _outcomes(decision),
        "advice_level": decision.advice_level,
        "reason": feedback.reason,
        "next_steps": feedback.next_steps,
        "who_to_call": feedback.who_to_call,
        "sent": words.long_moment(feedback.sent_at),
    }


def _outcomes(decision: Decision) -> list[dict[str, Any]]:
    """One entry a child, in the order of the referral."""
    found: dict[int, dict[str, Any]] = {}
    for row in decision.outcomes.select_related("child"):
        child = found.setdefault(row.child_id, {"name": row.child.name, "level": row.level, "outcomes": []})
        outcome = Outcome(row.outcome)
        child["outcomes"].append({"label": outcome.label, "means": MEANS[outcome]})
    return list(found.values())
