"""Returns: lists that are offered and taken away, and faults that lead to the record; nothing for anybody else."""

import csv
import html
import io
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.models import Contact, Referral
from referrals.returns.lists import LISTS
from tests import build

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
CHILD = {"given_names": "Noor", "family_name": "Aziz", "sex": "F", "ethnicity": "APKN"}
ROW = re.compile(r"<tr.*?</tr>", re.DOTALL)


@pytest.fixture(autouse=True)
def _on_a_friday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def contacts(rosa: User, grace: User, maya: User) -> Mapping[str, Contact]:
    """One in order, one with no ethnicity, and one that became a referral and has no primary need."""
    return {
        "good": build.received(rosa, children=[CHILD]),
        "no ethnicity": build.received(rosa, children=[{**CHILD, "ethnicity": ""}]),
        "no need": build.decided(rosa, worker=grace, manager=maya, children=[CHILD]),
    }


def body(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, url
    return html.unescape(answer.content.decode())


def heading(text: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", text)
    assert found
    return found[1]


def counted(text: str) -> dict[str, str]:
    """The number of faults by rule, as the first table has them."""
    table = page_rows(text.split("What to put right", maxsplit=1)[0])
    return {_words(row)[0]: _words(row.rpartition("<td")[2].partition(">")[2])[0] for row in table}


def page_rows(text: str) -> list[str]:
    """The rows of a table, but for its headings."""
    return list(ROW.findall(text))[1:]


def _words(row: str) -> list[str]:
    return re.sub(r"<[^>]+>", " ", row).split()


@pytest.mark.usefixtures("contacts")
@pytest.mark.parametrize("who", ["Helen", "Ana"])
def test_a_service_manager_and_an_analyst_take_each_list_away_as_excel_and_as_csv(client: Client, who: str) -> None:
    client.force_login(build.player(who))
    page = body(client, "/returns/")
    assert "21 May 2026 to 20 November 2026" in page
    for words in ("List 1 Contacts: 3 rows", "List 2 Early help: 0 rows", "List 3 Referrals: 1 row"):
        assert words in page
    files = re.findall(r'href="(/returns/[\w-]+\.\w+\?last=2026-11-20)"', page)
    assert len(files) == 2 * len(LISTS)
    rows: dict[str, list[int]] = {}
    for url in files:
        answer = client.get(url)
        key, kind = url.split("?")[0].removeprefix("/returns/").split(".")
        name = f"{LISTS[key].title.lower().replace(' ', '-')}-2026-05-21-to-2026-11-20.{kind}"
        assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
        assert answer["Cache-Control"] == "no-store"
        rows.setdefault(key, []).append(_rows_in(answer.content, kind))
    assert rows == {"contacts": [3, 3], "early-help": [0, 0], "referrals": [1, 1]}
    assert Event.objects.filter(verb="return_taken").count() == len(files)
    assert "Noor" not in page
    assert "Aziz" not in page


def _rows_in(content: bytes, kind: str) -> int:
    if kind == "csv":
        return len(list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))) - 1
    book: Any = load_workbook(io.BytesIO(content))
    return int(book.active.max_row) - 1


@pytest.mark.usefixtures("contacts")
@pytest.mark.parametrize("who", ["Rosa", "Tom", "Omar", "Sam", "Grace", "Maya", "Dev", "Priya", "Kit"])
@pytest.mark.parametrize("url", ["/returns/", "/returns/check/", "/returns/contacts.csv"])
def test_nobody_else_can_see_a_list_or_a_check(client: Client, helen: User, who: str, url: str) -> None:
    client.force_login(helen)
    assert client.get(url).status_code == 200
    lines = Event.objects.count()
    client.force_login(build.player(who))
    assert client.get(url).status_code == 404
    assert not Event.objects.filter(verb__startswith="return").exclude(by=helen).exists()
    assert Event.objects.count() >= lines


@pytest.mark.usefixtures("contacts")
@pytest.mark.parametrize("url", ["/returns/people.csv", "/returns/contacts.pdf"])
def test_a_file_that_is_not_offered_is_not_there(client: Client, helen: User, url: str) -> None:
    client.force_login(helen)
    assert client.get(url.replace("people", "contacts").replace("pdf", "csv")).status_code == 200
    assert client.get(url).status_code == 404
    assert Event.objects.filter(verb="return_taken").count() == 1


@pytest.mark.usefixtures("contacts")
def test_any_last_day_can_be_asked_for_and_a_wrong_one_is_answered_with_a_sentence(client: Client, helen: User) -> None:
    client.force_login(helen)
    earlier = body(client, "/returns/?last_day=31&last_month=8&last_year=2018")
    assert "1 March 2018 to 31 August 2018" in earlier
    assert "List 1 Contacts: 0 rows" in earlier
    for typed, sentence in (
        ("last_day=31&last_month=2&last_year=2018", "Last day must be a real date"),
        ("last_day=&last_month=&last_year=", "Enter the last day"),
        ("last=1901-01-01", "Last day must be between 1974 and 2099"),
    ):
        for page in (body(client, f"/returns/?{typed}"), body(client, f"/returns/check/?{typed}")):
            assert sentence in page
            assert "rows" not in page
        away = client.get(f"/returns/contacts.csv?{typed}")
        assert (away.status_code, away["Location"]) == (302, f"/returns/?{typed}")
    assert not Event.objects.filter(verb__startswith="return").exists()


def test_every_fault_is_counted_by_rule_and_leads_to_its_record(
    client: Client, helen: User, contacts: Mapping[str, Contact]
) -> None:
    client.force_login(helen)
    page = body(client, "/returns/check/")
    assert heading(page) == "2 faults in 2 of 3 rows"
    assert counted(page) == {
        "Source": "None",
        "No": "None",
        "Primary": "1",
        "Date": "None",
        "Sex": "None",
        "Ethnicity": "1",
        "Child’s": "None",
    }
    faults = page_rows(page.split("What to put right")[1])
    for name, sentence in (("no ethnicity", "No ethnicity is recorded."), ("no need", "No primary need is recorded.")):
        [row] = [row for row in faults if sentence in row]
        [url] = [url for url in re.findall(r'href="([^"]+)"', row) if "/primary-need/" not in url]
        assert contacts[name].reference in row
        assert contacts[name].reference in body(client, url)
    assert contacts["good"].reference not in page
    assert "Noor" not in page


@pytest.mark.usefixtures("contacts")
def test_the_checks_can_be_narrowed_to_one_rule(client: Client, helen: User) -> None:
    client.force_login(helen)
    page = body(client, "/returns/check/?last=2026-11-20&rule=ethnicity")
    assert heading(page) == "2 faults in 2 of 3 rows"
    assert "No ethnicity is recorded." in page
    assert "No primary need is recorded." not in page
    assert 'href="/returns/check/?last=2026-11-20"' in page
    assert "No row breaks this rule" in body(client, "/returns/check/?rule=source")
    assert "Choose a check from the list" in body(client, "/returns/check/?rule=nothing")


def test_an_analyst_counts_faults_and_opens_no_record(
    client: Client, ana: User, helen: User, contacts: Mapping[str, Contact]
) -> None:
    client.force_login(helen)
    assert contacts["no need"].reference in body(client, "/returns/check/")
    client.force_login(ana)
    page = body(client, "/returns/check/")
    assert heading(page) == "2 faults in 2 of 3 rows"
    assert not [one for one in contacts.values() if one.reference in page]
    assert "Closed to you" in page
    assert "/contacts/" not in page


def test_months_without_a_fault_or_without_a_row_say_so(client: Client, helen: User, rosa: User) -> None:
    client.force_login(helen)
    assert heading(body(client, "/returns/check/")) == "No rows to check in these six months"
    build.received(rosa, children=[CHILD])
    assert heading(body(client, "/returns/check/")) == "The only row passes every check"
    build.received(rosa, children=[CHILD])
    page = body(client, "/returns/check/")
    assert heading(page) == "All 2 rows pass every check"
    assert "Nothing to put right" in page


def test_faults_come_in_pages_and_a_page_is_as_many_queries_as_another(client: Client, helen: User, rosa: User) -> None:
    client.force_login(helen)
    build.received(rosa, children=[{**CHILD, "ethnicity": ""}] * 3)
    made = []
    page = body(client, "/returns/check/")  # the first page of a session is a few queries more
    for more in (0, 120):
        if more:
            build.received(rosa, children=[{**CHILD, "ethnicity": ""}] * more)
        with CaptureQueriesContext(connection) as captured:
            page = body(client, "/returns/check/")
        made.append(len(captured))
    assert made[0] == made[1]
    assert made[1] <= 16
    assert "page=2" in page
    assert len(page_rows(body(client, "/returns/check/?page=3").split("What to put right")[1])) == 23
    with CaptureQueriesContext(connection) as captured:
        body(client, "/returns/")
    assert len(captured) <= 10


def test_a_manager_records_the_primary_need_that_a_decision_left_out(
    client: Client, helen: User, grace: User, contacts: Mapping[str, Contact]
) -> None:
    contact = contacts["no need"]
    url, field = f"/returns/primary-need/{contact.reference}/", f"need_{contact.children.get().pk}"
    client.force_login(helen)
    assert f'href="{url}"' in body(client, "/returns/check/")
    for typed, sentence in (("", "Choose the primary need of Noor Aziz"), ("X1", "from the list")):
        refused = client.post(url, {field: typed})
        assert sentence in html.unescape(refused.content.decode())
    client.force_login(grace)
    assert client.post(url, {field: "N2"}).status_code == 403
    assert Referral.objects.get().need == ""
    assert not Event.objects.filter(verb="need_recorded").exists()
    client.force_login(helen)
    done = client.post(url, {field: "N2"}, follow=True)
    assert "The primary need is recorded." in done.content.decode()
    assert Referral.objects.get().need == "N2"
    line = Event.objects.get(verb="need_recorded")
    assert (line.by, line.reference) == (helen, contact.reference)
    assert line.details == {"child": contact.children.get().pk, "need": "N2", "was": ""}
    assert heading(body(client, "/returns/check/")) == "1 fault in 1 of 3 rows"


def test_a_contact_without_a_referral_has_no_primary_need_to_record(
    client: Client, helen: User, contacts: Mapping[str, Contact]
) -> None:
    client.force_login(helen)
    url = f"/returns/primary-need/{contacts['good'].reference}/"
    assert "No child of this contact is a referral" in body(client, url)
    assert client.post(url, {}).status_code == 200
    assert not Event.objects.filter(verb="need_recorded").exists()
