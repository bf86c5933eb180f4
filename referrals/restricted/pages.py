"""The pages of restricted records ready to print."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse

from mash_portal.accounts.models import User
from mash_portal.govuk import words
from referrals import casefile
from referrals.models import BrokenGlass, Contact, Restriction
from referrals.models.restricted import BrokenGlassQuerySet

from . import queries
from .forms import StateForm

Row = dict[str, Any]
TO_REVIEW, REVIEWED, ALL = "to_review", "reviewed", "all"
STATES = ((TO_REVIEW, "To review"), (REVIEWED, "Reviewed"), (ALL, "All"))
HEADINGS = {TO_REVIEW: "to review", REVIEWED: "reviewed", ALL: "in all"}


def record_rows(contacts: Iterable[Contact], now: datetime) -> list[Row]:
    return [_record(contact, contact.in_force[0], now) for contact in contacts]  # type: ignore[attr-defined]  # to_attr


def _record(contact: Contact, restriction: Restriction, now: datetime) -> Row:
    return {
        "reference": contact.reference,
        "url": reverse("triage:contact", args=[contact.reference]),
        "children": ", ".join(casefile.child_words(child, now) for child in contact.children.all()) or "Nobody named",
        "stage": contact.as_stage.label,
        "holder": f"Held by {contact.owner}" if contact.owner else "Held by nobody",
        "since": words.short_moment(restriction.at),
        "by": restriction.by.full_name,
        "named": ", ".join(person.full_name for person in restriction.named.all()),
    }


def restriction(contact: Contact, user: User) -> dict[str, Any]:
    """What is in force now, who sees it without being named, and who has broken the glass."""
    now_named = queries.in_force(contact)
    anyway = [f"{contact.owner.full_name}, who holds it"] if contact.owner else []
    anyway.append(f"{contact.referrer.full_name}, who referred")
    return {
        "anyway": [*anyway, f"{user.full_name}, who restricts it" if not now_named else f"{user.full_name}, yourself"],
        "since": _since(now_named) if now_named else "",
        "glasses": [_glass_on(glass) for glass in queries.broken_on(contact)],
    }


def _since(restriction: Restriction) -> str:
    return f"Restricted since {words.long_moment(restriction.at)} by {restriction.by}."


def _glass_on(glass: BrokenGlass) -> Row:
    said = f"{glass.reason}\nOpen until {words.long_moment(glass.ended_at)}.\n{_verdict(glass)}"
    return {"key": f"{glass.by}, {words.long_moment(glass.at)}", "value": said}


def _verdict(glass: BrokenGlass) -> str:
    if glass.reviewed_at is None:
        return "Not reviewed yet."
    right = "right" if glass.was_right else "not right"
    return f"{glass.reviewed_by} found it {right}, {words.long_moment(glass.reviewed_at)}."


def state_of(typed: str) -> str:
    return typed if typed in HEADINGS else TO_REVIEW


def narrow(glasses: BrokenGlassQuerySet, state: str) -> BrokenGlassQuerySet:
    """What waits for a review in the order in which it fell due; the rest with the latest first."""
    if state == TO_REVIEW:
        return glasses.to_review().order_by("at", "pk")
    return glasses.exclude(reviewed_at=None) if state == REVIEWED else glasses


def broken(state: str, number: int) -> dict[str, Any]:
    chosen = [] if state == TO_REVIEW else [(dict(STATES)[state], reverse("restricted:broken"))]
    return {
        "heading": f"{words.count(number, 'broken glass', 'broken glasses')} {HEADINGS[state]}",
        "filter_form": StateForm(STATES, initial={"state": state}),
        "selected": chosen,
        "is_to_review": state == TO_REVIEW,
    }


def broken_rows(glasses: Iterable[BrokenGlass], now: datetime) -> list[Row]:
    rows = list(glasses)
    due = queries.reviews_due(rows)
    return [_broken(glass, due, now) for glass in rows]


def _broken(glass: BrokenGlass, due: Mapping[int, datetime], now: datetime) -> Row:
    return {
        "reference": glass.contact.reference,
        "url": reverse("restricted:review", args=[glass.pk]),
        "who": glass.by.full_name,
        "job": glass.by.job or glass.by.as_role.label,
        "when": words.short_moment(glass.at),
        "reason": glass.reason,
        "clock": _clock(glass, due.get(glass.pk), now),
        "verdict": _verdict(glass) if glass.reviewed_at else "",
    }


def _clock(glass: BrokenGlass, due: datetime | None, now: datetime) -> words.ClockWords | None:
    return words.clock_words("Review", due, now, glass.reviewed_at) if due else None


def review(glass: BrokenGlass, user: User, now: datetime) -> dict[str, Any]:
    """Who, when, why, which pages. Nothing of the record itself."""
    due = queries.reviews_due([glass]).get(glass.pk)
    read = queries.pages_read(glass)
    facts = [
        ("Record", glass.contact.reference),
        ("Opened by", f"{glass.by}, {glass.by.job or glass.by.as_role.label}"),
        ("Opened", words.long_moment(glass.at)),
        ("Why", glass.reason),
        ("Open until", f"{words.long_moment(glass.ended_at)}{', given back' if glass.closed_at else ''}"),
    ]
    return {
        "glass": glass,
        "rows": [{"key": key, "value": value} for key, value in facts],
        "clock": _clock(glass, due, now),
        "read": [{"key": words.short_moment(line.at), "value": line.what} for line in read],
        "verdict": _verdict(glass) if glass.reviewed_at else "",
        "is_own": glass.by_id == user.pk,
    }
