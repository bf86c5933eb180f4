"""Looks at the watchers from outside, and tells somebody off this host: who hears nothing from here knows as well.

It writes nothing and takes no lock, so nothing that is stuck can hold it up. Each look is on a connection of its own: a
database that takes no new ones is away.
"""

import logging
import threading
import time
import urllib.request
from collections.abc import Callable

from django.db import connection
from django.utils import timezone

from . import watch

log = logging.getLogger(__name__)

LOOK_SECONDS, PING_EVERY_SECONDS, PING_TIMEOUT_SECONDS = 5.0, 60.0, 5.0
#: What goes on being wrong is logged again after this long.
COMPLAIN_EVERY_SECONDS = 60.0


class Monitor:
    """What it last saw, and when it last said so."""

    def __init__(self, ping_url: str) -> None:
        self.pinger = Pinger(ping_url)
        self.troubles: list[str] | None = None
        self.said_at = self.pinged_at = float("-inf")

    def run(self, stopped: threading.Event) -> None:
        while not stopped.is_set():
            self.turn(time.monotonic())
            stopped.wait(LOOK_SECONDS)

    def turn(self, now: float) -> None:
        """One look. Said and pinged at once when something has changed, else every minute."""
        found = look()
        is_news = found != self.troubles
        self.troubles = found
        if is_news or (found and now - self.said_at >= COMPLAIN_EVERY_SECONDS):
            self.said_at = now
            self._say()
        if is_news or now - self.pinged_at >= PING_EVERY_SECONDS:
            self.pinged_at = now
            self.pinger.ping(is_well=not found)

    def _say(self) -> None:
        if self.troubles:
            log.warning("Not well: %s", " ".join(self.troubles))
        else:
            log.info("All is well.")


def look() -> list[str]:
    """What has stopped. Anything that goes wrong in looking is itself something wrong."""
    try:
        return watch.troubles(timezone.now())
    except Exception as error:
        return [f"The monitor could not look ({type(error).__name__})."]
    finally:
        connection.close()


class Pinger:
    """GET the address while all is well, the address and /fail when not (healthchecks.io, Uptime Kuma and others)."""

    def __init__(self, url: str, get: "Callable[[str], None] | None" = None) -> None:
        self.url = url.rstrip("/")
        self.get = get or fetch
        self.under_way: threading.Thread | None = None

    def ping(self, *, is_well: bool) -> None:
        """In a thread: a name server that does not answer holds up no look. One at a time; the next says it again."""
        if not self.url or (self.under_way is not None and self.under_way.is_alive()):
            return
        url = self.url if is_well else f"{self.url}/fail"
        self.under_way = threading.Thread(target=self._ping, args=(url,), daemon=True)
        self.under_way.start()

    def _ping(self, url: str) -> None:
        try:
            self.get(url)
        except Exception as error:
            # the address is a secret: whoever knows it can say that all is well
            log.warning("The ping was not heard (%s).", type(error).__name__)


def fetch(url: str) -> None:
    request = urllib.request.Request(url, headers={"User-Agent": "mash-portal"})  # noqa: S310 - set by whoever runs this
    with urllib.request.urlopen(request, timeout=PING_TIMEOUT_SECONDS) as response:  # noqa: S310 - as above
        response.read(1)
