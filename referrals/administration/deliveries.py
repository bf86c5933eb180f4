"""What the administrator sees of deliveries to the case management system: references, and what the server said."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import Count, F, Q
from django.http import Http404
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit import trail
from mash_portal.govuk.words import short_moment
from referrals.models import Delivery
from referrals.models.handover import DeliveryQuerySet

PAGE = 50
RECENT = timedelta(days=7)
WAITING, SENT, FAILED = "waiting", "sent", "failed"
STATES = {WAITING: "Waiting to be sent", SENT: "Sent", FAILED: "Could not be sent"}
_IN_STATE = {
    WAITING: Q(sent_at=None, failed_at=None),
    SENT: Q(sent_at__isnull=False),
    FAILED: Q(failed_at__isnull=False),
}


@dataclass(frozen=True)
class Row:
    pk: int
    reference: str
    key: str
    state: str
    colour: str
    queued: str
    when: str
    attempts: int
    error: str
    may_retry: bool


def listed() -> DeliveryQuerySet:
    """A restricted record waits until it is restricted no more, and until then is in nobody's list."""
    return Delivery.objects.filter(contact__is_restricted=False)


def page_of(state: str, page: str) -> Page[Delivery]:
    """Those that failed first, then those that wait, then the latest that were sent. Two queries."""
    rows = listed().filter(_IN_STATE.get(state, Q())).select_related("contact")
    order = (F("failed_at").desc(nulls_last=True), F("sent_at").desc(nulls_first=True), "-created_at", "-id")
    return Paginator(rows.order_by(*order), PAGE).get_page(page)


def rows(found: Iterable[Delivery]) -> list[Row]:
    return [_row(one) for one in found]


def _row(delivery: Delivery) -> Row:
    if delivery.failed_at:
        state, colour, when = FAILED, "red", f"Given up {short_moment(delivery.failed_at)}"
    elif delivery.sent_at:
        state, colour, when = SENT, "green", short_moment(delivery.sent_at)
    else:
        state, colour, when = WAITING, "yellow", f"Next attempt {short_moment(delivery.next_attempt_at)}"
    return Row(
        pk=delivery.pk,
        reference=delivery.contact.reference,
        key=delivery.key,
        state=STATES[state],
        colour=colour,
        queued=short_moment(delivery.created_at),
        when=when,
        attempts=delivery.attempts,
        error=delivery.last_error,
        may_retry=state == FAILED,
    )


def tiles(now: datetime, url: str) -> list[dict[str, object]]:
    """How many in each state. One query."""
    counts = listed().aggregate(
        waiting=Count("pk", filter=_IN_STATE[WAITING]),
        sent=Count("pk", filter=Q(sent_at__gte=now - RECENT)),
        failed=Count("pk", filter=_IN_STATE[FAILED]),
    )
    return [
        {"number": f"{counts['waiting']:,}", "label": "waiting", "url": f"{url}?state={WAITING}"},
        {"number": f"{counts['sent']:,}", "label": "sent in the last 7 days", "url": f"{url}?state={SENT}"},
        {
            "number": f"{counts['failed']:,}",
            "label": "could not be sent",
            "url": f"{url}?state={FAILED}",
            "state": "overdue" if counts["failed"] else "",
        },
    ]


@transaction.atomic
def retry(number: int, *, by: User) -> Delivery:
    """Send one again that was given up, under the same name."""
    now = timezone.now()
    failed = listed().failed().select_for_update(of=("self",)).select_related("contact").filter(pk=number).first()
    if failed is None:
        raise Http404
    _again(Delivery.objects.filter(pk=failed.pk), now)
    trail.record("delivery_retried", by=by, reference=failed.contact.reference, details={"delivery": failed.key})
    return failed


@transaction.atomic
def retry_all(*, by: User) -> int:
    """Send all of them again, for the morning after the case management system was away."""
    changed = _again(listed().failed(), timezone.now())
    if changed:
        trail.record("deliveries_retried", by=by, details={"number": changed})
    return changed


def _again(deliveries: DeliveryQuerySet, now: datetime) -> int:
    return deliveries.update(failed_at=None, attempts=0, next_attempt_at=now, last_error="")
