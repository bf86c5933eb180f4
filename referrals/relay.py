"""Sending what is in the outbox: at least once, or visibly failed (G7).

Claim with a lease, send, then mark. Whoever dies while it sends lets its lease run out, and another sends again. No
transaction is open while anything leaves this machine. A message has a reference and a link, never a child's data.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.urls import reverse

from referrals.models import Notice

log = logging.getLogger(__name__)

LEASE_SECONDS = 60
BATCH = 20
#: Long enough for a slow server, short enough that a dead one does not hold up the sweep beside us.
SEND_SECONDS, BUDGET_SECONDS = 5, 15.0
#: How long after each failed attempt the next one follows; after the last of them the message has failed.
BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (30, 120, 480, 1800, 7200))

#: Where a message's link leads; the address alone, which tells nothing to anybody who may not sign in.
PAGES = {
    "receipt": "intake:referral",
    "update": "feedback:read",
    "question": "intake:referral",
    "carrying_on": "intake:referral",
    "advice": "calls:ours",
    "form_expected": "calls:ours",
    "call_taken": "calls:ours",
    "reminder": "intake:referral",
    "joined": "intake:referral",
    "file_kept_back": "intake:list",
    "draft_unsent": "intake:list",
    "draft_deletion": "intake:list",
    "escalation": "escalation:board",
    "escalations": "escalation:board",
}
CONTACT_PAGE = "triage:contact"
WITHOUT_REFERENCE = frozenset({"escalation:board", "intake:list"})

_CLAIM = """
    UPDATE referrals_notice AS n SET leased_until = statement_timestamp() + make_interval(secs => %(lease)s)
    FROM (SELECT id FROM referrals_notice
          WHERE sent_at IS NULL AND failed_at IS NULL AND next_attempt_at <= statement_timestamp()
            AND (leased_until IS NULL OR leased_until < statement_timestamp())
          ORDER BY next_attempt_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED) AS due, accounts_user AS u
    WHERE n.id = due.id AND u.id = n.to_id
    RETURNING n.id, n.template, n.reference, n.attempts, u.email, u.full_name, u.is_active
"""


class PersonInactive(Exception):
    """The person has left: no message goes out, and the board says so."""


class NotTaken(Exception):
    """The mail server took the message from us and had nobody to deliver it to."""


@dataclass(frozen=True)
class Claimed:
    """One message in this sender's hands until its lease runs out."""

    pk: int
    template: str
    reference: str
    attempts: int
    email: str
    full_name: str
    is_active: bool


@dataclass
class SendResult:
    sent: int = 0
    failed: int = 0


def send_waiting(*, batch: int = BATCH, stopping: Callable[[], bool] = lambda: False) -> SendResult:
    """Send everything that waits, for BUDGET_SECONDS at most: what is left is taken up by the next call."""
    result, started = SendResult(), time.monotonic()
    while not stopping() and time.monotonic() - started < BUDGET_SECONDS:
        claimed = _claim(batch)
        if not claimed:
            break
        for notice, error in _send(claimed, started):
            if error is None:
                Notice.objects.filter(pk=notice.pk, sent_at=None).update(sent_at=Now(), leased_until=None)
                result.sent += 1
            else:
                _note_failure(notice, error)
                result.failed += 1
    return result


def render(notice: Claimed) -> tuple[str, str]:
    """Subject and text of a message."""
    link = settings.BASE_URL + path_for(notice.template, notice.reference)
    facts = {
        "reference": notice.reference,
        "link": link,
        "name": notice.full_name,
        "phone": settings.MASH_PHONE,
        "council": settings.COUNCIL_NAME,
    }
    first, _, rest = render_to_string(f"notices/{notice.template}.txt", facts).partition("\n")
    return first.removeprefix("Subject: ").strip(), rest.strip() + "\n"


def path_for(template: str, reference: str) -> str:
    """The page that a message is about; the board where it is about several."""
    page = PAGES.get(template, CONTACT_PAGE)
    return reverse(page, args=[reference] if reference and page not in WITHOUT_REFERENCE else [])


def _claim(limit: int) -> list[Claimed]:
    """In a transaction of its own, over before anything is sent."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"lease": LEASE_SECONDS, "limit": limit})
        return [Claimed(*row) for row in cursor.fetchall()]


def _send(claimed: list[Claimed], started: float) -> Iterator[tuple[Claimed, Exception | None]]:
    """Each message by itself over one connection: one person's failure silences nobody else."""
    server = mail.get_connection(timeout=SEND_SECONDS)
    try:
        for notice in claimed:
            if time.monotonic() - started > BUDGET_SECONDS:
                _release(notice)
                continue
            yield notice, _error_of(notice, server)
    finally:
        _hang_up(server)


def _error_of(notice: Claimed, server: BaseEmailBackend) -> Exception | None:
    if not notice.is_active:
        return PersonInactive()
    try:
        server.open()
        subject, text = render(notice)
        taken = mail.EmailMessage(subject, text, to=[notice.email], connection=server).send()
    except Exception as error:
        log.warning("Notice %s could not be sent: %s", notice.pk, type(error).__name__)
        _hang_up(server)
        return error
    return None if taken else NotTaken()


def _hang_up(server: BaseEmailBackend) -> None:
    with suppress(Exception):
        server.close()


def _note_failure(notice: Claimed, error: Exception) -> None:
    """Another attempt later, or failed for good; the class of the error only, which holds nobody's data."""
    attempts = notice.attempts + 1
    final = attempts > len(BACKOFF) or isinstance(error, PersonInactive)
    changes = {"failed_at": Now()} if final else {"next_attempt_at": Now() + BACKOFF[attempts - 1]}
    Notice.objects.filter(pk=notice.pk, sent_at=None).update(
        attempts=attempts, leased_until=None, last_error=type(error).__name__, **changes
    )


def _release(notice: Claimed) -> None:
    """Give back what there was no time for: it has not been tried."""
    Notice.objects.filter(pk=notice.pk).update(leased_until=None)
