"""Telephone calls as somebody takes them down."""

from datetime import date
from typing import Any

from mash_portal.accounts.models import User
from referrals.calls import actions
from referrals.models import Call
from referrals.rules.calls import ChildSaid, Said
from referrals.vocabulary import CallerKind, CallResult

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
