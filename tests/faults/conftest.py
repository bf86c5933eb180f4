"""A PostgreSQL of a test's own, durable as production's is, that may be killed; and what was measured."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.db import connections

from mash_portal import embedded
from mash_portal.embedded_servers import Postgres
from mash_portal.settings import environment
from tests.portals import wait_until
from tests.servers import with_database

_figures = pytest.StashKey[list[str]]()
NAMED = ("NAME", "USER", "PASSWORD", "HOST", "PORT")


@dataclass
class Durable:
    """`kill -9` of the whole server or of one of its processes; `start()` goes on from what is on the disk."""

    server: Postgres
    database: str

    @property
    def app_url(self) -> str:
        return self.server.url("portal_app", self.database)

    def kill(self) -> None:
        main = psutil.Process(self._main())
        main.suspend()  # so that it starts nobody while the others are counted
        family = [main, *main.children()]
        for one in family:
            with suppress(psutil.NoSuchProcess):
                one.send_signal(signal.SIGKILL)
        wait_until(lambda: not any(_runs(one) for one in family), "PostgreSQL is dead")

    def kill_one(self) -> None:
        """One that works for the portal: PostgreSQL itself then throws everybody out and starts afresh."""
        workers = [one for one in psutil.Process(self._main()).children() if "portal_app" in " ".join(one.cmdline())]
        if workers:
            with suppress(ProcessLookupError):
                os.kill(workers[0].pid, signal.SIGKILL)

    def start(self) -> None:
        self.server.ensure_running()

    def _main(self) -> int:
        return int((self.server.directory / "postmaster.pid").read_text().split()[0])


def _runs(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    return False


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """What was measured, in sentences: shown at the end of `make faults`."""
    found: list[str] = []
    yield found
    request.config.stash.setdefault(_figures, []).extend(found)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if found := config.stash.get(_figures, []):
        terminalreporter.section("what was measured")
        terminalreporter.write("".join(f"{figure}\n" for figure in sorted(found)))


@pytest.fixture
def durable(committed: str, portal_servers: embedded.Servers) -> Iterator[Durable]:
    """The `committed` database in a server of its own that waits for the disk; all threads are pointed at it."""
    directory = Path(tempfile.mkdtemp(prefix="mash-faults-"))
    embedded.prepare(directory)
    words = dict.fromkeys(embedded.ROLES, "known-to-this-test-only")
    server = Postgres(directory / "postgres", directory / "socket", words, durable=True)
    found = connections["default"].settings_dict
    before = {name: found[name] for name in NAMED}
    try:
        server.ensure_running()
        own = Durable(server, committed)
        _copy(with_database(portal_servers.superuser_url, committed), server, committed)
        _point_to(environment.database(own.app_url))
        yield own
    finally:
        _point_to(before)
        server.stop()
        shutil.rmtree(directory, ignore_errors=True)


def _point_to(facts: dict[str, Any]) -> None:
    connections["default"].close()
    connections["default"].settings_dict.update({name: facts[name] for name in NAMED})


def _copy(url: str, server: Postgres, database: str) -> None:
    """Everything, with who owns it and who may do what."""
    programs = server.programs / "bin"
    psql, main = str(programs / "psql"), server.url("postgres", "postgres")
    subprocess.run([psql, "-Xqc", f'CREATE DATABASE "{database}"', main], check=True)
    dump = subprocess.run([programs / "pg_dump", "--no-sync", url], check=True, capture_output=True)
    filled = [psql, "-Xq", "-v", "ON_ERROR_STOP=1", with_database(main, database)]
    subprocess.run(filled, input=dump.stdout, check=True, stdout=subprocess.DEVNULL)
