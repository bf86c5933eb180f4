"""What the pages of calls read."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from mash_portal.accounts.models import Agency, User
from referrals import access
from referrals.models import Assessment, Call, Child, Contact
from referrals.rules import calls as rules
from referrals.vocabulary import Stage

from .filters import Filters

PAGE = 25
#: A form for a call is looked for among what the same agency sent within this time of it.
WINDOW = timedelta(days=7)


@dataclass(frozen=True)
class Page:
    """A page of the list by keyset: `older` is where the next one begins."""

    calls: list[Call]
    count: int
    older: str


def page_of(user: User, filters: Filters, before: str = "") -> Page:
    """One page, the newest first: two queries, however many rows."""
    calls = filters.narrow(access.calls_of(user), user)
    place = _place(before)
    older = calls
    if place:
        at, number = place
        older = calls.filter(taken_at__lte=at).exclude(taken_at=at, pk__gte=number)
    rows = list(older.for_page()[: PAGE + 1])
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return Page(rows[:PAGE], calls.count(), f"{last.taken_at.isoformat()}_{last.pk}" if last else "")


def _place(before: str) -> tuple[datetime, int] | None:
    at, _, number = before.partition("_")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    if not (number.isascii() and number.isdigit() and len(number) < 19 and moment.tzinfo):
        return None
    return moment, int(number)


def agencies() -> list[Agency]:
    """Where a professional may ring from."""
    return list(Agency.objects.filter(is_active=True, is_hub=False))


def may_be_the_form(user: User, call: Call) -> list[Contact]:
    """Referrals that the same agency sent by themselves about a child of this call, and that nobody has judged yet."""
    if call.contact is None or call.confirm_by is None or call.confirmed_at is not None:
        return []
    sent = access.visible_to(user).filter(
        Q(received_at__gte=call.taken_at, received_at__lte=call.taken_at + WINDOW),
        agency=call.agency,
        marf__isnull=False,
        call__isnull=True,
        confirmed_call__isnull=True,
        stage__in=(Stage.RECEIVED, Stage.TRIAGE),
    )
    judged = Assessment.objects.filter(side=Assessment.HUB).values("contact")
    found = sent.exclude(pk__in=judged).select_related("referrer").prefetch_related("children").order_by("received_at")
    ours = list(call.contact.children.all())
    return [contact for contact in found if _is_about(list(contact.children.all()), ours)]


def _is_about(theirs: list[Child], ours: list[Child]) -> bool:
    people = {child.person_id for child in ours} - {None}
    return any(child.person_id in people for child in theirs) or any(rules.paired(theirs, ours))
