"""What stands in the portal before the clock starts: people, history, 50 open contacts, drafts ready to be sent.

Everything but the history is done by the actions of the pages. The sessions are real sign-ins.
"""

import copy
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg2
from django.utils import timezone

from mash_portal.accounts.cast import PASSWORD
from mash_portal.accounts.models import Agency, User
from referrals.demo import seed
from referrals.demo.agencies import AGENCIES
from referrals.escalation.sweep import sweep
from referrals.insight.refreshing import refresh
from referrals.intake import actions, documents
from referrals.intake.batch import documents_in
from referrals.models import Child, Contact, Notice
from referrals.population import making
from referrals.triage import actions as triage
from referrals.vocabulary import Rag
from tests import build

from .client import Browser
from .yardsticks.models import Entry

PEOPLE = ("Rosa", "Tom", "Omar", "Nell", "Sam", "Grace", "Maya", "Ivan", "Helen")
OPEN = 50
#: Beyond so many contacts the audit trail has fewer lines for each, or the disk would be full of nothing else.
MANY, EVENTS_OF_MANY = 300_000, 2
SAID_EVERY = 250_000
ENTRIES = 1000
#: Rosa's own: two children and one adult; one child and two adults.
DOCUMENTS = ("hungry-and-late", "disclosure-at-school")
#: Every third of the children who are referred is known already.
KNOWN_EVERY = 3


Say = Callable[[str], None]


@dataclass
class Prepared:
    """What the measures use."""

    with_history: str
    drafts: list[UUID] = field(default_factory=list)
    to_send: Iterator[UUID] = field(default_factory=lambda: iter(()))


def prepare(superuser_url: str, size: making.Size, *, to_send: int, own_drafts: int, say: Say) -> Prepared:
    """Fill the portal, and add it up; `to_send` complete drafts of Rosa's, and `own_drafts` for saving sections of."""
    people = _people()
    _history(superuser_url, size, say)
    tidy(superuser_url)
    refresh()
    _entries(people["Grace"])
    families = Families()
    rosa, grace = people["Rosa"], people["Grace"]
    for number in range(OPEN - 1):
        _open_contact(families, number, by=rosa, worker=grace)
    prepared = Prepared(_contact_with_history(families, by=rosa, worker=grace))
    drafts = [families.draft(by=rosa) for _ in range(to_send + own_drafts)]
    prepared.drafts, prepared.to_send = drafts[:own_drafts], iter(drafts[own_drafts:])
    sweep()
    Notice.objects.filter(sent_at=None).update(sent_at=timezone.now())
    tidy(superuser_url)
    return prepared


def size_of(contacts: int, years: float | None) -> making.Size:
    """One authority of 100,000 contacts a year, unless it is said that they came within so many years."""
    events = making.EVENTS if contacts <= MANY else EVENTS_OF_MANY
    usual = making.Size.usual(contacts, events)
    return usual if years is None else making.Size(contacts, years, events)


def _history(superuser_url: str, size: making.Size, say: Say) -> None:
    def done(contacts: int) -> None:
        if contacts % SAID_EVERY == 0:
            say(f"{contacts:,} of {size.contacts:,}")

    with psycopg2.connect(superuser_url) as connection, connection.cursor() as cursor:
        making.make(cursor, size, done)


def tidy(superuser_url: str) -> None:
    """As autovacuum leaves a database that has been in use for a while."""
    connection = psycopg2.connect(superuser_url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")
    connection.close()


def sign_in(port: int, name: str, count: int) -> list[Browser]:
    """As many browsers of one person."""
    browsers = [Browser(port) for _ in range(count)]
    for browser in browsers:
        browser.sign_in(build.player(name).email, PASSWORD)
    return browsers


class Families:
    """The demonstration's referrals about ever other families, of whom every third is known."""

    def __init__(self) -> None:
        every = {one["id"]: one for one in documents_in(Path(seed.HERE) / "referrals.yaml")}
        days = (timezone.localdate() - seed.WRITTEN).days
        self.models = itertools.cycle([documents.read(seed._moved(every[name], days)).answers for name in DOCUMENTS])
        self.known = list(Child.objects.filter(contact__id__lte=2000, key="c1").order_by("-id")[:1000])
        self.numbers = itertools.count(1)

    def answers(self, child: Child | None = None) -> dict[str, Any]:
        """A complete form about children who are not on any other form; the first of them is `child` if given."""
        number = next(self.numbers)
        answers = copy.deepcopy(next(self.models))
        if child is None and number % KNOWN_EVERY == 0:
            child = self.known[number % len(self.known)]
        for one in [*answers["children"], *answers["adults"]]:
            one["family_name"] = child.family_name if child else f"Of {_letters(number)}"
        first = answers["children"][0]
        first.update(nhs_number=_nhs_number(number), upn=_upn(number))
        if child and child.date_of_birth:
            same = {"given_names": child.given_names, "sex": child.sex, "ethnicity": child.ethnicity}
            first.update(same, nhs_number="", upn="", date_of_birth=child.date_of_birth.isoformat())
        return answers

    def draft(self, *, by: User, child: Child | None = None) -> UUID:
        return actions.start_draft(by=by, answers=self.answers(child)).key


def _people() -> dict[str, User]:
    for name, (kind, source) in AGENCIES.items():
        Agency.objects.get_or_create(name=name, defaults={"kind": kind, "source": source, "is_hub": kind == "hub"})
    return {name: build.player(name) for name in PEOPLE}


def _entries(owner: User) -> None:
    now = timezone.now()
    Entry.objects.bulk_create(
        Entry(
            title=f"Entry number {number}",
            name=f"somebody {_letters(number)}",
            email=f"person{number}@example.org",
            state=("new", "open", "done")[number % 3],
            priority=("high", "normal", "low")[number % 3],
            born_on=date(2010, 1, 1) + timedelta(days=number),
            words="What somebody wrote about this entry, in a sentence or two that a list cuts short. " * 2,
            received_at=now - timedelta(minutes=41 * number),
            due_at=now + timedelta(minutes=41 * (number - 15)),
            owner=owner if number % 2 else None,
        )
        for number in range(ENTRIES)
    )


def _open_contact(families: Families, number: int, *, by: User, worker: User) -> None:
    """Received within the last 30 hours; half of them are held and rated by the worker, some are late."""
    at = timezone.now() - timedelta(minutes=37 * number)
    contact = actions.submit(families.draft(by=by), by=by, at=at)
    if number % 2:
        _work_on(contact, list(Rag)[number % 3], by=worker)


def _contact_with_history(families: Families, *, by: User, worker: User) -> str:
    """The newest contact about the child whom the hub has known longest; the one who holds it will read it."""
    child = Child.objects.filter(person=1).latest("received_at")
    contact = actions.submit(families.draft(by=by, child=child), by=by, at=_in_hours(-1))
    _work_on(contact, Rag.AMBER, by=worker)
    build.assess(contact, by=worker, level=3, codes=("L3-LRN-01",))
    return contact.reference


def _work_on(contact: Contact, rag: Rag, *, by: User) -> None:
    held = triage.claim(contact.reference, by=by)
    triage.rate(contact.reference, rag=rag, reason="From what the referral says", by=by, version=held.version)


def _in_hours(hours: float) -> datetime:
    return timezone.now() + timedelta(hours=hours)


def _letters(number: int) -> str:
    """A name without digits: 27 → Abb, so that no two are spelt like one another."""
    name = ""
    while number:
        number, digit = divmod(number, 20)
        name = "bdfgklmnprstvwxaeiou"[digit] + name
    return name.title()


def _nhs_number(seed_number: int) -> str:
    """A number of the range that is given to nobody, with a right check digit, and with a wrong one nothing."""
    digits = f"9{seed_number:08d}"
    check = 11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True)) % 11
    return "" if check == 10 else f"{digits}{check % 11}"


def _upn(number: int) -> str:
    """A pupil number with the letter that proves it."""
    digits = f"{number:012d}"
    total = sum(int(digit) * weight for weight, digit in enumerate(digits, 2))
    return "ABCDEFGHJKLMNPQRTUVWXYZ"[total % 23] + digits
