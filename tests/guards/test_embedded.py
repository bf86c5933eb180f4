"""The servers beside the checkout: started by the first, stopped by the last, whatever happens to those between."""

import functools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg2
import psycopg2.errors
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from mash_portal import embedded
from mash_portal.processes import ROOT
from tests.portals import wait_until

JOIN = """
import sys
from pathlib import Path
from mash_portal import embedded
with embedded.servers(Path(sys.argv[1]), durable=False) as servers:
    print(servers.superuser_url, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def directory() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="mash-tests-"))
    yield made
    assert serving(made) == []
    shutil.rmtree(made)


def processes_of(directory: Path) -> list[psutil.Process]:
    """The servers of a directory that run now. Redis is known by where it works, PostgreSQL by what it was told."""
    found = []
    for process in psutil.process_iter(["name", "cmdline", "cwd"]):
        here = " ".join([*(process.info["cmdline"] or []), process.info["cwd"] or ""])
        if process.info["name"] in {"postgres", "redis-server"} and str(directory) in here:
            found.append(process)
    return found


def serving(directory: Path) -> list[str]:
    """The names of the servers of a directory that run now."""
    return sorted({process.name() for process in processes_of(directory)})


def join(directory: Path) -> "subprocess.Popen[str]":
    """A process that joins the servers and stays until its input ends."""
    command = [sys.executable, "-c", JOIN, str(directory)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def wait_joined(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def leave(process: "subprocess.Popen[str]") -> None:
    process.communicate("")
    assert process.returncode == 0


def answers(servers: embedded.Servers) -> bool:
    """Both servers take the portal's own credentials and answer."""
    connection = psycopg2.connect(servers.app_url)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        found = cursor.fetchone()
    connection.close()
    return found == (1,) and bool(redis.Redis.from_url(servers.redis_url).ping())


def test_many_at_once_share_one_pair_and_the_last_one_stops_it(directory: Path) -> None:
    several = [join(directory) for _ in range(4)]
    addresses = {wait_joined(process) for process in several}
    assert len(addresses) == 1
    for process in several[:-1]:
        leave(process)
    assert serving(directory) == ["postgres", "redis-server"]
    psycopg2.connect(addresses.pop()).close()
    leave(several[-1])
    assert serving(directory) == []


def test_one_that_was_killed_is_not_counted(directory: Path) -> None:
    killed, other = join(directory), join(directory)
    wait_joined(killed)
    wait_joined(other)
    killed.kill()
    killed.communicate()
    assert serving(directory) == ["postgres", "redis-server"]
    leave(other)
    assert serving(directory) == []


def test_rows_and_messages_are_there_the_next_time(directory: Path) -> None:
    with embedded.servers(directory) as servers:
        with psycopg2.connect(servers.owner_url) as connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE kept AS SELECT 1 AS one")
        connection.close()
        redis.Redis.from_url(servers.redis_url).set("kept", "1")
    assert serving(directory) == []
    with embedded.servers(directory) as servers:
        with psycopg2.connect(servers.app_url) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT one FROM kept")
            assert cursor.fetchone() == (1,)
        connection.close()
        assert redis.Redis.from_url(servers.redis_url).get("kept") == b"1"


def test_servers_that_were_killed_start_again(directory: Path) -> None:
    with embedded.servers(directory):
        for process in processes_of(directory):
            process.kill()
        wait_until(lambda: serving(directory) == [], "both are gone")
    with embedded.servers(directory) as servers:
        assert answers(servers)


def test_a_first_start_that_was_interrupted_is_made_anew(directory: Path) -> None:
    embedded.prepare(directory)
    (directory / "postgres").mkdir()
    (directory / "postgres" / "PG_VERSION").write_text("18\n")
    with embedded.servers(directory, durable=False) as servers:
        assert answers(servers)


@pytest.mark.parametrize("name", ["with spaces and an ' in it", "long" * 30], ids=["awkward", "long"])
def test_a_directory_may_be_called_anything(directory: Path, name: str) -> None:
    with embedded.servers(directory / name, durable=False) as servers:
        assert answers(servers)


def test_a_trap_where_the_socket_goes_is_not_stepped_into(directory: Path) -> None:
    target = directory / "target"
    target.mkdir()
    before = target.stat()
    ours = directory / "ours"
    embedded.prepare(ours)
    (ours / "socket").symlink_to(target)
    with pytest.raises(embedded.ServerTrouble, match="is in the way"), embedded.servers(ours):
        pass
    assert (target.stat().st_uid, list(target.iterdir())) == (before.st_uid, [])


def test_a_directory_with_something_else_in_it_is_left_alone(directory: Path) -> None:
    (directory / "thesis.odt").write_text("years of work")
    for attempt in (embedded.prepare, embedded.wipe):
        with pytest.raises(embedded.ServerTrouble, match="holds something else"):
            attempt(directory)
    assert [path.name for path in directory.iterdir()] == ["thesis.odt"]


def test_a_directory_of_another_user_is_left_alone(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    embedded.prepare(directory)
    before = sorted(path.name for path in directory.iterdir())
    monkeypatch.setattr(os, "geteuid", lambda: (directory / embedded.MARKER).stat().st_uid + 1)
    with pytest.raises(embedded.ServerTrouble, match="belongs to another user"), embedded.servers(directory):
        pass
    assert sorted(path.name for path in directory.iterdir()) == before


def test_wiping_empties_a_directory_of_ours_unless_somebody_uses_it(directory: Path) -> None:
    with embedded.servers(directory, durable=False) as servers:
        with psycopg2.connect(servers.owner_url) as connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE gone AS SELECT 1 AS one")
        connection.close()
        with pytest.raises(embedded.ServerTrouble, match=f"Process {os.getpid()} is using"):
            embedded.wipe(directory)
    embedded.wipe(directory)
    with embedded.servers(directory, durable=False) as servers:
        with psycopg2.connect(servers.app_url) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('gone')")
            assert cursor.fetchone() == (None,)
        connection.close()


def test_the_portals_role_reads_and_writes_rows_and_can_do_no_more(portal_servers: embedded.Servers) -> None:
    owner, app = psycopg2.connect(portal_servers.owner_url), psycopg2.connect(portal_servers.app_url)
    owner.autocommit = app.autocommit = True
    with owner.cursor() as owners, app.cursor() as apps:
        owners.execute("CREATE TABLE someones (id serial, word text)")
        apps.execute(
            "INSERT INTO someones (word) VALUES ('a'); UPDATE someones SET word = 'b'; SELECT word FROM someones"
        )
        assert apps.fetchall() == [("b",)]
        for refused in (
            "TRUNCATE someones",
            "DROP TABLE someones",
            "CREATE TABLE mine (id int)",
            "CREATE DATABASE mine",
        ):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                apps.execute(refused)
        owners.execute("DROP TABLE someones")
        for name, value in [
            ("statement_timeout", "15s"),
            ("lock_timeout", "5s"),
            ("idle_in_transaction_session_timeout", "30s"),
            ("synchronous_commit", "off"),
            ("autovacuum", "off"),
        ]:
            apps.execute(f"SHOW {name}")
            assert apps.fetchone() == (value,)
    owner.close()
    app.close()


def test_redis_keeps_every_command_and_evicts_nothing(portal_servers: embedded.Servers) -> None:
    client = redis.Redis.from_url(portal_servers.redis_url, decode_responses=True)
    assert client.config_get("appendonly") == {"appendonly": "yes"}
    assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    client.connection_pool.disconnect()
    stranger = redis.Redis(
        port=int(client.connection_pool.connection_kwargs["port"]), password="wrong", retry=Retry(NoBackoff(), 0)
    )
    with pytest.raises(redis.AuthenticationError):
        stranger.ping()


def outside(directory: Path, *arguments: str) -> "subprocess.Popen[str]":
    """A command as somebody types it, with nothing set but DATA_DIR."""
    unset = {"DATABASE_URL", "MIGRATION_DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"}
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment | {"DATA_DIR": str(directory)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # a suite that runs in the background of a shell ignores Ctrl-C, and what it starts would inherit that
        preexec_fn=functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )


def test_a_command_starts_what_it_needs_and_stops_what_it_started(directory: Path) -> None:
    command = outside(directory, "showmigrations", "contenttypes")
    said, complaint = command.communicate()
    assert (command.returncode, complaint.replace(passed_through(complaint), "")) == (0, "")
    assert "[ ] 0001_initial" in said
    assert serving(directory) == []


def test_a_command_that_fails_stops_what_it_started(directory: Path) -> None:
    command = outside(directory, "migrate", "no_such_app")
    _said, complaint = command.communicate()
    assert command.returncode == 1
    assert "no_such_app" in complaint
    assert serving(directory) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_command_that_is_stopped_stops_what_it_started(directory: Path, number: signal.Signals) -> None:
    waiting = outside(directory, "shell", "--no-imports", "-c", "import time; print('up', flush=True); time.sleep(60)")
    assert waiting.stdout is not None
    assert waiting.stdout.readline() == "up\n"
    waiting.send_signal(number)
    waiting.communicate()
    assert waiting.returncode == 128 + number
    assert serving(directory) == []


def passed_through(complaint: str) -> str:
    """The one line that may be said, when root runs the tests below a closed directory."""
    lines = [line for line in complaint.splitlines(keepends=True) if "may now be passed through" in line]
    return "".join(lines) or "\0"
