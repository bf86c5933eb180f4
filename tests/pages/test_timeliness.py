"""The pages of times: promises, percentiles, hours, months, the work behind them, and the lists behind each number."""

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.models import Child, Contact
from tests import build
from tests.figures import body, counts, headings, row
from tests.history_file import another, imported, written

DAYS = "start=2017-01-01&end=2017-12-31"
DECISIONS, WORK = f"/dashboard/timeliness/?{DAYS}", f"/dashboard/timeliness/work/?{DAYS}"
COUNTS = ("Contacts", "Within 24 hours", "Within one working day", "Within the time of its priority")


def at(day: str, hour: int, took: float) -> dict[str, str]:
    received = datetime.fromisoformat(f"{day}T{hour:02}:00:00").replace(tzinfo=UTC)
    decided = received + timedelta(hours=took)
    return {
        "received_at": f"{received:%Y-%m-%dT%H:%M:%S}",
        "decided_at": f"{decided:%Y-%m-%dT%H:%M:%S}",
        "feedback_at": "",
    }


@pytest.fixture
def history(db: None, tmp_path: Path) -> None:
    """Nine months of ten contacts on a Wednesday morning in winter and spring, and what else each test asks about.

    Amber: 9 in 5 hours and 1 in 30, each month but September, in which all ten took 40. Red: four in 3, 5, 23 and 25.
    """
    days = ("01-11", "02-08", "03-08", "04-05", "05-10", "06-07", "07-12", "08-09")
    rows = [another(**at(f"2017-{day}", 9, took), rag="amber") for day in days for took in [5] * 9 + [30]]
    rows += [another(**at("2017-09-06", 9, 40), rag="amber") for _ in range(10)]
    rows += [another(**at("2017-01-11", 16, took), rag="red") for took in (3, 5, 23, 25)]
    assert imported(written(tmp_path / "history.csv", rows))[2] == ""


@pytest.mark.usefixtures("history")
def test_a_head_of_safeguarding_reads_each_promise_beside_the_others(client: Client, helen: User) -> None:
    client.force_login(helen)
    text = body(client, DECISIONS)
    assert headings(text)[0] == "80% were decided within 24 hours, 80% within one working day"
    assert row(text, "promises", "Every priority") == ["94", "75 (79.8%)", "75 (79.8%)", "73 (77.7%)"]
    assert row(text, "promises", "Red: 4 hours from receipt") == ["4", "3 (75.0%)", "3 (75.0%)", "1 (25.0%)"]
    assert row(text, "promises", "Amber") == ["90", "72 (80.0%)", "72 (80.0%)", "72 (80.0%)"]
    assert row(text, "promises", "Not rated") == ["0", "0", "0", "0"]


@pytest.mark.usefixtures("history")
def test_half_and_nine_in_ten_are_told_and_not_only_a_mean(client: Client, helen: User) -> None:
    client.force_login(helen)
    text = body(client, DECISIONS)
    assert row(text, "spread", "Every priority") == ["94", "5 h 0 min", "37 h 0 min", "40 h 0 min"]
    assert row(text, "spread", "Red") == ["4", "14 h 0 min", "24 h 24 min", "24 h 42 min"]
    assert row(text, "distribution", "4 to 12 hours") == ["73 (77.7%)"]
    assert "Half took less than 5 hours, and 1 in 10 more than 37 hours" in headings(text)


@pytest.mark.usefixtures("history")
def test_hours_of_receipt_are_londons(client: Client, helen: User) -> None:
    """The rows say nine o'clock at Greenwich and are read as London's: summer and winter are the same hour."""
    client.force_login(helen)
    text = body(client, DECISIONS)
    assert row(text, "hours", "From 9am")[:2] == ["90", "72 (80.0%)"]
    assert row(text, "hours", "From 4pm")[0] == "4"
    assert 'scope="row" class="govuk-table__header portal-bars__label">From 10am' not in text


@pytest.mark.usefixtures("history")
def test_a_month_that_chance_does_not_explain_is_named_with_its_rule(client: Client, helen: User) -> None:
    client.force_login(helen)
    text = body(client, DECISIONS)
    assert "Within 24 hours: September 2017 is outside the limits, which is more than chance" in headings(text)
    assert "outside the limits" in row(text, "months", "September 2017")[2]
    assert row(text, "months", "August 2017")[1:] == [
        "0%",
        "one of 8 or more months in a row on one side of the average",
    ]
    assert text.count('<svg class="portal-xmr" width="100%"') == 4
    assert "Limits are the average and 2.66 times the average step" in text


@pytest.mark.usefixtures("history")
def test_a_few_months_are_told_to_be_too_few(client: Client, helen: User) -> None:
    client.force_login(helen)
    text = body(client, "/dashboard/timeliness/?start=2017-01-01&end=2017-07-31")
    assert "Within 24 hours: 7 whole months are too few to tell change from chance" in headings(text)
    assert "Limits need 8 whole months or more" in text
    assert 'class="portal-xmr"' not in text


@pytest.mark.usefixtures("history")
def test_every_number_opens_a_list_of_exactly_that_many(client: Client, helen: User) -> None:
    client.force_login(helen)
    links = counts(body(client, DECISIONS))
    assert len(links) >= 40
    for href, shown in links.items():
        [heading] = re.findall(r"<h1[^>]*>([\d,]+) contacts?</h1>", body(client, href))
        assert int(heading.replace(",", "")) == shown, href


def test_a_contact_that_was_opened_again_is_held_to_its_first_clocks(
    client: Client, rosa: User, grace: User, maya: User, helen: User
) -> None:
    """Its first decision was late for both; its new clocks would have been kept by it."""
    contact = build.decided(rosa, worker=grace, manager=maya)
    long_ago = contact.received_at - timedelta(days=9)
    decided = contact.received_at - timedelta(days=2)
    Child.objects.update(received_at=long_ago, decided_at=decided)
    Contact.objects.update(received_at=long_ago, decided_at=decided)
    first = {"opened_at": long_ago, "due_at": long_ago + timedelta(hours=24)}
    contact.deadlines.filter(clock__in=("decision", "statutory")).update(**first, met_at=decided)
    days = f"start={timezone.localdate() - timedelta(days=20)}&end={timezone.localdate()}"
    client.force_login(helen)
    Contact.objects.update(due_at=timezone.now(), statutory_due_at=timezone.now())  # as reopening leaves them
    text = body(client, f"/dashboard/timeliness/?{days}")
    assert row(text, "promises", "Every priority") == ["1", "0 (0.0%)", "0 (0.0%)", "0 (0.0%)"]


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("name", ["rosa", "omar", "sam", "grace", "dev", "priya", "kit"])
def test_who_does_not_manage_or_analyse_sees_no_times(
    client: Client, helen: User, name: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(helen)
    for url in (DECISIONS, WORK, "/dashboard/timeliness/work/checks/"):
        body(client, url)
    client.force_login(request.getfixturevalue(name))
    for url in (DECISIONS, WORK, "/dashboard/timeliness/work/checks/"):
        body(client, url, status=404)


@pytest.mark.parametrize("asked", ["nothing/", "checks/?state=slow", "stages/?stage=closed", "checks/?agency=police"])
def test_a_list_that_no_number_leads_to_is_not_there(client: Client, helen: User, asked: str) -> None:
    client.force_login(helen)
    body(client, "/dashboard/timeliness/work/checks/?state=late")
    body(client, f"/dashboard/timeliness/work/{asked}", status=404)


def test_nothing_received_is_said_in_words(client: Client, helen: User) -> None:
    client.force_login(helen)
    assert headings(body(client, DECISIONS))[0] == "No contacts in this period"
    assert "No agency was asked for a check" in headings(body(client, WORK))


def test_a_day_that_is_none_is_answered_with_a_sentence(client: Client, helen: User) -> None:
    client.force_login(helen)
    for page in ("", "work/", "work/checks/"):
        text = body(client, f"/dashboard/timeliness/{page}?start=2017-01-01&end=2016-01-01")
        assert "Last day must be the same as or after the first day" in text


@pytest.mark.usefixtures("history")
def test_an_analyst_takes_a_table_away_and_the_trail_says_so(client: Client, ana: User) -> None:
    client.force_login(ana)
    answer = client.get(f"{DECISIONS}&download=csv&table=promises")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:3] == ["Priority", "Contacts", "Within 24 hours"]
    assert rows[1][:3] == ["Every priority", "94", "75"]
    event = Event.objects.filter(verb="exported:figures").latest("id")
    assert (event.by, event.details["filters"]["start"]) == (ana, "2017-01-01")
    assert client.get(f"{WORK}&download=xlsx")["Content-Type"].endswith("sheet")
    assert client.get(f"{WORK}&download=csv&table=nothing").status_code == 404


@pytest.mark.usefixtures("history")
def test_page_and_command_say_the_same_times(client: Client, helen: User) -> None:
    out = io.StringIO()
    call_command(
        "insight", "--from", "2017-01-01", "--to", "2018-01-01", "--timeliness", "--format", "json", stdout=out
    )
    said = json.loads(out.getvalue())
    client.force_login(helen)
    text = body(client, DECISIONS)
    for line in said["promises"]:
        shown = row(text, "promises", line["Priority"])
        assert [one.split()[0] for one in shown] == [str(line[name]) for name in COUNTS]
    assert said["spread"][0]["Half within (hours)"] == 5.0
    assert {
        "months",
        "hours",
        "distribution",
        "stages",
        "checks",
        "discussions",
        "invitations",
        "feedback",
    } <= said.keys()


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        body(client, url)
    return len(asked)


def test_pages_ask_as_much_of_the_database_about_many_contacts_as_about_few(
    client: Client, helen: User, tmp_path: Path
) -> None:
    client.force_login(helen)
    urls = (DECISIONS, WORK, f"/dashboard/timeliness/work/stages/?{DAYS}")
    imported(written(tmp_path / "few.csv", [another(**at("2017-01-11", 9, 5))]))
    few = [queries(client, url) for url in urls * 2][len(urls) :]  # the first page of a session asks more
    imported(written(tmp_path / "many.csv", [another(**at("2017-02-08", hour, 5)) for hour in range(24)]))
    assert [queries(client, url) for url in urls] == few
    assert few[0] <= 9
    assert few[1] <= 12
