"""What other pages say of a telephone call: the contact in the hub, the agency's own referral and list. Reads only.

Who a private caller is stands on the call's own page and nowhere else; no agency ever reads it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import HUB_ROLES
from mash_portal.govuk import words
from referrals import access
from referrals.models import Call, Contact
from referrals.rules import permissions
from referrals.vocabulary import CallerKind, CallResult

CLOCK = "Written form"
#: Advice that has been read leaves "our referrals" after this time; the list of calls keeps it.
RECENT, MOST = timedelta(days=30), 5

Said = dict[str, Any]


def for_the_hub(contact: Contact, user: User, now: datetime) -> Said | None:
    """The call that this contact began with, or the one that a closed form was found to confirm. Two queries."""
    if user.as_role not in HUB_ROLES:
        return None
    calls = access.calls_seen_by(user).select_related("agency", "taken_by", "contact", "form")
    call = calls.filter(Q(contact=contact) | Q(form=contact)).first()
    if call is None:
        return None
    may_open = user.as_role in permissions.CALLS
    return {
        "reference": call.reference,
        "is_duplicate": call.form_id == contact.pk,
        "rows": [
            {"key": "Who rang", "value": caller_kind(call)},
            {"key": "Taken", "value": f"{words.long_moment(call.taken_at)} by {call.taken_by}"},
            {"key": "About", "value": call.about},
            {"key": "What was said", "value": call.said},
            {"key": "Advice given", "value": call.advice or "None"},
        ],
        "clock": form_clock(call, now),
        "url": reverse("calls:call", args=[call.reference]) if may_open else "",
    }


def for_the_agency(contact: Contact, user: User, now: datetime) -> Said | None:
    """What an agency's own page of a contact says of its call. One query; a private caller's call is no agency's."""
    calls = access.calls_of(user).of_agency(contact.agency_id).exclude(agency__is_hub=True).select_related("contact")
    call = calls.filter(Q(contact=contact) | Q(form=contact)).first()
    return None if call is None else {"is_duplicate": call.form_id == contact.pk, **_line(call, now)}


def ours(user: User, now: datetime) -> Said:
    """For "our referrals": the forms that the MASH waits for, and the advice it gave. Two queries."""
    calls = access.calls_of(user).exclude(agency__is_hub=True).select_related("contact")
    advice = calls.filter(result=CallResult.ADVICE)
    recent = advice.filter(Q(advice_read_at=None) | Q(taken_at__gte=now - RECENT))
    return {
        "expected": _lines(calls.awaiting_form().order_by("confirm_by", "id"), now),
        "advice": _lines(recent[:MOST], now),
    }


def form_clock(call: Call, now: datetime) -> words.ClockWords | None:
    """The clock on the written form, running or met; nothing where no form is expected."""
    if call.confirm_by is None:
        return None
    return words.clock_words(CLOCK, call.confirm_by, now, call.confirmed_at)


def caller_kind(call: Call) -> str:
    """Who rang, as far as every page of the hub may say it."""
    if call.agency:
        return f"{call.caller_name}, {call.agency}"
    return CallerKind(call.caller_kind).label


def _lines(calls: Iterable[Call], now: datetime) -> list[Said]:
    return [_line(call, now) for call in calls]


def _line(call: Call, now: datetime) -> Said:
    is_waiting = call.result == CallResult.FORM_EXPECTED and call.confirmed_at is None
    return {
        "reference": call.reference,
        "url": reverse("calls:ours", args=[call.reference]),
        "about": call.about,
        "who": call.caller_name,
        "taken": words.short_moment(call.taken_at),
        "is_waiting": is_waiting,
        "clock": form_clock(call, now),
        "due": words.long_moment(call.confirm_by) if call.confirm_by else "",
        "is_read": call.advice_read_at is not None,
        "start_url": f"{reverse('intake:start')}?call={call.reference}" if is_waiting else "",
    }
