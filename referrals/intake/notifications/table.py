"""A file of comma-separated lines as rows, with the trust that a stranger's file deserves."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from referrals.refusals import Objection, Refused
from referrals.rules.marf.values import clean_text

from .columns import NEEDED

MOST_BYTES = 5 * 1024 * 1024
TOO_LARGE = "The file must be 5 MB or smaller. Send it in two parts."
MOST_ROWS = 2_000
LONGEST_CELL = 20_000
#: What begins a formula; a cell that does is given back with a quotation mark before it.
MARKED = ("=", "+", "-", "@")
DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True)
class Line:
    """One line of the file: its number as a spreadsheet shows it, and its cells by column."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Table:
    columns: Sequence[str]
    lines: Sequence[Line]


def read(content: bytes) -> Table:
    """The file as a heading and lines; Refused where it is no such file. Empty lines are passed over."""
    if len(content) > MOST_BYTES:
        raise _refused(TOO_LARGE)
    rows = _rows(_text(content))
    if not rows:
        raise _refused("The file is empty.")
    columns = [_column(name) for name in rows[0][1]]
    _check(columns)
    lines = [Line(number, _cells(columns, cells)) for number, cells in rows[1:] if any(cell.strip() for cell in cells)]
    if not lines:
        raise _refused("The file has a heading and no line under it.")
    if len(lines) > MOST_ROWS:
        raise _refused(f"The file must have {MOST_ROWS:,} lines or fewer. Send it in two parts.")
    return Table(columns, lines)


def _refused(sentence: str) -> Refused:
    return Refused(Objection("file", sentence))


def _text(content: bytes) -> str:
    """What spreadsheets write: UTF-8, or the older code page of Windows."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if b"\x00" in content:
        raise _refused("The file must be a CSV file: in your spreadsheet, choose “Save as” and then CSV.")
    return content.decode("cp1252", errors="replace")


def _rows(text: str) -> list[tuple[int, list[str]]]:
    heading = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=heading.count)
    reader = csv.reader(io.StringIO(text.replace("\x00", ""), newline=""), delimiter=delimiter)
    rows, begins = [], 1
    try:
        for cells in reader:
            rows.append((begins, cells))
            begins = reader.line_num + 1
    except csv.Error:
        raise _refused(f"Line {begins} cannot be read: look for a quotation mark that is not closed.") from None
    return rows


def _column(name: str) -> str:
    return "_".join(clean_text(name).casefold().split())


def _check(columns: Sequence[str]) -> None:
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        raise _refused(f"The file has no column {' and no column '.join(missing)}. Compare it with the template.")
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise _refused(f"The file has the column {' and the column '.join(twice)} twice.")


def _cells(columns: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """By column; what stands beyond the last column is kept under a number of its own."""
    named = [*columns, *(f"column_{number}" for number in range(len(columns) + 1, len(cells) + 1))]
    return {
        name or f"column_{number}": _unmarked(clean_text(cell))[: LONGEST_CELL + 1]
        for number, (name, cell) in enumerate(zip(named, cells, strict=False), 1)
    }


def _unmarked(cell: str) -> str:
    """Without the mark that we put before what a spreadsheet would take for a formula (pages.py)."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in MARKED else cell
