"""Each child across contacts, the oldest first: when, from whom, what was believed, assessed and decided.

Only contacts that this person may open are in it: neither the numbers nor the pictures hint at others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects
from django.urls import reverse

from mash_portal.accounts.models import User
from mash_portal.govuk import words
from referrals import access
from referrals.codes import SOURCE_LABELS
from referrals.models import Assessment, Child, Contact
from referrals.vocabulary import NFA, PROTECTIVE, Channel, Outcome

from . import drawing
from .drawing import Mark, Steps


@dataclass(frozen=True)
class Entry:
    """One contact about one child. `number` is its place in the chronology, which the picture shows as well."""

    number: int
    row: Child
    assessed: int | None
    is_this: bool

    @property
    def level(self) -> int | None:
        """The level that stands: as decided, else as the hub assessed it, else as the referrer believed."""
        return self.row.level_decided or self.assessed or self.row.level_believed

    @property
    def kind(self) -> str:
        if not self.row.outcome:
            return drawing.OPEN
        outcome = Outcome(self.row.outcome)
        if outcome in PROTECTIVE:
            return drawing.PROTECTED
        return drawing.ENDED if outcome in NFA or outcome is Outcome.SIGNPOST else drawing.HELPED


@dataclass(frozen=True)
class Story:
    """One child of the contact, with every contact about them."""

    child: Child
    entries: Sequence[Entry]


def of(contact: Contact, user: User) -> list[Story]:
    """Two queries, however long the story; a third for the children where they have not been fetched."""
    prefetch_related_objects([contact], "children")
    children = list(contact.children.all())
    people = [child.person_id for child in children if child.person_id]
    rows = (
        Child.objects.filter(person__in=people, contact__in=access.visible_to(user))
        .select_related("contact__agency")
        .order_by("received_at", "pk")
    )
    by_person: dict[int | None, list[Child]] = {}
    for row in rows:
        by_person.setdefault(row.person_id, []).append(row)
    found = [(child, by_person.get(child.person_id) or [child]) for child in children]
    assessed = _assessed({row.contact_id for _, known in found for row in known})
    return [Story(child, _entries(known, assessed, contact)) for child, known in found]


def _assessed(contacts: set[int]) -> Mapping[int, int]:
    """The level of the hub's latest assessment of each contact."""
    latest = Assessment.objects.filter(side=Assessment.HUB, contact__in=contacts)
    return dict(latest.order_by("contact", "-at", "-id").distinct("contact").values_list("contact", "level"))


def _entries(rows: Sequence[Child], assessed: Mapping[int, int], contact: Contact) -> list[Entry]:
    return [
        Entry(number, row, assessed.get(row.contact_id), row.contact_id == contact.pk)
        for number, row in enumerate(rows, 1)
    ]


def shown(stories: Sequence[Story], now: datetime) -> list[dict[str, Any]]:
    """Ready to print: a picture of the time, a picture of the levels, and one row for each contact."""
    return [_shown(story, now) for story in stories]


def _shown(story: Story, now: datetime) -> dict[str, Any]:
    entries = story.entries
    named = story.child.name
    first, last = entries[0].row.received_at, max(now, entries[-1].row.received_at)
    marks = [Mark(one.number, one.row.received_at, one.kind) for one in entries]
    rows = [_row(one, before) for one, before in zip(entries, [None, *entries], strict=False)]
    return {
        "pk": story.child.pk,
        "name": named,
        "counted": words.count(len(entries), "contact"),
        "title": f"Contacts about {named}, {words.long_date(first)} to {words.long_date(last)}",
        "desc": "; ".join(f"number {row['number']}, {row['when']}: {row['outcome']}" for row in rows),
        "time": drawing.timeline(marks, first, last) if len(entries) > 1 else None,
        "rows": rows,
        **levels(story),
    }


def levels(story: Story) -> dict[str, Any]:
    """How the level went up and down, as a picture and in a sentence for each contact."""
    entries = story.entries
    steps = [Steps(one.number, one.row.level_believed, one.assessed, one.row.level_decided) for one in entries]
    known = [one for one in entries if one.level]
    return {
        "name": story.child.name,
        "pk": story.child.pk,
        "steps": drawing.staircase(steps) if known and len(entries) > 1 else None,
        "has_level": bool(known),
        "sentences": [_sentence(one, before) for one, before in zip(entries, [None, *entries], strict=False)],
    }


def _row(entry: Entry, before: Entry | None) -> dict[str, Any]:
    row = entry.row
    return {
        "number": entry.number,
        "when": words.long_date(row.received_at),
        "from": row.contact.agency.name,
        "how": _how(row.contact),
        "reference": row.contact.reference,
        "url": reverse("triage:contact", args=[row.contact.reference]),
        "is_this": entry.is_this,
        "levels": _levels(entry),
        "moved": _moved(entry, before),
        "outcome": Outcome(row.outcome).label if row.outcome else "Not decided yet",
        "decided": words.long_date(row.decided_at) if row.decided_at else "",
    }


def _how(contact: Contact) -> str:
    source = SOURCE_LABELS.get(contact.source, "")
    return f"{Channel(contact.channel).label}{f', {source}' if source else ''}"


def _levels(entry: Entry) -> str:
    said = [("believed", entry.row.level_believed), ("assessed", entry.assessed), ("decided", entry.row.level_decided)]
    return ", ".join(f"{word} {level}" for word, level in said if level) or "no level given"


def _sentence(entry: Entry, before: Entry | None) -> str:
    """ "12 March 2026, Alder Primary: believed 3, assessed 3, decided 2. Stepped down from level 3." """
    this = " (this contact)" if entry.is_this else ""
    start = f"{words.long_date(entry.row.received_at)}, {entry.row.contact.agency.name}{this}: {_levels(entry)}."
    return f"{start} {moved}." if (moved := _moved(entry, before)) else start


def _moved(entry: Entry, before: Entry | None) -> str:
    if before is None or not before.level or not entry.level:
        return ""
    if entry.level == before.level:
        return f"Stayed at level {entry.level}"
    direction = "up" if entry.level > before.level else "down"
    return f"Stepped {direction} from level {before.level} to level {entry.level}"
