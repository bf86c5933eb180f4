"""The one way to write a line of the audit trail, always in the transaction of what it tells of."""

from contextvars import ContextVar
from typing import Any

from mash_portal.accounts.models import User

from .models import Event

#: Set by the RequestId middleware, so that a line can be matched with the web server's log.
request_id: ContextVar[str] = ContextVar("request_id", default="")


def record(verb: str, *, by: User, reference: str = "", details: dict[str, Any] | None = None) -> None:
    """Append a line. `details` hold codes and field names only: the trail outlives the record, its content must not."""
    Event.objects.create(verb=verb, by=by, reference=reference, request_id=request_id.get(), details=details or {})
