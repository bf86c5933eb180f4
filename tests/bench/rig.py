"""A portal of its own for the bench: PostgreSQL with durable commits and the portal's gunicorn, both from scratch.

Everything listens on this machine only, lives in one temporary directory, and is gone when the bench ends.
"""

import contextlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

import psutil

from mash_portal import embedded, processes
from mash_portal.processes import Child

from .timing import Meter

WORKERS = 2
READY_SECONDS = 60.0


class CannotBench(Exception):
    """Why there is nothing to measure, as a sentence."""


@dataclass(frozen=True)
class Rig:
    """The servers, and the environment that a process of the portal needs to use them."""

    directory: Path
    port: int
    values: dict[str, str]
    superuser_url: str

    def run(self, *arguments: str) -> None:
        """Python with these arguments, in the environment of the servers."""
        done = subprocess.run(
            [sys.executable, *arguments], cwd=processes.ROOT, env=self.values, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise CannotBench(f"{' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")

    @contextlib.contextmanager
    def web(self, command: str = processes.COMMANDS["web"], ready: str = "/yardsticks/hello") -> Iterator[Meter]:
        """gunicorn, ready to answer; what reads the processor time of its workers and of the database."""
        web = Child("web", command, self.directory / "web.log", self.values)
        web.start()
        try:
            yield Meter(self._workers_of(web, ready), self._postmaster())
        finally:
            processes.stop([web])

    def _workers_of(self, web: Child, ready: str) -> list[psutil.Process]:
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until and web.is_running():
            workers: list[psutil.Process] = psutil.Process(web.pid).children()
            if len(workers) == WORKERS and processes.answer(f"http://127.0.0.1:{self.port}{ready}")[0] == 200:
                return workers
            time.sleep(0.1)
        raise CannotBench(f"gunicorn did not start:\n{web.last_lines(40)}")

    def _postmaster(self) -> psutil.Process:
        note = self.directory / "data" / "postgres" / "postmaster.pid"
        return psutil.Process(int(note.read_text().split()[0]))


@contextlib.contextmanager
def rig() -> Iterator[Rig]:
    """A migrated, empty portal in a directory of its own, which goes whatever happens."""
    signal.signal(signal.SIGTERM, _stop)
    directory = Path(tempfile.mkdtemp(prefix="mash-bench-"))
    directory.chmod(0o711)
    try:
        with embedded.servers(directory / "data") as servers:
            port = free_port()
            values = processes.environment(
                {
                    **servers.environment(),
                    "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
                    "STATIC_ROOT": str(directory / "static"),
                    "DATA_DIR": str(directory / "data"),
                    "PORT": str(port),
                    "WEB_WORKERS": str(WORKERS),
                }
            )
            superuser_url = urlsplit(servers.superuser_url)._replace(path="/portal").geturl()
            made = Rig(directory, port, values, superuser_url)
            made.run("manage.py", "collectstatic", "--noinput", "--verbosity", "0")
            made.run("manage.py", "migrate", "--verbosity", "0")
            made.run("manage.py", "migrate", "yardsticks", "--run-syncdb", "--verbosity", "0")
            yield made
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + signal.SIGTERM)
