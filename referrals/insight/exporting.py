"""Tables to take away: every table of a page of figures as a CSV file or all of them as a workbook, by one mechanism.

A page offers its tables by name; `?download=csv&table=agencies` or `?download=xlsx` on the page's own address gives
them, for the same person, through the same door, narrowed as the page is. Each copy is in the trail with what it was
narrowed by. What small numbers a file has is decided here and nowhere else: see `leaves_the_mash`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict

from mash_portal.accounts.models import User
from mash_portal.audit import trail
from referrals import sheets
from referrals.rules import permissions, suppression
from referrals.rules.suppression import Sum

#: In place of a count that is not shown, and of a share that would say it.
HIDDEN = "[c]"
ABOUT_HIDDEN = (
    f"{HIDDEN} is a count from 1 to 4, or one that would give such a count away. It is not shown, "
    "so that no child can be worked out from it."
)
WHOLE = "Every number is shown, small ones too: this stays inside the MASH."
#: How the pages ask for a file, beside what they are narrowed by.
DOWNLOAD, TABLE = "download", "table"


@dataclass(frozen=True, slots=True)
class Count:
    """So many children: hidden in what leaves the MASH if it is small, or would give a small one away."""

    number: int


@dataclass(frozen=True, slots=True)
class Share:
    """One count as a share of another, from 0 to 1. `of` is the column that the count stands in: both hide together."""

    part: int
    whole: int
    of: int


@dataclass(frozen=True, slots=True)
class Offered:
    """One table of a page. The counts of a column, but for those of `apart`, add up to what somebody may know."""

    name: str
    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[object]]
    apart: frozenset[int] = frozenset()


def leaves_the_mash(user: User) -> bool:
    """Whether what this person takes out of the portal goes to others than the MASH's managers.

    A hub manager's file is working material of the hub and has whole numbers: the same person can open each contact
    that is counted. An analyst, who opens none and hands figures on, and an agency's lead get the small ones hidden.
    """
    return user.as_role not in permissions.WHOLE_NUMBERS


def asked_for(query: QueryDict) -> sheets.Kind | None:
    """The kind of file that the address asks for; None for the page itself. 404 for a kind that there is not."""
    wanted = query.get(DOWNLOAD, "")
    if not wanted:
        return None
    if wanted not in list(sheets.Kind):
        raise Http404
    return sheets.Kind(wanted)


def answer(
    request: HttpRequest,
    user: User,
    page: str,
    tables: Sequence[Offered],
    said: Mapping[str, str],
    *,
    leaves: bool | None = None,
) -> HttpResponse:
    """The file, and its line in the trail. `page` names it, `said` is what the page was narrowed by: codes and days.

    404 where the page has no such table. `leaves` only where it is more than whose copy it is.
    """
    kind, name = asked_for(request.GET), request.GET.get(TABLE, "")
    wanted = [one for one in tables if not name or one.name == name]
    if kind is None or not wanted or (kind is sheets.Kind.CSV and len(wanted) != 1):
        raise Http404
    leaves = leaves_the_mash(user) if leaves is None else leaves
    details = {"page": page, "kind": kind.value, "tables": [one.name for one in wanted], "filters": dict(said)}
    trail.record("exported:figures", by=user, details=details | {"small_numbers": "hidden" if leaves else "shown"})
    made = [as_sheet(one, leaves=leaves) for one in wanted]
    called = "-".join([page, *([name] if name else []), *(said[key] for key in ("start", "end") if key in said)])
    return sheets.download([*made, _about(said, leaves=leaves)] if kind is sheets.Kind.XLSX else made, called, kind)


def links(here: str, said: Mapping[str, str], tables: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """(what it is, its address) for the workbook and for each (name, title): what insight/_take_away.html shows."""

    def address(**more: str) -> str:
        return f"{here}?{urlencode({**said, **more})}"

    files = [(f"{title} (CSV)", address(download="csv", table=name)) for name, title in tables]
    return [("All tables (Excel)", address(download="xlsx")), *files] if files else []


def as_sheet(table: Offered, *, leaves: bool) -> sheets.Table:
    """The table as it goes into a file."""
    hidden = _hidden(table) if leaves else frozenset()
    rows = [[_cell(table, row, column, hidden) for column in range(len(cells))] for row, cells in enumerate(table.rows)]
    return sheets.Table(table.title, table.headings, rows)


def _hidden(table: Offered) -> frozenset[tuple[int, int]]:
    """The places, by row and column, of the counts that are not shown. The sum of a column is taken as known."""
    counts: dict[tuple[int, int], int] = {}
    for row, cells in enumerate(table.rows):
        counts |= {(row, column): cell.number for column, cell in enumerate(cells) if isinstance(cell, Count)}
    sums = []
    for column in {column for _, column in counts} - table.apart:
        parts = [place for place in counts if place[1] == column]
        total = (-1, column)
        counts[total] = sum(counts[part] for part in parts)
        sums.append(Sum(total, parts))
    return suppression.hidden(counts, sums)


def _cell(table: Offered, row: int, column: int, hidden: frozenset[tuple[int, int]]) -> object:
    cell = table.rows[row][column]
    if isinstance(cell, Count):
        return HIDDEN if (row, column) in hidden else cell.number
    if isinstance(cell, Share):
        if hidden and ((row, cell.of) in hidden or 0 < cell.whole < suppression.LEAST):
            return HIDDEN
        return round(cell.part / cell.whole, 4) if cell.whole else None
    return cell


def _about(said: Mapping[str, str], *, leaves: bool) -> sheets.Table:
    """The last sheet of a workbook: what it is narrowed by, and what its marks mean."""
    return sheets.Table("About", ["About these figures", ""], [[ABOUT_HIDDEN if leaves else WHOLE, ""], *said.items()])
