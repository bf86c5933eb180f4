#!/usr/bin/env python
"""Every command of the portal.

With DATABASE_URL set, commands use it, with the settings that DJANGO_SETTINGS_MODULE names (production unless it says
otherwise). Without it they start or join the PostgreSQL and Redis of DATA_DIR, and stop what they started.
"""

import os
import signal
import sys
from types import FrameType

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

WITHOUT_SERVERS = {"help", "version", "check", "collectstatic", "diffsettings", "findstatic"}
AS_OWNER = {"migrate", "makemigrations", "showmigrations", "sqlmigrate", "squashmigrations", "make_population"}


def main(arguments: list[str]) -> None:
    """Run one command, against the database it was given or the one beside the checkout."""
    if "DATABASE_URL" in os.environ:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mash_portal.settings.production")
        _execute(arguments)
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mash_portal.settings.local")
    if _command(arguments) in WITHOUT_SERVERS:
        _execute(arguments)
        return
    from mash_portal import embedded  # noqa: PLC0415 - its wheels are not there in production

    signal.signal(signal.SIGTERM, _stop)
    try:
        with embedded.servers(embedded.data_dir()) as servers:
            os.environ.update(servers.environment())
            _execute(arguments)
    except embedded.ServerTrouble as trouble:
        sys.exit(str(trouble))
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


def _execute(arguments: list[str]) -> None:
    """Hand over to Django; changes of the schema are made by the role that owns it."""
    owner_url = os.environ.get("MIGRATION_DATABASE_URL")
    if owner_url and _command(arguments) in AS_OWNER:
        os.environ["DATABASE_URL"] = owner_url
    try:
        execute_from_command_line(arguments)
    except ImproperlyConfigured as error:
        sys.exit(str(error))


def _command(arguments: list[str]) -> str:
    if len(arguments) < 2 or {"--help", "-h"} & set(arguments):
        return "help"
    return arguments[1].removeprefix("--")


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + signal.SIGTERM)


if __name__ == "__main__":
    main(sys.argv)
