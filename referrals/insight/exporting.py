"""Tables to take away: every table of a page of figures as a CSV file or all of them as a workbook, by one mechanism.

A page offers its tables by name; `?download=csv&table=agencies` or `?download=xlsx` on the page's own address gives
them, for the same person, through the same door, narrowed as the page is. Each copy is in the trail with what it was
narrowed by. What small numbers a file has is decided here and nowhere else: see `leaves_the_mash`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict

from mash_portal.accounts.models import User
from mash_portal.audit import trail
from referrals import sheets
from referrals.rules import crosstable, permissions, suppression
from referrals.rules.suppression import ABOUT_HIDDEN, HIDDEN, LEAST, Sum

WHOLE = "Every number is shown, small ones too: this stays inside the MASH."
#: How the pages ask for a file, beside what they are narrowed by.
DOWNLOAD, TABLE = "download", "table"

#: Row and column. The whole of the share in column 3 stands in column -3: no file has it, and the share says it.
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Count:
    """So many children: hidden in what leaves the MASH if it is small, or would give a small one away.

    `tells`: it would give one away that is in no column of its table.
    """

    number: int
    tells: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """One count as a share of another, from 0 to 1. `of` is the column that the count stands in: both hide together.

    `said`: what the file says in its place, such as an end of its interval.
    """

    part: int
    whole: int
    of: int
    said: float | None = None


@dataclass(frozen=True, slots=True)
class Offered:
    """One table of a page.

    `known`: the rows whose counts add up, in each column, to what somebody may know; usually all of them.
    `across`: in each row, the count in the first of these columns is the sum of those in the others.
    """

    name: str
    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[object]]
    known: Sequence[Sequence[int]] | None = None
    across: Sequence[int] = ()


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
    made = [as_sheet(one, leaves=leaves) for one in wanted]
    hides = leaves or any(HIDDEN in row for one in made for row in one.rows)
    details = {"page": page, "kind": kind.value, "tables": [one.name for one in wanted], "filters": dict(said)}
    trail.record("exported:figures", by=user, details=details | {"small_numbers": "hidden" if hides else "shown"})
    called = "-".join([page, *([name] if name else []), *(said[key] for key in ("start", "end") if key in said)])
    return sheets.download([*made, _about(said, hides=hides)] if kind is sheets.Kind.XLSX else made, called, kind)


def links(here: str, said: Mapping[str, str], tables: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """(what it is, its address) for the workbook and for each (name, title): what insight/_take_away.html shows."""

    def address(**more: str) -> str:
        return f"{here}?{urlencode({**said, **more})}"

    files = [(f"{title} (CSV)", address(download="csv", table=name)) for name, title in tables]
    return [("All tables (Excel)", address(download="xlsx")), *files] if files else []


def as_sheet(table: Offered, *, leaves: bool) -> sheets.Table:
    """The table as it goes into a file."""
    hidden = _hidden(table) if leaves else None
    rows = [[_cell(table, row, column, hidden) for column in range(len(cells))] for row, cells in enumerate(table.rows)]
    return sheets.Table(table.title, table.headings, rows)


def _hidden(table: Offered) -> frozenset[Place]:
    """The places of the counts that are not shown, and of the wholes that no share may say."""
    placed = [((row, column), cell) for row, cells in enumerate(table.rows) for column, cell in enumerate(cells)]
    counts = {place: cell.number for place, cell in placed if isinstance(cell, Count)}
    counts |= {(row, -column): cell.whole for (row, column), cell in placed if isinstance(cell, Share)}
    tell = [place for place, cell in placed if isinstance(cell, Count) and cell.tells]
    sums = []
    for column in {column for _, column in counts}.difference(table.across):
        for number, rows in enumerate([range(len(table.rows))] if table.known is None else table.known):
            parts, total = [(row, column) for row in rows if (row, column) in counts], (-1 - number, column)
            counts[total] = sum(counts[part] for part in parts)
            sums.append(Sum(total, parts))
    return suppression.hidden(counts, sums, tell) | frozenset(_hidden_across(table, counts))


def _hidden_across(table: Offered, counts: Mapping[Place, int]) -> Iterator[Place]:
    """Of the columns that add up in each row as well."""
    total, *parts = table.across or [0]
    across = {row: [counts[row, part] for part in parts] for row in range(len(table.rows)) if parts}
    for row, place in crosstable.hidden(across):
        yield row, total if place == crosstable.TOTAL else parts[place]


def _cell(table: Offered, row: int, column: int, hidden: frozenset[Place] | None) -> object:
    """`hidden`: None where the table stays in the MASH."""
    cell = table.rows[row][column]
    if isinstance(cell, Count):
        return HIDDEN if hidden and (row, column) in hidden else cell.number
    if isinstance(cell, Share):
        if not cell.whole:
            return None
        if hidden is not None and _tells(cell, table.rows[row], (row, column), hidden):
            return HIDDEN
        return round(cell.part / cell.whole if cell.said is None else cell.said, 4)
    return cell


def _tells(share: Share, cells: Sequence[object], place: Place, hidden: frozenset[Place]) -> bool:
    """Whether a share says a number that is not shown. Beside its count it says its whole, and so the rest of that.

    A hidden count of the row that is as large as the whole, or larger, may be it or come close to it.
    """
    row, column = place
    counts = ((at, cell.number) for at, cell in enumerate(cells) if isinstance(cell, Count) and (row, at) in hidden)
    if any(at == share.of or number >= share.whole for at, number in counts):
        return True
    return (row, -column) in hidden or 0 < share.whole - share.part < LEAST


def _about(said: Mapping[str, str], *, hides: bool) -> sheets.Table:
    """The last sheet of a workbook: what it is narrowed by, and what its marks mean."""
    return sheets.Table("About", ["About these figures", ""], [[ABOUT_HIDDEN if hides else WHOLE, ""], *said.items()])
