"""Tables as files, CSV and Excel workbooks, for every page and command that hands rows out.

What somebody once typed may stand in a cell: no cell of either kind of file is a formula, whatever it begins with.
Dates are real dates in a workbook and dd/mm/yyyy in CSV; moments are London's.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum, StrEnum
from itertools import chain, islice

from django.http import HttpResponse
from django.utils.text import slugify
from openpyxl import Workbook
from openpyxl.cell.cell import ERROR_CODES, ILLEGAL_CHARACTERS_RE, Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from mash_portal.govuk.words import LONDON

Plain = str | int | float | Decimal | date | time | None


class Kind(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


CONTENT_TYPES = {
    Kind.CSV: "text/csv; charset=utf-8",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
#: What a spreadsheet takes for a formula, wide letters and a first blank included.
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
#: A workbook counts days from here; an older date is written as text.
FIRST_YEAR = 1900
NOT_IN_A_TITLE = re.compile(r"[\\/?*\[\]:]")
LONGEST_TITLE = 31
NARROWEST, WIDEST = 8, 60
#: Rows that a column's width is measured by.
MEASURED = 100


@dataclass(frozen=True)
class Table:
    """Rows under headings. `rows` may be produced as they are written; they are then read once.

    A cell is a text, a number, a date, a moment, a truth (written as Yes or No) or None; anything else, as its text.
    """

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[object]]


def as_csv(table: Table) -> bytes:
    """The table as UTF-8 with a byte order mark, which is what Excel opens without asking."""
    made = io.StringIO(newline="")
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow([_text(heading) for heading in table.headings])
    writer.writerows([_text(cell) for cell in row] for row in table.rows)
    return made.getvalue().encode("utf-8-sig")


def as_xlsx(*tables: Table) -> bytes:
    """A workbook with a sheet for each table, its headings bold and kept in sight."""
    book = Workbook(write_only=True)
    titles: list[str] = []
    for table in tables:
        titles.append(_sheet_title(table.title, titles))
        _write(book.create_sheet(titles[-1]), table)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def download(tables: Table | Sequence[Table], name: str, kind: Kind | str) -> HttpResponse:
    """The file as an attachment that no browser keeps. `name` says what it is and for when, never whom it is about.

    A CSV file holds one table.
    """
    wanted, kind = [tables] if isinstance(tables, Table) else list(tables), Kind(kind)
    return attached(as_xlsx(*wanted) if kind is Kind.XLSX else as_csv(*wanted), name, kind)


def attached(content: bytes, name: str, kind: Kind) -> HttpResponse:
    """The same for a file that is written already."""
    answer = HttpResponse(content, content_type=CONTENT_TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="{slugify(name)}.{kind}"'
    answer["Cache-Control"] = "no-store"
    return answer


def _plain(cell: object) -> Plain:
    """What both kinds of file can hold."""
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    if isinstance(cell, Enum):
        return _plain(cell.value)
    if isinstance(cell, datetime):
        return cell.astimezone(LONDON).replace(tzinfo=None) if cell.tzinfo else cell
    if cell is None or isinstance(cell, int | float | Decimal | date | time):
        return cell
    return str(cell)


def _text(cell: object) -> str:
    """A cell of a CSV file. A spreadsheet takes what follows a quotation mark for a text."""
    plain = _plain(cell)
    if plain is None:
        return ""
    if isinstance(plain, date | time):
        return _moment(plain)
    return f"'{plain}" if isinstance(plain, str) and FORMULA.match(plain) else str(plain)


def _moment(plain: date | time) -> str:
    if isinstance(plain, time):
        return f"{plain:%H:%M}"
    day = f"{plain:%d/%m}/{plain.year:04}"
    return f"{day} {plain:%H:%M}" if isinstance(plain, datetime) else day


def _write(sheet: Worksheet, table: Table) -> None:
    """Widths and what stays in sight come before the first row, as a sheet is written from top to bottom."""
    rows = iter(table.rows)
    first = [tuple(row) for row in islice(rows, MEASURED)]
    for number, width in enumerate(_widths(table.headings, first), 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "A2"
    sheet.append([_heading(sheet, heading) for heading in table.headings])
    for row in chain(first, rows):
        sheet.append(list(_cells(sheet, row)))


def _widths(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[int]:
    for number, heading in enumerate(headings):
        longest = max([len(heading), *(len(_text(row[number])) for row in rows if number < len(row))])
        yield min(max(longest + 2, NARROWEST), WIDEST)


def _heading(sheet: Worksheet, heading: str) -> Cell:
    cell = _string(sheet, heading)
    cell.font = Font(bold=True)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _cells(sheet: Worksheet, row: Sequence[object]) -> Iterator[object]:
    """Only what needs a format or a mark becomes a cell of its own: a plain value is written several times faster."""
    for cell in row:
        plain = _plain(cell)
        if isinstance(plain, str):
            yield _string(sheet, plain) if FORMULA.match(plain) or plain in ERROR_CODES else _writable(plain)
        elif isinstance(plain, date) and plain.year < FIRST_YEAR:
            yield _moment(plain)
        elif isinstance(plain, date):
            made = WriteOnlyCell(sheet)
            made.value = plain
            made.number_format = "dd/mm/yyyy hh:mm" if isinstance(plain, datetime) else "dd/mm/yyyy"
            yield made
        else:
            yield plain


def _string(sheet: Worksheet, text: str) -> Cell:
    """A text that stays one, also when somebody edits the cell."""
    cell = WriteOnlyCell(sheet, _writable(text))
    cell.data_type = "s"
    cell.quotePrefix = bool(FORMULA.match(text))
    return cell


def _writable(text: str) -> str:
    """Without the control characters that a workbook cannot hold."""
    return ILLEGAL_CHARACTERS_RE.sub("", text)


def _sheet_title(title: str, taken: Sequence[str]) -> str:
    """A name that Excel allows: short, with none of its signs, and unlike the others whatever the case."""
    clean = NOT_IN_A_TITLE.sub(" ", _writable(title))
    clean = " ".join(clean.split()).strip("'")[:LONGEST_TITLE].strip(" '") or "Sheet"
    used, number, found = {one.casefold() for one in (*taken, "history")}, 2, clean
    while found.casefold() in used:
        end = f" {number}"
        found, number = clean[: LONGEST_TITLE - len(end)] + end, number + 1
    return found
