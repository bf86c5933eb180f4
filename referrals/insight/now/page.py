"""The wall: everything as ready words, each number with the address of the queue that it counts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from mash_portal.govuk import words
from referrals import access
from referrals.models.contact import ContactQuerySet
from referrals.vocabulary import Rag

from .pace import WEEKS, Outlook, Usual
from .reading import Door, Held, door, usual

RAGS = (*((rag.value, rag.label) for rag in Rag), ("", "Not yet rated"))
NOT_RATED, NOBODY = "none", "nobody"


def on_a_wall(now: datetime) -> dict[str, Any]:
    """For whoever passes by: no link, nobody by name, and no restricted record, whoever has put it there."""
    shown = context(access.countable_contacts(), now)
    for one in (*shown["tiles"], *(number for row in shown["rags"] for number in row["numbers"])):
        one["url"] = ""
    return shown | {"workers": []}


def context(contacts: ContactQuerySet, now: datetime) -> dict[str, Any]:
    found, past = door(contacts, now), usual(contacts, now)
    outlook = Outlook.of(past, found.here)
    return {
        "heading": heading(found),
        "at": words.time_of_day(now),
        "sentence": outlook.sentence if outlook else _too_little(now),
        "leaves": outlook.leaves(found.total.open) if outlook else "",
        "today": f"{past.received_today} received and {past.decided_today} decided so far today.",
        "tiles": _tiles(found),
        "rags": [_row(label, found.by_rag.get(rag, Held()), rag=rag or NOT_RATED) for rag, label in RAGS],
        "workers": [
            {**_row(worker.name, worker.held, holder=str(worker.number)), "is_here": worker.is_here}
            for worker in found.workers
        ],
        "hours": hours(past, found.here) if outlook else [],
        "weekday": timezone.localtime(now).strftime("%A"),
        "weeks": WEEKS,
    }


def heading(found: Door) -> str:
    """What matters most: what is late, else what will be, else that all is in hand."""
    if found.total.late:
        return f"{found.total.late} of {words.count(found.total.open, 'open contact')} {_are(found.total.late)} late"
    if found.total.soon:
        return f"Nothing is late; {words.count(found.total.soon, 'contact')} {_are(found.total.soon)} due in two hours"
    if found.total.open:
        return f"Nothing is late; {words.count(found.total.open, 'contact')} {_are(found.total.open)} open"
    return "Nothing is waiting for a decision"


def hours(past: Usual, here: int) -> list[dict[str, str]]:
    """The rest of today, hour by hour."""
    return [
        {
            "hour": f"{hour:02}:00",
            "expected": f"{past.expected(hour):.1f}",
            "decided": f"{past.decisions(hour, here):.1f}",
        }
        for hour in range(24)
        if past.left(hour) and (past.expected(hour) or past.decisions(hour, here))
    ]


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _too_little(now: datetime) -> str:
    day = timezone.localtime(now).strftime("%A")
    return f"Too few of the last {WEEKS} {day}s had contacts to say what to expect today."


def _tiles(found: Door) -> Sequence[dict[str, str]]:
    total = found.total
    return [
        {"number": f"{total.open:,}", "label": "open", "url": _queue()},
        {
            "number": f"{found.unassigned.open:,}", "label": "unassigned", "url": _queue(holder=NOBODY),
            "state": "soon" if found.unassigned.open else "good",
        },
        {
            "number": f"{total.late:,}", "label": "late", "url": _queue(late="1"),
            "state": "overdue" if total.late else "good",
        },
        {
            "number": f"{total.soon:,}", "label": "due in the next two hours", "url": _queue(soon="1"),
            "state": "soon" if total.soon else "good",
        },
    ]  # fmt: skip


def _row(label: str, held: Held, **own: str) -> dict[str, Any]:
    return {
        "label": label,
        "numbers": [
            {"name": "open", "number": held.open, "url": _queue(**own)},
            {"name": "late", "number": held.late, "url": _queue(**own, late="1"), "is_late": held.late > 0},
            {"name": "due in two hours", "number": held.soon, "url": _queue(**own, soon="1")},
        ],
    }


def _queue(**narrowed: str) -> str:
    return f"{reverse('triage:queue')}?{urlencode({'whose': 'everybody', **narrowed})}"
