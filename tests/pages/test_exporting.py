"""Figures to take away: the numbers of the page, small ones hidden where they leave the MASH, and in the trail."""

import csv
import io
import re
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.insight import exporting, grids
from referrals.insight.exporting import Count, Offered, Share
from referrals.insight.grids import Column, Grid
from referrals.rules.suppression import HIDDEN, LEAST
from tests.history_file import another, imported, written

PERIOD = "start=2017-09-01&end=2018-02-28"
DASHBOARD, AGENCIES = f"/dashboard/?{PERIOD}", f"/insight/agencies/?{PERIOD}"


@pytest.fixture
def history(db: None, tmp_path: Path) -> None:
    """Thirty contacts of Oak High, 20 of Elm Primary, three of Ash Nursery; the schools' NFA are 3, 12 and 3."""
    rows = [another(outcome="nfa_information" if number < 3 else "section_17") for number in range(30)]
    rows += [another(agency="Elm Primary", outcome="nfa_information" if n < 12 else "section_17") for n in range(20)]
    rows += [another(agency="Ash Nursery", outcome="nfa_information") for _ in range(3)]
    assert imported(written(tmp_path / "history.csv", rows))[2] == ""


def taken(client: Client, url: str, status: int = 200) -> bytes:
    answer = client.get(url)
    assert answer.status_code == status, answer.status_code
    return answer.content if status == 200 else b""


def lines(client: Client, url: str) -> dict[str, dict[str, str]]:
    """The rows of a CSV file by what stands first in them."""
    text = taken(client, f"{url}&download=csv").decode("utf-8-sig")
    return {next(iter(row.values())): row for row in csv.DictReader(io.StringIO(text))}


@pytest.mark.usefixtures("history")
def test_a_head_of_safeguarding_takes_whole_numbers_away(client: Client, helen: User) -> None:
    client.force_login(helen)
    rows = lines(client, f"{AGENCIES}&table=agencies")
    assert [rows[name]["Contacts"] for name in ("Oak High", "Elm Primary", "Ash Nursery")] == ["30", "20", "3"]
    assert rows["Oak High"]["No further action"] == "3"
    assert rows["Oak High"]["No further action, share"] == "0.1"
    assert rows["Ash Nursery"]["Kind"] == "School or nursery"


@pytest.mark.usefixtures("history")
def test_an_analyst_takes_no_small_number_away_nor_what_would_say_it(client: Client, helen: User, ana: User) -> None:
    client.force_login(helen)
    assert HIDDEN not in str(lines(client, f"{AGENCIES}&table=agencies"))
    client.force_login(ana)
    rows = lines(client, f"{AGENCIES}&table=agencies")
    assert [rows[name]["Contacts"] for name in ("Oak High", "Elm Primary", "Ash Nursery")] == ["30", HIDDEN, HIDDEN]
    assert [rows[name]["No further action"] for name in ("Oak High", "Elm Primary", "Ash Nursery")] == [
        HIDDEN,
        "12",
        HIDDEN,
    ]
    assert rows["Oak High"]["No further action, share"] == HIDDEN


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("page", [DASHBOARD, AGENCIES])
def test_every_table_of_a_page_can_be_taken_away_as_csv_and_all_of_them_as_a_workbook(
    client: Client, helen: User, page: str
) -> None:
    client.force_login(helen)
    text = client.get(page).content.decode().replace("&amp;", "&")
    files = re.findall(r'href="([^"]*download=(?:csv|xlsx)[^"]*)"', text)
    assert len(files) >= 5
    for url in files:
        content = taken(client, url)
        if "download=csv" in url:
            assert content.decode("utf-8-sig").count("\r\n") >= 1
        else:
            book = load_workbook(io.BytesIO(content))
            assert len(book.sheetnames) == len(files)  # one for each table, and one about them
            assert book["About"]["A2"].value == exporting.WHOLE


@pytest.mark.usefixtures("history")
def test_a_file_has_the_numbers_of_the_page(client: Client, helen: User) -> None:
    client.force_login(helen)
    text = re.sub(r"<[^>]*>", "", client.get(DASHBOARD).content.decode())
    schools = lines(client, f"{DASHBOARD}&table=sources")["Schools"]
    assert schools["Contacts"] == "53"
    assert schools["No further action"] == "18"
    assert "53\N{NO-BREAK SPACE}(100.0%)" in text
    assert "18\N{NO-BREAK SPACE}(34.0%)" in text


@pytest.mark.usefixtures("history")
def test_a_copy_is_in_the_trail_with_what_it_was_narrowed_by(client: Client, ana: User) -> None:
    client.force_login(ana)
    taken(client, f"{DASHBOARD}&source=2A&download=csv&table=sources")
    event = Event.objects.get(verb="exported:figures")
    assert event.by == ana
    assert event.details == {
        "page": "dashboard",
        "kind": "csv",
        "tables": ["sources"],
        "filters": {"start": "2017-09-01", "end": "2018-02-28", "source": "2A"},
        "small_numbers": "hidden",
    }


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("more", ["download=pdf", "download=csv", "download=csv&table=x", "download=xlsx&table=x"])
def test_what_is_not_offered_cannot_be_taken_and_nothing_is_noted(client: Client, helen: User, more: str) -> None:
    client.force_login(helen)
    taken(client, f"{DASHBOARD}&{more}", status=404)
    assert not Event.objects.filter(verb="exported:figures").exists()
    taken(client, f"{DASHBOARD}&download=csv&table=sources")
    assert Event.objects.filter(verb="exported:figures").count() == 1


@pytest.mark.usefixtures("history")
def test_who_sees_no_figures_takes_none_away(client: Client, rosa: User, helen: User) -> None:
    client.force_login(rosa)
    for page in (DASHBOARD, AGENCIES):
        taken(client, f"{page}&download=xlsx", status=404)
    client.force_login(helen)
    assert taken(client, f"{DASHBOARD}&download=xlsx")


def test_a_share_is_hidden_with_its_count_and_where_its_whole_is_small() -> None:
    table = Offered(
        "t",
        "T",
        ["", "All", "Some", "Share"],
        [
            ["a", Count(40), Count(3), Share(3, 40, of=2)],
            ["b", Count(40), Count(20), Share(20, 40, of=2)],
            ["c", Count(40), Count(30), Share(30, 40, of=2)],
            ["d", Count(40), Count(0), Share(0, 3, of=2)],
            ["e", Count(40), Count(0), Share(0, 0, of=2)],
        ],
    )
    assert list(exporting.as_sheet(table, leaves=True).rows) == [
        ["a", 40, HIDDEN, HIDDEN],
        ["b", 40, HIDDEN, HIDDEN],
        ["c", 40, 30, 0.75],
        ["d", 40, 0, HIDDEN],
        ["e", 40, 0, None],
    ]
    assert next(iter(exporting.as_sheet(table, leaves=False).rows)) == ["a", 40, 3, 0.075]


def test_a_share_beside_a_hidden_whole_is_hidden_though_its_own_count_is_not() -> None:
    """Three nurseries' contacts hide the 20 of the school beside them: 12 and 60% would say 20."""
    rows = [
        ["a", Count(20), Count(12), Share(12, 20, of=2)],
        ["b", Count(90), Count(50), Share(50, 90, of=2)],
        ["c", Count(3), Count(0), Share(0, 3, of=2)],
    ]
    table = Offered("t", "T", ["", "All", "Some", "Share"], rows)
    assert list(exporting.as_sheet(table, leaves=True).rows) == [
        ["a", HIDDEN, 12, HIDDEN],
        ["b", 90, 50, 0.5556],
        ["c", HIDDEN, 0, HIDDEN],
    ]


def test_a_share_is_hidden_where_all_but_a_few_are_in_it_or_nothing_else_of_the_table_is_hidden() -> None:
    row = ["a", Count(38), Share(38, 40, of=1)]
    table = Offered("t", "T", ["", "Some", "Share"], [row])
    assert list(exporting.as_sheet(table, leaves=True).rows) == [["a", 38, HIDDEN]]
    assert list(exporting.as_sheet(table, leaves=False).rows) == [["a", 38, 0.95]]


def test_few_that_are_left_of_a_shown_whole_are_not_read_off() -> None:
    """Two of 30 were decided otherwise; in a month 2 of 32 without action were not returned with advice."""
    row = ["a", Count(30), Count(28), Share(28, 30, of=2)]
    table = Offered("t", "T", ["", "All", "Some", "Share"], [row], across=[(1, 2)])
    assert list(exporting.as_sheet(table, leaves=True).rows) == [["a", 30, HIDDEN, HIDDEN]]


def test_few_that_are_left_of_the_row_above_are_not_read_off() -> None:
    rows = [
        ("Sent or owed", [grids.without_share(30)]),
        ("On time, of those", [grids.part(28, 30, beneath=True)]),
        ("Opened", [grids.part(20, 30, beneath=True)]),
    ]
    grid = Grid("t", "T", [Column(""), grids.number_and_share("Contacts")], rows, known=[])
    said = list(exporting.as_sheet(grid.offered(), leaves=True).rows)
    assert [row[1:] for row in said] == [[30, None], [HIDDEN, HIDDEN], [20, 0.6667]]


@pytest.fixture
def one_month(db: None, tmp_path: Path) -> None:
    """A hundred contacts of one school: 32 NFA, 30 of them returned with advice and two with information only."""
    kinds = ["nfa_pushback"] * 30 + ["nfa_information"] * 2 + ["section_17"] * 68
    rows = [another(agency="Oak High", outcome=outcome) for outcome in kinds]
    assert imported(written(tmp_path / "history.csv", rows))[2] == ""


@pytest.mark.usefixtures("one_month")
def test_no_table_of_a_workbook_says_what_another_hides(client: Client, helen: User, ana: User) -> None:
    client.force_login(helen)
    assert lines(client, f"{DASHBOARD}&table=outcomes")["No further action: information only"]["Contacts"] == "2"
    client.force_login(ana)
    outcomes = lines(client, f"{DASHBOARD}&table=outcomes")
    assert "No further action, of either kind" in outcomes
    assert not [name for name in outcomes if "information" in name or "pushback" in name]
    for page, table in ((DASHBOARD, "months"), (DASHBOARD, "sources"), (DASHBOARD, "agencies"), (AGENCIES, "agencies")):
        [line] = [line for line in lines(client, f"{page}&table={table}").values() if line["Contacts"] == "100"]
        assert HIDDEN in (line["No further action"], line["Returned with advice"]), table


def test_times_within_24_hours_are_not_hidden_beside_longer_ones_for_their_sum_is_in_other_tables(
    client: Client, ana: User, tmp_path: Path
) -> None:
    took = {"2017-10-02T08:00:00": 40, "2017-10-02T14:00:00": 6, "2017-10-03T14:00:00": 2, "2017-10-06T06:00:00": 12}
    rows = [
        another(received_at="2017-10-02T06:00:00", decided_at=decided, feedback_at="", outcome="section_17")
        for decided, number in took.items()
        for _ in range(number)
    ]
    assert imported(written(tmp_path / "history.csv", rows))[2] == ""
    client.force_login(ana)
    said = [line["Contacts"] for line in lines(client, f"{DASHBOARD}&table=times").values()]
    assert [number for number in said if number != "0"] == ["40", "6", HIDDEN, HIDDEN]


def small_or_not(most: int) -> st.SearchStrategy[int]:
    return st.one_of(st.integers(0, 6), st.integers(0, most))


#: (came, did not come), and how many of those that came are counted once more with a share of all.
PEOPLE = st.lists(st.tuples(small_or_not(20), small_or_not(20)), min_size=1, max_size=4)


def _with_sums(rows: list[tuple[int, int]]) -> Offered:
    cells = [
        ["", Count(came + missing), Count(came), Share(came, came + missing, of=2), Count(missing)]
        for came, missing in rows
    ]
    return Offered("t", "T", ["", "Invited", "Came", "Share", "Did not come"], cells, across=[(1, 2, 4)])


def _numbers(row: Sequence[object]) -> list[object]:
    return [row[1], row[2], row[4]]


def _possible(row: Sequence[object]) -> list[tuple[int, int, int]]:
    """Every (invited, came, did not come) that somebody who reads this row could think of."""
    found = []
    for came, missing in product(range(45), repeat=2):
        tried = (came + missing, came, missing)
        said = zip(tried, _numbers(row), strict=True)
        share = round(came / tried[0], 4) if tried[0] else None
        if row[3] in (HIDDEN, share) and all(one >= 1 if shown == HIDDEN else one == shown for one, shown in said):
            found.append(tried)
    return found


@settings(max_examples=150, deadline=None)
@given(PEOPLE)
def test_nobody_solves_a_hidden_count_from_what_its_row_shows(rows: list[tuple[int, int]]) -> None:
    for row, (came, missing) in zip(exporting.as_sheet(_with_sums(rows), leaves=True).rows, rows, strict=True):
        possible, numbers = _possible(row), (came + missing, came, missing)
        for place, said in enumerate(_numbers(row)):
            assert said == HIDDEN or numbers[place] not in range(1, LEAST)
            assert said != HIDDEN or len({one[place] for one in possible}) > 1, row


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(small_or_not(30), st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=5))
def test_no_share_says_how_many_a_hidden_whole_counts(rows: list[tuple[int, float, float]]) -> None:
    """All, those that are due, and those in time with their share of the due: where all are due, that would say all."""
    cells: list[list[object]] = []
    for everybody, owed, kept in rows:
        due = round(everybody * owed)
        cells.append(["", Count(everybody), Count(round(due * kept)), Share(round(due * kept), due, of=2)])
    table = Offered("t", "T", ["", "All", "In time", "Share of those due"], cells)
    for shown, whole in zip(exporting.as_sheet(table, leaves=True).rows, cells, strict=True):
        _, _, part, share = shown
        if HIDDEN in (shown[1], part):
            assert share == HIDDEN or share is None
        if isinstance(share, float):
            told = whole[3]
            assert isinstance(told, Share)
            assert told.whole >= LEAST
            assert told.whole - told.part not in range(1, LEAST)
