"""What the auditor's page shows, prepared so that the template only prints."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from mash_portal.govuk.words import short_date, time_of_day

from . import words
from .models import Event, EventQuerySet

ROWS = 50


def page_of(wanted: Mapping[str, Any] | None) -> dict[str, Any]:
    """Fifty lines and the way to older ones; None (a filter that makes no sense) shows nothing."""
    if wanted is None:
        return {"rows": [], "older_url": "", "selected": []}
    found = list(_narrowed(wanted)[: ROWS + 1])
    kept = {name: value for name, value in wanted.items() if value and name != "before"}
    more = found[ROWS - 1].pk if len(found) > ROWS else None
    return {
        "rows": [_row(event) for event in found[:ROWS]],
        "older_url": _url({**kept, "before": more}) if more else "",
        "selected": [
            (_label(name, value, found), _url({k: v for k, v in kept.items() if k != name}))
            for name, value in kept.items()
        ],
        "clear_url": reverse("audit:trail"),
    }


def _narrowed(wanted: Mapping[str, Any]) -> EventQuerySet:
    events = Event.objects.newest()
    if wanted["reference"]:
        events = events.filter(reference=wanted["reference"].strip().upper())
    if wanted["person"]:
        events = events.filter(by=wanted["person"])
    if wanted["verb"]:
        events = events.filter(Q(verb=wanted["verb"]) | Q(verb__startswith=f"{wanted['verb']}:"))
    if wanted["before"]:
        events = events.filter(pk__lt=wanted["before"])
    return events


def _row(event: Event) -> dict[str, str]:
    return {
        "when": f"{short_date(event.at)}, {time_of_day(event.at)}",
        "by": event.by.full_name,
        "person_url": _url({"person": event.by_id}),
        "agency": event.by.agency.name if event.by.agency else "",
        "verb": words.said(event.verb),
        "reference": event.reference,
        "reference_url": _url({"reference": event.reference}) if event.reference else "",
        "details": words.details(event.details),
    }


def _label(name: str, value: object, found: Sequence[Event]) -> str:
    """A chosen filter in words. Whoever has left no line is not named: the number says enough."""
    if name == "person":
        return f"By {found[0].by.full_name if found else f'person {value}'}"
    return f"About {value}" if name == "reference" else words.said(str(value))


def _url(query: Mapping[str, Any]) -> str:
    return f"{reverse('audit:trail')}?{urlencode(query)}" if query else reverse("audit:trail")
