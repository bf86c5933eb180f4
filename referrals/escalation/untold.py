"""People whom no message reached, so that somebody rings them: who, how to reach them, and about which contact."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.accounts.systems import NO_ADDRESS
from mash_portal.audit import trail
from mash_portal.govuk.words import short_moment
from referrals import relay
from referrals.models import Call, Contact, Notice, Restriction
from referrals.models.outbox import NoticeQuerySet
from referrals.refusals import Refused
from referrals.vocabulary import SendingBy

PAGE = 50


@dataclass(frozen=True)
class Row:
    """One message that did not arrive. `subject` is its own: a reference, and nothing about a child."""

    pk: int
    person: str
    where: str
    phone: str
    email: str
    subject: str
    reference: str
    since: str
    why: str


def listed(user: User, now: datetime) -> NoticeQuerySet:
    """What concerns contacts and calls that this person may know of."""
    return _that_may_be_known(Notice.objects.untold(now), user)


def _that_may_be_known(notices: NoticeQuerySet, user: User) -> NoticeQuerySet:
    """A restricted record is in nobody else's list, nor is the call that it began with or whose form it is."""
    hidden = Restriction.objects.hiding_from(user).values("contact")
    calls = Call.objects.filter(Q(contact__in=hidden) | Q(form__in=hidden)).values("reference")
    contacts = Contact.objects.filter(pk__in=hidden).values("reference")
    return notices.exclude(reference__in=contacts).exclude(reference__in=calls)


def page_of(user: User, now: datetime, page: str) -> Page[Notice]:
    """Those who have been waiting longest first. Three queries, however many rows."""
    found = listed(user, now).select_related("to__agency")
    return Paginator(found.order_by("created_at", "id"), PAGE).get_page(page)


def rows(notices: Iterable[Notice]) -> list[Row]:
    """A link is only made where there is a page behind it: an unsent form has no contact."""
    found = list(notices)
    known = set(
        Contact.objects.filter(reference__in=[one.reference for one in found]).values_list("reference", flat=True)
    )
    return [_row(one, one.reference if one.reference in known else "") for one in found]


def _row(notice: Notice, reference: str) -> Row:
    person = notice.to
    return Row(
        pk=notice.pk,
        person=person.full_name,
        where=", ".join(filter(None, [person.job, person.agency.name if person.agency else ""])),
        phone=person.phone,
        email="" if person.email.endswith(f"@{NO_ADDRESS}") else person.email,
        subject=relay.subject_of(notice.template, notice.reference),
        reference=reference,
        since=short_moment(notice.created_at),
        why=_why(notice),
    )


def _why(notice: Notice) -> str:
    if not notice.to.is_active:
        return "Their account is closed"
    if notice.failed_at:
        return "It could not be sent"
    return "It came back" if notice.bounced_at else "It has not arrived"


@transaction.atomic
def note_told(number: int, *, by: User) -> Notice:
    """Somebody has rung: written as a second message, by telephone, that has arrived."""
    now = timezone.now()
    found = _that_may_be_known(Notice.objects.all(), by)
    first = found.select_for_update(of=("self",)).select_related("to").filter(pk=number, instead_of=None).first()
    if first is None:
        raise Http404
    if not Notice.objects.untold(now).filter(pk=number).exists():
        raise Refused(f"{first.to.full_name} has been told already.")
    Notice.objects.create(
        key=f"phone:{first.pk}:{now.timestamp():.0f}",
        template=first.template,
        to=first.to,
        reference=first.reference,
        channel=SendingBy.PHONE,
        instead_of=first,
        created_at=now,
        next_attempt_at=now,
        sent_at=now,
        delivered_at=now,
    )
    trail.record(
        "told_by_telephone", by=by, reference=first.reference, details={"template": first.template, "to": first.to_id}
    )
    return first
