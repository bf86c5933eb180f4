"""The rows of a duty day in words, so that templates only print."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from mash_portal.accounts.models import User
from mash_portal.govuk import words
from referrals import casefile
from referrals.models import Absence, Contact, ShiftNote
from referrals.vocabulary import Rag

from .queries import Load
from .supervision import Summary


def load_row(load: Load) -> dict[str, Any]:
    return {
        "name": load.person.full_name,
        "job": load.person.job,
        "held": load.held,
        "red": load.red,
        "overdue": load.overdue,
        "sign_off": load.waits_for_sign_off,
        "away": load.away_words,
        "url": f"{reverse('triage:share_out')}?from={load.person.pk}",
        "summary_url": reverse("shift:supervision", args=[load.person.pk]),
    }


def absence_row(absence: Absence, now: datetime) -> dict[str, Any]:
    return {
        "pk": absence.pk,
        "name": absence.person.full_name,
        "when": f"{words.short_moment(absence.starts_at)} to {words.short_moment(absence.ends_at)}",
        "reason": absence.reason,
        "deputy": absence.deputy.full_name if absence.deputy else "Nobody",
        "noted": f"{absence.noted_by}, {words.short_moment(absence.noted_at)}",
        "button": "Back now" if absence.starts_at <= now else "Take it back",
    }


def children_of(contact: Contact, now: datetime) -> str:
    return ", ".join(casefile.child_words(child, now) for child in contact.children.all()) or "Nobody named"


def line(contact: Contact, now: datetime) -> dict[str, Any]:
    """One contact for a telephone's screen or for paper."""
    referrer = contact.referrer
    return {
        "reference": contact.reference,
        "url": reverse("triage:contact", args=[contact.reference]),
        "children": children_of(contact, now),
        "rag": Rag(contact.rag) if contact.rag else None,
        "rag_words": Rag(contact.rag).label if contact.rag else "Not yet rated",
        "stage": contact.as_stage.label,
        "left": words.time_left(contact.due_at, now),
        "due": words.short_moment(contact.due_at),
        "is_late": contact.due_at < now,
        "agency": contact.agency.name,
        "ring": " ".join(part for part in (referrer.full_name, referrer.phone) if part),
        "received": words.short_moment(contact.received_at),
        "holder": contact.owner.full_name if contact.owner else "Nobody yet",
    }


def note_card(note: ShiftNote, reader: User) -> dict[str, Any]:
    taken = f"Taken over by {note.taken_by}, {words.short_moment(note.taken_at)}" if note.taken_at else ""
    return {
        "pk": note.pk,
        "title": f"{note.by}, {words.short_moment(note.at)}",
        "text": note.text,
        "lines": [
            (one.contact.reference, reverse("triage:contact", args=[one.contact.reference]), one.line)
            for one in note.lines.all()
        ],
        "taken": taken,
        "may_take": not taken and note.by != reader,
    }


def discussions(contact: Contact) -> list[dict[str, str]]:
    found = contact.discussions.select_related("by", "with_person")
    return [
        {"when": words.short_moment(one.at), "who": f"{one.by} with {one.with_person}", "line": one.line}
        for one in found
    ]


def supervision(summary: Summary, now: datetime) -> dict[str, Any]:
    """The summary in words; both sides of a supervision read the same."""
    late, decided = len(summary.late), summary.decided
    late_now = sum(one.due_at < now for one in summary.held)
    days_there = words.count(summary.days_there, "working day")
    return {
        "name": summary.person.full_name,
        "heading": f"{summary.person.full_name}: supervision summary",
        "period": f"{words.long_date(summary.first_day)} to {words.long_date(summary.last_day)}",
        "away": f"Away on {words.count(summary.days_away, 'working day')} of it." if summary.days_away else "",
        "steps": [
            {"key": f"{verb.label[:1].upper()}{verb.label[1:]}", "value": f"{how_often:,}"}
            for verb, how_often in summary.steps
        ],
        "there": f"{words.count(summary.taken, 'contact')} taken in {days_there} there.",
        "late_words": f"{late} of {words.count(decided, 'decision')} on contacts they hold."
        if decided
        else "No contact that they hold was decided in this time.",
        "held_words": f"{words.count(len(summary.held), 'open contact')}, {late_now} of them late.",
        "late": [
            {
                "reference": one.contact.reference,
                "url": reverse("triage:contact", args=[one.contact.reference]),
                "due": words.short_moment(one.due_at),
                "met": words.short_moment(one.met_at) if one.met_at else "",
                "away": one.pk in summary.late_away,
            }
            for one in summary.late
        ],
        "discussions": [
            {
                "line": one.line,
                "reference": one.contact.reference,
                "url": reverse("triage:contact", args=[one.contact.reference]),
                "who": f"{one.by} with {one.with_person}",
                "when": words.short_moment(one.at),
            }
            for one in summary.discussions
        ],
        "held": [line(one, now) for one in summary.held],
    }
