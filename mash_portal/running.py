"""`make run`: a whole portal on this machine, from an empty directory to the list of people to sign in as.

Ctrl-C stops all of it. What dies is started again. What an earlier run left behind, because it was killed, is stopped
first.
"""

import contextlib
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import psutil

from mash_portal import embedded, processes
from mash_portal.processes import Child

READY_SECONDS = 60.0
LOOK_EVERY_SECONDS = 0.5
FINE = 200


class CannotRun(Exception):
    """Why there is no portal now, as a sentence for whoever typed `make run`."""


def main() -> int:
    """Run until told to stop. 0 after Ctrl-C, 1 with a sentence when it cannot."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        run(embedded.data_dir(), _port(os.environ.get("PORT", "8000")), fresh=os.environ.get("FRESH", "0") != "0")
    except (CannotRun, embedded.ServerTrouble) as why:
        _say(str(why))
        return 1
    except KeyboardInterrupt:
        _say("Stopped.")
    return 0


def run(directory: Path, port: int, *, fresh: bool) -> None:
    """Everything from nothing: servers, schema, demo data, processes, and a watch over them."""
    embedded.prepare(directory)
    with _alone(directory):
        _stop_leftovers(directory)
        _refuse_a_taken_port(port)
        if fresh:
            embedded.wipe(directory)
        _say("Starting PostgreSQL and Redis.")
        with embedded.servers(directory) as servers:
            values = _values(servers, directory, port)
            _fill(values)
            with _portal(directory, values) as children:
                cast = _manage(values, "cast", said=subprocess.PIPE)
                _wait_until_ready(children, port)
                _say(f"\nThe portal is at http://127.0.0.1:{port}/\n\n{cast}")
                _say(f"Logs are in {directory / 'logs'}, e-mails in {directory / 'mail'}. Ctrl-C stops everything.")
                _watch(children, directory)


def _values(servers: embedded.Servers, directory: Path, port: int) -> dict[str, str]:
    ours = {"DJANGO_SETTINGS_MODULE": "mash_portal.settings.local", "DATA_DIR": str(directory), "PORT": str(port)}
    return processes.environment({**servers.environment(), **ours})


@contextlib.contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """One portal in one directory at a time."""
    with (directory / "running.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotRun(
                f"A portal is running from {directory} already. "
                "For a second one beside it: make run PORT=8001 DATA_DIR=.data-8001"
            ) from None
        yield


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise CannotRun(f"PORT has to be a number from 1 to 65535, not “{text}”.")
    return int(text)


def _refuse_a_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise CannotRun(f"Port {port} is kept for the system. Choose another: make run PORT=8000") from None
        except OSError:
            other = port + 1 if port < 65535 else port - 1
            raise CannotRun(f"Port {port} is used by another program. Choose another: make run PORT={other}") from None


def _fill(values: Mapping[str, str]) -> None:
    """The schema, and the demo's people and referrals if there are none yet."""
    _say("Preparing the database.")
    _manage(values, "migrate", "--verbosity", "0")
    _manage(values, "seed_demo", "--if-empty")


def _manage(values: Mapping[str, str], *arguments: str, said: int | None = None) -> str:
    """Run a command to its end; what it said, if that is to be kept and not shown."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        command, cwd=processes.ROOT, env=dict(values), stdin=subprocess.DEVNULL, stdout=said, text=True, check=False
    )
    if done.returncode:
        raise CannotRun(f"manage.py {arguments[0]} failed, so the portal was not started.")
    return done.stdout or ""


@contextlib.contextmanager
def _portal(directory: Path, values: Mapping[str, str]) -> Iterator[list[Child]]:
    """The portal's processes, started; all of them stopped on the way out."""
    logs = directory / "logs"
    logs.mkdir(exist_ok=True)
    children = [Child(name, line, logs / f"{name}.log", values) for name, line in processes.COMMANDS.items()]
    try:
        for child in children:
            child.start()
        _note(directory, children)
        yield children
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        processes.stop(children)
        _note(directory, [])


def _wait_until_ready(children: list[Child], port: int) -> None:
    until = time.monotonic() + READY_SECONDS
    status, body = 0, ""
    while status != FINE and time.monotonic() < until:
        for child in children:
            if not child.is_running():
                raise CannotRun(f"{child.name} did not start. The end of {child.log}:\n{child.last_lines()}")
        time.sleep(0.1)
        status, body = processes.answer(f"http://127.0.0.1:{port}/healthz")
    if status != FINE:
        raise CannotRun(
            f"The portal was not well after {READY_SECONDS:g} seconds; /healthz says: {status} {body[:500]}"
        )


def _watch(children: list[Child], directory: Path) -> None:
    """Until Ctrl-C: what dies is started again, and said."""
    while True:
        time.sleep(LOOK_EVERY_SECONDS)
        for news in [child.revive() for child in children]:
            if news:
                _say(news)
                _note(directory, children)


def _note(directory: Path, children: list[Child]) -> None:
    """Which processes run, for the run after this one, should this one be killed."""
    running = []
    for child in children:
        with contextlib.suppress(psutil.NoSuchProcess):
            running.append([child.pid, psutil.Process(child.pid).create_time()])
    (directory / "running.json").write_text(json.dumps(running))


def _stop_leftovers(directory: Path) -> None:
    """End the processes of a run that was killed before it could. Only those: number and start time must agree."""
    note = directory / "running.json"
    if not note.exists():
        return
    left = [process for pid, started in json.loads(note.read_text()) if (process := _same(int(pid), started))]
    if left:
        _say("Stopping what an earlier run left behind.")
    family = [member for process in left for member in [process, *process.children(recursive=True)]]
    for process in left:
        process.terminate()
    _gone, alive = psutil.wait_procs(family, timeout=processes.GRACE_SECONDS)
    for process in alive:
        process.kill()
    note.unlink()


def _same(pid: int, started: float) -> psutil.Process | None:
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        if process.create_time() == started and process.status() != psutil.STATUS_ZOMBIE:
            return process
    return None


def _say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
