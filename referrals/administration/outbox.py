"""What the administrator sees of messages: to whom, by what way, what became of them. Nothing about a child."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404, QueryDict
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit import trail
from mash_portal.govuk.forms import GovukForm
from mash_portal.govuk.look import Look
from mash_portal.govuk.words import short_moment
from referrals.models import Call, Contact, Notice
from referrals.models.outbox import LATE, NoticeQuerySet
from referrals.vocabulary import SendingBy

from .subjects import SUBJECTS

PAGE = 50
RECENT = timedelta(days=7)
EVERY, WAITING, SENT, DELIVERED, FAILED, BOUNCED = "every", "waiting", "sent", "delivered", "failed", "bounced"
#: What has to be put right: what the page shows unless it is asked for something else.
TROUBLE = ""
STATES = {
    TROUBLE: "To be put right",
    WAITING: "Waiting to be sent",
    SENT: "Sent",
    DELIVERED: "Delivered",
    FAILED: "Could not be sent",
    BOUNCED: "Bounced",
    EVERY: "Every message",
}
_IN_STATE = {
    WAITING: Q(sent_at=None, failed_at=None),
    SENT: Q(sent_at__isnull=False, failed_at=None, delivered_at=None, bounced_at=None),
    DELIVERED: Q(delivered_at__isnull=False),
    FAILED: Q(failed_at__isnull=False),
    BOUNCED: Q(bounced_at__isnull=False, failed_at=None),
}
COLOURS = {WAITING: "yellow", SENT: "blue", DELIVERED: "green", FAILED: "red", BOUNCED: "orange"}
RETRIED = {"failed_at": None, "bounced_at": None, "sent_at": None, "checked_at": None, "leased_until": None}


@dataclass(frozen=True)
class Filters:
    """What is asked for in the address; what is no choice there is left out of account."""

    state: str = TROUBLE
    about: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> Self:
        state, about = query.get("state", ""), query.get("about", "")
        return cls(state if state in STATES else TROUBLE, about if about in SUBJECTS else "")

    @property
    def query(self) -> str:
        return urlencode({name: value for name, value in (("state", self.state), ("about", self.about)) if value})

    @property
    def may_retry(self) -> bool:
        return self.state in (TROUBLE, FAILED, BOUNCED)

    def page_url(self, number: int) -> str:
        return f"?{self.query}{'&' if self.query else ''}page={number}"

    @property
    def chosen(self) -> list[tuple[str, str]]:
        found = [(STATES[self.state], f"?{replace(self, state=TROUBLE).query}")] if self.state else []
        return found + ([(SUBJECTS[self.about], f"?{replace(self, about='').query}")] if self.about else [])

    def form(self) -> "FilterForm":
        return FilterForm(initial={"state": self.state, "about": self.about})

    def of(self, now: datetime) -> NoticeQuerySet:
        found = Notice.objects.in_trouble(now) if self.state == TROUBLE else Notice.objects.all()
        found = found.filter(_IN_STATE.get(self.state, Q()))
        return found.filter(template=self.about) if self.about else found


class FilterForm(GovukForm):
    """It is only drawn: Filters reads the address."""

    mark_optional = False
    buttons = ()
    looks = {name: Look(small=True, size="s") for name in ("state", "about")}

    state = forms.ChoiceField(label="State", choices=list(STATES.items()), widget=forms.RadioSelect)
    about = forms.ChoiceField(
        label="About", choices=[("", "Anything"), *sorted(SUBJECTS.items(), key=lambda one: one[1])]
    )


@dataclass(frozen=True)
class Row:
    pk: int
    subject: str
    template: str
    to: str
    channel: str
    reference: str
    state: str
    colour: str
    queued: str
    when: str
    attempts: int
    error: str
    may_retry: bool


def page_of(filters: Filters, now: datetime, page: str) -> Page[Notice]:
    """The latest first. A reference that administrators may not read, as of a restricted record, is left out."""
    contacts = Contact.objects.filter(reference=OuterRef("reference"), is_restricted=True)
    calls = Call.objects.filter(Q(contact__is_restricted=True) | Q(form__is_restricted=True))
    hidden = Exists(contacts) | Exists(calls.filter(reference=OuterRef("reference")))
    found = filters.of(now).select_related("to").annotate(is_hidden=hidden)
    return Paginator(found.order_by("-id"), PAGE).get_page(page)


def rows(found: Iterable[Notice], now: datetime) -> list[Row]:
    return [_row(one, now) for one in found]


def _row(notice: Notice, now: datetime) -> Row:
    state, when = _became(notice)
    is_late = bool(state == SENT and notice.provider_id and notice.sent_at and now - notice.sent_at > LATE)
    return Row(
        pk=notice.pk,
        subject=SUBJECTS.get(notice.template, notice.template),
        template=notice.template,
        to=notice.to.full_name,
        channel=SendingBy(notice.channel).label,
        reference="" if getattr(notice, "is_hidden", False) else notice.reference,
        state="Has not arrived" if is_late else STATES[state],
        colour="orange" if is_late else COLOURS[state],
        queued=short_moment(notice.created_at),
        when=when,
        attempts=notice.attempts,
        error=notice.last_error,
        may_retry=state in (FAILED, BOUNCED),
    )


def tiles(now: datetime) -> list[dict[str, object]]:
    """How many in each state. One query."""
    recent = Q(sent_at__gte=now - RECENT)
    counts = Notice.objects.aggregate(
        waiting=Count("pk", filter=_IN_STATE[WAITING]),
        sent=Count("pk", filter=_IN_STATE[SENT] & recent),
        delivered=Count("pk", filter=_IN_STATE[DELIVERED] & recent),
        bounced=Count("pk", filter=_IN_STATE[BOUNCED]),
        failed=Count("pk", filter=_IN_STATE[FAILED]),
    )
    labels = {
        WAITING: "waiting",
        SENT: "sent in the last 7 days",
        DELIVERED: "known to have arrived in the last 7 days",
        BOUNCED: "bounced",
        FAILED: "could not be sent",
    }
    return [
        {
            "number": f"{counts[state]:,}",
            "label": label,
            "url": f"?state={state}",
            "state": "overdue" if state in (FAILED, BOUNCED) and counts[state] else "",
        }
        for state, label in labels.items()
    ]


@transaction.atomic
def retry(number: int, *, by: User) -> Notice:
    """Send one again that failed or bounced."""
    now = timezone.now()
    retried = Notice.objects.filter(_IN_STATE[FAILED] | _IN_STATE[BOUNCED])
    failed = retried.select_for_update(of=("self",)).select_related("to").filter(pk=number).first()
    if failed is None:
        raise Http404
    _again(Notice.objects.filter(pk=failed.pk), now)
    trail.record("message_retried", by=by, reference=failed.reference, details={"template": failed.template})
    return failed


@transaction.atomic
def retry_all(filters: Filters, *, by: User) -> int:
    """Send all of one kind again, for the morning after a mail server was away."""
    now = timezone.now()
    changed = _again(filters.of(now).filter(_IN_STATE[FAILED] | _IN_STATE[BOUNCED]), now)
    if changed:
        trail.record("messages_retried", by=by, details={"number": changed, "about": filters.about})
    return changed


def _again(notices: NoticeQuerySet, now: datetime) -> int:
    return notices.update(**RETRIED, attempts=0, provider_id="", next_attempt_at=now, last_error="")


def _became(notice: Notice) -> tuple[str, str]:
    """The state, and since when or until when in words."""
    if notice.failed_at:
        return FAILED, f"Given up {short_moment(notice.failed_at)}"
    if notice.delivered_at:
        return DELIVERED, short_moment(notice.delivered_at)
    if notice.bounced_at:
        return BOUNCED, short_moment(notice.bounced_at)
    if notice.sent_at:
        return SENT, short_moment(notice.sent_at)
    return WAITING, f"Next attempt {short_moment(notice.next_attempt_at)}"
