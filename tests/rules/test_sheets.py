"""Tables as files: what is written is what is read again, and nothing that somebody typed is run."""

import csv
import io
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from referrals import sheets
from referrals.sheets import Kind, Table
from referrals.vocabulary import Rag

ROW = (
    "Bluebell Primary",
    date(2024, 2, 29),
    datetime(2024, 7, 1, 23, 30, tzinfo=UTC),
    time(9, 5),
    True,
    None,
    3,
    -1.5,
    Decimal("0.25"),
    Rag.RED,
)
HEADINGS = [f"Heading {number}" for number in range(len(ROW))]
DANGEROUS = ("=1+1", "+44 20", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", '=HYPERLINK("http://x","y")')


def _read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def _book(content: bytes) -> Any:
    return load_workbook(io.BytesIO(content))


def test_anyone_can_open_a_csv_file_in_excel_with_dates_of_the_house() -> None:
    content = sheets.as_csv(Table("T", HEADINGS, [ROW]))
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == 2
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert _read_csv(content) == [
        HEADINGS,
        ["Bluebell Primary", "29/02/2024", "02/07/2024 00:30", "09:05", "Yes", "", "3", "-1.5", "0.25", "red"],
    ]


def test_anyone_can_sort_a_workbook_by_its_dates() -> None:
    sheet = _book(sheets.as_xlsx(Table("T", HEADINGS, [ROW]))).active
    values = [cell.value for cell in sheet[2]]
    assert values[:5] == [
        "Bluebell Primary",
        datetime(2024, 2, 29, tzinfo=None),  # noqa: DTZ001 - a workbook knows no zones
        datetime(2024, 7, 2, 0, 30, tzinfo=None),  # noqa: DTZ001
        time(9, 5),
        "Yes",
    ]
    assert values[5:] == [None, 3, -1.5, 0.25, "red"]
    assert [sheet["B2"].number_format, sheet["C2"].number_format] == ["dd/mm/yyyy", "dd/mm/yyyy hh:mm"]
    assert sheet["D2"].number_format == "h:mm:ss"


def test_anyone_can_read_a_date_older_than_a_workbook_counts() -> None:
    sheet = _book(sheets.as_xlsx(Table("T", ["Born"], [[date(1899, 12, 31)]]))).active
    assert sheet["A2"].value == "31/12/1899"


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_stranger_cannot_have_a_formula_run_from_a_csv_file(text: str) -> None:
    written = _read_csv(sheets.as_csv(Table("T", [text], [[text]])))
    assert written == [[f"'{text}"], [f"'{text}"]]


@pytest.mark.parametrize("text", [*DANGEROUS, "#N/A", "#REF!"])
def test_a_stranger_cannot_have_a_formula_run_from_a_workbook(text: str) -> None:
    sheet = _book(sheets.as_xlsx(Table("T", [text], [[text, 5]]))).active
    assert [(cell.data_type, cell.value.strip()) for cell in sheet["A"]] == [("s", text.strip())] * 2
    assert sheet["B2"].quotePrefix is False


def test_a_text_without_a_formula_stays_as_it_was_typed() -> None:
    plain = ["O’Brien = first", "5-7 Mill Lane", "Übermut, “quoted”\nand a second line", "1A", "'apostrophe"]
    assert _read_csv(sheets.as_csv(Table("T", ["x"] * 5, [plain])))[1] == plain
    assert [cell.value for cell in _book(sheets.as_xlsx(Table("T", ["x"] * 5, [plain]))).active[2]] == plain


@given(st.lists(st.text(max_size=20), min_size=1, max_size=4))
def test_whatever_was_typed_is_written_and_is_no_formula(texts: list[str]) -> None:
    texts = [text.encode("utf-8", "ignore").decode() for text in texts]  # a text of the database has no halves
    table = Table("T", ["x"] * len(texts), [texts])
    for cell in _read_csv(sheets.as_csv(table))[1]:
        assert not cell.lstrip().startswith(("=", "+", "-", "@"))
    kinds = {cell.data_type for row in _book(sheets.as_xlsx(table)).active.iter_rows() for cell in row}
    assert not kinds & {"f", "e"}  # a formula, an error


def test_anyone_sees_headings_in_bold_that_stay_in_sight_over_columns_that_are_wide_enough() -> None:
    rows = ([name, "x" * 200] for name in ("Short", "A name that is rather longer"))
    sheet = _book(sheets.as_xlsx(Table("Agencies", ["Agency", "Words"], rows))).active
    assert [cell.font.bold for cell in sheet[1]] == [True, True]
    assert sheet["A2"].font.bold is False
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["A"].width == 30
    assert sheet.column_dimensions["B"].width == sheets.WIDEST


def test_anyone_can_have_several_tables_in_a_workbook_whatever_they_are_called() -> None:
    titles = ["Police: [NFA]/all?", "police nfa all", "", "history", "x" * 40, "X" * 40, "'quoted'"]
    tables = [Table(title, ["Number"], [[number]]) for number, title in enumerate(titles)]
    book = _book(sheets.as_xlsx(*tables))
    assert book.sheetnames == [
        "Police NFA all",
        "police nfa all 2",
        "Sheet",
        "history 2",
        "x" * 31,
        "X" * 29 + " 2",
        "quoted",
    ]
    assert [sheet["A2"].value for sheet in book] == list(range(len(titles)))


def test_rows_beyond_those_a_column_is_measured_by_are_written_once() -> None:
    numbers = range(sheets.MEASURED + 50)
    table = Table("T", ["Number"], ([number] for number in numbers))
    sheet = _book(sheets.as_xlsx(table)).active
    assert [cell.value for cell in sheet["A"][1:]] == list(numbers)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_person_downloads_a_file_that_no_browser_keeps(kind: str) -> None:
    answer = sheets.download(Table("T", ["A"], [[1]]), 'Agencies 2024-01-01 to "2024"', kind)
    assert answer["Content-Disposition"] == f'attachment; filename="agencies-2024-01-01-to-2024.{kind}"'
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Type"] == sheets.CONTENT_TYPES[Kind(kind)]
    assert answer.content.startswith(b"PK" if kind == "xlsx" else b"\xef\xbb\xbfA")


def test_a_person_cannot_have_two_tables_in_one_csv_file() -> None:
    table = Table("T", ["A"], [[1]])
    assert sheets.download([table, table], "both", "xlsx").content.startswith(b"PK")
    with pytest.raises(TypeError, match="as_csv"):
        sheets.download([table, table], "both", "csv")
