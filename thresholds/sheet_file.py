"""A matrix as a spreadsheet (.xlsx): read with the row of each entry, and written as the template to change.

Four sheets: Matrix (field and value), Levels, Domains and Indicators (a row each, the names of the fields on top).
"""

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from io import BytesIO
from itertools import islice
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font

from .document import Placed
from .problems import MatrixProblems

#: The columns of each sheet, in their order, with how wide they are drawn.
COLUMNS: Mapping[str, Mapping[str, int]] = {
    "Levels": {
        "number": 9,
        "name": 28,
        "need": 40,
        "care_profile_grades": 20,
        "care_profile": 40,
        "neglect": 14,
        "assessment": 40,
        "intervention": 40,
        "consent_rule": 34,
        "consent": 34,
    },
    "Domains": {"factor_code": 14, "factor_name": 30, "domain_code": 14, "domain_name": 45},
    "Indicators": {"code": 13, "text": 80, "alerts": 18, "dv_scales": 12, "words": 90},
}
FIELDS = ("code", "title", "effective_from")
NUMBERS, TOKENS, PHRASES = frozenset({"care_profile_grades", "dv_scales"}), frozenset({"alerts"}), frozenset({"words"})
MOST_ROWS, MOST_BYTES, MOST_PARTS = 5000, 20_000_000, 200
NO_SPREADSHEET = "The file cannot be read as a spreadsheet. Save it as an Excel workbook (.xlsx)."


def read(content: bytes) -> dict[str, Any]:
    """A matrix document, every entry with its sheet and row; MatrixProblems where the sheets are not those of one."""
    rows, found = _sheets(content), _Found()
    matrix: dict[str, Any] = {}
    for entry in found.of(rows, "Matrix", ("field", "value")):
        matrix[str(entry.get("field", ""))] = entry.get("value")
    matrix["levels"] = list(found.of(rows, "Levels", COLUMNS["Levels"]))
    matrix["factors"] = _factors(found.of(rows, "Domains", COLUMNS["Domains"]))
    matrix["indicators"] = list(found.of(rows, "Indicators", COLUMNS["Indicators"]))
    if found.problems:
        raise MatrixProblems(found.problems)
    return {"matrix": matrix}


def write(document: Mapping[str, Any]) -> bytes:
    """The document as a workbook. A text that begins like a formula stays a text."""
    matrix, book = document["matrix"], Workbook()
    del book[book.sheetnames[0]]
    _write(book, "Matrix", {"field": 20, "value": 80}, ({"field": name, "value": matrix[name]} for name in FIELDS))
    _write(book, "Levels", COLUMNS["Levels"], matrix["levels"])
    _write(book, "Domains", COLUMNS["Domains"], _domain_rows(matrix["factors"]))
    _write(book, "Indicators", COLUMNS["Indicators"], matrix["indicators"])
    made = BytesIO()
    book.save(made)
    return made.getvalue()


Cells = list[tuple[Any, ...]]


def _sheets(content: bytes) -> dict[str, Cells]:
    """Every sheet's cells by its name. Nothing that unpacks to a mountain, and nothing that is computed."""
    try:
        _check_size(content)
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        try:
            return {one.title: list(islice(one.iter_rows(values_only=True), MOST_ROWS + 1)) for one in book.worksheets}
        finally:
            book.close()
    except MatrixProblems:
        raise
    except Exception as error:  # whatever openpyxl finds in a file that is none
        raise MatrixProblems([NO_SPREADSHEET]) from error


def _check_size(content: bytes) -> None:
    with zipfile.ZipFile(BytesIO(content)) as packed:
        parts = packed.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
        raise MatrixProblems(["The spreadsheet is too large to be a matrix."])


class _Found:
    """Entries of sheets, and what is wrong with the sheets themselves."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def of(self, sheets: Mapping[str, Cells], name: str, columns: Iterable[str]) -> Iterator[Placed]:
        """A sheet's rows that are not empty, by the names on top."""
        wanted, cells = list(columns), sheets.get(name, [])
        if not cells:
            self.problems.append(f"The workbook needs a sheet called {name}, with {', '.join(wanted)} on top.")
            return
        heads = [_text(cell).lower() for cell in cells[0]]
        if len(cells) > MOST_ROWS:
            self.problems.append(f"The sheet {name} has more than {MOST_ROWS:,} rows.")
        self.problems += [f"The sheet {name} has no column {one}." for one in wanted if one not in heads]
        strangers = [one for one in heads if one and one not in wanted]
        self.problems += [f"The sheet {name} has a column {one}, which is no field." for one in strangers]
        for number, row in enumerate(cells[1:], start=2):
            read_cells = {head: _value(head, cell) for head, cell in zip(heads, row, strict=False) if head in wanted}
            entry = Placed({head: value for head, value in read_cells.items() if value not in (None, "", [])})
            entry.place = f"{name}, row {number}"
            if entry:
                yield entry


def _value(field: str, cell: Any) -> Any:
    """A cell as its field needs it: a list, a whole number, or text. What is wrong stays as it was typed."""
    text = _text(cell)
    if field in NUMBERS or field in TOKENS:
        tokens = [token for token in re.split(r"[,;\s]+", text) if token]
        return [_whole(token) for token in tokens] if field in NUMBERS else tokens
    if field in PHRASES:
        return [phrase.strip() for phrase in re.split(r"[;\n]", text) if phrase.strip()]
    return _whole(text) if field == "number" else text


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _whole(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else text


def _factors(rows: Iterable[Placed]) -> list[Placed]:
    """A row is a domain with the factor that it belongs to; a factor stands where its first domain does."""
    found: dict[str, Placed] = {}
    for row in rows:
        code = str(row.get("factor_code", ""))
        if code not in found:
            factor = Placed({"code": code, "name": row.get("factor_name"), "domains": []})
            factor.place = row.place
            found[code] = factor
        domain = Placed({"code": row.get("domain_code"), "name": row.get("domain_name")})
        domain.place = row.place
        found[code]["domains"].append(domain)
    return list(found.values())


def _domain_rows(factors: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for factor in factors:
        for domain in factor["domains"]:
            yield {
                "factor_code": factor["code"],
                "factor_name": factor["name"],
                "domain_code": domain["code"],
                "domain_name": domain["name"],
            }


def _write(book: Workbook, name: str, columns: Mapping[str, int], rows: Iterable[Mapping[str, Any]]) -> None:
    sheet = book.create_sheet(name)
    for place, (field, width) in enumerate(columns.items(), start=1):
        head = sheet.cell(1, place, field)
        head.font = Font(bold=True)
        sheet.column_dimensions[head.column_letter].width = width
    for number, row in enumerate(rows, start=2):
        for place, field in enumerate(columns, start=1):
            cell = sheet.cell(number, place, _cell(field, row.get(field)))
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if isinstance(cell.value, str):
                cell.data_type = "s"
    sheet.freeze_panes = "A2"


def _cell(field: str, value: Any) -> str | int | None:
    if isinstance(value, list):
        return ("; " if field in PHRASES else ", ").join(str(one) for one in value) or None
    return value if isinstance(value, int) or value is None else str(value)
