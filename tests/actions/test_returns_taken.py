"""Whoever takes a list away is written down."""

import csv
import io
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.models import Contact
from referrals.returns import actions
from referrals.returns.lists import LISTS
from referrals.sheets import Kind
from tests.returning import PERIOD, listed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_that_friday")]


@pytest.mark.parametrize("key", LISTS)
def test_whoever_takes_a_list_away_is_written_down_with_its_days_and_rows(
    population_of_returns: Mapping[str, Contact], helen: User, key: str
) -> None:
    rows = listed(key)
    content = actions.take(LISTS[key], PERIOD, Kind.CSV, by=helen)
    first, *others = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert first == list(LISTS[key].headings)
    assert [[_as_csv(cell) for cell in row.values()] for row in rows] == others
    line = Event.objects.latest("pk")
    assert (line.verb, line.by, line.reference) == ("return_taken", helen, "")
    assert line.details == {
        "list": key,
        "kind": "csv",
        "from": "2026-05-21",
        "to": "2026-11-20",
        "rows": len(rows),
    }
    sheet: Any = load_workbook(io.BytesIO(actions.take(LISTS[key], PERIOD, Kind.XLSX, by=helen))).active
    assert [cell.value for cell in sheet[1]] == first
    assert sheet.max_row == len(rows) + 1
    assert sheet["D2"].number_format == "dd/mm/yyyy"


def _as_csv(cell: object) -> str:
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return "" if cell is None else str(cell)
