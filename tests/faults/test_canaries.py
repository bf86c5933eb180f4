"""No child's data outside the record (G16): a canary goes in everywhere, and is looked for everywhere else.

Outside the record are mails, the outbox, logs at DEBUG, Redis, addresses, cookies, caches, error pages, names of files,
and every table but those that hold what people write about children. The trail is inside the record's fence, because
only those who may read the record, and its auditors, read it; what it says is references, numbers and codes all the
same, so it is searched as well.
"""

import io
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client

from mash_portal import embedded
from mash_portal.accounts.models import User
from mash_portal.celery import app as celery_app
from mash_portal.logs import ByKind, Formatter
from referrals.following import actions as following
from referrals.models import Contact, Heartbeat, Notice
from tests import build
from tests.access.test_every_url import OURS, address
from tests.canaries import CANARY, everywhere, posted
from tests.portals import Portal, StartPortal, wait_until

pytestmark = pytest.mark.faults

#: Tables of the referrals' own that hold no words of anybody: the rest of them are the record.
WITHOUT_WORDS = {"notice", "heartbeat", "escalation", "escalation_told", "deadline", "delivery", "duty", "clocksetting"}
LINKS = re.compile(r'(?:href|action|src|content)="([^"]*)"')


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What the console's handler would write, of everything, at the most talkative."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Formatter("{levelname} {name} {message}", style="{"))
    handler.addFilter(ByKind())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(before)


def sings(text: object) -> bool:
    return CANARY.lower() in str(text).lower()


def in_tables() -> set[str]:
    """Tables with the canary in any column, but for those that are the record."""
    with connection.cursor() as cursor:
        every = connection.introspection.table_names(cursor)
        looked_at = [one for one in every if not one.startswith("referrals_") or one[10:] in WITHOUT_WORDS]
        assert len(looked_at) > len(WITHOUT_WORDS)
        found = set()
        for table in looked_at:
            cursor.execute(f'SELECT count(*) FROM "{table}" AS t WHERE t::text ILIKE %s', [f"%{CANARY}%"])  # noqa: S608 - a name of ours
            if cursor.fetchone()[0]:
                found.add(table)
    return found


def in_redis(url: str) -> list[bytes]:
    """Keys, and values of every type, with the canary in them."""
    server: Any = redis.Redis.from_url(url)
    return [key for key in server.keys("*") if sings(key) or sings(server.dump(key)) or sings(_members(server, key))]


def _members(server: Any, key: bytes) -> object:
    kind = server.type(key)
    if kind == b"list":
        return server.lrange(key, 0, -1)
    return server.hgetall(key) if kind == b"hash" else server.get(key) if kind == b"string" else ""


def in_mails(directory: Path) -> list[str]:
    written = [path.read_text(errors="replace") for path in directory.rglob("*") if path.is_file()]
    return [text for text in [*written, *(f"{one.subject} {one.body} {one.to}" for one in mail.outbox)] if sings(text)]


def in_addresses(client: Client, contacts: list[Contact]) -> list[str]:
    """Every page of these contacts and every list, as each person sees it: its own address, and each it leads to."""
    asked: set[str] = set()
    client.raise_request_exception = False  # what an error page says is searched like any other
    for name in ("Rosa", "Grace", "Maya", "Omar", "Kit", "Priya"):
        client.force_login(build.player(name))
        for path, url_name, view in OURS:
            wants = set(re.findall(r"<(?:\w+:)?(\w+)>", path))
            if view.access_rule.machine or path.endswith(".pdf") or not wants <= {"reference"}:
                continue
            for contact in contacts if "<" in path else contacts[:1]:
                asked |= _addresses_of(client, address(path, url_name, {"reference": contact.reference}))
    return [one for one in asked if sings(one)]


def _addresses_of(client: Client, path: str) -> set[str]:
    answer = client.get(path)
    page = "" if answer.streaming else answer.content.decode(errors="replace")
    headers = [f"{name}: {value}" for name, value in answer.headers.items() if name != "Content-Disposition"]
    return {path, *headers, *LINKS.findall(page), *(one.OutputString() for one in client.cookies.values())}


def with_celery(portal: Portal, url: str) -> list[bytes]:
    """What beat would ask for, while it waits in Redis and after the worker has done it."""
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        celery_app.send_task(str(entry["task"]))
    waiting = in_redis(url)
    assert redis.Redis.from_url(url).llen("celery") >= len(settings.CELERY_BEAT_SCHEDULE)
    portal.start("worker")
    wait_until(lambda: Heartbeat.objects.filter(name="worker").exists(), "the worker has sung", seconds=60)
    wait_until(lambda: redis.Redis.from_url(url).llen("celery") == 0, "everything has been done", seconds=60)
    portal.stop("worker")
    return waiting + in_redis(url)


def test_nothing_that_anybody_writes_is_found_outside_the_record(
    committed: str,
    portal_servers: embedded.Servers,
    portal_processes: StartPortal,
    logged: io.StringIO,
) -> None:
    client, portal = Client(), portal_processes()
    file = SimpleUploadedFile(f"{CANARY}.txt", f"About {CANARY}".encode(), "text/plain")
    contacts = everywhere(client, file)
    assert Contact.objects.filter(children__family_name=CANARY).count() >= len(contacts)
    assert Notice.objects.filter(sent_at=None).count() > 10
    assert with_celery(portal, portal_servers.redis_url) == []
    call_command("run_timers", once=True, stdout=logged)
    assert not Notice.objects.filter(sent_at=None, failed_at=None).exists()
    assert in_addresses(client, contacts[:2]) == []
    assert in_mails(portal.directory / "mail") == []
    assert in_tables() == set()
    assert not sings(getattr(cache, "_cache", {}))
    assert not any(sings(path.name) for path in settings.ATTACHMENT_DIR.rglob("*"))
    assert [line for line in (logged.getvalue() + portal.log("worker")).splitlines() if sings(line)] == []
    assert len(logged.getvalue().splitlines()) > 20


def test_an_error_says_nothing_of_what_was_posted(
    rosa: User, grace: User, client: Client, logged: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact = build.claimed(rosa, worker=grace)

    def broken(*arguments: object, **said: object) -> None:
        raise ValueError(said)

    monkeypatch.setattr(following, "add", broken)
    client.raise_request_exception = False
    answer = posted(client, rosa, f"/referrals/{contact.reference}/add/", text=CANARY)
    assert answer.status_code == 500
    assert not sings(answer.content.decode())
    assert "ValueError" in logged.getvalue()
    assert not sings(logged.getvalue())
    assert mail.outbox == []


def test_a_leak_is_found_wherever_it_is(
    rosa: User, portal_servers: embedded.Servers, logged: io.StringIO, client: Client, tmp_path: Path
) -> None:
    server = redis.Redis.from_url(portal_servers.redis_url)
    try:
        server.rpush("leak", f"a task about {CANARY}")
        server.set(f"leak:{CANARY}", "1")
        assert sorted(in_redis(portal_servers.redis_url)) == [b"leak", f"leak:{CANARY}".encode()]
    finally:
        server.delete("leak", f"leak:{CANARY}")
    logging.getLogger("referrals").debug("looking at %s", CANARY)
    assert sings(logged.getvalue())
    (tmp_path / "one.log").write_text(f"Subject: {CANARY}")
    mail.send_mail("news", f"of {CANARY}", None, [rosa.email])
    assert len(in_mails(tmp_path)) == 2
    build.received(rosa)
    notice = Notice.objects.earliest("id")
    Notice.objects.filter(pk=notice.pk).update(last_error=f"no such person: {CANARY}")
    User.objects.filter(pk=rosa.pk).update(job=CANARY)
    assert in_tables() == {"referrals_notice", "accounts_user"}
    client.cookies["leak"] = CANARY
    assert in_addresses(client, [Contact.objects.get()]) == [client.cookies["leak"].OutputString()]
