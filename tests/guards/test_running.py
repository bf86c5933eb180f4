"""`make run` answers what it cannot do with a sentence, and starts again what dies."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mash_portal import embedded, processes
from mash_portal.processes import Child
from tests.portals import free_port, wait_until

SCRIPT = "import sys, time; print('up', flush=True); time.sleep({seconds}); sys.exit(3)"


@pytest.fixture
def directory() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="mash-tests-"))
    yield made
    shutil.rmtree(made)


def make_run(directory: Path, port: object, fresh: str = "0") -> tuple[int, str]:
    """Exit code and sentence of a run that is expected to end at once."""
    values = {**os.environ, "DATA_DIR": str(directory), "PORT": str(port), "FRESH": fresh}
    command = [sys.executable, "-m", "mash_portal.running"]
    done = subprocess.run(command, cwd=processes.ROOT, env=values, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1"])
def test_a_port_that_is_none_is_refused(directory: Path, port: str) -> None:
    assert make_run(directory, port) == (1, f"PORT has to be a number from 1 to 65535, not “{port}”.\n")
    assert list(directory.iterdir()) == []


def test_a_port_that_is_taken_is_refused_and_another_is_named(directory: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, sentence = make_run(directory, port)
    assert (code, f"Port {port} is used by another program. Choose another: make run PORT=" in sentence) == (1, True)
    assert not (directory / "postgres").exists()


def test_fresh_leaves_alone_a_directory_that_is_not_ours(directory: Path) -> None:
    (directory / "thesis.odt").write_text("years of work")
    code, sentence = make_run(directory, free_port(), fresh="1")
    assert (code, "which holds something else, and nothing in it was touched." in sentence) == (1, True)
    assert [path.name for path in directory.iterdir()] == ["thesis.odt"]


def test_fresh_leaves_alone_a_directory_that_somebody_uses(directory: Path) -> None:
    with embedded.servers(directory, durable=False):
        code, sentence = make_run(directory, free_port(), fresh="1")
        assert (code, f"Process {os.getpid()} is using {directory}" in sentence) == (1, True)
        assert (directory / "postgres" / "portal-ready").exists()


def child(directory: Path, seconds: float) -> Child:
    script = directory / "short_lived.py"
    script.write_text(SCRIPT.format(seconds=seconds))
    return Child("web", f"python {script}", directory / "web.log", processes.environment({}))


def test_what_dies_is_started_again_later_each_time(directory: Path) -> None:
    one = child(directory, seconds=0)
    one.start()
    waits = []
    for _ in range(3):
        wait_until(lambda: not one.is_running(), "it has died")
        assert "stopped with exit code 3. Starting it again in" in str(one.revive())
        assert one.revive() is None
        waits.append(one.wait)
        one.again_at = time.monotonic()
        assert one.revive() == "web is running again."
    assert waits == [1, 2, 4]
    wait_until(lambda: not one.is_running(), "it has died")
    processes.stop([one])
    assert one.log.read_text().count("up") == 4


def test_what_was_steady_is_started_again_soon(directory: Path) -> None:
    one = child(directory, seconds=0)
    one.start()
    one.wait, one.started = processes.LONGEST_WAIT, one.started - processes.STEADY_SECONDS
    wait_until(lambda: not one.is_running(), "it has died")
    assert "Starting it again in 0.5 seconds" in str(one.revive())


def test_what_runs_is_left_alone_until_it_is_stopped(directory: Path) -> None:
    one = child(directory, seconds=60)
    one.start()
    wait_until(lambda: "up" in one.last_lines(), "it is up")
    assert (one.is_running(), one.revive()) == (True, None)
    processes.stop([one])
    assert not one.is_running()
