"""Telephone calls as somebody takes them down."""

from copy import deepcopy
from datetime import date
from typing import Any

from django.utils import timezone

from mash_portal.accounts.models import User
from referrals import access
from referrals.calls import actions
from referrals.insight import queries as insight
from referrals.insight.period import months_back
from referrals.intake import actions as intake
from referrals.models import Call, Contact, Draft
from referrals.rules.calls import ChildSaid, Said
from referrals.vocabulary import CallerKind, CallResult
from tests.actions.test_intake import answers_of

NOOR = ChildSaid("Noor", "Aziz", date(2016, 4, 15))
SAMI = ChildSaid("Sami", "Aziz", estimated_age=4)


def told(caller: User | None = None, **facts: Any) -> actions.Told:
    """A professional's call about Noor, with a form to follow; without a caller, one of a member of the public."""
    kind = CallerKind.PROFESSIONAL if caller else CallerKind.PUBLIC
    said = {
        "caller_kind": kind,
        "result": CallResult.FORM_EXPECTED if caller else CallResult.CONTACT,
        "caller_name": caller.full_name if caller else "Vera Quill",
        "caller_phone": "01632 960777",
        "has_agency": caller is not None,
        "source": "" if caller else "1B",
        "children": [NOOR],
        "said": "She came to school with a burn on her hand.",
        "advice": "Keep her at school until we ring back.",
    }
    address = facts.pop("address", "12 High Street, Walsall ws3 4lp")
    return actions.Told(Said(**{**said, **facts}), agency=caller.agency if caller else None, address=address)


def rings(caller: User | None = None, *, taken_by: User, out_of_hours: bool = False, **facts: Any) -> Call:
    return actions.record(told(caller, **facts), by=taken_by, out_of_hours=out_of_hours)


MAISIE = ChildSaid("Maisie", "Doyle", date(2018, 2, 21))
CALLUM = ChildSaid("Callum", "Doyle", estimated_age=6)


def call_of(caller: User, taken_by: User, *children: ChildSaid, **facts: Any) -> Call:
    return rings(caller, taken_by=taken_by, children=children or (MAISIE, CALLUM), **facts)


def contact_of(call: Call) -> Contact:
    assert call.contact is not None
    call.contact.refresh_from_db()
    return call.contact


def form_for(call: Call, by: User, **changes: Any) -> Draft:
    """The form begun from the call and filled in; the entries that the call has made are completed under their keys."""
    draft = intake.start_for_call(call.reference, by=by)
    answers = deepcopy(answers_of("hungry-and-late")) | changes
    draft.answers = answers | {"arrival": draft.answers["arrival"]}
    draft.save(update_fields=["answers"])
    return draft


# Joining by hand


def sent_alone(by: User, **changes: Any) -> Contact:
    return intake.submit(intake.start_draft(by=by, answers=answers_of("hungry-and-late") | changes).key, by=by)


def counted(user: User) -> int:
    """The number on this person's dashboard."""
    now = timezone.now()
    period = months_back(now.date(), 2)
    return insight.summary(access.countable_by(user), period, now).total.contacts
