"""The list behind a number of the look back. Without names: who may open a contact has its reference."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.urls import reverse

from mash_portal.accounts.models import User
from mash_portal.govuk import words
from referrals import access
from referrals.models import Child
from referrals.vocabulary import Outcome

from . import tables
from .lookback import AS_WHAT, STATES, UNKNOWN, Asked

Row = dict[str, Any]


def rows(page: Iterable[Child], user: User) -> list[Row]:
    """Three queries, however many rows."""
    shown = list(page)
    contacts = {row.contact_id for row in shown} | {row.back_contact for row in shown if row.back_contact}  # type: ignore[attr-defined]  # annotated
    opens = dict(access.visible_to(user).filter(pk__in=contacts).values_list("pk", "reference"))
    return [_row(row, opens) for row in shown]


def _row(row: Any, opens: dict[int, str]) -> Row:
    return {
        "agency": row.agency.name,
        "closed": words.long_date(row.decided_at),
        "outcome": Outcome(row.outcome).label,
        **_link("", opens.get(row.contact_id, "")),
        "back": words.long_date(row.back_at) if row.back_at else "Not so far",
        "after": words.length(row.back_at - row.decided_at) if row.back_at else "",
        "as_what": _as_what(row),
        **_link("back_", opens.get(row.back_contact, "")),
    }


def _as_what(row: Any) -> str:
    if not row.back_at:
        return "–"
    return Outcome(row.back_outcome).label if row.back_outcome else "Not decided yet"


def _link(which: str, reference: str) -> Row:
    url = reverse("triage:contact", args=[reference]) if reference else ""
    return {f"{which}reference": reference, f"{which}url": url}


def chosen(asked: Asked) -> list[tuple[str, str]]:
    """The filters in words, with the address that is left when each is taken away."""
    found = []
    if asked.group:
        found.append((asked.group, tables.address(replace(asked, group=""))))
    if asked.state:
        days = "" if asked.state == UNKNOWN else f" ({asked.days} days)"
        found.append((f"{STATES[asked.state]}{days}", tables.address(replace(asked, state="", became=""))))
    if asked.became:
        found.append((f"As: {AS_WHAT[asked.became]}", tables.address(replace(asked, became=""))))
    return found
