"""PostgreSQL and Redis out of wheels, for `make run`, `make test` and commands typed beside them. Never in production.

One directory (DATA_DIR) is one pair of servers. Whoever needs them joins: the first one starts them, the last one to
leave stops them. A process that was killed is not counted, so nothing stays up, or goes down, on its account.
"""

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import psutil

from mash_portal.embedded_servers import Postgres, Redis, ServerTrouble

__all__ = ["ServerTrouble", "Servers", "data_dir", "prepare", "servers", "wipe"]

ROOT = Path(__file__).resolve().parents[1]
MARKER = "mash-portal-data"
KEPT_FOR_PEOPLE = ("logs", "mail")
ROLES = ("postgres", "portal_owner", "portal_app", "redis")
LONGEST_SOCKET_DIRECTORY = 80


@dataclass(frozen=True)
class Servers:
    """Where the two servers of a directory answer."""

    superuser_url: str
    owner_url: str
    app_url: str
    redis_url: str

    def environment(self) -> dict[str, str]:
        """What a process has to find in its environment to use them."""
        return {
            "DATABASE_URL": self.app_url,
            "MIGRATION_DATABASE_URL": self.owner_url,
            "REDIS_URL": self.redis_url,
        }


def data_dir() -> Path:
    """DATA_DIR, or `.data` in the checkout."""
    return (ROOT / os.environ.get("DATA_DIR", ".data")).resolve()


@contextlib.contextmanager
def servers(directory: Path, *, durable: bool = True) -> Iterator[Servers]:
    """Start or join the servers of the directory; stop them on leaving if nobody else uses them.

    `durable=False` is for tests: PostgreSQL, if this call starts it, does not wait for the disk and vacuums
    nothing by itself.
    """
    prepare(directory)
    pair = _Pair(directory, durable)
    with pair.locked():
        found = pair.join()
    try:
        yield found
    finally:
        with pair.locked():
            pair.leave()


def prepare(directory: Path) -> None:
    """Make the directory, and mark it as ours, if it is not there or empty; refuse one that holds something else."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if (directory / MARKER).is_file():
            if (directory / MARKER).stat().st_uid != os.geteuid():
                raise ServerTrouble(
                    f"DATA_DIR is {directory}, which belongs to another user. Choose another directory."
                )
            return
        if any(directory.iterdir()):
            raise ServerTrouble(
                f"DATA_DIR is {directory}, which holds something else, and nothing in it was touched. "
                "Choose an empty directory."
            )
        directory.chmod(0o711 if os.geteuid() == 0 else 0o700)
        (directory / MARKER).write_text("PostgreSQL, Redis, logs and mail of one MASH portal. Safe to delete.\n")
    except OSError as error:
        raise ServerTrouble(f"DATA_DIR is {directory}, which cannot be used: {error.strerror}.") from error


def wipe(directory: Path) -> None:
    """Delete the data of a directory that `prepare` marked as ours, unless somebody is using it."""
    prepare(directory)
    pair = _Pair(directory, durable=True)
    with pair.locked():
        pair.empty()


class _Pair:
    """The servers of one directory, and the processes that use them."""

    def __init__(self, directory: Path, durable: bool) -> None:
        self.directory = directory
        self.users = directory / "users.json"
        words = self._passwords()
        self.postgres = Postgres(directory / "postgres", _socket_directory(directory), words, durable)
        self.redis = Redis(directory / "redis", words["redis"])

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """One process at a time starts, joins or stops. The lock goes with its holder, however that ends."""
        with (self.directory / "servers.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def join(self) -> Servers:
        others = self._living()
        try:
            self.postgres.ensure_running()
            self.redis.ensure_running()
        except BaseException:
            if not others:
                self._stop()
            raise
        self._count([*others, _identity(os.getpid()) or []])
        return Servers(
            superuser_url=self.postgres.url("postgres", "postgres"),
            owner_url=self.postgres.url("portal_owner", "portal"),
            app_url=self.postgres.url("portal_app", "portal"),
            redis_url=self.redis.url(),
        )

    def leave(self) -> None:
        others = self._living()
        with contextlib.suppress(ValueError):
            others.remove(_identity(os.getpid()) or [])
        self._count(others)
        if not others:
            self._stop()

    def empty(self) -> None:
        if others := self._living():
            raise ServerTrouble(f"Process {int(others[0][0])} is using {self.directory}. Stop it first.")
        self._stop()
        for path in [self.postgres.directory, self.redis.directory, *map(self.directory.joinpath, KEPT_FOR_PEOPLE)]:
            shutil.rmtree(path, ignore_errors=True)

    def _stop(self) -> None:
        self.redis.stop()
        self.postgres.stop()

    def _living(self) -> list[list[float]]:
        """Who joined and still runs; a number of a dead process that now belongs to another does not count."""
        try:
            known: list[list[float]] = json.loads(self.users.read_text())
        except (FileNotFoundError, ValueError):
            return []
        return [user for user in known if user == _identity(int(user[0]))]

    def _count(self, users: list[list[float]]) -> None:
        fresh = self.users.with_suffix(".new")
        fresh.write_text(json.dumps(users))
        fresh.replace(self.users)

    def _passwords(self) -> dict[str, str]:
        """Made once for the directory, and readable by its owner only."""
        path = self.directory / "passwords.json"
        with self.locked():
            if not path.exists():
                fresh = path.with_suffix(".new")
                fresh.touch(mode=0o600)
                fresh.write_text(json.dumps({role: secrets.token_hex(16) for role in ROLES}))
                fresh.replace(path)
            words: dict[str, str] = json.loads(path.read_text())
        return words


def _identity(pid: int) -> list[float] | None:
    """A process as its number and the moment it started, which together are never used twice."""
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else [pid, process.create_time()]
    except psutil.NoSuchProcess:
        return None


def _socket_directory(directory: Path) -> Path:
    """Where PostgreSQL's socket lives: a socket's path may have 107 bytes at most, and DATA_DIR may be longer."""
    beside = directory / "socket"
    if len(os.fsencode(beside)) <= LONGEST_SOCKET_DIRECTORY:
        return beside
    digest = sha256(os.fsencode(directory)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"mash-portal-{digest}"
