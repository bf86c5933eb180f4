"""If what watches over deadlines and messages stops, people know within two minutes (G6). On real processes.

`make faults` waits as long as it takes. Otherwise 78 seconds pass at once: every heartbeat is made so much older, and
whoever lives says within seconds that it does.
"""

import json
import os
import signal
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from mash_portal import embedded, processes, watch
from referrals.models import Heartbeat
from tests import build
from tests.portals import Portal, StartPortal, wait_until

from . import ledger, proxy, scale
from .proxy import Way

pytestmark = pytest.mark.faults

#: People know by then; of it, so many seconds pass at once where nobody waits for them.
LIMIT, AT_ONCE = 120, 0 if scale.WHOLE else 78
#: Without this right the sweep fires nothing, and the relay claims nothing.
JOBS = {"referrals_escalation": watch.STUCK, "referrals_notice": watch.WAITING}


@pytest.fixture
def superuser_url(portal_servers: embedded.Servers, committed: str) -> str:
    return urlsplit(portal_servers.superuser_url)._replace(path=f"/{committed}").geturl()


@contextmanager
def far_away() -> Iterator[tuple[str, list[str]]]:
    """Somebody off this host who hears pings: the address to ping, and the paths that were asked for."""
    heard: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the class above calls it
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/our-own-number", heard
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Watched:
    """A portal, and a team manager who has signed in to it."""

    portal: Portal
    cookie: str
    superuser_url: str
    figures: list[str]

    def troubles(self) -> set[str]:
        status, body = processes.answer(f"{self.portal.url}/healthz", seconds=20)
        found = set(json.loads(body)["troubles"]) if body else {"The web does not answer."}
        assert (status == 200) is (not found)
        return found

    def is_well(self) -> bool:
        return not self.troubles()

    def hears_the_worker(self) -> bool:
        fresh = timezone.now() - timedelta(seconds=20)
        return Heartbeat.objects.filter(name=watch.WORKER, at__gt=fresh).exists() and self.is_well()

    def banner(self) -> str:
        request = urllib.request.Request(  # noqa: S310 - our own
            f"{self.portal.url}/escalations/", headers={"Cookie": f"sessionid={self.cookie}"}
        )
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - our own
            return str(answer.read().decode())

    def people_know(self, what: str, of: Callable[[set[str]], object]) -> None:
        """Within the limit, on /healthz and on every page of staff at the same time."""
        self._time_passes()
        started = time.monotonic()

        def told() -> object:
            known = self.troubles()
            return of(known) and of(self._on_the_page(known))

        wait_until(told, f"/healthz and staff are told that {what}", seconds=LIMIT)
        took = time.monotonic() - started + AT_ONCE
        assert took <= LIMIT, what
        self.figures.append(f"G6 · {what}: known after {took:.0f} s")

    def _on_the_page(self, known: set[str]) -> set[str]:
        page = self.banner()
        return {sentence for sentence in known if sentence in page}

    def may_update(self, *, verb: str) -> None:
        connection = psycopg2.connect(self.superuser_url)
        connection.autocommit = True
        with connection.cursor() as cursor:
            for table in JOBS:
                cursor.execute(f"{verb} UPDATE ON {table} {'FROM' if verb == 'REVOKE' else 'TO'} portal_app")
        connection.close()

    def _time_passes(self) -> None:
        for beat in Heartbeat.objects.all():
            Heartbeat.objects.filter(pk=beat.pk, at=beat.at).update(at=beat.at - timedelta(seconds=AT_ONCE))

    def hang(self, *names: str) -> None:
        """They hold what they have, and do nothing."""
        self._signal(names, signal.SIGSTOP)

    def go_on(self, *names: str) -> None:
        self._signal(names, signal.SIGCONT)

    def _signal(self, names: tuple[str, ...], number: signal.Signals) -> None:
        for pid in [pid for name in names for pid in self.portal.family(name)]:
            os.kill(pid, number)


@pytest.fixture
def manager(committed: str) -> str:
    """The cookie of a team manager."""
    client = Client()
    client.force_login(build.player("Maya"))
    return client.cookies["sessionid"].value


@pytest.mark.timeout(1800 if scale.WHOLE else 900)
def test_people_know_when_sweep_relay_worker_beat_timers_or_redis_stop(
    superuser_url: str,
    portal_servers: embedded.Servers,
    manager: str,
    portal_processes: StartPortal,
    figures: list[str],
) -> None:
    """Failed when it was made to: timers that said of every job that it was well."""
    port = urlsplit(portal_servers.redis_url).port or 0
    with far_away() as (address, heard), proxy.before("127.0.0.1", port) as line:
        near = line.instead(portal_servers.redis_url)
        names = ("timers", "worker", "beat", "monitor", "web")
        portal = portal_processes(*names, SECRET_KEY=settings.SECRET_KEY, REDIS_URL=near, PING_URL=address)
        watched = Watched(portal, manager, superuser_url, figures)
        wait_until(watched.is_well, "all is well", seconds=120)
        wait_until(lambda: "/our-own-number" in heard, "somebody far away hears that all is well")

        watched.may_update(verb="REVOKE")
        ledger.due(1)
        line.becomes(Way.BLACK_HOLED)
        watched.people_know(
            "sweep and relay have stopped, and Redis",
            lambda known: {*JOBS.values()} <= known and known & {*watch.PROCESSES.values()},
        )
        wait_until(lambda: heard[-1] == "/our-own-number/fail", "somebody far away hears of it")
        assert "Not well: " in portal.log("monitor")
        assert processes.answer(f"{portal.url}/readyz", seconds=20)[0] == 200
        watched.may_update(verb="GRANT")
        line.becomes(Way.PASSES)
        wait_until(watched.is_well, "all is well again, and nobody has started anything", seconds=120)

        watched.hang("timers", "beat")
        stopped = {watch.STOPPED, watch.PROCESSES["beat"]}
        watched.people_know("timers and beat have stopped", lambda known: stopped <= known)
        watched.go_on("timers", "beat")
        wait_until(watched.hears_the_worker, "the worker has answered again", seconds=120)

        portal.kill("worker")
        left = {watch.PROCESSES["worker"]}
        watched.people_know("the worker has stopped, and nothing else", lambda known: known == left)
