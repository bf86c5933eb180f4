"""What feedback shows: to its writer in the hub, and to the referrer. Never internal detail."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse

from mash_portal.accounts.models import User
from mash_portal.govuk import words
from referrals import checked, notices
from referrals.models import Contact, Decision, Feedback, FeedbackQuestion, QualityMark, Service
from referrals.vocabulary import Grade, Outcome

from .actions import MARKED, QUALITIES

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
        "services": [service_row(one) for one in feedback.services.all()],
        "mark": mark_rows(feedback.contact),
        "understood": _who(feedback.understood_by, feedback.understood_at),
        "questions": [question(one) for one in feedback.questions.all()],
        "has_question": any(one.answered_at is None for one in feedback.questions.all()),
    }


def for_the_hub(feedback: Feedback) -> dict[str, Any]:
    """The same, and who has opened it, or was told by telephone."""
    opened = _who(feedback.opened_by, feedback.opened_at) or "Nobody has opened it"
    known = [
        ("Sent by", _who(feedback.sent_by, feedback.sent_at)),
        ("Opened by", opened),
        ("Safeguarding lead told", words.long_moment(feedback.lead_told_at) if feedback.lead_told_at else ""),
        ("Told by telephone", _who(feedback.phoned_by, feedback.phoned_at)),
        ("What was said", feedback.phoned_words),
        ("Understood by", _who(feedback.understood_by, feedback.understood_at)),
    ]
    rows = [{"key": key, "value": value} for key, value in known if value]
    waits = feedback.opened_at is None and feedback.phoned_at is None
    return {**for_the_referrer(feedback), "rows": rows, "is_unread": waits}


def mark_rows(contact: Contact) -> list[dict[str, str]]:
    """What the hub made of the form, and its line of advice. Nothing where it was not marked."""
    mark = QualityMark.objects.filter(contact=contact).first()
    if mark is None:
        return []
    rows = [{"key": label, "value": Grade(getattr(mark, name)).label} for name, label in QUALITIES.items()]
    return [*rows, {"key": "Advice", "value": mark.advice}] if mark.advice else rows


def is_marked(contact: Contact) -> bool:
    """Whether it came on a form whose quality can be marked."""
    return contact.channel in MARKED


def service_row(service: Service) -> dict[str, Any]:
    levels = ", ".join(str(level) for level in service.levels)
    return {
        "pk": service.pk,
        "name": service.name,
        "what": service.what,
        "how": service.how,
        "levels": f"Level {levels}" if levels else "Any level",
        "is_active": service.is_active,
    }


def question(asked: FeedbackQuestion) -> dict[str, Any]:
    said = {
        f"{asked.asked_by} asked, {words.long_moment(asked.asked_at)}": asked.text,
        "Answer by": "" if asked.answered_at else words.long_moment(asked.due_at),
        _who(asked.answered_by, asked.answered_at): asked.answer,
    }
    rows = [{"key": key, "value": value} for key, value in said.items() if key and value]
    return {"rows": rows, "is_waiting": asked.answered_at is None, "pk": asked.pk}


def board_rows(found: Iterable[Feedback], now: datetime) -> list[dict[str, Any]]:
    return [_board_row(one, now) for one in found]


def _board_row(feedback: Feedback, now: datetime) -> dict[str, Any]:
    reference, due = feedback.contact.reference, feedback.due  # type: ignore[attr-defined]  # annotated
    said = [
        f"Lead told {words.short_moment(feedback.lead_told_at)}" if feedback.lead_told_at else "",
        f"Rung by {_who(feedback.phoned_by, feedback.phoned_at)}" if feedback.phoned_at else "",
    ]
    done = feedback.opened_at or feedback.phoned_at
    return {
        "reference": reference,
        "url": reverse("feedback:sent", args=[reference]),
        "phone_url": "" if done else reverse("feedback:phone", args=[reference]),
        "agency": feedback.contact.agency.name,
        "sent": words.short_moment(feedback.sent_at),
        "since": words.ago(feedback.sent_at, now),
        "clock": None if done else words.clock_words("Opened", due, now),
        "said": [one for one in said if one],
    }


def _who(person: User | None, at: datetime | None) -> str:
    return f"{person}, {words.long_moment(at)}" if person and at else ""


def _outcomes(decision: Decision) -> list[dict[str, Any]]:
    """One entry a child, in the order of the referral."""
    found: dict[int, dict[str, Any]] = {}
    for row in decision.outcomes.select_related("child"):
        child = found.setdefault(row.child_id, {"name": row.child.name, "level": row.level, "outcomes": []})
        outcome = Outcome(row.outcome)
        child["outcomes"].append({"label": outcome.label, "means": MEANS[outcome]})
    return list(found.values())
