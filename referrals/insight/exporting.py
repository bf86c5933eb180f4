"""Tables to take away: every table of a page of figures as a CSV file or all of them as a workbook.

A page offers its tables by name; `?download=csv&table=agencies` or `?download=xlsx` on the page's own address gives
them, for the same person, through the same door, narrowed as the page is. Each copy is in the trail with what it was
narrowed by. Whether a file of these pages hides small numbers is decided here (`leaves_the_mash`), and so is which of
them; the page of one agency and the groups of the page of equity hide theirs before, and the files of the audits
(assurance/) are made there. The rule is the same for all: rules/suppression.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict

from mash_portal.accounts.models import User
from mash_portal.audit import trail
from referrals import sheets
from referrals.rules import nested, permissions
from referrals.rules.nested import Place, Sum
from referrals.rules.suppression import ABOUT_HIDDEN, HIDDEN, few_are_left

WHOLE = "Every number is shown, small ones too: this stays inside the MASH."
#: How the pages ask for a file, beside what they are narrowed by.
DOWNLOAD, TABLE = "download", "table"


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
    `across`: columns that are a whole and parts of it in each row, as nested.Sum. What the share of the count in
    column 3 is taken of stands in column -3, where no sum here says it: no file has it, but the share says it.
    """

    name: str
    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[object]]
    known: Sequence[Sequence[int]] | None = None
    across: Sequence[Sum] = ()


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
    hidden = _hidden(table) if leaves else {}
    rows = [[_cell(table, row, column, hidden) for column in range(len(cells))] for row, cells in enumerate(table.rows)]
    return sheets.Table(table.title, table.headings, rows)


def _hidden(table: Offered) -> Mapping[Place, int]:
    """The counts that are not shown, and the wholes that no share may say, by their places."""
    placed = [((row, column), cell) for row, cells in enumerate(table.rows) for column, cell in enumerate(cells)]
    shares = [(row, cell) for (row, _), cell in placed if isinstance(cell, Share)]
    whole_of = {part: one[0] for one in table.across for part in one[1:]}
    unsaid = {one.of: -one.of for _, one in shares if one.of not in whole_of}
    whole_of |= unsaid
    counts = {place: cell.number for place, cell in placed if isinstance(cell, Count)}
    counts |= {(row, -one.of): one.whole for row, one in shares if whole_of[one.of] == -one.of}
    tell = {place for place, cell in placed if isinstance(cell, Count) and cell.tells}
    tell |= {
        (row, one.of)
        for row, one in shares
        if few_are_left(one.whole, one.part) and counts[row, whole_of[one.of]] != one.whole
    }
    sums = [*table.across, *((whole, part) for part, whole in unsaid.items())]
    known = [range(len(table.rows))] if table.known is None else table.known
    alone = set(range(len(table.rows))).difference(*known)
    found = nested.hidden(counts, [*known, *([row] for row in alone)], sums, tell)
    return {place: counts[place] for place in found if place in counts}


def _cell(table: Offered, row: int, column: int, hidden: Mapping[Place, int]) -> object:
    cell = table.rows[row][column]
    if isinstance(cell, Count):
        return HIDDEN if (row, column) in hidden else cell.number
    if isinstance(cell, Share):
        if not cell.whole:
            return None
        if any(at == row and (of == cell.of or number >= cell.whole) for (at, of), number in hidden.items()):
            return HIDDEN
        return round(cell.part / cell.whole if cell.said is None else cell.said, 4)
    return cell


def _about(said: Mapping[str, str], *, hides: bool) -> sheets.Table:
    """The last sheet of a workbook: what it is narrowed by, and what its marks mean."""
    return sheets.Table("About", ["About these figures", ""], [[ABOUT_HIDDEN if hides else WHOLE, ""], *said.items()])
