"""What is measured of django-helpdesk, in the same run and on the same processes' settings as the portal."""

import contextlib
import itertools
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib.util import find_spec
from urllib.parse import urlsplit

import psycopg2

from tests.bench.beneath import Fact
from tests.bench.client import Browser, Unexpected, fields_of
from tests.bench.measures import CLIENTS, Measure
from tests.bench.rig import Rig, free_port
from tests.bench.timing import Call, Figures, Meter

from .fill import MOST, NAME, PASSWORD

ABSENT = "django-helpdesk is not installed here, so it is not measured beside the portal (pip install django-helpdesk)."
COMMAND = "gunicorn --config python:mash_portal.gunicorn_settings django.core.wsgi:get_wsgi_application()"
DATABASE = "helpdesk"
_DATA = re.compile(rb'"url": "(/datatables_ticket_list/[^"]+)"')


def is_installed() -> bool:
    return find_spec("helpdesk") is not None


@contextlib.contextmanager
def running(rig: Rig, contacts: int) -> Iterator[tuple[Rig, Meter]]:
    """With as many tickets as there are contacts, up to MOST, analysed as the portal's tables are."""
    server = psycopg2.connect(rig.superuser_url)
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {DATABASE}")
    server.close()
    url = urlsplit(rig.superuser_url)._replace(path=f"/{DATABASE}").geturl()
    port = free_port()
    own = {"DJANGO_SETTINGS_MODULE": "tests.bench.peer.settings", "DATABASE_URL": url, "PORT": str(port)}
    peer = replace(rig, port=port, superuser_url=url, values={**rig.values, **own, "SECRET_KEY": secrets.token_hex(32)})
    peer.run("-m", "django", "migrate", "--verbosity", "0")
    peer.run("-m", "tests.bench.peer.fill", str(min(contacts, MOST)))
    with peer.web(COMMAND, ready="/login/") as meter:
        yield peer, meter


def measures(port: int) -> list[Measure]:
    """Somebody of the staff reads; strangers send the public form."""
    staff = [Browser(port) for _ in range(CLIENTS)]
    for browser in staff:
        browser.get("/login/")
        browser.post("/login/", {"username": NAME, "password": PASSWORD})
    strangers = [Browser(port) for _ in range(CLIENTS)]
    return [
        Measure("peer_list", "django-helpdesk: list and its data", [_lists(one) for one in staff]),
        Measure("peer_ticket", "django-helpdesk: a ticket", [_gets(one, "/tickets/1/") for one in staff]),
        Measure("peer_dashboard", "django-helpdesk: dashboard", [_gets(one, "/dashboard/") for one in staff]),
        Measure("peer_form", "django-helpdesk: public form", [_submits(one) for one in strangers], writes=True),
    ]


def facts(found: Mapping[tuple[str, int], Figures]) -> list[Fact]:
    """The goals that are said in multiples of the peer (p50, one client)."""
    made = []
    for key, title, over, under, goal, at_least in (
        ("queue_peer", "Queue, times as fast as the peer’s list", "peer_list", "queue", 8, True),
        ("dashboard_peer", "Dashboard, times as fast as the peer’s", "peer_dashboard", "dashboard", 30, True),
        ("send_peer", "Send referral, over the peer’s form", "send", "peer_form", 1.2, False),
    ):
        pair = found.get((over, 1)), found.get((under, 1))
        if pair[0] and pair[1]:
            made.append(Fact(key, title, pair[0].p50 / pair[1].p50, "×", goal, at_least))
    return made


def _gets(browser: Browser, path: str) -> Call:
    return lambda: browser.get(path)


def _lists(browser: Browser) -> Call:
    """The page, and what it asks for to fill its table."""

    def lists() -> None:
        found = _DATA.search(browser.get("/tickets/").body)
        if found is None:
            raise Unexpected("The list of django-helpdesk does not say where its data is.")
        browser.get(f"{found[1].decode()}?draw=1&start=0&length=50")

    return lists


def _submits(browser: Browser) -> Call:
    fields = fields_of(browser.get("/tickets/submit/").body)
    numbers = itertools.count(1)

    def submit() -> None:
        said = {"title": f"A new ticket {next(numbers)}", "body": "What somebody has to say. " * 5}
        browser.post("/tickets/submit/", {**fields, **said, "queue": "1", "submitter_email": "somebody@example.org"})

    return submit
