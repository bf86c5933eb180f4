"""The dashboard: findings in its headings, and behind every number a list of exactly that many."""

import html
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals.insight import listing
from referrals.insight.period import Period, months_back
from referrals.models import Contact
from tests import build
from tests.history_file import another, imported, written

PERIOD = "start=2017-09-01&end=2018-02-28"
DASHBOARD = f"/dashboard/?{PERIOD}"
LIST = f"/dashboard/contacts/?{PERIOD}"
LINK = re.compile(r'<a[^>]*href="(/dashboard/contacts/\?[^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


@pytest.fixture
def history(db: None, tmp_path: Path) -> None:
    """24 police contacts in October, 18 of them NFA; of schools, 12 pushbacks in September and 2 in February."""
    police = {"source": "6", "agency": "Regional Police", "channel": "police_notification", "feedback_at": ""}
    rows = [another(**police, **_at("2017-10-10", 5), outcome="nfa_information") for _ in range(18)]
    rows += [another(**police, **_at("2017-10-11", 30), outcome="section_17") for _ in range(6)]
    rows += [another(**_at("2017-09-12", 3), feedback_at="") for _ in range(12)]
    rows += [another(**_at("2018-02-12", 60), feedback_at="") for _ in range(2)]
    assert imported(written(tmp_path / "history.csv", rows))[2] == ""


def _at(day: str, hours: int) -> dict[str, str]:
    decided = date.fromisoformat(day) + timedelta(days=(9 + hours) // 24)
    return {"received_at": f"{day}T09:00:00", "decided_at": f"{decided}T{(9 + hours) % 24:02}:00:00"}


def body(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return html.unescape(answer.content.decode())


def headings(text: str) -> list[str]:
    return re.findall(r"<h[12] class=\"govuk-heading[^>]*>([^<]*)</h", text)


def numbers(text: str) -> Iterator[tuple[str, int]]:
    """Every number that is a link: its address, and the count that it shows."""
    for href, words in LINK.findall(text):
        shown = re.match(r"\s*([\d,]+)", re.sub(r"<[^>]*>", "", words))
        assert shown, words
        yield href, int(shown[1].replace(",", ""))


@pytest.mark.usefixtures("history")
def test_a_head_of_safeguarding_reads_the_findings_as_headings(client: Client, helen: User) -> None:
    client.force_login(helen)
    found = headings(body(client, DASHBOARD))
    assert found[0] == "Police sent 63% of contacts; 75% of those needed no further action"
    assert "Schools: 12 returned with advice in September 2017, 2 in February 2018" in found
    assert "12 contacts in September 2017, 2 in February 2018" in found
    assert "84% needed no further action from social care" in found
    assert "79% were decided within 24 hours; half took less than 5 hours" in found
    assert "Regional Police sent most: 24 of 38 contacts" in found


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("more", ["", "&source=2A", "&agencies=all"])
def test_every_number_opens_a_list_of_exactly_that_many(client: Client, helen: User, more: str) -> None:
    client.force_login(helen)
    links = dict(numbers(body(client, DASHBOARD + more)))
    assert len(links) >= 20
    assert max(links.values()) == (14 if "source" in more else 38)
    for href, shown in links.items():
        [heading] = re.findall(r"<h1[^>]*>([\d,]+) contacts?</h1>", body(client, href))
        assert int(heading.replace(",", "")) == shown, href


@pytest.mark.usefixtures("history")
def test_every_number_of_the_tables_is_a_link(client: Client, helen: User) -> None:
    client.force_login(helen)
    text = body(client, DASHBOARD)
    cells = re.findall(r"<td[^>]*--numeric[^>]*>(.*?)</td>", text, re.DOTALL)
    assert len(cells) > 20
    assert all(LINK.match(cell) for cell in cells)


@pytest.mark.usefixtures("history")
def test_a_worker_of_the_hub_can_open_a_contact_from_the_list_and_an_analyst_cannot(
    client: Client, helen: User, ana: User
) -> None:
    contact = Contact.objects.order_by("-received_at", "-children__pk")[0]
    client.force_login(helen)
    assert f'href="/contacts/{contact.reference}/"' in body(client, LIST)
    client.force_login(ana)
    text = body(client, LIST)
    assert '<h1 class="govuk-heading-l">38 contacts</h1>' in text
    assert contact.reference not in text
    assert "/contacts/" not in re.sub("/dashboard/contacts/", "", text)


@pytest.mark.usefixtures("history")
def test_nobody_reads_a_childs_name_in_the_figures(client: Client, helen: User, ana: User) -> None:
    for person in (helen, ana):
        client.force_login(person)
        assert "Azzi" not in body(client, DASHBOARD) + body(client, LIST)


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("name", ["rosa", "omar", "sam", "grace", "dev", "priya", "kit"])
@pytest.mark.parametrize("url", [DASHBOARD, LIST])
def test_who_does_not_manage_or_analyse_sees_no_figures(
    client: Client, helen: User, name: str, url: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(helen)
    body(client, url)
    client.force_login(request.getfixturevalue(name))
    assert "contacts</h1>" not in body(client, url, status=404)


@pytest.mark.usefixtures("history")
def test_a_filter_can_be_taken_away(client: Client, helen: User) -> None:
    client.force_login(helen)
    text = body(client, f"{LIST}&source=6&outcome=nfa")
    assert headings(text)[0] == "18 contacts"
    filters = dict(re.findall(r'portal-filter__tag" href="([^"]*)"><span[^>]*>[^<]*</span>([^<]*)<', text))
    without = {label: url for url, label in filters.items()}
    assert headings(body(client, without["Police"]))[0] == "32 contacts"
    assert headings(body(client, without["No further action, of either kind"]))[0] == "24 contacts"


@pytest.mark.usefixtures("history")
def test_of_very_many_a_list_says_more_than(client: Client, helen: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client.force_login(helen)
    monkeypatch.setattr(listing, "MOST", 37)
    with CaptureQueriesContext(connection) as asked:
        assert headings(body(client, LIST))[0] == "More than 37 contacts"
    assert [one["sql"] for one in asked if "COUNT(*)" in one["sql"] and "LIMIT 38" in one["sql"]]
    monkeypatch.setattr(listing, "MOST", 38)
    assert headings(body(client, LIST))[0] == "38 contacts"


def test_pages_of_a_list_show_each_row_once(client: Client, helen: User, tmp_path: Path) -> None:
    rows = [another(received_at=f"2017-09-01T06:00:{number % 7:02}") for number in range(120)]
    imported(written(tmp_path / "many.csv", rows))
    client.force_login(helen)
    seen: list[str] = []
    url: str | None = LIST
    while url:
        text = body(client, url)
        assert headings(text)[0] == "120 contacts"
        seen += re.findall(r"portal-reference\" href=\"/contacts/([^/]*)/", text)
        older = re.search(r'href="([^"]*)" rel="next"', text)
        url = older[1] if older else None
    assert len(seen) == len(set(seen)) == 120


@pytest.mark.parametrize("after", ["nonsense", "1-", "-1", "9" * 40 + "-1", "٣-٣"])
@pytest.mark.usefixtures("history")
def test_a_place_that_no_link_names_is_the_beginning(client: Client, helen: User, after: str) -> None:
    client.force_login(helen)
    assert body(client, f"{LIST}&after={after}").count("portal-reference") == 38


@pytest.mark.parametrize(
    ("query", "sentences"),
    [
        ("start=2017-13-01&end=2018-02-28", ["First day must include a month and a year"]),
        ("start_day=31&start_month=feb&start_year=2018", ["First day must be a real date", "Enter the last day"]),
        ("start=2018-02-28&end=2017-09-01", ["Last day must be the same as or after the first day"]),
        ("start=1066-10-14&end=2017-09-01", ["First day must be between 1973 and 2099"]),
        ("source=99", ["Choose a source from the list"]),
    ],
)
@pytest.mark.parametrize("page", ["/dashboard/", "/dashboard/contacts/"])
def test_a_period_that_makes_no_sense_is_answered_with_a_sentence(
    client: Client, helen: User, page: str, query: str, sentences: list[str]
) -> None:
    client.force_login(helen)
    assert "There is a problem" not in body(client, page)
    text = body(client, f"{page}?{query}")
    assert "<title>Error: " in text
    for sentence in sentences:
        assert text.count(sentence) == 2


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("outcome=rejected", "Choose an outcome from the list"),
        ("time=never", "Choose a time to decision from the list"),
        ("agency=x", "Choose an agency from the list"),
        ("agency=99999999999999999999", "Choose an agency from the list"),
    ],
)
def test_a_filter_that_is_not_a_choice_is_answered_with_a_sentence(
    client: Client, helen: User, query: str, sentence: str
) -> None:
    client.force_login(helen)
    assert body(client, f"{LIST}&{query}").count(sentence) == 2


def test_what_was_typed_is_kept_beside_its_error(client: Client, helen: User) -> None:
    client.force_login(helen)
    text = body(client, "/dashboard/?start_day=31&start_month=feb&start_year=2018&source=6")
    assert 'value="31"' in text
    assert 'value="feb"' in text
    assert re.search(r'<option value="6"[^>]*selected', text)


def test_an_empty_period_says_so(client: Client, helen: User) -> None:
    client.force_login(helen)
    assert headings(body(client, DASHBOARD))[0] == "No contacts in this period"
    assert "No contacts match" in body(client, LIST)


def test_few_contacts_are_not_made_into_a_finding(client: Client, helen: User, rosa: User) -> None:
    build.received(rosa)
    client.force_login(helen)
    assert headings(body(client, "/dashboard/"))[0] == "1 contact in this period: too few to compare"


@pytest.mark.usefixtures("history")
def test_headings_about_one_source_do_not_compare_it_with_itself(client: Client, helen: User) -> None:
    client.force_login(helen)
    found = headings(body(client, f"{DASHBOARD}&source=6"))
    assert found[0] == "Police: 75% of contacts needed no further action"
    assert "Regional Police sent every contact" in found
    found = headings(body(client, f"{DASHBOARD}&source=2A"))
    assert found[0] == "14 contacts in this period: too few to compare"
    assert "14 of 14 needed no further action from social care" in found


def test_the_usual_period_is_the_last_six_months(client: Client, helen: User, rosa: User) -> None:
    now = timezone.now()
    build.received(rosa, at=now - timedelta(days=170))
    build.received(rosa, at=now - timedelta(days=190))
    client.force_login(helen)
    text = body(client, "/dashboard/")
    assert headings(text)[0].startswith("1 contact ")
    assert re.search(r'aria-current="page"[^>]*>Last 6 months', text)


@pytest.mark.parametrize(
    ("today", "months", "first"),
    [
        (date(2026, 11, 14), 6, date(2026, 5, 15)),
        (date(2026, 8, 31), 6, date(2026, 3, 1)),
        (date(2024, 3, 30), 1, date(2024, 3, 1)),
        (date(2026, 1, 1), 12, date(2025, 1, 2)),
    ],
)
def test_months_back_are_whole_months_up_to_today(today: date, months: int, first: date) -> None:
    assert months_back(today, months) == Period(first, today)


def test_the_pages_take_as_many_queries_for_many_contacts_as_for_few(
    client: Client, helen: User, tmp_path: Path
) -> None:
    client.force_login(helen)
    imported(written(tmp_path / "few.csv", [another(agency="Few High") for _ in range(3)]))
    body(client, "/dashboard/")  # the first page of a session writes the session
    few = {url: queries(client, url) for url in (DASHBOARD, LIST)}
    rows = [another(agency=f"School {number}", source=("2A", "6")[number % 2]) for number in range(45)]
    imported(written(tmp_path / "many.csv", rows))
    assert {url: queries(client, url) for url in (DASHBOARD, LIST)} == few
    assert few[DASHBOARD] <= 14
    assert few[LIST] <= 9


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        body(client, url)
    return len(captured)
