"""The processes a portal is made of, and how to keep them going.

`COMMANDS` is the one place that says what they are: `make run` starts these, docker-compose.yml names the same (a test
compares them), and the tests' servers are these.
"""

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = {
    "web": "gunicorn --config python:mash_portal.gunicorn_settings mash_portal.wsgi",
    "worker": "celery --app mash_portal worker --concurrency 1 --without-gossip --without-mingle --loglevel INFO",
    "beat": "celery --app mash_portal beat --loglevel INFO",
    "timers": "python manage.py run_timers",
    "monitor": "python manage.py monitor",
}
GRACE_SECONDS = 15.0
STEADY_SECONDS = 60.0
SHORTEST_WAIT, LONGEST_WAIT = 0.5, 30.0


def environment(values: Mapping[str, str]) -> dict[str, str]:
    """This process's environment with these values, and the programs of its virtual environment first in the path."""
    own = str(Path(sys.executable).parent)
    path = os.pathsep.join([own, os.environ.get("PATH", os.defpath)])
    return {**os.environ, "PATH": path, "VIRTUAL_ENV": str(Path(own).parent), "PYTHONUNBUFFERED": "1", **values}


def argv(command: str, found_in: Mapping[str, str]) -> list[str]:
    """A command as a list whose program is found in the path of that environment."""
    program, *rest = shlex.split(command)
    return [shutil.which(program, path=found_in["PATH"]) or program, *rest]


@dataclass
class Child:
    """One process of the portal, its log, and when it may be started again."""

    name: str
    command: str
    log: Path
    values: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    wait: float = SHORTEST_WAIT
    again_at: float | None = field(default=None)

    @property
    def pid(self) -> int:
        if self.process is None:
            raise RuntimeError(f"{self.name} was never started")
        return self.process.pid

    def start(self) -> None:
        """In a session of its own, so that Ctrl-C reaches it only through whoever started it."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                argv(self.command, self.values),
                cwd=ROOT,
                env=dict(self.values),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.started = time.monotonic()
        self.again_at = None

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def revive(self) -> str | None:
        """Start it again if it died, sooner the first time than the tenth. What happened, when something did."""
        now = time.monotonic()
        if self.process is None or self.is_running():
            return None
        if self.again_at is None:
            self.wait = SHORTEST_WAIT if now - self.started > STEADY_SECONDS else min(self.wait * 2, LONGEST_WAIT)
            self.again_at = now + self.wait
            ended = how_it_ended(self.process.returncode)
            return f"{self.name} {ended}. Starting it again in {self.wait:g} seconds. Its log: {self.log}"
        if now < self.again_at:
            return None
        self._end_group()
        self.start()
        return f"{self.name} is running again."

    def ask_to_stop(self) -> None:
        if self.process is not None and self.is_running():
            self.process.terminate()

    def ensure_stopped(self, until: float) -> None:
        """Wait for it until then; after that, end it and everything it started."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.0, until - time.monotonic()))
        self._end_group()
        self.process.wait()

    def _end_group(self) -> None:
        """End whatever is left of it and of what it started: a worker may outlive its parent for a moment."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    def last_lines(self, count: int = 15) -> str:
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n".join(lines[-count:])


def stop(children: list[Child], seconds: float = GRACE_SECONDS) -> None:
    """Ask all of them at once, then see that each has gone."""
    for child in children:
        child.ask_to_stop()
    until = time.monotonic() + seconds
    for child in children:
        child.ensure_stopped(until)


def how_it_ended(code: int) -> str:
    return f"was ended by signal {signal.Signals(-code).name}" if code < 0 else f"stopped with exit code {code}"


def answer(url: str, seconds: float = 5) -> tuple[int, str]:
    """Status and body of a page of this machine; status 0 while nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=seconds) as response:  # noqa: S310 - an http address we made ourselves
            return response.status, response.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(errors="replace")
    except OSError:
        return 0, ""
