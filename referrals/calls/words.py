"""A call in words: whom it is about, and the lines of its lists and pages."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from mash_portal.govuk import words
from referrals import telephone
from referrals.codes import SOURCE_LABELS
from referrals.models import Call, Contact
from referrals.rules.calls import ChildSaid
from referrals.vocabulary import CallerKind, CallResult

Row = dict[str, Any]


#: Begins the line that says where they live.
ADDRESS = "Address: "


def about(children: Sequence[ChildSaid], address: str) -> str:
    """ "Noor Aziz, born 15 April 2016", a line each, and where they live."""
    where = " ".join(address.split())
    return "\n".join([*map(_child, children), *([f"{ADDRESS}{where}"] if where else [])])


def _child(child: ChildSaid) -> str:
    name = f"{child.given_names} {child.family_name}".strip() or "Name not known"
    if child.date_of_birth:
        return f"{name}, born {words.long_date(child.date_of_birth)}"
    return f"{name}, about {child.estimated_age}" if child.estimated_age is not None else name


def heading(count: int, what: str) -> str:
    """ "12 calls", "3 calls that wait for the form"."""
    return f"{words.count(count, 'call')}{' ' if what else ''}{what}"


def rows(calls: Iterable[Call], now: datetime, *, page: str) -> list[Row]:
    """Lines of a list; `page` is the address that each leads to. Asks the database nothing."""
    return [_row(call, now, page) for call in calls]


def _row(call: Call, now: datetime, page: str) -> Row:
    clock = telephone.form_clock(call, now)
    lines = call.about.splitlines()
    children = ", ".join(line for line in lines if not line.startswith(ADDRESS))
    return {
        "reference": call.reference,
        "url": reverse(page, args=[call.reference]),
        "about": children or "Nobody named",
        "caller": telephone.caller_kind(call),
        "taken": words.short_moment(call.taken_at),
        "by": call.taken_by.full_name,
        "out_of_hours": call.out_of_hours,
        "result": CallResult(call.result).label,
        "clock": clock,
        "is_late": clock is not None and clock.state == "overdue" and call.confirmed_at is None,
        "read": _read(call),
    }


def _read(call: Call) -> str:
    if call.agency_id is None:
        return ""
    if call.advice_read_at is None:
        return "Not read by the agency yet"
    return f"Read {words.short_moment(call.advice_read_at)}"


def call_rows(call: Call) -> list[Row]:
    """Everything that is recorded, for those who take calls."""
    private = call.contact and call.caller_kind == CallerKind.PUBLIC
    facts = [
        ("Who rang", CallerKind(call.caller_kind).label),
        ("Name", call.caller_name),
        ("Who they are to the child", who_they_are(call.contact.source) if private and call.contact else ""),
        ("Agency", call.agency.name if call.agency else ""),
        ("Account", _account(call)),
        ("Telephone", call.caller_phone),
        ("Taken", f"{words.long_moment(call.taken_at)} by {call.taken_by}"),
        ("Out of hours", "Yes" if call.out_of_hours else ""),
        ("About", call.about or "Nobody named"),
        ("What was said", call.said),
        ("Advice given", call.advice or "None"),
        ("Leads to", CallResult(call.result).label),
        ("Read by the agency", _read_by(call)),
    ]
    return [{"key": key, "value": value} for key, value in facts if value]


def who_they_are(source: str) -> str:
    """A private caller by the national code of the source: "Acquaintance, including neighbours and child minders"."""
    return SOURCE_LABELS.get(source, "").removeprefix("Individual: ").capitalize()


def _account(call: Call) -> str:
    if call.agency is None:
        return ""
    if call.caller:
        return f"{call.caller}, {call.caller.email}"
    return "No account of that name at the agency: its safeguarding leads are told instead"


def _read_by(call: Call) -> str:
    if call.agency is None:
        return ""
    if call.advice_read_at is None:
        return "Not yet"
    return f"{words.long_moment(call.advice_read_at)} by {call.advice_read_by}"


def own_rows(call: Call) -> list[Row]:
    """The same for the agency that rang."""
    facts = [
        ("Who rang", call.caller_name),
        ("When", words.long_moment(call.taken_at)),
        ("Spoke to", call.taken_by.full_name),
        ("About", call.about or "Nobody named"),
        ("What you told us", call.said),
    ]
    return [{"key": key, "value": value} for key, value in facts]


def candidate_rows(contacts: Iterable[Contact]) -> list[Row]:
    """Referrals that may be the form for a call."""
    return [
        {
            "reference": contact.reference,
            "url": reverse("triage:contact", args=[contact.reference]),
            "children": ", ".join(child.name for child in contact.children.all()),
            "sent": f"{words.short_moment(contact.received_at)} by {contact.referrer}",
            "stage": contact.as_stage.label,
        }
        for contact in contacts
    ]
