"""Drafts and referrals as lines of a list and as summary cards, ready to print."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from mash_portal.govuk import words
from referrals.models import Contact, Draft
from referrals.rules import marf, retention
from referrals.rules.marf import Card, Gap
from referrals.rules.marf.values import Answers, name_of, people, text

from . import queries
from .links import gap_url, page_url, question_url
from .states import COLOURS, state_of

NO_NAME = "No child named yet"


def children_words(answers: Answers) -> str:
    return ", ".join(name_of(child, "a child") for child in people(answers, "children")) or NO_NAME


def child_names(answers: Answers) -> dict[str, str]:
    """Each child's name by the key within the form."""
    found = people(answers, "children")
    return {text(child, "key"): name_of(child, f"child {number}") for number, child in enumerate(found, 1)}


def draft_rows(drafts: Sequence[Draft], now: datetime, today: date) -> list[dict[str, Any]]:
    """Each unsent form: whose it is, how old, who wrote last, what is missing, and when it is deleted."""
    matrix = queries.current_matrix() if drafts else None
    return [
        {
            "url": reverse("intake:tasks", args=[draft.key]),
            "delete_url": reverse("intake:delete", args=[draft.key]),
            "children": children_words(draft.answers),
            "who": draft.author.full_name,
            "age": words.ago(draft.created_at, now),
            "saved": f"{words.short_moment(draft.updated_at)} by {draft.updated_by.full_name}",
            "missing": missing_words(queries.gaps_of(draft, today, matrix)),
            "left": deletion_words(draft, now),
            "soon": retention.days_left(draft.updated_at, now) <= retention.WARN_DAYS_BEFORE,
        }
        for draft in drafts
    ]


def deletion_words(draft: Draft, now: datetime) -> str:
    """ "in 87 days" or "today"."""
    left = retention.days_left(draft.updated_at, now)
    return f"in {words.count(left, 'day')}" if left else "today"


def missing_words(gaps: Sequence[Gap]) -> str:
    """ "5: address, consent, worry and 2 more", or that it is ready."""
    names = list(dict.fromkeys(gap.name for gap in gaps))
    if not names:
        return "Nothing: ready to check and send"
    shown = f"{len(names)}: {', '.join(names[:3])}"
    return f"{shown} and {len(names) - 3} more" if len(names) > 3 else shown


def referral_rows(contacts: Iterable[Contact]) -> list[dict[str, str]]:
    rows = []
    for contact in contacts:
        state = state_of(
            contact.as_stage,
            has_feedback=getattr(contact, "has_feedback", False),
            has_question=getattr(contact, "has_question", False),
        )
        rows.append(
            {
                "reference": contact.reference,
                "url": reverse("intake:referral", args=[contact.reference]),
                "children": ", ".join(child.name for child in contact.children.all()) or NO_NAME,
                "received": words.short_date(contact.received_at),
                "who": contact.referrer.full_name,
                "state": state.label,
                "colour": COLOURS[state],
            }
        )
    return rows


def tasks_of(draft: Draft, gaps: Sequence[Gap]) -> list[dict[str, str]]:
    """The task list. The last line waits for nothing: what is missing is said on its page."""
    status = {
        marf.Status.COMPLETED: "completed",
        marf.Status.INCOMPLETE: "started",
        marf.Status.NOT_STARTED: "incomplete",
    }
    return [
        {
            "title": section.title,
            "url": page_url(draft, section),
            "hint": section.hint,
            "status": status[marf.section_status(draft.answers, section, draft.completed, gaps)],
        }
        for section in marf.SECTIONS
    ]


def missing_links(draft: Draft, gaps: Iterable[Gap]) -> list[dict[str, str]]:
    """What stops the form, each with the way to it."""
    return [{"text": gap.sentence, "href": gap_url(draft, gap)} for gap in gaps]


def cards(found: Iterable[Card], draft: Draft | None = None) -> list[dict[str, Any]]:
    """Summary cards; with links for changing each answer where there is a draft to change."""
    shown: list[dict[str, Any]] = []
    for card in found:
        begins = not shown or shown[-1]["section"] != card.section.title
        rows = [_row(card, row, draft) for row in card.rows]
        shown.append(
            {"title": card.title, "section": card.section.title, "first": begins, "key": card.key, "rows": rows}
        )
    return shown


def sections_to_check(found: Iterable[Card], draft: Draft) -> list[dict[str, Any]]:
    """The whole form, section by section, with the way back to each, whether or not anything is in it."""
    shown = cards(found, draft)
    return [
        {
            "title": section.title,
            "url": page_url(draft, section),
            "cards": [card for card in shown if card["section"] == section.title and card["rows"]],
        }
        for section in marf.SECTIONS
    ]


def _row(card: Card, row: marf.Row, draft: Draft | None) -> Mapping[str, Any]:
    shown: dict[str, Any] = {"key": row.question.heading, "value": row.words, "missing": not row.words}
    if draft:
        shown["url"] = question_url(draft, card.section, row.question, card.key)
        shown["hidden"] = f"{row.question.subject} ({card.title})"
    return shown
