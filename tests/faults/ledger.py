"""What must happen, written down outside the portal; and ways to break it."""

import contextlib
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import psycopg2
import psycopg2.extensions
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import Role
from mash_portal.audit.models import Event
from referrals.models import Contact, Deadline, Escalation, Notice
from referrals.rules.clocks import DEFAULTS
from referrals.vocabulary import Channel, Clock, Stage
from tests import build

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
    told = Counter(Escalation.told.through.objects.values_list("escalation_id", flat=True))
    assert told == Counter(step.pk for step in steps)
    trail = Counter(Event.objects.filter(verb="escalated").values_list("reference", flat=True))
    assert trail == Counter(step.contact.reference for step in steps)


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
