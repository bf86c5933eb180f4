"""May this process be sent requests? For a load balancer: it asks about this process, not about the timers."""

from functools import cache

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader

AWAY, OUT_OF_DATE = "The database cannot be reached.", "The database is older than the portal: run manage.py migrate."


def what_is_missing() -> str:
    """Empty when requests can be served: the database answers, and has every migration of this version."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            applied = set(cursor.fetchall())
    except (DatabaseError, InterfaceError):
        return AWAY
    return "" if _wanted() <= applied else OUT_OF_DATE


@cache
def _wanted() -> frozenset[tuple[str, str]]:
    """The last migration of each app, as the files of this version say. Read once in each process."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.leaf_nodes())
