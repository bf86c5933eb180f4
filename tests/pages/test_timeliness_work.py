"""The page of the work behind decisions: stages, checks, strategy discussions, feedback; and the list behind each."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals.insight.timeliness import words as sentences
from referrals.insight.timeliness import work
from referrals.insight.timeliness.work import Turnaround
from referrals.models import Check, Contact
from referrals.rules.suppression import HIDDEN
from referrals.strategy import actions as strategy
from tests import build, checking, discussing
from tests.figures import body, counts, headings, row


@pytest.fixture
def worked(rosa: User, omar: User, nell: User, grace: User, maya: User) -> Contact:
    """Rosa's contact in Grace's hands: the police answered late, health not at all; the discussion was held late."""
    contact = build.claimed(rosa, worker=grace)
    police, health = checking.asked(contact, omar, nell, by=grace)
    checking.answered(police, omar)
    ago = timezone.now() - timedelta(hours=50)
    Check.objects.update(requested_at=ago, due_at=ago + timedelta(hours=4))
    discussion = build.discussed(contact, by=grace)
    came = {
        one.pk: strategy.Attendance(
            attended=one.kind != "health", absent_because="On leave" if one.kind == "health" else ""
        )
        for one in discussion.invitations.all()
    }
    held = discussing.held(discussion, by=grace, attendance=came)
    held.called_at, held.due_at = ago, ago + timedelta(hours=4)
    held.save(update_fields=["called_at", "due_at"])
    assert health.is_open
    return contact


@pytest.mark.usefixtures("worked")
def test_a_head_of_safeguarding_sees_whose_checks_were_late_and_who_came(client: Client, helen: User) -> None:
    client.force_login(helen)
    text = body(client, "/dashboard/timeliness/work/")
    found = headings(text)
    assert found[0] == "The work behind decisions"
    assert row(text, "checks", "Regional Police")[:3] == ["1", "1", "1 (100.0%)"]
    assert row(text, "checks", "Trent Vale Community Health") == ["1", "0", "1 (100.0%)", "–", "–"]
    assert "2 of 2 agency checks were late" in found
    assert row(text, "discussions", "On time, of those held or due") == ["0 (0.0%)", "–"]
    assert "0 of 1 strategy discussion held on time" in found
    assert "Health came to 0 of 1 strategy discussions" in found
    assert row(text, "invitations", "Police") == ["1", "1 (100.0%)", "0", "0"]
    assert row(text, "stages", "Received")[:2] == ["1", "1"]
    assert row(text, "stages", "Being triaged")[:2] == ["1", "0"]


@pytest.mark.parametrize(
    ("late", "said"),
    [
        ((3, 1, 1), "5 of 12 agency checks were late; most of them by Police (3 of 4)"),
        ((3, 2, 1), "6 of 12 agency checks were late; more of them by Police than by any other (3 of 4)"),
        ((2, 2, 1), "5 of 12 agency checks were late"),
        ((1, 0, 0), "1 of 12 agency checks were late; most of them by Police (1 of 4)"),
        ((2,), "2 of 4 agency checks were late"),
        ((0, 0), "8 agency checks, none late"),
    ],
)
def test_an_agency_is_said_to_be_late_most_only_where_more_than_half_is_its_own(
    late: tuple[int, ...], said: str
) -> None:
    found = [
        Turnaround(agency, number, asked=4, answered=4, late=times, owed=4, median=None, ninety=None)
        for number, (agency, times) in enumerate(zip(("Police", "Health", "Housing"), late, strict=False))
    ]
    assert sentences.checks(found) == said


@pytest.mark.usefixtures("worked")
def test_every_number_of_the_work_opens_a_list_of_exactly_that_many(
    client: Client, helen: User, worked: Contact
) -> None:
    client.force_login(helen)
    links = counts(body(client, "/dashboard/timeliness/work/"))
    assert len(links) >= 20
    for href, shown in links.items():
        text = body(client, href)
        assert int(re.findall(r"<h1[^>]*>([\d,]+) ", text)[0].replace(",", "")) == shown, href
        if shown and href.startswith("/dashboard/timeliness/work/"):
            assert f'href="/contacts/{worked.reference}/"' in text


@pytest.mark.usefixtures("worked")
def test_an_analyst_reads_the_lists_without_references_or_names(client: Client, ana: User, worked: Contact) -> None:
    client.force_login(ana)
    for what in ("stages", "checks", "discussions", "invitations"):
        text = body(client, f"/dashboard/timeliness/work/{what}/")
        assert re.search(r"<h1[^>]*>[1-9]", text)
        assert worked.reference not in text
        for name in ("Noor", "Aziz", "Grace", "Omar", "Nell", "On leave"):
            assert name not in text


@pytest.mark.usefixtures("worked")
def test_what_only_named_people_may_see_is_counted_for_nobody_else(
    client: Client, helen: User, worked: Contact
) -> None:
    client.force_login(helen)
    assert row(body(client, "/dashboard/timeliness/work/"), "checks", "Regional Police")[0] == "1"
    worked.restrictions.create(by=worked.referrer, at=timezone.now(), reason="A worker’s child")
    Contact.objects.update(is_restricted=True)
    text = body(client, "/dashboard/timeliness/work/")
    assert "No agency was asked for a check" in headings(text)
    assert body(client, "/dashboard/timeliness/work/checks/").count("0 agency checks") >= 1


@pytest.mark.usefixtures("worked")
@pytest.mark.parametrize("asked", ["0", "00", "-1", "٣", "1e3", "9" * 6, ""])
def test_a_page_that_is_none_is_the_first(client: Client, helen: User, asked: str) -> None:
    client.force_login(helen)
    first = body(client, "/dashboard/timeliness/work/checks/?page=1")
    shown = body(client, f"/dashboard/timeliness/work/checks/?page={asked}")
    assert re.findall(r"<td.*?</td>", shown) == re.findall(r"<td.*?</td>", first) != []


def taken(client: Client, who: User, table: str) -> dict[str, list[str]]:
    """The file of one table, by what its rows are called."""
    client.force_login(who)
    file = client.get(f"/dashboard/timeliness/work/?download=csv&table={table}").content.decode("utf-8-sig")
    return {line[0]: line[1:] for line in csv.reader(io.StringIO(file))}


def test_no_difference_in_a_file_that_leaves_tells_how_few_did_not_come(
    client: Client, helen: User, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three of the police did not come: nor is shown how many did, who were missing elsewhere, and any share."""
    met = [
        work.Attendance("police", 30, 27, 0),
        work.Attendance("health", 40, 30, 0),
        work.Attendance("school", 9, 9, 0),
    ]
    monkeypatch.setattr(work, "attendance", lambda _: met)
    assert taken(client, helen, "invitations")["Police"] == ["30", "27", "0.9", "3", "0"]
    rows = taken(client, ana, "invitations")
    assert rows["Police"] == ["30", HIDDEN, HIDDEN, HIDDEN, "0"]
    assert rows["Health"] == ["40", HIDDEN, HIDDEN, HIDDEN, "0"]
    assert rows["School or nursery"] == ["9", "9", "1.0", "0", "0"]


@pytest.mark.parametrize("late", [3, 24])
def test_no_share_in_a_file_that_leaves_tells_how_few_discussions_were_late_or_on_time(
    client: Client, helen: User, ana: User, monkeypatch: pytest.MonkeyPatch, late: int
) -> None:
    found = work.Discussions(called=27, held=27, late=late, owed=27, called_off=6, median=2.0)
    monkeypatch.setattr(work, "discussions_on_time", lambda _: found)
    whole = taken(client, helen, "discussions")
    assert whole["On time, of those held or due"][0] == f"{27 - late}"
    assert whole["Late, of those held or due"][0] == f"{late}"
    rows = taken(client, ana, "discussions")
    for name in ("On time, of those held or due", "Late, of those held or due"):
        assert rows[name][:2] == [HIDDEN, HIDDEN]
    assert (rows["Called"][0], rows["Called off"][0]) == ("27", "6")
