"""Bring over an earlier system's contacts from a CSV file, one row per child."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from mash_portal.accounts.models import User
from referrals.history import actions, reading
from referrals.history.reading import Bad, NotAHistory, Row
from referrals.management.base import PortalCommand

BATCH = 1000


class Command(PortalCommand):
    help = (
        "Bring over an earlier system's contacts, one row per child. Prints one JSON line of counts. A row that cannot "
        "go in is reported on the error output with its line, the others go in, and the exit code is then 1. "
        "A second run brings nothing over twice."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE.csv", help=f"with the columns {', '.join(reading.COLUMNS)}")
        parser.add_argument(
            "--ends",
            metavar="DAY",
            help="for a demonstration: move all dates so that the last receipt falls on this day, "
            "'yesterday' or a date such as 2018-02-28",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        path = Path(options["file"])
        try:
            found = reading.survey(path, now=now)
            days = _days_to_move(found.last_day, options["ends"], now)
            tally = self._bring_over(path, found.rows, days, now)
        except NotAHistory as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(asdict(tally)))
        if tally.bad:
            raise CommandError(f"{tally.bad} {'row' if tally.bad == 1 else 'rows'} could not go in. The others are in.")

    def _bring_over(self, path: Path, total: int, days: int | None, now: datetime) -> actions.Tally:
        system = User.objects.system()
        tally = actions.Tally()
        rows = reading.read(path, now=now)
        with tqdm(total=total, unit="row", desc="Importing", file=sys.stderr, disable=None, leave=False) as bar:
            for batch in _batches(rows):
                good = [row for row in batch if isinstance(row, Row)]
                unread = [row for row in batch if isinstance(row, Bad)]
                if days is not None:
                    good = [row.moved(days, now) for row in good]
                brought = actions.bring_over(good, by=system, now=now)
                tally.add(brought.tally)
                tally.bad += len(unread)
                self._report([*unread, *brought.bad])
                bar.update(len(batch))
        actions.note(tally, by=system)
        return tally

    def _report(self, rows: list[Bad]) -> None:
        with tqdm.external_write_mode(file=sys.stderr):
            for row in sorted(rows, key=lambda bad: bad.line):
                self.stderr.write(f"Line {row.line}: {' '.join(row.problems)}")


def _batches(rows: Iterator[Row | Bad]) -> Iterator[list[Row | Bad]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _days_to_move(last_day: date | None, ends: str | None, now: datetime) -> int | None:
    """By how many days everything is moved; None where it stays as it is."""
    if ends is None or last_day is None:
        return None
    yesterday = timezone.localdate(now) - timedelta(days=1)
    try:
        end = yesterday if ends == "yesterday" else date.fromisoformat(ends)
    except ValueError as error:
        raise CommandError(f"--ends has to be 'yesterday' or a date such as 2018-02-28, not '{ends}'.") from error
    if end > yesterday:
        raise CommandError("--ends has to be a day that is over: yesterday at the latest.")
    return (end - last_day).days
