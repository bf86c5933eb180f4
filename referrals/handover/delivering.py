"""Posting decided contacts to the case management system: at least once, or visibly failed (docs/export.md).

Claim with a lease, send, then mark, like the messages of relay.py; one at a time, so that a lease outlives its request.
No transaction is open while anything leaves this machine. A restricted record waits until it is restricted no more.
"""

import hashlib
import hmac
import http.client
import json
import logging
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit import trail
from referrals.models import Contact, Delivery

from . import export

log = logging.getLogger(__name__)

LEASE_SECONDS, SEND_SECONDS, BUDGET_SECONDS = 60, 10, 30.0
#: How long after each failed attempt the next one follows; after the last of them the delivery has failed.
BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (30, 120, 480, 1800, 7200, 21_600, 86_400))

#: Materialised, as in relay.py: nothing is asked for twice whatever the plan.
_CLAIM = """
    WITH due AS MATERIALIZED (
        SELECT w.id FROM referrals_delivery AS w JOIN referrals_contact AS c ON c.id = w.contact_id
        WHERE w.sent_at IS NULL AND w.failed_at IS NULL AND w.next_attempt_at <= statement_timestamp()
          AND (w.leased_until IS NULL OR w.leased_until < statement_timestamp()) AND NOT c.is_restricted
        ORDER BY w.next_attempt_at, w.id LIMIT 1 FOR UPDATE OF w SKIP LOCKED)
    UPDATE referrals_delivery AS d SET leased_until = statement_timestamp() + make_interval(secs => %(lease)s)
    FROM due WHERE d.id = due.id
    RETURNING d.id, d.key, d.contact_id, d.attempts
"""


class NotTaken(Exception):
    """The case management system answered, and not with 2xx: `str` is its status."""


class NotEncrypted(Exception):
    """The address is not https://, and this is not a demonstration."""


class NoSecret(Exception):
    """Nothing is sent that nobody could tell from a forgery."""


class HeldBack(Exception):
    """The record has been restricted since this was claimed: it stays here, untried."""


@dataclass(frozen=True)
class Claimed:
    """One delivery in this sender's hands until its lease runs out."""

    pk: int
    key: str
    contact: int
    attempts: int


@dataclass
class DeliveryResult:
    sent: int = 0
    failed: int = 0


def deliver_waiting(*, stopping: Callable[[], bool] = lambda: False) -> DeliveryResult:
    """Send what waits, for BUDGET_SECONDS at most: what is left is taken up by the next call."""
    result, started = DeliveryResult(), time.monotonic()
    while settings.CASE_SYSTEM_URL and not stopping() and time.monotonic() - started < BUDGET_SECONDS:
        claimed = _claim()
        if claimed is None:
            break
        error = _error_of(claimed)
        if error is None:
            _mark_sent(claimed)
            result.sent += 1
        elif isinstance(error, HeldBack):
            Delivery.objects.filter(pk=claimed.pk).update(leased_until=None)
        else:
            _note_failure(claimed, error)
            result.failed += 1
    return result


def signed(body: bytes, *, secret: str, timestamp: int) -> str:
    """HMAC-SHA256 over the timestamp, a full stop and the body."""
    return "v1=" + hmac.new(secret.encode(), b"%d." % timestamp + body, hashlib.sha256).hexdigest()


def _claim() -> Claimed | None:
    """In a transaction of its own, over before anything is sent."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"lease": LEASE_SECONDS})
        row = cursor.fetchone()
    return Claimed(*row) if row else None


def _error_of(claimed: Claimed) -> Exception | None:
    try:
        body, timestamp = _body(claimed), int(time.time())
        status = _post(
            settings.CASE_SYSTEM_URL,
            body,
            {
                "Content-Type": "application/json; charset=utf-8",
                "User-Agent": "mash-portal",
                "X-Portal-Delivery": claimed.key,
                "X-Portal-Timestamp": str(timestamp),
                "X-Portal-Signature": signed(body, secret=settings.CASE_SYSTEM_SECRET, timestamp=timestamp),
            },
        )
    except Exception as error:
        log.warning("Delivery %s could not be sent: %s", claimed.pk, type(error).__name__)
        return error
    return None if 200 <= status < 300 else NotTaken(f"HTTP {status}")


def _body(claimed: Claimed) -> bytes:
    contact = Contact.objects.select_related("agency").get(pk=claimed.contact)
    if contact.is_restricted:
        raise HeldBack
    found = {"delivery": claimed.key, **export.document(contact, now=timezone.now())}
    return json.dumps(found, ensure_ascii=False).encode()


def _post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """The status that the server answered with. A redirect is an answer like any other: it is not followed."""
    if not settings.CASE_SYSTEM_SECRET:
        raise NoSecret
    parts = urlsplit(url)
    plain = settings.DEBUG or settings.PORTAL_DEMO
    if parts.scheme != "https" and not (parts.scheme == "http" and plain):
        raise NotEncrypted
    host = parts.hostname or ""
    server: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        server = http.client.HTTPSConnection(host, parts.port, timeout=SEND_SECONDS, context=context)
    else:
        server = http.client.HTTPConnection(host, parts.port, timeout=SEND_SECONDS)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        server.request("POST", path, body, dict(headers))
        return server.getresponse().status
    finally:
        server.close()


@transaction.atomic
def _mark_sent(claimed: Claimed) -> None:
    """A record of a child has left the portal: the trail says so with the mark, or neither is written."""
    changed = Delivery.objects.filter(pk=claimed.pk, sent_at=None).update(
        sent_at=Now(), leased_until=None, failed_at=None, last_error=""
    )
    if changed:
        reference = Contact.objects.values_list("reference", flat=True).get(pk=claimed.contact)
        trail.record("delivered", by=User.objects.system(), reference=reference, details={"delivery": claimed.key})


def _note_failure(claimed: Claimed, error: Exception) -> None:
    """Another attempt later, or failed for good; a status or the class of the error only, which holds nobody's data."""
    attempts = claimed.attempts + 1
    said = str(error) if isinstance(error, NotTaken) else type(error).__name__
    final = attempts > len(BACKOFF)
    changes = {"failed_at": Now()} if final else {"next_attempt_at": Now() + BACKOFF[attempts - 1]}
    Delivery.objects.filter(pk=claimed.pk, sent_at=None).update(
        attempts=attempts, leased_until=None, last_error=said, **changes
    )
