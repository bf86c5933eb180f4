"""The figures of the wall as rows, for a command: the same counts as the page has."""

from collections.abc import Iterable
from datetime import datetime

from referrals.models.contact import ContactQuerySet
from referrals.vocabulary import Rag

from .pace import Outlook
from .reading import Held, door, usual

Row = dict[str, str | int | None]


def rows(contacts: ContactQuerySet, now: datetime) -> list[Row]:
    """In all, unassigned, by priority, by worker; and what is still to come today, None where too little is known."""
    found = door(contacts, now)
    outlook = Outlook.of(usual(contacts, now), found.here)
    held: Iterable[tuple[str, Held]] = (
        ("all", found.total),
        ("unassigned", found.unassigned),
        *((rag.label, found.by_rag.get(rag, Held())) for rag in Rag),
        ("Not yet rated", found.by_rag.get("", Held())),
        *((worker.name, worker.held) for worker in found.workers),
    )
    expected, decided = (outlook.expected, outlook.decided) if outlook else (None, None)
    return [
        {
            "now": label,
            "open": one.open,
            "late": one.late,
            "due_in_two_hours": one.soon,
            "expected_today": None if at else expected,
            "decided_today_at_usual_pace": None if at else decided,
        }
        for at, (label, one) in enumerate(held)
    ]
