"""The page of equity: shares with their intervals, differences that chance does not explain, small numbers hidden."""

import csv
import io
import json
import re
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from mash_portal.accounts.models import User
from referrals.insight.characteristics import AGES, CHARACTERISTICS
from referrals.models import Child, Contact
from referrals.rules.suppression import ABOUT_HIDDEN, HIDDEN
from tests import build
from tests.figures import body, counts, headings, row
from tests.history_file import another, imported, written

DAYS = "start=2017-01-01&end=2017-12-31"
PAGE = f"/dashboard/equity/?{DAYS}"


def rows(count: int, **facts: str) -> list[dict[str, str]]:
    usual = {"received_at": "2017-03-08T09:00:00", "decided_at": "2017-03-08T14:00:00", "feedback_at": ""}
    return [another(**{**usual, "outcome": "section_17", **facts}) for _ in range(count)]


@pytest.fixture
def history(db: None, tmp_path: Path) -> None:
    """60 girls, 40 of them referrals; 60 boys, 10. Two are of another ethnicity, and of 30 it is not known."""
    late = {"decided_at": "2017-03-10T14:00:00"}
    found = [
        *rows(30, sex="F", ethnicity="WBRI"),
        *rows(10, sex="F", ethnicity="APKN", **late),
        *rows(20, sex="F", ethnicity="WBRI", outcome="nfa_pushback"),
        *rows(10, sex="M", ethnicity="APKN"),
        *rows(18, sex="M", ethnicity="APKN", outcome="nfa_information"),
        *rows(30, sex="M", ethnicity="NOBT", outcome="early_help"),
        *rows(2, sex="M", ethnicity="OOTH", outcome="nfa_information"),
    ]
    assert imported(written(tmp_path / "history.csv", found))[2] == ""


@pytest.mark.usefixtures("history")
def test_a_difference_that_chance_does_not_explain_is_told_as_a_question(client: Client, helen: User) -> None:
    client.force_login(helen)
    text = body(client, PAGE)
    assert row(text, "sex", "Everybody")[:2] == ["120", "50 (41.7%) 33% to 51%"]
    assert row(text, "sex", "Female")[:2] == ["60", "40 (66.7%) 54% to 77%: higher"]
    assert row(text, "sex", "Male")[:2] == ["60", "10 (16.7%) 9% to 28%: lower"]
    assert "Sex: 2 of 2 groups differ from the whole by more than chance" in headings(text)
    assert "Female: become a referral more often, 67% (54% to 77%); of everybody 42% (33% to 51%)" in text
    assert "A difference is a question, not an answer." in text
    assert "differences that chance does not explain" in headings(text)[0]


@pytest.mark.usefixtures("history")
def test_waiting_is_compared_as_well(client: Client, helen: User) -> None:
    client.force_login(helen)
    text = body(client, PAGE)
    assert row(text, "sex", "Female")[4:] == ["50 (83.3%) 72% to 91%", "5 h 0 min"]
    assert row(text, "sex", "Male")[4].startswith("60 (100.0%)")


@pytest.mark.usefixtures("history")
def test_nobody_can_work_a_small_group_out(client: Client, helen: User) -> None:
    """Two of another ethnicity are hidden, and others beside them."""
    client.force_login(helen)
    text = body(client, PAGE)
    other = row(text, "ethnicity", "Any other ethnic group")
    assert (other[0], other[3], other[5]) == ("not shown", "not shown", "not shown")
    others = [row(text, "ethnicity", label) for label in ("White", "Asian", "Ethnicity not known")]
    assert any("not shown" in cells for cells in others)


@pytest.mark.usefixtures("history")
def test_what_is_not_known_is_a_row_and_a_finding(client: Client, helen: User) -> None:
    client.force_login(helen)
    text = body(client, PAGE)
    assert row(text, "ethnicity", "Ethnicity not known")[0] == "30"
    assert "Ethnicity is not known for 25.0% of them: ask how it is recorded." in text
    assert "Area is recorded for everybody." in text
    assert row(text, "area", "WS5")[0] == "120"
    assert "The record does not tell a child who is not disabled from one of whom nobody said." in text


@pytest.mark.usefixtures("history")
def test_every_number_opens_a_list_of_exactly_that_many(client: Client, helen: User) -> None:
    client.force_login(helen)
    links = counts(body(client, PAGE))
    assert len(links) >= 40
    for href, shown in links.items():
        [heading] = re.findall(r"<h1[^>]*>([\d,]+) contacts?</h1>", body(client, href))
        assert int(heading.replace(",", "")) == shown, href


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize(("of", "total"), [("ethnicity=other", 2), ("sex=F", 60), ("sex=M&ethnicity=asian", 28)])
def test_who_opens_no_contacts_is_neither_listed_nor_told_the_number_of_children_by_what_they_are(
    client: Client, helen: User, ana: User, of: str, total: int
) -> None:
    """However many: all the boys less the Asian boys tell a handful."""
    of_them = f"/dashboard/contacts/?{DAYS}&{of}"
    client.force_login(helen)
    assert f'<h1 class="govuk-heading-l">{total} contacts</h1>' in body(client, of_them)
    client.force_login(ana)
    for url in (of_them, f"{of_them}&after=1-1"):
        text = body(client, url)
        assert "This list is not shown" in headings(text)
        assert f"{total} contacts" not in text
        assert "<tbody" not in text
    assert "120 contacts" in body(client, f"/dashboard/contacts/?{DAYS}")


@pytest.mark.usefixtures("history")
def test_who_opens_no_contacts_has_no_links_to_lists_that_are_kept_from_them(
    client: Client, helen: User, ana: User
) -> None:
    client.force_login(helen)
    assert any("sex=F" in href for href in counts(body(client, PAGE)))
    client.force_login(ana)
    text = body(client, PAGE)
    links = counts(text)
    assert links
    assert not any(f"{key}=" in href for key in CHARACTERISTICS for href in links)
    assert row(text, "sex", "Female")[:2] == ["60", "40 (66.7%) 54% to 77%: higher"]


def taken(client: Client, who: User, days: str = DAYS) -> dict[str, dict[str, str]]:
    """The file of one characteristic by what its rows are called."""
    client.force_login(who)
    file = client.get(f"/dashboard/equity/?{days}&download=csv&table=sex").content.decode("utf-8-sig")
    return {line["Sex"]: line for line in csv.DictReader(io.StringIO(file))}


def test_a_file_that_leaves_the_mash_hides_few_of_everybody_and_whom_they_are_worked_out_from(
    client: Client, helen: User, ana: User, tmp_path: Path
) -> None:
    """17 decided contacts: 9 referrals, 5 to early help and 3 without action; 15 of them in time, so 2 were not."""
    late = {"decided_at": "2017-03-10T14:00:00"}
    found = [*rows(7), *rows(2, **late), *rows(5, outcome="early_help"), *rows(3, outcome="nfa_information")]
    assert imported(written(tmp_path / "history.csv", found))[2] == ""
    names = ("Decided", "Referral", "Early help", "No further action", "Decided within 24 hours")
    whole = taken(client, helen)["Everybody"]
    assert [whole[name] for name in names] == ["17", "9", "5", "3", "15"]
    assert whole["Decided within 24 hours: share"] == "0.8824"
    hidden = taken(client, ana)["Everybody"]
    assert [hidden[name] for name in names] == ["17", "9", HIDDEN, HIDDEN, HIDDEN]
    assert float(hidden["Referral: share"]) == float(whole["Referral: share"]) == 0.5294
    assert float(hidden["Referral: from"]) < 0.5294 < float(hidden["Referral: to"])
    for name in ("Early help", "No further action", "Decided within 24 hours"):
        assert [hidden[f"{name}: {field}"] for field in ("share", "from", "to")] == [HIDDEN] * 3


def test_a_handful_of_decided_contacts_is_in_no_file_that_leaves_the_mash(
    client: Client, helen: User, ana: User, tmp_path: Path
) -> None:
    assert imported(written(tmp_path / "history.csv", rows(3)))[2] == ""
    assert taken(client, helen)["Everybody"]["Decided"] == "3"
    line = taken(client, ana)["Everybody"]
    assert line["Decided"] == HIDDEN
    assert not any(value.startswith(("3", "1")) for value in line.values())
    assert line["Half decided within (hours)"] == ""


@pytest.mark.usefixtures("history")
def test_a_managers_workbook_says_what_its_mark_means(client: Client, helen: User) -> None:
    client.force_login(helen)
    book = load_workbook(io.BytesIO(client.get(f"{PAGE}&download=xlsx").content))
    assert any(cell.value == HIDDEN for line in book.worksheets[0].iter_rows() for cell in line)
    assert book["About"]["A2"].value == ABOUT_HIDDEN


@pytest.mark.parametrize(
    ("facts", "band"),
    [
        ({"date_of_birth": "2017-03-09"}, "0"),
        ({"date_of_birth": "2016-03-09"}, "0"),
        ({"date_of_birth": "2016-03-08"}, "1-4"),
        ({"date_of_birth": "2012-03-09"}, "1-4"),
        ({"date_of_birth": "2012-03-08"}, "5-9"),
        ({"date_of_birth": "2001-03-08"}, "16+"),
        ({"date_of_birth": "2001-03-09"}, "10-15"),
        ({"expected_date": "2017-06-01", "date_of_birth": None}, "unborn"),
        ({"date_of_birth": None, "estimated_age": 9}, "5-9"),
        ({"date_of_birth": None, "estimated_age": 17}, "16+"),
        ({"date_of_birth": None}, "unknown"),
    ],
)
def test_an_age_is_the_one_at_receipt(rosa: User, facts: dict[str, object], band: str) -> None:
    build.received(rosa)
    at = timezone.now().replace(year=2017, month=3, day=8, hour=12)
    Child.objects.update(received_at=at, **facts)
    age = CHARACTERISTICS["age"]
    assert [key for key in AGES if Child.objects.filter(age.q(key)).exists()] == [band]


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("name", ["rosa", "omar", "sam", "grace", "dev", "priya", "kit"])
def test_who_does_not_manage_or_analyse_does_not_compare_children(
    client: Client, helen: User, name: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(helen)
    body(client, PAGE)
    client.force_login(request.getfixturevalue(name))
    body(client, PAGE, status=404)


def test_nothing_decided_is_said_in_words(client: Client, helen: User, rosa: User) -> None:
    client.force_login(helen)
    assert headings(body(client, PAGE))[0] == "No contacts in this period"
    build.received(rosa)
    assert headings(body(client, "/dashboard/equity/"))[0] == "1 contact in this period: none is decided yet"


@pytest.mark.usefixtures("history")
def test_page_file_and_command_hide_the_same(client: Client, ana: User) -> None:
    out = io.StringIO()
    call_command("insight", "--from", "2017-01-01", "--to", "2018-01-01", "--equity", "--format", "json", stdout=out)
    said = {line["Ethnicity"]: line for line in json.loads(out.getvalue())["ethnicity"]}
    client.force_login(ana)
    file = client.get(f"{PAGE}&download=csv&table=ethnicity").content.decode("utf-8-sig")
    taken = {line["Ethnicity"]: line for line in csv.DictReader(io.StringIO(file))}
    text = body(client, PAGE)
    assert said.keys() == taken.keys()
    for label, line in said.items():
        shown = row(text, "ethnicity", label)[0]
        assert taken[label]["Decided"] == str(line["Decided"]) == ("[c]" if shown == "not shown" else shown)
    assert said["Any other ethnic group"]["Decided"] == "[c]"


def test_what_is_for_named_people_is_counted_for_nobody_else(
    client: Client, helen: User, rosa: User, grace: User, maya: User
) -> None:
    contact = build.decided(rosa, worker=grace, manager=maya)
    client.force_login(helen)
    assert "1 decided contact:" in body(client, "/dashboard/equity/")
    contact.restrictions.create(by=maya, at=timezone.now(), reason="A worker’s child")
    Contact.objects.update(is_restricted=True)
    assert "No contacts in this period" in body(client, "/dashboard/equity/")


def test_the_page_asks_as_much_of_the_database_about_many_as_about_few(
    client: Client, helen: User, tmp_path: Path
) -> None:
    client.force_login(helen)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            body(client, PAGE)
        return len(queries)

    imported(written(tmp_path / "few.csv", rows(2)))
    few = [asked(), asked()][1]  # the first page of a session asks more
    born = [date(2005, 1, 1).replace(year=2005 + number % 12).isoformat() for number in range(30)]
    many = [one for day in born for one in rows(1, date_of_birth=day, ethnicity="WBRI")]
    imported(written(tmp_path / "many.csv", many))
    assert asked() == few <= 9
