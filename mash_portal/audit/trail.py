"""The one way to write a line of the audit trail, always in the transaction of what it tells of."""

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mash_portal.accounts.models import User

from . import words
from .models import Event

#: Set by the RequestId middleware, so that a line can be matched with the web server's log.
request_id: ContextVar[str] = ContextVar("request_id", default="")


def record(verb: str, *, by: User, reference: str = "", details: dict[str, Any] | None = None) -> None:
    """Append a line. `details` hold codes and field names only: the trail outlives the record, its content must not."""
    Event.objects.create(verb=verb, by=by, reference=reference, request_id=request_id.get(), details=details or {})


def record_many(verb: str, lines: Iterable[tuple[str, dict[str, Any]]], *, by: User) -> None:
    """Append one line of the same verb for each (reference, details). One statement, however many there are."""
    number = request_id.get()
    Event.objects.bulk_create(
        [Event(verb=verb, by=by, reference=ref, request_id=number, details=details) for ref, details in lines]
    )


@dataclass(frozen=True)
class Line:
    """One thing that somebody did with a record: when, and what in words."""

    at: datetime
    what: str


def done(by: User, reference: str, since: datetime, until: datetime, *, most: int) -> list[Line]:
    """What one person did with one record within a time, the latest first: for whoever reviews it."""
    events = Event.objects.about(reference).filter(by=by, at__gte=since, at__lte=until).order_by("-id")
    return [Line(event.at, words.said(event.verb)) for event in events[:most]]
