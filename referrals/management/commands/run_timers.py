"""The portal's watch: fires what is due and sends what waits, every two seconds, on any number of hosts.

Nothing is held in memory: kill it at any moment and another, or the next one, goes on from the rows.
"""

import signal
import threading
import time
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.db import DatabaseError, InterfaceError, connection

from mash_portal import watch
from referrals.management import jobs
from referrals.management.base import PortalCommand
from referrals.management.jobs import Job

EVERY_SECONDS = 2.0
#: What goes wrong is tried again for ever, and complained of once in a while.
COMPLAIN_EVERY_SECONDS = 60.0
AWAY = "The database does not answer"


class Command(PortalCommand):
    help = "Fire every escalation that is due and send every message that waits, until told to stop."
    # a page that is broken must not stop the watch
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do it once, print what was done, and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            self._once()
        else:
            Loop(self.stderr).run()

    def _once(self) -> None:
        """Every job, whatever becomes of the others; what went wrong is said at the end."""
        errors: list[tuple[Job, Exception]] = []
        every = [*jobs.in_turn(), *jobs.beside()]
        for job in every:
            try:
                for line in job.do(0.0, lambda: False):
                    self.stdout.write(line)
            except Exception as error:
                errors.append((job, error))
        for _job, failed in errors:
            if isinstance(failed, DatabaseError | InterfaceError):
                raise failed
        say_how_they_are(every)
        if errors:
            raise CommandError(" ".join(_sentence(job, failed) for job, failed in errors))


class Loop:
    """Each job by itself, then say that we live; again in two seconds. Ends after the batch in hand when asked to."""

    def __init__(self, stderr: Any) -> None:
        self.stderr = stderr
        self.stopped = threading.Event()
        self.complained: dict[str, float] = {}
        self.in_turn, self.beside = jobs.in_turn(), jobs.beside()
        self.aside: threading.Thread | None = None

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopped.set())
        while not self.stopped.is_set():
            started = time.monotonic()
            self.turn()
            self.stopped.wait(max(0.0, EVERY_SECONDS - (time.monotonic() - started)))

    def turn(self) -> None:
        """One round. Whatever goes wrong with a job, the others are done, and there is a next round."""
        if not self._all(self.in_turn):
            return
        if self.aside is None or not self.aside.is_alive():
            self.aside = threading.Thread(target=self._aside, daemon=True)
            self.aside.start()
        try:
            say_how_they_are([*self.in_turn, *self.beside])
        except (DatabaseError, InterfaceError) as error:
            self._complain(AWAY, f"{AWAY} ({type(error).__name__}). Trying again.")
            connection.close()

    def _aside(self) -> None:
        try:
            self._all(self.beside)
        finally:
            connection.close()

    def _all(self, those: Iterable[Job]) -> bool:
        """Do each; False as soon as the database is away, for then the others would only wait for it."""
        for job in those:
            try:
                job.do(time.monotonic(), self.stopped.is_set)
            except Exception as error:
                if not self._database_answers():
                    return False
                self._complain(job.name, f"{_sentence(job, error)} Trying again.")
        return True

    def _database_answers(self) -> bool:
        """On a new connection: whatever the last one was left in, nothing of it is carried on."""
        try:
            connection.close()
            connection.ensure_connection()
        except (DatabaseError, InterfaceError) as error:
            self._complain(AWAY, f"{AWAY} ({type(error).__name__}). Trying again.")
            return False
        return True

    def _complain(self, about: str, sentence: str) -> None:
        now = time.monotonic()
        if now - self.complained.get(about, -COMPLAIN_EVERY_SECONDS) >= COMPLAIN_EVERY_SECONDS:
            self.complained[about] = now
            self.stderr.write(sentence)


def say_how_they_are(every: Iterable[Job]) -> None:
    """The timers live. A job whose last try failed says nothing, until its silence is heard (watch.py)."""
    known = list(every)
    watch.beat("timers", *(job.name for job in known if job.is_well))
    watch.expect(*(job.name for job in known if not job.is_well))
    if settings.CELERY_EXPECTED:
        watch.expect(*watch.PROCESSES)


def _sentence(job: Job, error: Exception) -> str:
    """What failed, and how; never what it was about."""
    return f"The timers could not do “{job.name}” ({type(error).__name__})."
