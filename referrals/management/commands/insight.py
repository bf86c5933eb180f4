"""What came in and what became of it, by source, agency or month: the figures of the dashboard."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from mash_portal.accounts.models import Agency
from referrals import access
from referrals.codes import SOURCE_LABELS
from referrals.insight import everything, grids, queries
from referrals.insight.filters import Filters
from referrals.insight.grids import Grid
from referrals.insight.now import figures as moment
from referrals.insight.period import Period
from referrals.insight.queries import Figures
from referrals.insight.rolled import Whole
from referrals.management.base import PortalCommand

COLUMNS = ("contacts", "nfa", "nfa_rate", "pushback", "pushback_rate", "decided_in_24h_rate", "median_hours")


class Command(PortalCommand):
    help = (
        "Print contacts, no further action, pushback and time to decision, counted per child. No further action is "
        "both kinds; rates are shares of the contacts, between 0 and 1; decided_in_24h_rate is of those decided or "
        "whose 24 hours have passed; median_hours is of those decided. Restricted records are not counted."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="first", metavar="DAY", help="first day, such as 2017-09-01")
        parser.add_argument("--to", metavar="DAY", help="the day after the last, such as 2018-03-01")
        wanted = parser.add_mutually_exclusive_group(required=True)
        wanted.add_argument("--by", choices=queries.BY)
        wanted.add_argument("--timeliness", action="store_true", help="every table of the timeliness pages")
        wanted.add_argument("--equity", action="store_true", help="every table of the equity page, small ones hidden")
        wanted.add_argument("--now", action="store_true", help="what is open, late and to come today, of no period")
        parser.add_argument("--source", metavar="CODE", help="only this national contact source code, such as 2A")
        parser.add_argument("--agency", metavar="NAME", help="only this agency")
        parser.add_argument("--format", choices=("json", "table"), default="table")

    def handle(self, *args: Any, **options: Any) -> None:
        now, as_json = timezone.now(), options["format"] == "json"
        if options["now"]:
            self.stdout.write(_written(moment.rows(access.countable_contacts(), now), as_json=as_json))
            return
        if not (options["first"] and options["to"]):
            raise CommandError("Say --from and --to.")
        period = _period(options["first"], options["to"])
        filters = Filters(source=_source(options["source"]), agency=_agency(options["agency"]))
        if options["by"] is None:
            all_of = everything.timeliness if options["timeliness"] else everything.by_characteristics
            self.stdout.write(_of_all(all_of(period, now, filters), as_json=as_json))
            return
        self.stdout.write(_written(_counted(period, now, filters, options["by"]), as_json=as_json))


def _counted(period: Period, now: datetime, filters: Filters, by: str) -> list[dict[str, Any]]:
    figures = Whole.seen_by(None, period, now, filters).summary().by(by)
    medians = queries.medians(access.countable(), period, now, by=by, filters=filters)
    names = _names(by, figures)
    return [
        {by: names.get(key, key), **_numbers(found), "median_hours": _rounded(medians.get(key))}
        for key, found in figures.items()
    ]


def _written(rows: Sequence[Mapping[str, Any]], *, as_json: bool) -> str:
    return json.dumps(rows, ensure_ascii=False) if as_json else _table(rows)


def _of_all(found: Sequence[Grid], *, as_json: bool) -> str:
    """By the name of each table its rows; to read, one table beneath the other."""
    tables = {grid.name: grids.plain_rows(grid) for grid in found}
    if as_json:
        return json.dumps(tables, ensure_ascii=False)
    return "\n\n".join(f"{grid.title}\n{_table(tables[grid.name])}" for grid in found)


def _period(first: str, to: str) -> Period:
    start, end = _day("--from", first), _day("--to", to)
    if end <= start:
        raise CommandError("--to has to be after --from: it is the day after the last day that is counted.")
    try:
        return Period(start, end - timedelta(days=1))
    except ValueError as error:
        raise CommandError(str(error)) from error


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{option} has to be a date such as 2017-09-01, not '{text}'.") from error


def _source(code: str | None) -> str:
    if code is None or code.upper() in SOURCE_LABELS:
        return (code or "").upper()
    raise CommandError(f"There is no contact source '{code}'. The sources are: {', '.join(SOURCE_LABELS)}.")


def _agency(name: str | None) -> int | None:
    if name is None:
        return None
    found = Agency.objects.filter(name__iexact=name.strip()).order_by("pk").first()
    if found is None:
        raise CommandError(f"There is no agency called '{name}'.")
    return found.pk


def _names(by: str, figures: Mapping[Any, Figures]) -> Mapping[Any, str]:
    if by != "agency":
        return {}
    return dict(Agency.objects.filter(pk__in=figures).values_list("pk", "name"))


def _numbers(found: Figures) -> dict[str, float | None]:
    return {name: _rounded(getattr(found, name)) for name in COLUMNS[:-1]}


def _rounded(number: float | None) -> float | None:
    return round(number, 6) if isinstance(number, float) else number


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    """The same rows for reading: columns as wide as what is in them."""
    if not rows:
        return "Nothing was received in this period."
    lines = [list(rows[0]), *([_cell(value) for value in row.values()] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join(_line(line, widths) for line in lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    numbers = (cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True))
    return "  ".join([cells[0].ljust(widths[0]), *numbers])


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
