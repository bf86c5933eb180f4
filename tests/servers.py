"""Real PostgreSQL and Redis for the suite, and real processes of the portal. Loaded by tests/conftest.py.

Three strengths, from quick to real:

`db` (pytest-django)
    The migrated test database inside a transaction that is rolled back. The suite runs as the role `portal_app`, as the
    portal does: what that role may not do, no test can do. `connection_as_owner` is for tests about exactly that.
`committed`
    A database of the test's own, where commits are real and every thread and process sees the same. Takes the place of
    `transactional_db`, which would have to TRUNCATE and may not.
`portal_processes`
    gunicorn, worker, beat and timers as processes of their own on a `committed` database and the suite's Redis.

Servers start when the first test asks for them, in DATA_DIR or in a temporary directory that is removed afterwards.
"""

import itertools
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import psutil
import psycopg2
import psycopg2.extensions
import pytest
import redis
from django.conf import settings
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from mash_portal import embedded, processes
from mash_portal.celery import app as celery_app
from mash_portal.embedded_servers import Redis
from mash_portal.processes import Child
from mash_portal.settings import environment

READY_SECONDS = 30.0
PREFIX = "test_portal_"
_numbers = itertools.count(1)
_portals = pytest.StashKey[list["Portal"]]()


@pytest.fixture(scope="session")
def portal_servers() -> Iterator[embedded.Servers]:
    """PostgreSQL and Redis of the suite, with the addresses for each role. PostgreSQL does not wait for the disk."""
    chosen = os.environ.get("DATA_DIR")
    directory = embedded.data_dir() if chosen else Path(tempfile.mkdtemp(prefix="mash-tests-"))
    try:
        with embedded.servers(directory, durable=False) as servers:
            settings.CELERY_BROKER_URL = settings.REDIS_URL = servers.redis_url
            celery_app.conf.update(broker_url=servers.redis_url)
            yield servers
    finally:
        if not chosen:
            shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def superuser(portal_servers: embedded.Servers) -> Iterator[psycopg2.extensions.connection]:
    """A connection for making and dropping databases; what a killed run left behind is dropped first."""
    connection = psycopg2.connect(portal_servers.superuser_url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [PREFIX + "%"])
        for (name,) in cursor.fetchall():
            if not psutil.pid_exists(int(name.removeprefix(PREFIX).split("_")[0])):
                cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    yield connection
    connection.close()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(portal_servers: embedded.Servers, superuser: object) -> None:
    """Point Django at the servers, as the owner of the schema, so that it makes and migrates the test database."""
    found = connections["default"].settings_dict
    found.update(environment.database(portal_servers.owner_url), CONN_MAX_AGE=0)
    found["TEST"]["NAME"] = f"{PREFIX}{os.getpid()}"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, portal_servers: embedded.Servers) -> Iterator[None]:
    """Migrate as the owner; run the tests as the role that the portal has; be the owner again to drop the database."""
    _become(portal_servers.app_url)
    yield
    _become(portal_servers.owner_url)


@pytest.fixture
def connection_as_owner(db: None, portal_servers: embedded.Servers) -> Iterator[psycopg2.extensions.connection]:
    """The test database as its owner sees it, outside the test's transaction; nothing it does is kept."""
    connection = psycopg2.connect(_url(portal_servers.owner_url, connections["default"].settings_dict["NAME"]))
    yield connection
    connection.rollback()
    connection.close()


@pytest.fixture(scope="session")
def _pattern(
    django_db_setup: None, superuser: psycopg2.extensions.connection
) -> Iterator[tuple[str, Callable[[str], None]]]:
    """The migrated database copied once, with nobody connected to it, from which each `committed` one is copied."""
    source = str(connections["default"].settings_dict["NAME"])
    name = f"{source}_pattern"
    connections["default"].close()
    _copy(superuser, source, name)
    yield name, lambda new: _copy(superuser, name, new)
    _drop(superuser, name)


@pytest.fixture
def committed(
    _pattern: tuple[str, Callable[[str], None]],
    superuser: psycopg2.extensions.connection,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[str]:
    """A migrated database of this test's own; its name. Commits are real, and all threads are pointed at it.

    Use it instead of `db`, never beside it. Dropped afterwards, together with whatever is still connected.
    """
    _name, copy_to = _pattern
    found = connections["default"].settings_dict
    usual, own = found["NAME"], f"{PREFIX}{os.getpid()}_{next(_numbers)}"
    copy_to(own)
    connections["default"].close()
    found["NAME"] = own
    with django_db_blocker.unblock():
        yield own
        connections["default"].close()
    found["NAME"] = usual
    _drop(superuser, own)


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[Redis]:
    """A Redis for tests that stop it: `.stop()`, `.ensure_running()` (the same port, the same data), `.url()`."""
    server = Redis(tmp_path / "redis", "for-this-test-only")
    server.ensure_running()
    yield server
    server.stop()


class StartPortal(Protocol):
    """What `portal_processes` gives: call it with the names of processes, and further environment as keywords."""

    def __call__(self, *names: str, **values: str) -> "Portal": ...


@dataclass
class Portal:
    """The processes of one portal under test.

    `url` is where its web answers. `values` is the environment that they have. Logs are files in `directory`, shown
    when the test fails.
    """

    url: str
    values: dict[str, str]
    directory: Path
    children: dict[str, Child] = field(default_factory=dict)

    def start(self, *names: str) -> None:
        """Start these processes and wait until each is ready; one that was killed may be started again."""
        for name in names:
            log = self.directory / f"{name}.log"
            self.children[name] = Child(name, processes.COMMANDS[name], log, self.values)
            offset = log.stat().st_size if log.exists() else 0
            self.children[name].start()
            wait_until(lambda name=name, offset=offset: self._is_ready(name, offset), f"{name} is ready")  # type: ignore[misc]

    def pid(self, name: str) -> int:
        return self.children[name].pid

    def family(self, name: str) -> list[int]:
        """A process and everything it started, such as gunicorn's and Celery's workers."""
        own = psutil.Process(self.pid(name))
        return [own.pid, *(child.pid for child in own.children(recursive=True))]

    def kill(self, name: str) -> None:
        """`kill -9` of a process and everything it started, all at once."""
        for pid in self.family(name):
            os.kill(pid, signal.SIGKILL)
        child = self.children[name]
        child.ensure_stopped(time.monotonic())

    def stop(self, *names: str) -> None:
        """Ask these (all, without names) to stop, and wait."""
        processes.stop([self.children[name] for name in names or self.children])

    def log(self, name: str) -> str:
        path = self.directory / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a management command against the same database and Redis; what it said, and its exit code."""
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=processes.ROOT, env=self.values, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            check=False, timeout=READY_SECONDS * 4,
        )  # fmt: skip

    def _is_ready(self, name: str, offset: int) -> bool:
        if not self.children[name].is_running():
            pytest.fail(f"{name} did not start:\n{self.log(name)[offset:]}")
        if name == "web":
            return processes.answer(f"{self.url}/healthz")[0] in {200, 503}
        return {"worker": "ready.", "beat": "beat: Starting", "timers": ""}[name] in self.log(name)[offset:]


@pytest.fixture
def portal_processes(
    request: pytest.FixtureRequest,
    committed: str,
    portal_servers: embedded.Servers,
    static_root: Path,
    tmp_path: Path,
) -> Iterator[StartPortal]:
    """Start processes of the portal on this test's `committed` database: `portal_processes("web", "timers")`.

    Names are those of `processes.COMMANDS`. Further keyword arguments go into their environment, for instance
    `DJANGO_SETTINGS_MODULE` or `REDIS_URL=own_redis.url()`. Everything is stopped when the test ends.
    """
    redis.Redis.from_url(portal_servers.redis_url).flushall()
    started = request.node.stash.setdefault(_portals, [])

    def start(*names: str, **values: str) -> Portal:
        port = free_port()
        own = {
            "DJANGO_SETTINGS_MODULE": "mash_portal.settings.local",
            "DATABASE_URL": _url(portal_servers.app_url, committed),
            "MIGRATION_DATABASE_URL": _url(portal_servers.owner_url, committed),
            "REDIS_URL": portal_servers.redis_url,
            "STATIC_ROOT": str(static_root),
            "DATA_DIR": str(tmp_path),
            "PORT": str(port),
        }
        portal = Portal(f"http://127.0.0.1:{port}", processes.environment(own | values), tmp_path)
        started.append(portal)
        portal.start(*names)
        return portal

    yield start
    for portal in started:
        portal.stop()


@pytest.fixture(scope="session")
def static_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The collected static files, as production serves them."""
    root = tmp_path_factory.mktemp("static")
    values = processes.environment({"STATIC_ROOT": str(root), "DJANGO_SETTINGS_MODULE": "mash_portal.settings.local"})
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(command, cwd=processes.ROOT, env=values, stdin=subprocess.DEVNULL, check=True)
    return root


def wait_until(condition: Callable[[], object], what: str, seconds: float = READY_SECONDS) -> None:
    """Return once the condition holds; fail, naming what was awaited, if it does not in time."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            pytest.fail(f"Waited {seconds:g} seconds in vain until {what}.")
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the logs of the processes beside the failure."""
    report = yield
    if report.failed:
        for portal in item.stash.get(_portals, []):
            for name, child in portal.children.items():
                report.sections.append((f"log of {name}", child.last_lines(60)))
    return report


def _become(url: str) -> None:
    """Use the role of this address for every connection from now on; the database stays the one that is in use."""
    parts = environment.database(url)
    connections["default"].close()
    connections["default"].settings_dict.update(USER=parts["USER"], PASSWORD=parts["PASSWORD"])


def _url(url: str, database: str) -> str:
    return urlsplit(url)._replace(path=f"/{database}").geturl()


def _copy(superuser: psycopg2.extensions.connection, source: str, new: str) -> None:
    with superuser.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{new}" TEMPLATE "{source}" OWNER portal_owner')


def _drop(superuser: psycopg2.extensions.connection, name: str) -> None:
    with superuser.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
