"""If what watches over deadlines and messages stops, people know within two minutes (G6). On real processes.

`make faults` waits for as long as production does. Otherwise the portal counts 15 seconds as silence: the same
processes and the same clock, set shorter.
"""

import json
import os
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.conf import settings
from django.test import Client

from mash_portal import embedded, processes, watch
from mash_portal.embedded_servers import Redis
from tests import build
from tests.faults import ledger
from tests.portals import Portal, StartPortal, wait_until

pytestmark = pytest.mark.faults

WHOLE = os.environ.get("FAULTS") == "whole"
SILENCE, LIMIT = (90, 120) if WHOLE else (15, 45)
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


def may_update(url: str, *, verb: str) -> None:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for table in JOBS:
            cursor.execute(f"{verb} UPDATE ON {table} {'FROM' if verb == 'REVOKE' else 'TO'} portal_app")
    connection.close()


def troubles(portal: Portal) -> set[str]:
    time.sleep(0.5)
    status, body = processes.answer(f"{portal.url}/healthz")
    found = set(json.loads(body)["troubles"]) if body else {"The web does not answer."}
    assert (status == 200) is (not found)
    return found


def banner(portal: Portal, cookie: str) -> str:
    request = urllib.request.Request(f"{portal.url}/escalations/", headers={"Cookie": f"sessionid={cookie}"})  # noqa: S310 - our own
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - our own
        return str(answer.read().decode())


def people_know(portal: Portal, cookie: str, wanted: set[str], what: str) -> None:
    """Within the limit, on /healthz and on every page of staff."""
    started = time.monotonic()
    wait_until(lambda: wanted <= troubles(portal), f"/healthz says that {what}", seconds=LIMIT)
    page = banner(portal, cookie)
    assert all(sentence in page for sentence in wanted), what
    assert time.monotonic() - started <= LIMIT


def is_well(portal: Portal) -> Callable[[], bool]:
    return lambda: not troubles(portal)


@pytest.mark.timeout(900)
def test_people_know_when_sweep_relay_worker_beat_timers_or_redis_stop(
    committed: str, superuser_url: str, own_redis: Redis, portal_processes: StartPortal
) -> None:
    client = Client()
    client.force_login(build.player("Maya"))
    cookie = client.cookies["sessionid"].value
    with far_away() as (address, heard):
        own = {"SILENCE_SECONDS": str(SILENCE), "REDIS_URL": own_redis.url(), "PING_URL": address}
        names = ("timers", "worker", "beat", "monitor", "web")
        portal = portal_processes(*names, SECRET_KEY=settings.SECRET_KEY, **own)
        wait_until(is_well(portal), "all is well", seconds=90)
        wait_until(lambda: "/our-own-number" in heard, "somebody far away hears that all is well")

        may_update(superuser_url, verb="REVOKE")
        ledger.due(1)
        portal.kill("worker")
        people_know(portal, cookie, {*JOBS.values(), watch.PROCESSES["worker"]}, "sweep, relay and worker have stopped")
        wait_until(lambda: heard[-1] == "/our-own-number/fail", "somebody far away hears of it")
        assert "Not well: " in portal.log("monitor")
        assert processes.answer(f"{portal.url}/readyz")[0] == 200
        may_update(superuser_url, verb="GRANT")
        portal.start("worker")
        wait_until(is_well(portal), "all is well again", seconds=90)

        portal.kill("timers")
        portal.kill("beat")
        people_know(portal, cookie, {watch.STOPPED, watch.PROCESSES["beat"]}, "timers and beat have stopped")
        portal.start("timers", "beat")
        wait_until(is_well(portal), "all is well once more", seconds=90)

        own_redis.stop()
        started = time.monotonic()
        wait_until(lambda: troubles(portal) & set(watch.PROCESSES.values()), "Redis has stopped", seconds=LIMIT)
        assert time.monotonic() - started <= LIMIT
        assert watch.STOPPED not in troubles(portal)
