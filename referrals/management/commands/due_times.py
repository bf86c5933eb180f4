"""When clocks are due for instants of receipt, by the partnership's settings, from CSV to CSV."""

import csv
import io
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import CommandError, CommandParser

from referrals.management.base import PortalCommand
from referrals.models.partnership import clock_rules, working_week
from referrals.rules.clocks import Rule, WorkingWeek, due_at
from referrals.vocabulary import Clock

COLUMNS = ("received_at", "clock")


class Command(PortalCommand):
    help = "Read received_at,clock from a CSV file and print received_at,clock,due_at."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE.csv", help="a CSV file with the columns received_at and clock")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = _rows(Path(options["file"]))
        rules, week = clock_rules(), working_week()
        writer = csv.writer(self.stdout)
        writer.writerow([*COLUMNS, "due_at"])
        bad = 0
        for line, row in rows:
            try:
                writer.writerow([*(row[column] for column in COLUMNS), _due(row, rules, week)])
            except ValueError as error:
                bad += 1
                self.stderr.write(f"Line {line}: {error}")
        if bad:
            raise CommandError(f"{bad} {'row has' if bad == 1 else 'rows have'} no due time. The others are printed.")


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Each row with its line number."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is not a text file in UTF-8.") from error
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    reader = csv.DictReader(io.StringIO(text, newline=""), restval="")
    try:
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise CommandError(f"{path} cannot be read as CSV after line {reader.line_num}: {error}.") from error
    if missing := [column for column in COLUMNS if column not in (reader.fieldnames or ())]:
        raise CommandError(f"{path} has no column {' and no column '.join(missing)}. Its first line must name them.")
    return rows


def _due(row: Mapping[str, str], rules: Mapping[Clock, Rule], week: WorkingWeek) -> str:
    """The due time in the partnership's own time, with its offset from UTC."""
    rule = next((rule for clock, rule in rules.items() if clock == row["clock"].strip()), None)
    if rule is None:
        raise ValueError(f"there is no clock called '{row['clock']}'. The clocks are: {', '.join(rules)}.")
    try:
        received_at = datetime.fromisoformat(row["received_at"].strip())
    except ValueError as error:
        raise ValueError(
            f"'{row['received_at']}' is no date and time. Write it like 2026-11-20T16:00:00+00:00."
        ) from error
    due = due_at(rule, received_at, week)
    return due.astimezone(ZoneInfo(week.timezone)).isoformat()
