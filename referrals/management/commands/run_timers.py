"""The portal's watch: fires what is due and sends what waits, every two seconds, on any number of hosts.

Nothing is held in memory: kill it at any moment and another, or the next one, goes on from the rows.
"""

import signal
import threading
import time
from typing import Any

from django.core.management.base import CommandParser
from django.db import DatabaseError, InterfaceError, connection

from mash_portal import watch
from mash_portal.govuk.words import count, short_moment
from referrals import relay
from referrals.attachments import actions as attachments
from referrals.escalation.sweep import Line, sweep
from referrals.intake.notifications.actions import go_on_with_all
from referrals.management.base import PortalCommand
from referrals.retention.actions import look_after_drafts

EVERY_SECONDS = 2.0
#: Drafts are measured in days: there is no hurry.
DRAFTS_EVERY_SECONDS = 60.0
#: How long of each turn goes to files of police notifications whose sender has closed the page.
UPLOADS_SECONDS = 1.0
#: Files that an upload has left behind are a day old.
FILES_EVERY_SECONDS = 3600.0
#: A database that is away is tried again for ever, and complained of once in a while.
COMPLAIN_EVERY_SECONDS = 60.0


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
        swept, kept, sent = sweep(), look_after_drafts(), relay.send_waiting()
        go_on_with_all(seconds=UPLOADS_SECONDS)
        attachments.rescan()
        attachments.sweep_files()
        for line in swept.lines:
            self.stdout.write(_words(line))
        if swept.skipped:
            self.stdout.write(f"{count(swept.skipped, 'step')} needed telling to nobody any more.")
        if not (swept.lines or swept.skipped):
            self.stdout.write("Nothing was due.")
        if kept.reminded or kept.warned or kept.deleted:
            self.stdout.write(
                f"{count(kept.reminded, 'unsent draft')} reminded of, {kept.warned} warned of, {kept.deleted} deleted."
            )
        if sent.sent or sent.failed:
            self.stdout.write(f"{count(sent.sent, 'message')} sent, {sent.failed} not sent.")
        watch.beat("timers")


class Loop:
    """Sweep, send, say that we live; again in two seconds. Ends after the batch in hand when asked to."""

    def __init__(self, stderr: Any) -> None:
        self.stderr = stderr
        self.stopped = threading.Event()
        self.complained: float | None = None
        self.drafts_at: float | None = None
        self.files_at: float | None = None
        self.scanning: threading.Thread | None = None

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopped.set())
        while not self.stopped.is_set():
            started = time.monotonic()
            self.turn()
            self.stopped.wait(max(0.0, EVERY_SECONDS - (time.monotonic() - started)))

    def turn(self) -> None:
        """One round. Whatever goes wrong in it, there is a next one."""
        try:
            sweep(stopping=self.stopped.is_set)
            self._look_after_drafts()
            relay.send_waiting(stopping=self.stopped.is_set)
            go_on_with_all(seconds=UPLOADS_SECONDS)
            self._look_after_files()
            watch.beat("timers")
        except (DatabaseError, InterfaceError) as error:
            self._complain(f"The database does not answer ({type(error).__name__}). Trying again.")
            connection.close()
        except Exception as error:
            self._complain(f"The timers met something unexpected ({type(error).__name__}). Trying again.")
            connection.close()

    def _look_after_drafts(self) -> None:
        now = time.monotonic()
        if self.drafts_at is None or now - self.drafts_at >= DRAFTS_EVERY_SECONDS:
            self.drafts_at = now
            look_after_drafts()

    def _look_after_files(self) -> None:
        """Beside the timers: a scanner may take half a minute over one file, and no deadline waits for it."""
        if self.scanning is None or not self.scanning.is_alive():
            self.scanning = threading.Thread(target=self._scan, daemon=True)
            self.scanning.start()

    def _scan(self) -> None:
        now = time.monotonic()
        try:
            attachments.rescan(stopping=self.stopped.is_set)
            if self.files_at is None or now - self.files_at >= FILES_EVERY_SECONDS:
                self.files_at = now
                attachments.sweep_files()
        except Exception as error:
            self._complain(f"Files cannot be looked after ({type(error).__name__}). Trying again.")
        finally:
            connection.close()

    def _complain(self, sentence: str) -> None:
        now = time.monotonic()
        if self.complained is None or now - self.complained >= COMPLAIN_EVERY_SECONDS:
            self.complained = now
            self.stderr.write(sentence)


def _words(line: Line) -> str:
    told = ", ".join(line.told) or "nobody: no manager is active"
    return f"{short_moment(line.at)}  {line.reference}  {line.label}  told {told}"
