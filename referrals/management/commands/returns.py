"""The inspection's child-level lists, and the census checks, from the command line: the same rows as the pages."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals.management.base import PortalCommand
from referrals.returns import actions
from referrals.returns.lists import LISTS, MONTHS
from referrals.rules.period import Period, months_back
from referrals.rules.returns import day_of
from referrals.sheets import Kind

CHECK = "check"


class Command(PortalCommand):
    help = (
        "Write a child-level list of the six months up to a day: contacts (list 1), early-help (list 2) or referrals "
        "(list 3); or check both against the census rules, one JSON line for each fault. One row for each child, "
        "without names. Restricted records are in none. Each run leaves a line in the audit trail."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=(*LISTS, CHECK))
        parser.add_argument("--last", metavar="DAY", help="the last day, such as 2018-02-28; today unless said")
        parser.add_argument("--format", choices=tuple(Kind), default=Kind.CSV.value)
        parser.add_argument("--output", metavar="FILE", help="where to write the list; a workbook needs one")

    def handle(self, *args: Any, **options: Any) -> None:
        period, system = _period(options["last"]), User.objects.system()
        if options["what"] == CHECK:
            self._check(period, system)
            return
        kind, output = Kind(options["format"]), options["output"]
        if kind is Kind.XLSX and not output:
            raise CommandError("A workbook is not for the screen: say with --output where it is to be written.")
        content = actions.take(LISTS[options["what"]], period, kind, by=system)
        if output:
            _write(Path(output), content)
        else:
            self.stdout.write(content.decode("utf-8-sig").replace("\r\n", "\n"), ending="")

    def _check(self, period: Period, system: User) -> None:
        found = actions.check(period, by=system)
        for one in found.broken:
            fault = {"rule": one.rule, "child": one.child_id, "received": day_of(one.received_at).isoformat()}
            self.stdout.write(json.dumps({**fault, "fault": one.sentence}, ensure_ascii=False))
        self.stderr.write(f"{found.rows:,} rows checked, {found.rows - found.in_order:,} with a fault.")


def _period(last: str | None) -> Period:
    try:
        return months_back(date.fromisoformat(last) if last else day_of(timezone.now()), MONTHS)
    except ValueError as error:
        raise CommandError(f"--last has to be a date such as 2018-02-28, not '{last}'.") from error


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise CommandError(f"{path} could not be written: {error.strerror}.") from error
