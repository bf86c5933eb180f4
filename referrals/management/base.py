"""What every command of the portal does when the database is not there: a sentence, never a traceback."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError
from psycopg2 import errorcodes

NO_TABLES = "The database has no tables yet: run manage.py migrate first."
OUT_OF_DATE = "The database is older than the portal: run manage.py migrate first."
UNREACHABLE = "The database cannot be reached. Check DATABASE_URL, and that PostgreSQL is running."


class PortalCommand(BaseCommand):
    """A command that turns a missing, old or unreachable database into one sentence and exit code 1."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except (OperationalError, ProgrammingError) as error:
            sentence = _sentence(error)
            if sentence is None:
                raise
            raise CommandError(sentence) from error


def _sentence(error: Exception) -> str | None:
    code = getattr(error.__cause__, "pgcode", None)
    if code is None and isinstance(error, OperationalError):
        return UNREACHABLE
    if code == errorcodes.UNDEFINED_TABLE:
        return NO_TABLES
    if code == errorcodes.UNDEFINED_COLUMN:
        return OUT_OF_DATE
    return None
