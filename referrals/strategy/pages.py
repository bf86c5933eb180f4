"""What the pages of a strategy discussion show, and their forms as they are drawn."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.urls import reverse

from mash_portal.accounts.models import User
from mash_portal.govuk import words
from mash_portal.govuk.forms import GovukForm
from referrals import access, clockwork, discussions
from referrals.models import Contact, StrategyDiscussion
from referrals.rules import strategy

from . import queries
from .calling import ArrangeForm, CallForm
from .moments import time_words
from .recording import RecordForm

MOST_ROWS = 10
Posted = Mapping[str, Any] | None
Drawn = TypeVar("Drawn", bound=GovukForm)


def call_form(contact: Contact, posted: Posted) -> CallForm:
    children, agencies = list(contact.children.all()), queries.agencies()
    rows = _rows(posted, "other_{}_agency")

    def make(data: Posted, initial: Mapping[str, Any]) -> CallForm:
        return CallForm(data, contact=contact, children=children, agencies=agencies, rows=rows, initial=initial)

    return _drawn(make, posted, {})


def arrange_form(waiting: StrategyDiscussion | None, posted: Posted) -> ArrangeForm:
    agencies, rows = queries.agencies(), _rows(posted, "other_{}_agency")

    def make(data: Posted, initial: Mapping[str, Any]) -> ArrangeForm:
        return ArrangeForm(data, agencies=agencies, rows=rows, initial=initial)

    return _drawn(make, posted, _planned(waiting) if waiting else {})


def record_form(contact: Contact, waiting: StrategyDiscussion | None, posted: Posted, now: datetime) -> RecordForm:
    """About the discussion that the page showed, though it has been recorded or called off since."""
    number = (posted or {}).get("discussion") or (waiting.pk if waiting else None)
    invitations, chairs = queries.invitations_of(contact, number), queries.chairs(now)
    rows = _rows(posted, "action_{}_what")

    def make(data: Posted, initial: Mapping[str, Any]) -> RecordForm:
        return RecordForm(data, invitations=invitations, chairs=chairs, rows=rows, initial=initial)

    return _drawn(make, posted, {"discussion": number})


def _drawn(make: Callable[[Posted, Mapping[str, Any]], Drawn], posted: Posted, initial: Mapping[str, Any]) -> Drawn:
    """The form as it is filled in; with one more row and nothing objected to yet, where that was asked for."""
    form = make(posted, initial)
    return make(None, form.typed()) if posted is not None and "more" in posted else form


def _rows(posted: Posted, name: str) -> int:
    """As many rows as were shown, and one more when that was asked for."""
    said = posted or {}
    shown = sum(1 for row in range(MOST_ROWS) if name.format(row) in said)
    return min(max(1, shown + ("more" in said)), MOST_ROWS)


def _planned(waiting: StrategyDiscussion) -> dict[str, Any]:
    at = waiting.planned_for
    return {
        "discussion": waiting.pk,
        "planned_on": clockwork.london(at).date() if at else None,
        "planned_at": time_words(at),
        "how_to_join": waiting.how_to_join,
    }


def cards(contact: Contact, now: datetime) -> list[dict[str, Any]]:
    """Every discussion about this family, the newest first, whole."""
    return [_card(discussion, now) for discussion in discussions.of(contact)]


def invitation(discussion: StrategyDiscussion) -> dict[str, Any]:
    """What somebody who is invited reads: which family, when, where, and who called it. No more."""
    is_open = discussion.recorded_at is None and discussion.called_off_at is None
    rows = [
        {"key": "Reference", "value": discussion.contact.reference},
        {"key": "Children", "value": discussions.children_of(discussion)},
        {"key": "When", "value": _when(discussion)},
        {"key": "Where, or how to join", "value": discussion.how_to_join or "Not said yet"},
        {"key": "Called by", "value": _caller(discussion)},
    ]
    return {
        "rows": rows if is_open else rows[:1],
        "is_open": is_open,
        "is_called_off": discussion.called_off_at is not None,
        "reference": discussion.contact.reference,
    }


def invitation_rows(user: User) -> list[dict[str, str]]:
    """The discussions that this person's agency is invited to and that are still to be held, the soonest due first."""
    found = access.invited_to(user).open().select_related("contact", "called_by").prefetch_related("children")
    return [
        {
            "reference": one.contact.reference,
            "url": reverse("strategy:invitation", args=[one.contact.reference]),
            "children": discussions.children_of(one),
            "when": _when(one),
            "called_by": _caller(one),
        }
        for one in found.order_by("due_at", "id")
    ]


def _when(discussion: StrategyDiscussion) -> str:
    if discussion.planned_for:
        return words.long_moment(discussion.planned_for)
    return f"Not said yet. It is due by {words.long_moment(discussion.due_at)}."


def _caller(discussion: StrategyDiscussion) -> str:
    caller = discussion.called_by
    return ", ".join(part for part in (caller.full_name, caller.job, caller.phone) if part)


def _card(discussion: StrategyDiscussion, now: datetime) -> dict[str, Any]:
    rows = [*_as_called(discussion), *_as_held(discussion), *_as_ended(discussion)]
    return {
        "title": discussions.title(discussion),
        "rows": [{"key": key, "value": value} for key, value in rows if value],
        "clock": discussions.clock(discussion, now),
        "is_open": discussion.recorded_at is None and discussion.called_off_at is None,
    }


def _as_called(discussion: StrategyDiscussion) -> list[tuple[str, str]]:
    planned = words.long_moment(discussion.planned_for) if discussion.planned_for else "Not said yet"
    return [
        ("About", discussions.children_of(discussion)),
        ("Why", discussion.reason),
        ("Called", f"{words.long_moment(discussion.called_at)} by {discussion.called_by}"),
        ("Planned for", "" if discussion.held_at else planned),
        ("Where, or how to join", discussion.how_to_join),
        ("Who was invited", discussions.invited_words(discussion.invitations.all())),
    ]


def _as_held(discussion: StrategyDiscussion) -> list[tuple[str, str]]:
    if discussion.recorded_at is None or discussion.held_at is None:
        return []
    absent = strategy.not_there(discussions.seats_of(discussion))
    return [
        ("Held", f"{words.long_moment(discussion.held_at)}, chaired by {discussion.chaired_by}"),
        ("Held without", "\n".join(who[:1].upper() + who[1:] for who in absent)),
        ("Risk", discussion.risk),
        ("The child’s voice", discussion.childs_voice),
        ("Decision", discussions.decision_words(discussion)),
        ("Why this was decided", discussion.rationale),
        ("Contingency", discussion.contingency),
        *(
            (f"Action for {action.owner}", f"{action.what}\nBy {words.long_date(action.due)}")
            for action in discussion.actions.all()
        ),
        ("Recorded", f"{words.long_moment(discussion.recorded_at)} by {discussion.recorded_by}"),
    ]


def _as_ended(discussion: StrategyDiscussion) -> list[tuple[str, str]]:
    if discussion.called_off_at is None:
        return []
    return [
        ("Called off", f"{words.long_moment(discussion.called_off_at)} by {discussion.called_off_by}"),
        ("Because", discussion.called_off_because),
    ]
