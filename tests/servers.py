"""Real PostgreSQL and Redis for the suite, and real processes of the portal. Loaded by tests/conftest.py.

Three strengths, from quick to real:

`db` (pytest-django)
    The migrated test database inside a transaction that is rolled back. The suite runs as the role `portal_app`, as the
    portal does: what that role may not do, no test can do. `connection_as_owner` is for tests about exactly that.
`committed`
    A database of the test's own, where commits are real and every thread and process sees the same. Takes the place of
    `transactional_db`, which would have to TRUNCATE and may not.
`portal_processes` (tests/portals.py)
    gunicorn, worker, beat and timers as processes of their own on a `committed` database and the suite's Redis.

Servers start when the first test asks for them, in DATA_DIR or in a temporary directory that is removed afterwards.
"""

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg2
import psycopg2.extensions
import pytest
from django.conf import settings
from django.db import connections
from django.test.utils import setup_databases, teardown_databases
from pytest_django.plugin import DjangoDbBlocker

from mash_portal import embedded
from mash_portal.celery import app as celery_app
from mash_portal.settings import environment
from thresholds import frozen
from thresholds.models import Matrix

pytest_plugins = ["tests.portals"]

PREFIX = "test_portal_"
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def portal_servers() -> Iterator[embedded.Servers]:
    """PostgreSQL and Redis of the suite, with the addresses for each role. PostgreSQL does not wait for the disk."""
    chosen = os.environ.get("DATA_DIR")
    directory = _own(embedded.data_dir()) if chosen else Path(tempfile.mkdtemp(prefix="mash-tests-"))
    try:
        with embedded.servers(directory, durable=False) as servers:
            settings.CELERY_BROKER_URL = settings.REDIS_URL = servers.redis_url
            celery_app.conf.update(broker_url=servers.redis_url)
            yield servers
    finally:
        if not chosen:
            shutil.rmtree(directory, ignore_errors=True)


def _own(directory: Path) -> Path:
    """Each worker of pytest-xdist has servers of its own: one Redis would hand one worker's tasks to another's."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker:
        embedded.prepare(directory)
    return directory / worker


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
def django_db_setup(
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: DjangoDbBlocker,
    portal_servers: embedded.Servers,
) -> Iterator[None]:
    """Migrate as the owner; run the tests as the role that the portal has; be the owner again to drop the database.

    In place of pytest-django's own, which makes no database when only `committed` asks for one.
    """
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, serialized_aliases=set())
    _become(portal_servers.app_url)
    with django_db_blocker.unblock():
        # read once in each process (thresholds/frozen.py): tests that count queries count the same in any order
        frozen.rows_of(Matrix.objects.current())
    yield
    _become(portal_servers.owner_url)
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture
def connection_as_owner(db: None, portal_servers: embedded.Servers) -> Iterator[psycopg2.extensions.connection]:
    """The test database as its owner sees it, outside the test's transaction; nothing it does is kept."""
    connection = psycopg2.connect(with_database(portal_servers.owner_url, connections["default"].settings_dict["NAME"]))
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


def _become(url: str) -> None:
    """Use the role of this address for every connection from now on; the database stays the one that is in use."""
    parts = environment.database(url)
    connections["default"].close()
    connections["default"].settings_dict.update(USER=parts["USER"], PASSWORD=parts["PASSWORD"])


def _copy(superuser: psycopg2.extensions.connection, source: str, new: str) -> None:
    """A copy. Whoever is still connected to the source, such as a thread of an earlier test, is sent away first."""
    with superuser.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [source])
        cursor.execute(f'CREATE DATABASE "{new}" TEMPLATE "{source}" OWNER portal_owner')


def _drop(superuser: psycopg2.extensions.connection, name: str) -> None:
    with superuser.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def with_database(url: str, database: str) -> str:
    """The same server and role, another database."""
    return urlsplit(url)._replace(path=f"/{database}").geturl()
