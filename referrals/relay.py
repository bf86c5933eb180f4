"""Sending what is in the outbox: at least once, or visibly failed (G7).

Claim with a lease, send, then mark. Whoever dies while it sends lets its lease run out, and another sends again. No
transaction is open while anything leaves this machine. A message has a reference and a link, never a child's data.
"""

import logging
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.urls import reverse

from referrals import carriers, chasing
from referrals.carriers import Carrier, CarrierError, Message
from referrals.models import Notice
from referrals.vocabulary import SendingBy

log = logging.getLogger(__name__)

LEASE_SECONDS = 60
BATCH = 20
#: With carriers.SEND_SECONDS for the last of them, a batch is over long before its lease is.
BUDGET_SECONDS = 15.0
#: How long at most after each failed attempt the next one follows; after the last of them the message has failed.
BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (30, 120, 480, 1800, 7200))
#: A quarter less, by chance: what failed together does not come back all at once.
SOONEST = 0.75

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
    "acted_now": "decision:confirm_act",
    "joined": "intake:referral",
    "file_kept_back": "intake:list",
    "draft_unsent": "intake:list",
    "draft_deletion": "intake:list",
    "strategy_called": "strategy:discussions",
    "strategy_invitation": "strategy:invitation",
    "strategy_changed": "strategy:invitation",
    "strategy_called_off": "strategy:invitation",
    "escalation": "escalation:board",
    "escalations": "escalation:board",
    "nobody_on_duty": "rota:rota",
    "check_asked": "enquiries:to_answer",
    "check_closed": "enquiries:to_answer",
    "check_due": "enquiries:to_answer",
    "check_answered": "enquiries:contact",
    "check_authority": "enquiries:contact",
    "check_news": "enquiries:contact",
    "glass_broken": "restricted:broken",
    "glass_late": "restricted:broken",
    "restricted_nobody": "restricted:restriction",
    "feedback_unread": "feedback:read",
    "feedback_question": "feedback:sent",
    "feedback_answer": "feedback:read",
    "disagreement": "disagreement:contact",
    "disagreement_news": "disagreement:ours",
    "clock_earlier": "promises:contact",
    "clocks_earlier": "triage:queue",
    "check_earlier": "enquiries:to_answer",
    "answer_earlier": "intake:referral",
    "handed_over": "handover:contact",
    "handover_late": "handover:contact",
    "handover_sent_back": "handover:contact",
    "audit_finding": "assurance:findings",
    "audit_for_agency": "assurance:ours",
    "audit_action": "assurance:actions",
    "audits_to_do": "assurance:to_audit",
}
CONTACT_PAGE = "triage:contact"
WITHOUT_REFERENCE = frozenset(
    {
        "escalation:board",
        "triage:queue",
        "intake:list",
        "enquiries:to_answer",
        "restricted:broken",
        "assurance:findings",
        "assurance:ours",
        "assurance:actions",
        "assurance:to_audit",
        "rota:rota",
    }
)

#: Materialised: a plan made before the rows were counted would ask again for every one of them who is due.
_CLAIM = """
    WITH due AS MATERIALIZED (
        SELECT id FROM referrals_notice
        WHERE sent_at IS NULL AND failed_at IS NULL AND next_attempt_at <= statement_timestamp()
          AND (leased_until IS NULL OR leased_until < statement_timestamp())
        ORDER BY next_attempt_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
    UPDATE referrals_notice AS n SET leased_until = statement_timestamp() + make_interval(secs => %(lease)s)
    FROM due, accounts_user AS u
    WHERE n.id = due.id AND u.id = n.to_id
    RETURNING n.id, n.template, n.reference, n.attempts, u.email, u.full_name, u.is_active, n.channel, u.phone
"""


class PersonInactive(Exception):
    """The person has left: no message goes out, and the board says so."""


class NoWay(Exception):
    """Nothing is set up that could carry the message, or the person has no number that it could go to."""


#: What no further attempt will change.
FOR_GOOD = (PersonInactive, NoWay)


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
    channel: str = SendingBy.EMAIL
    phone: str = ""


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
        for notice, outcome in _send(claimed, started):
            if isinstance(outcome, Exception):
                _note_failure(notice, outcome)
                result.failed += 1
            else:
                _mark_sent(notice, outcome)
                result.sent += 1
    return result


def render(notice: Claimed) -> tuple[str, str]:
    """Subject and text of a message."""
    return _rendered(notice.template, notice.reference, notice.full_name)


def subject_of(template: str, reference: str) -> str:
    """What a message is called; its template's name where there is no such template any more."""
    try:
        return _rendered(template, reference, "")[0]
    except TemplateDoesNotExist:
        return template


def _rendered(template: str, reference: str, name: str) -> tuple[str, str]:
    facts = {
        "reference": reference,
        "link": settings.BASE_URL + path_for(template, reference),
        "name": name,
        "phone": settings.MASH_PHONE,
        "council": settings.COUNCIL_NAME,
    }
    first, _, rest = render_to_string(f"notices/{template}.txt", facts).partition("\n")
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


def _send(claimed: list[Claimed], started: float) -> Iterator[tuple[Claimed, str | Exception]]:
    """Each message by itself, and the provider's number of it or what went wrong: one failure silences nobody else."""
    ready = carriers.ready()
    try:
        for notice in claimed:
            if time.monotonic() - started > BUDGET_SECONDS:
                _release(notice)
                continue
            yield notice, _tried(notice, ready)
    finally:
        for carrier in ready.values():
            carrier.hang_up()


def _tried(notice: Claimed, ready: Mapping[SendingBy, Carrier]) -> str | Exception:
    if not notice.is_active:
        return PersonInactive()
    carrier = ready.get(SendingBy(notice.channel))
    try:
        message = _message(notice)
        return carrier.send(message) if carrier and message.to else NoWay()
    except Exception as error:
        log.warning("Notice %s could not be sent: %s", notice.pk, _said(error))
        return error


def _message(notice: Claimed) -> Message:
    subject, text = render(notice)
    if notice.channel != SendingBy.TEXT:
        return Message(notice.email, subject, text, str(notice.pk))
    link = settings.BASE_URL + path_for(notice.template, notice.reference)
    return Message(carriers.mobile(notice.phone), "", f"{subject}. {link} {settings.COUNCIL_NAME} MASH", str(notice.pk))


def _mark_sent(notice: Claimed, provider_id: str) -> None:
    Notice.objects.filter(pk=notice.pk, sent_at=None).update(
        sent_at=Now(), leased_until=None, provider_id=provider_id, last_error=""
    )


@transaction.atomic
def _note_failure(notice: Claimed, error: Exception) -> None:
    """Another attempt later; or failed for good, and the second way is taken in the same transaction."""
    attempts = notice.attempts + 1
    for_good = isinstance(error, FOR_GOOD) or (isinstance(error, CarrierError) and error.will_never_succeed)
    final = for_good or attempts > len(BACKOFF)
    changes = {"failed_at": Now()} if final else {"next_attempt_at": Now() + _wait(attempts)}
    changed = Notice.objects.filter(pk=notice.pk, sent_at=None).update(
        attempts=attempts, leased_until=None, last_error=_said(error), **changes
    )
    if final and changed:
        chasing.second_way([notice.pk])


def _wait(attempts: int) -> timedelta:
    return BACKOFF[attempts - 1] * random.uniform(SOONEST, 1)  # noqa: S311 - guards nothing


def _said(error: Exception) -> str:
    """A status, or the class of the error only, which holds nobody's data."""
    return str(error) if isinstance(error, CarrierError) else type(error).__name__


def _release(notice: Claimed) -> None:
    """Give back what there was no time for: it has not been tried."""
    Notice.objects.filter(pk=notice.pk).update(leased_until=None)
