"""`manage.py returns`: the rows of the pages, from the command line."""

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.models import Child
from referrals.returns.lists import LISTS
from tests.history_file import another, imported, written

pytestmark = pytest.mark.django_db
LAST = ("--last", "2018-02-28")


def returns(*words: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("returns", *words, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def history(db: None, tmp_path: Path) -> None:
    days = {"received_at": "2018-01-03T09:00:00", "decided_at": "2018-01-04T09:00:00", "feedback_at": ""}
    assert imported(written(tmp_path / "few.csv", [another(**days), another(**days, outcome="section_17")]))[2] == ""


@pytest.mark.usefixtures("history")
def test_an_operator_prints_a_list_and_writes_it_as_a_workbook(tmp_path: Path) -> None:
    first, *rows = returns("contacts", *LAST)[0].splitlines()
    assert first == ",".join(LISTS["contacts"].headings)
    assert len(rows) == 2
    assert all(",03/01/2018,e) 2A: Schools" in row for row in rows)
    assert len(returns("referrals", *LAST)[0].splitlines()) == 1 + 1
    assert len(returns("contacts", "--last", "2017-12-31")[0].splitlines()) == 1
    path = tmp_path / "list.xlsx"
    assert returns("contacts", *LAST, "--format", "xlsx", "--output", str(path)) == ("", "")
    book: Any = load_workbook(path)
    assert book.active.max_row == 3
    lines = Event.objects.filter(verb="return_taken").order_by("pk")
    assert {line.by for line in lines} == {User.objects.system()}
    assert [line.details["rows"] for line in lines] == [2, 1, 0, 2]


@pytest.mark.usefixtures("history")
def test_an_operator_sees_each_fault_and_how_many_rows_were_checked() -> None:
    assert returns("check", *LAST) == ("", "2 rows checked, 0 with a fault.\n")
    Child.objects.filter(referral__isnull=False).update(ethnicity="")
    printed, counted = returns("check", *LAST)
    fault = json.loads(printed)
    assert (fault["rule"], fault["received"]) == ("ethnicity", "2018-01-03")
    assert fault["fault"] == "No ethnicity is recorded."
    assert counted == "2 rows checked, 1 with a fault.\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("contacts", "--last", "28/02/2018"), "--last has to be a date such as 2018-02-28, not '28/02/2018'."),
        (("contacts", "--last", "1901-01-01"), "--last has to be a date"),
        (("contacts", "--format", "xlsx"), "A workbook is not for the screen"),
        (("contacts", "--output", "no/such/folder/list.csv"), "could not be written: No such file or directory."),
    ],
)
def test_an_operator_is_told_in_a_sentence_what_cannot_be_done(words: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(CommandError, match=re.escape(sentence)):
        returns(*words)
