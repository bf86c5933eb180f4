"""Checks in words: on the page of a contact, in the lists, and for the agency that is asked."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from mash_portal.accounts.models import User
from mash_portal.govuk import words
from mash_portal.govuk.templatetags.govuk import tag
from referrals import access, casefile
from referrals.models import Check, Child, Contact, Synthesis
from referrals.rules.marf.values import Answers, text
from referrals.rules.permissions import Relation
from referrals.vocabulary import LegalBasis, MayShare

from . import queries
from .forms import NO_ACCOUNT
from .queries import Family, Turnaround

Row = dict[str, Any]
#: What may be done with an answer, short enough to stand beside it.
SHARING: Mapping[str, SafeString] = {
    MayShare.YES: tag("May be shared", "green"),
    MayShare.SOME: tag("May be shared with some only", "orange"),
    MayShare.NO: tag("May not be shared", "red"),
}


def of_contact(contact: Contact, user: User, now: datetime) -> dict[str, Any]:
    """Everything that was asked about a contact. Outside the hub, only what the agencies let anybody read."""
    in_the_hub = Relation.HUB in access.relations_of(user, contact)
    checks = queries.checks_of_contact(contact)
    if not in_the_hub:
        checks = [check for check in checks if check.may_share == MayShare.YES]
    syntheses = queries.syntheses_of(contact) if in_the_hub else []
    return {
        "in_the_hub": in_the_hub,
        "open": [_card(check, now) for check in checks if check.is_open and not check.waits_for_authority],
        "waiting": [_card(check, now) for check in checks if check.is_open and check.waits_for_authority],
        "answered": [_card(check, now) for check in checks if check.answered_at],
        "closed": [_card(check, now) for check in checks if check.closed_at and not check.answered_at],
        "synthesis": _synthesis(syntheses[0]) if syntheses else None,
        "earlier_syntheses": [_synthesis(one) for one in syntheses[1:]],
    }


def _card(check: Check, now: datetime) -> Row:
    return {
        "agency": check.agency.name,
        "sharing": SHARING.get(check.may_share, ""),
        "rows": [{"key": key, "value": value} for key, value in [*_said(check), *_asked(check, now)] if value],
        "earlier": [_entry(one) for one in check.answers[-2::-1]],
        "closed": _closed(check),
        "is_late": check.is_open and not check.waits_for_authority and check.due_at < now,
    }


def _said(check: Check) -> list[tuple[str, str]]:
    if check.answered_at is None:
        return []
    took = words.length(check.answered_at - check.requested_at)
    late = "" if check.answered_at <= check.due_at else f", {words.length(check.answered_at - check.due_at)} late"
    last = check.answers[-1] if len(check.answers) > 1 else None
    corrected = f"{last['by']}, {_when(last)}" if last else ""
    return [
        ("Known to them", "Yes" if check.known else "No, nothing is known of them"),
        ("What they know", check.facts),
        ("May it be passed on?", f"{MayShare(check.may_share).label}\n{check.share_with}" if check.may_share else ""),
        ("Answered", f"{check.answered_by}, {words.long_moment(check.answered_at)}: after {took}{late}"),
        ("Corrected", corrected),
    ]


def _asked(check: Check, now: datetime) -> list[tuple[str, str]]:
    authority = f"{check.authorised_by}: {check.authorised_because}" if check.authorised_by else ""
    answers_here = getattr(check, "answers_here", True)
    verb = "Prepared" if check.waits_for_authority else "Asked"
    due = f"{words.long_moment(check.due_at)}\n{words.time_left(check.due_at, now)}"
    return [
        ("To be asked" if check.waits_for_authority else "What was asked", check.purpose),
        ("About", ", ".join(child.name for child in check.children.all())),
        ("Ground", LegalBasis(check.legal_basis).label),
        ("Authorised by", authority),
        (verb, f"{check.requested_by}, {words.long_moment(check.requested_at)}"),
        ("Answer due", due if check.is_open and not check.waits_for_authority else ""),
        ("Who answers", "" if answers_here or not check.is_open else NO_ACCOUNT),
    ]


def _closed(check: Check) -> str:
    if check.closed_at is None:
        return ""
    return f"{check.closed_by} closed it, {words.long_moment(check.closed_at)}: {check.closed_because}"


def _entry(entry: Mapping[str, Any]) -> Row:
    """An answer that has been corrected since, as it was."""
    known = "Known to them." if entry["known"] else "Not known to them."
    share = MayShare(entry["may_share"]).label if entry["may_share"] else ""
    parts = [known, entry["facts"], f"{share}. {entry['share_with']}" if share else ""]
    return {"summary": f"{entry['by']}, {_when(entry)}", "text": "\n".join(part for part in parts if part)}


def _when(entry: Mapping[str, Any]) -> str:
    return words.long_moment(datetime.fromisoformat(entry["at"]))


def _synthesis(one: Synthesis) -> Row:
    return {"by": one.by.full_name, "when": words.long_moment(one.at), "text": one.text}


# Lists


def rows(checks: Iterable[Check], now: datetime, *, for_the_agency: bool) -> list[Row]:
    """Lines of a list, leading to the answer or to the contact's checks. Asks the database nothing."""
    return [_row(check, now, for_the_agency=for_the_agency) for check in checks]


def _row(check: Check, now: datetime, *, for_the_agency: bool) -> Row:
    contact = check.contact
    page = ("enquiries:answer", check.pk) if for_the_agency else ("enquiries:contact", contact.reference)
    runs = check.is_open and not check.waits_for_authority
    return {
        "reference": contact.reference,
        "url": reverse(page[0], args=[page[1]]),
        "children": ", ".join(child.name for child in check.children.all()),
        "agency": check.agency.name,
        "asked": words.short_moment(check.requested_at),
        "by": check.requested_by.full_name,
        "holder": contact.owner.full_name if contact.owner else "Nobody yet",
        "state": _state(check),
        "left": words.time_left(check.due_at, now) if runs else "",
        "due": words.short_moment(check.due_at) if runs else "",
        "due_state": words.clock_words("", check.due_at, now).state if runs else "",
        "is_late": runs and check.due_at < now,
    }


def _state(check: Check) -> SafeString:
    if check.answered_at:
        return tag("Answered", "green")
    if check.closed_at:
        return tag("Closed", "grey")
    return tag("Waits for a manager", "purple") if check.waits_for_authority else tag("Open", "blue")


def heading(count: int, what: str) -> str:
    return f"{words.count(count, 'agency check')}{' ' if what else ''}{what}"


def turnaround_rows(found: Iterable[Turnaround]) -> list[Row]:
    return [
        {
            "agency": one.agency,
            "asked": one.asked,
            "answered": one.answered,
            "unanswered": one.unanswered,
            "median": words.length(one.median) if one.median is not None else "–",
            "slowest": words.length(one.slowest_tenth) if one.slowest_tenth is not None else "–",
            "on_time": f"{round(100 * one.on_time / one.answered)}% ({one.on_time} of {one.answered})"
            if one.answered
            else "–",
            "open_now": one.open_now,
            "late_now": one.late_now,
            "url": f"{reverse('enquiries:list')}?agency={one.agency_id}",
        }
        for one in found
    ]


# For the agency


def for_the_agency(check: Check, now: datetime, ring: str) -> dict[str, Any]:
    """What an agency is asked, and as much of the family as it needs to look them up. Never the rest of the contact."""
    family = queries.family_of(check)
    children = list(check.children.all())
    return {
        "asked": _question(check, ring),
        "children": [(child.name, _child(child, family, now)) for child in children],
        "adults": [{"key": adult.name, "value": ties(adult, children)} for adult in family.adults],
        "is_address_kept": family.is_address_kept_from_somebody,
        "clock": words.clock_words("Your answer", check.due_at, now, check.answered_at) if _runs(check) else None,
        "closed": words.long_moment(check.closed_at) if check.closed_at else "",
        "answers": [_own(entry, is_last=entry is check.answers[-1]) for entry in reversed(check.answers)],
    }


def _runs(check: Check) -> bool:
    return check.closed_at is None or check.answered_at is not None


def _question(check: Check, ring: str) -> list[Row]:
    who = check.requested_by
    facts = [
        ("What the MASH asks", check.purpose),
        ("Ground", LegalBasis(check.legal_basis).label),
        ("Asked by", f"{who}{f', {who.job}' if who.job else ''}, {words.long_moment(check.requested_at)}"),
        ("Ring", f"{who.phone or ring}, and give the reference {check.contact.reference}"),
    ]
    return [{"key": key, "value": value} for key, value in facts]


def _child(child: Child, family: Family, now: datetime) -> list[Row]:
    said: Answers = family.addresses.get(child.key, {}) if child.key else {}
    lives = [text(said, "address"), child.postcode if child.postcode not in text(said, "address") else ""]
    born = words.long_date(child.date_of_birth) if child.date_of_birth else ""
    facts = [
        ("Date of birth", born or ("" if child.is_unborn else "Not known")),
        ("Expected date of birth", words.long_date(child.expected_date) if child.expected_date else ""),
        ("Age", "" if child.is_unborn else casefile.age_words(child, now)),
        ("Address", "\n".join(line for line in lives if line) or "Not known"),
        ("Staying at", text(said, "current_address")),
    ]
    return [{"key": key, "value": value} for key, value in facts if value]


def ties(adult: Any, children: Sequence[Child]) -> str:
    """What an adult is to the children named; the others are nobody's business here."""
    by_child = {tie.child_id: tie.relationship for tie in adult.relationships.all()}
    tied = [child for child in children if child.pk in by_child]
    said = [f"{child.name}: {by_child[child.pk] or 'relationship not known'}" for child in tied]
    return "\n".join(said)


def _own(entry: Mapping[str, Any], *, is_last: bool) -> Row:
    facts = [
        ("Known to us", "Yes" if entry["known"] else "No"),
        ("What we know", entry["facts"]),
        ("May it be passed on?", MayShare(entry["may_share"]).label if entry["may_share"] else ""),
        ("With whom, or why not", entry["share_with"]),
    ]
    title = f"{'Answer' if is_last else 'Earlier answer'} by {entry['by']}, {_when(entry)}"
    return {"title": title, "rows": [{"key": key, "value": value} for key, value in facts if value]}
