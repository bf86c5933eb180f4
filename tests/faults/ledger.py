"""What must happen, written down outside the portal; and ways to break it."""

import contextlib
import email
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import psycopg2
import psycopg2.extensions
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import Role
from mash_portal.audit.models import Event
from mash_portal.celery import app as celery_app
from referrals.models import Contact, Deadline, Escalation, Notice, Telling
from referrals.rules.clocks import DEFAULTS
from referrals.vocabulary import Channel, Clock, Stage
from tests import build

REFERENCE = re.compile(r"\b[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}\b")
SLOW = """
    CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep({seconds}); RETURN NEW; END $$;
    CREATE TRIGGER slow BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION slow();
"""


def due(count: int, *, first: datetime | None = None, apart: timedelta = timedelta(0)) -> list[Escalation]:
    """That many contacts with one step each, for the team manager: the first due then, or a minute ago."""
    rosa, start = build.player("Rosa"), first or timezone.now() - timedelta(minutes=1)
    build.player("Maya")
    opened = start - timedelta(hours=24)
    assert rosa.agency is not None
    contacts = Contact.objects.bulk_create(
        Contact(
            channel=Channel.MARF,
            source="2A",
            agency=rosa.agency,
            referrer=rosa,
            stage=Stage.RECEIVED,
            received_at=opened,
            due_at=start + apart * number,
            statutory_due_at=start + apart * number,
        )
        for number in range(count)
    )
    deadlines = Deadline.objects.bulk_create(
        Deadline(
            contact=contact,
            clock=Clock.DECISION,
            rule=DEFAULTS[Clock.DECISION].to_dict(),
            opened_at=opened,
            due_at=contact.due_at,
        )
        for contact in contacts
    )
    return Escalation.objects.bulk_create(
        Escalation(
            deadline=deadline,
            contact=deadline.contact,
            step="due",
            label="The decision is due",
            due_at=deadline.due_at,
            roles=[Role.TEAM_MANAGER],
        )
        for deadline in deadlines
    )


def fired(steps: list[Escalation]) -> int:
    return Escalation.objects.fired().filter(pk__in=[step.pk for step in steps]).count()


def check_fired_once(steps: list[Escalation]) -> None:
    """Every step of the ledger: fired, told to one person, one line of the trail. None lost, none doubled."""
    assert fired(steps) == len(steps)
    told = Counter(Telling.objects.values_list("escalation_id", flat=True))
    assert told == Counter(step.pk for step in steps)
    trail = Counter(Event.objects.filter(verb="escalated").values_list("reference", flat=True))
    assert trail == Counter(step.contact.reference for step in steps)


def check_decision_deadlines() -> None:
    """Every open contact has exactly one live decision deadline, and nothing else has any (G4)."""
    live = Deadline.objects.live().filter(clock=Clock.DECISION)
    expected = Counter(Contact.objects.open().values_list("pk", "due_at"))
    assert Counter(live.values_list("contact_id", "due_at")) == expected


def hurry(times: int = 1, task: str = "sweep_deadlines") -> None:
    """What beat does, without waiting for it."""
    for _ in range(times):
        celery_app.send_task(f"referrals.tasks.{task}")


def mails_in(directory: Path) -> Counter[str]:
    """How often each message, by what tells it apart, has reached the mail server."""
    separator = "-" * 79
    texts = [text for path in directory.glob("*") for text in path.read_text().split(separator) if text.strip()]
    return Counter(_subject_and_person(text) for text in texts)


def _subject_and_person(text: str) -> str:
    message = email.message_from_string(text.lstrip())
    return f"{message['Subject']} to {message['To']}"


def references_in(directory: Path) -> set[str]:
    return set(REFERENCE.findall(" ".join(mails_in(directory))))


def reference(number: int) -> str:
    """MF7K-AABX: one to each message, as far as 9,999."""
    return "MF7K-" + "".join("ABCDEFGHJK"[int(digit)] for digit in f"{number:04}")


def messages_to(person: User) -> list[str]:
    return sorted(Notice.objects.filter(to=person).values_list("template", flat=True))


@contextlib.contextmanager
def slowed(url: str, table: str, event: str = "INSERT", seconds: float = 0.005) -> Iterator[None]:
    """Make each row of a table slow to write, so that a kill falls into the middle of a batch."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(SLOW.format(table=table, event=event, seconds=seconds))
        yield
        cursor.execute(f"DROP TRIGGER slow ON {table}; DROP FUNCTION slow()")
    connection.close()


def is_writing_slowly(superuser: psycopg2.extensions.connection, database: str) -> bool:
    """Is anybody in the middle of a row that `slowed` has made slow?"""
    with superuser.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event = 'PgSleep'", [database]
        )
        return cursor.fetchone() != (0,)


@contextlib.contextmanager
def away(superuser: psycopg2.extensions.connection, database: str) -> Iterator[None]:
    """Nobody can connect to the database, and everybody who was connected has been thrown out."""
    with superuser.cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{database}" WITH ALLOW_CONNECTIONS false')
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [database])
        try:
            yield
        finally:
            cursor.execute(f'ALTER DATABASE "{database}" WITH ALLOW_CONNECTIONS true')
