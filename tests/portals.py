"""Real processes of the portal for journeys, races and faults: the same commands as `make run` and docker-compose.yml.

def test_somebody_does_something(portal_processes: StartPortal, committed: str) -> None:
    ...                                             # rows made here, through the actions, are committed
    portal = portal_processes("web", "timers")      # returns when they are ready
    browser.goto(f"{portal.url}/")
    portal.kill("timers")                           # kill -9, with all it started
    portal.start("timers")
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol

import psutil
import pytest
import redis

from mash_portal import embedded, processes
from mash_portal.embedded_servers import Redis
from mash_portal.processes import Child
from tests.servers import with_database

#: A quiet machine takes three.
READY_SECONDS = 60.0
_portals = pytest.StashKey[list["Portal"]]()


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
        """Start these processes together and wait until each is ready; one that was killed may be started again."""
        offsets = {name: self._start(name) for name in names}
        for name, offset in offsets.items():
            wait_until(partial(self._is_ready, name, offset), f"{name} is ready", READY_SECONDS)

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

    def _start(self, name: str) -> int:
        """How long its log was before."""
        log = self.directory / f"{name}.log"
        offset = log.stat().st_size if log.exists() else 0
        self.children[name] = Child(name, processes.COMMANDS[name], log, self.values)
        self.children[name].start()
        return offset

    def _is_ready(self, name: str, offset: int) -> bool:
        if not self.children[name].is_running():
            pytest.fail(f"{name} did not start:\n{self.log(name)[offset:]}")
        if name == "web":
            return processes.answer(f"{self.url}/healthz")[0] in {200, 503}
        return {"worker": "ready.", "beat": "beat: Starting"}.get(name, "") in self.log(name)[offset:]


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
            "DATABASE_URL": with_database(portal_servers.app_url, committed),
            "MIGRATION_DATABASE_URL": with_database(portal_servers.owner_url, committed),
            "REDIS_URL": portal_servers.redis_url,
            "STATIC_ROOT": str(static_root),
            "DATA_DIR": str(tmp_path),
            "PORT": str(port),
        }
        environment = processes.environment(own | values)
        environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # the browser tests' own need, never a portal's
        portal = Portal(f"http://127.0.0.1:{port}", environment, tmp_path)
        started.append(portal)
        portal.start(*names)
        return portal

    yield start
    for child in (child for portal in started for child in portal.children.values()):
        child.ensure_stopped(time.monotonic())


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
