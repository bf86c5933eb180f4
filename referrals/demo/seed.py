"""A hub in the middle of its day: the cast, their agencies, ten referrals, and work at every stage.

Everything is done by the actions that the pages call; only the moment of receipt is moved into the past.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import transaction

from mash_portal.accounts.cast import CAST, PASSWORD
from mash_portal.accounts.models import Agency, User
from referrals.intake.batch import documents_in, send
from referrals.vocabulary import AgencyKind

from . import afterwards, checks, contacts, duty, handovers, quality, work
from .agencies import AGENCIES, RECEIVES, SIZES

HERE = Path(__file__).parent

#: The day on which the ten referrals were written; their dates move by the days since.
WRITTEN = date(2026, 11, 20)

#: referral → hours before now at which it was received. Late ones are late on purpose.
RECEIVED: dict[str, float] = {
    "shouting-heard": 29,
    "same-child-third-time": 15,
    "hungry-and-late": 22,
    "disabled-and-shut-out": 20,
    "knife-in-bag": 13,
    "unborn-and-earlier-removals": 6,
    "bruise-under-one": 2.5,
    "disclosure-at-school": 0.4,
}


def seed(*, now: datetime, say: Callable[[str], None]) -> None:
    """Fill an empty portal. Not for a portal that real people use: the cast's password is known to all.

    The history goes in first, in transactions of its own: brought over twice it is there once. The rest is one
    transaction, so that a demonstration that was broken off can be begun again.
    """
    say("Bringing over six months of history, moved so that it ends yesterday")
    call_command("import_history", str(HERE / "history.csv"), ends="yesterday", stdout=StringIO())
    say("Adding the cast, sending the ten referrals and working on them")
    with transaction.atomic():
        _agencies()
        people = _people()
        sent = dict(_send(now))
        work.at_every_stage(sent, people)
        checks.of_a_baby(sent["bruise-under-one"], people)
        checks.of_a_school(sent["unborn-and-earlier-removals"], people)
        handovers.of_today(sent, people)
        afterwards.of_today(sent, people)
        contacts.calls_of_today(people)
        contacts.key_of_a_school_system(people)
        quality.of_this_month(people, now)
        duty.of_this_week(people)
        duty.of_the_night(people, now)


def is_empty() -> bool:
    return not User.objects.filter(email__in=[player.email for player in CAST]).exists()


def _agencies() -> None:
    for name, (kind, source) in AGENCIES.items():
        Agency.objects.update_or_create(
            name=name,
            defaults={
                "kind": kind,
                "source": source,
                "is_hub": kind is AgencyKind.HUB,
                "receives": RECEIVES.get(name, []),
                "size": SIZES.get(name),
            },
        )


def _people() -> dict[str, User]:
    """The cast by first name, each with the password that the sign-in page of a demonstration shows."""
    found = {}
    for player in CAST:
        found[player.first_name] = User.objects.create_user(
            player.email,
            PASSWORD,
            full_name=player.full_name,
            job=player.job,
            agency=Agency.objects.get(name=player.agency),
            role=player.role,
            registration_number=player.registration_number,
        )
    return found


def _send(now: datetime) -> Iterator[tuple[str, str]]:
    """Each referral and its reference, oldest first; the two that cannot be sent stay as their writers' drafts."""
    days = (now.date() - WRITTEN).days
    documents = {one["id"]: _moved(one, days) for one in documents_in(HERE / "referrals.yaml")}
    for name, hours in RECEIVED.items():
        answer = send(documents.pop(name), now - timedelta(hours=hours))
        yield name, answer["reference"]
    for document in documents.values():
        work.leave_as_draft(document)


_DATES = frozenset({"on", "when", "at", "date_of_birth", "expected_date"})


def _moved(value: Any, days: int, key: str = "") -> Any:
    """The document with its dates moved, so that a baby of four months stays one."""
    if isinstance(value, dict):
        return {name: _moved(inner, days, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_moved(inner, days) for inner in value]
    if key in _DATES and isinstance(value, str):
        day, _, clock = value.partition("T")
        moved = (date.fromisoformat(day) + timedelta(days=days)).isoformat()
        return f"{moved}T{clock}" if clock else moved
    return value
