"""A process of its own that looks at the watchers, logs what it sees and pings PING_URL. It writes nothing."""

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from mash_portal.monitor import Monitor, look
from referrals.management.base import PortalCommand


class Command(PortalCommand):
    help = "Watch whether timers, messages, worker and beat are awake, until told to stop. Takes no locks."
    # a page that is broken must not stop the monitor
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="look once; exit code 1 and what is wrong, if anything is"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            self._once()
            return
        stopped = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        Monitor(settings.PING_URL).run(stopped)

    def _once(self) -> None:
        if troubles := look():
            raise CommandError(" ".join(troubles))
        self.stdout.write("All is well.")
