"""What agencies have answered about a contact, and what of it may be passed on. For any phase; it only reads."""

from typing import Any

from referrals.models import Check, Contact
from referrals.vocabulary import MayShare


def kept_back(contact: Contact) -> list[dict[str, Any]]:
    """Answers that may not be shared, or not with everybody: whoever writes to people outside reads this. One query."""
    answers = contact.checks.filter(may_share__in=(MayShare.SOME, MayShare.NO)).select_related("agency")
    return [_line(check) for check in answers.order_by("agency__name", "id")]


def answers_of_others(contact: Contact) -> dict[str, list[str]]:
    """What other agencies than the referrer's have answered, by agency: nothing of it is copied to people outside.

    One query.
    """
    found: dict[str, list[str]] = {}
    answered = contact.checks.exclude(facts="").exclude(agency=contact.agency_id).select_related("agency")
    for check in answered.order_by("agency__name", "id"):
        found.setdefault(check.agency.name, []).append(check.facts)
    return found


def _line(check: Check) -> dict[str, Any]:
    return {"agency": check.agency.name, "may_share": MayShare(check.may_share).label, "with_whom": check.share_with}
