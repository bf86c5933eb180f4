"""Fill a portal with made-up contacts, as many as a country has, so that anyone can try it at that size."""

import sys
import time
from datetime import timedelta
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import connection

from mash_portal.govuk.words import count
from referrals.insight import refreshing
from referrals.management.base import PortalCommand
from referrals.models import Child, Contact
from referrals.population import making

WIDTH = 30
EVENTS = 3
LEAST, MOST = 100, 20_000_000


class Command(PortalCommand):
    help = (
        "Fill an empty portal with made-up closed contacts: spread over agencies, days and hours as a hub has them, "
        "with children who come again, decisions, clocks, messages and an audit trail. Runs as the owner of the "
        "tables (MIGRATION_DATABASE_URL). Nobody made up can sign in. The same number makes the same population."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--contacts", type=int, required=True, metavar="NUMBER", help="how many, such as 3000000")
        parser.add_argument(
            "--years", type=float, metavar="YEARS",
            help=f"how many years they are spread over; {making.A_YEAR:,} contacts a year unless told",
        )  # fmt: skip
        parser.add_argument(
            "--events", type=int, default=EVENTS, metavar="NUMBER",
            help=f"lines of the audit trail for each contact ({EVENTS}); a real one has ten, and takes twice as long",
        )  # fmt: skip
        parser.add_argument(
            "--beside-what-is-there", action="store_true", help="although there are contacts in this portal already"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        size = _size(options)
        already = Contact.objects.count()
        if already and not options["beside_what_is_there"]:
            raise CommandError(
                f"This portal has {count(already, 'contact')}. Made-up ones cannot be told from real ones "
                "afterwards: use an empty portal, or say --beside-what-is-there."
            )
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = 'referrals_contact'::regclass"
            )
            if not cursor.fetchone()[0]:
                raise CommandError("This needs the owner of the tables: set MIGRATION_DATABASE_URL, as for migrate.")
            children, started = Child.objects.count(), time.monotonic()
            making.make(cursor, size, Progress(size.contacts, started))
        _analyse()  # before they are added up, or the database expects few and reads all of them for every day
        refreshing.refresh()
        _analyse()
        made = f"{size.contacts:,} contacts about {Child.objects.count() - children:,} children"
        took = timedelta(seconds=round(time.monotonic() - started))
        self.stdout.write(f"Made {made}, over {size.years:g} years, in {took}. The figures are added up.")


def _analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


class Progress:
    """A bar that is drawn over and over on a terminal; elsewhere a line for every tenth."""

    def __init__(self, whole: int, started: float) -> None:
        self.whole, self.started, self.said = whole, started, 0

    def __call__(self, done: int) -> None:
        tenth = done * 10 // self.whole
        if not sys.stderr.isatty() and tenth == self.said:
            return
        self.said = tenth
        ready = WIDTH * done // self.whole
        left = round((time.monotonic() - self.started) * (self.whole - done) / done)
        bar = f"[{'#' * ready}{'.' * (WIDTH - ready)}] {done:,} of {self.whole:,}, {timedelta(seconds=left)} left"
        end = "\r" if sys.stderr.isatty() and done < self.whole else "\n"
        sys.stderr.write(f"{bar}  {end}")
        sys.stderr.flush()


def _size(options: dict[str, Any]) -> making.Size:
    contacts, events = options["contacts"], options["events"]
    if not LEAST <= contacts <= MOST:
        raise CommandError(f"--contacts has to be from {LEAST:,} to {MOST:,}.")
    if not 1 <= events <= 100:
        raise CommandError("--events has to be from 1 to 100.")
    usual = making.Size.usual(contacts, events)
    years = options["years"] if options["years"] is not None else usual.years
    if not 0.1 <= years <= making.MOST_YEARS:
        raise CommandError(f"--years has to be from 0.1 to {making.MOST_YEARS:g}.")
    return making.Size(contacts, years, events)
