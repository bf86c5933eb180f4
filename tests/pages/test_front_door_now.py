"""The front door now: what is open, late and to come, each number with the queue behind it, and no child's name."""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals.insight.now.pace import Outlook, Usual
from referrals.models import Absence, Contact
from referrals.triage import actions as triage
from referrals.vocabulary import Rag, Stage
from tests import build
from tests.restricting import restricted

from .browsing import signed_in
from .casework import text

pytestmark = pytest.mark.django_db

#: A Thursday.
NOW = datetime(2026, 11, 19, 12, 0, tzinfo=UTC)
LINK = re.compile(r'href="(/queue/\?[^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


@pytest.fixture(autouse=True)
def _noon() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def numbers(page: str) -> dict[str, int]:
    """Every number that is a link: the queue that it opens, and what it says."""
    found = {}
    for href, words in LINK.findall(page):
        shown = re.match(r"\s*([\d,]+)", re.sub(r"<[^>]*>", "", words).replace("&nbsp;", " "))
        assert shown, words
        found[href.replace("&amp;", "&")] = int(shown[1].replace(",", ""))
    return found


def taken(contact: Contact, by: User, rag: Rag) -> None:
    held = triage.claim(contact.reference, by=by)
    triage.rate(contact.reference, rag=rag, reason="From what it says", by=by, version=held.version)


@pytest.fixture
def busy(rosa: User, grace: User, ivan: User, maya: User) -> dict[str, Contact]:
    """Late and unassigned; due in an hour; red with Grace and late; amber with Ivan."""
    made = {name: build.received(rosa, at=NOW - timedelta(hours=ago)) for name, ago in
            {"late": 30, "soon": 23, "red": 5, "amber": 2}.items()}  # fmt: skip
    taken(made["red"], grace, Rag.RED)
    taken(made["amber"], ivan, Rag.AMBER)
    return made


@pytest.mark.usefixtures("busy")
def test_a_manager_can_open_the_queue_behind_every_number_and_finds_exactly_as_many(maya: User) -> None:
    client = signed_in(maya)
    page = text(client.get("/dashboard/now/"))
    found = numbers(page)
    assert {key: found[f"/queue/?whose=everybody{key}"] for key in ("", "&holder=nobody", "&late=1", "&soon=1")} == {
        "": 4, "&holder=nobody": 2, "&late=1": 2, "&soon=1": 1,
    }  # fmt: skip
    assert len(found) >= 18
    for href, number in found.items():
        rows = text(client.get(href)).count('class="govuk-table__row portal-table--overdue"')
        rows += text(client.get(href)).count('<tr class="govuk-table__row">\n<th scope="row"')
        assert rows == number, href


@pytest.mark.usefixtures("busy")
def test_the_heading_says_what_is_late_and_no_child_and_no_reference_is_on_the_wall(maya: User) -> None:
    page = text(signed_in(maya).get("/dashboard/now/"))
    assert '<h1 class="govuk-heading-l">2 of 4 open contacts are late</h1>' in page
    for contact in Contact.objects.prefetch_related("children"):
        assert contact.reference not in page
        for child in contact.children.all():
            assert child.given_names not in page


def test_an_empty_front_door_says_so_and_expects_nothing_from_nothing(maya: User) -> None:
    page = text(signed_in(maya).get("/dashboard/now/"))
    assert "Nothing is waiting for a decision</h1>" in page
    assert "Too few of the last 12 Thursdays had contacts to say what to expect today." in page


@pytest.mark.parametrize("name", ["rosa", "omar", "dev", "priya", "ana", "kit"])
def test_who_does_not_see_the_queue_cannot_see_its_numbers(
    name: str, maya: User, request: pytest.FixtureRequest
) -> None:
    assert signed_in(maya).get("/dashboard/now/").status_code == 200
    assert signed_in(request.getfixturevalue(name)).get("/dashboard/now/").status_code == 404


def test_a_restricted_contact_is_in_nobodys_numbers_but_of_those_who_see_it(
    busy: dict[str, Contact], maya: User, helen: User
) -> None:
    restricted(busy["late"], by=helen, people=[helen])
    assert numbers(text(signed_in(maya).get("/dashboard/now/")))["/queue/?whose=everybody"] == 3
    assert numbers(text(signed_in(helen).get("/dashboard/now/")))["/queue/?whose=everybody"] == 4


@pytest.mark.usefixtures("busy")
def test_who_is_away_is_said_to_be_away_as_long_as_they_hold_something(maya: User, grace: User) -> None:
    Absence.objects.create(
        person=grace, starts_at=NOW - timedelta(hours=1), ends_at=NOW + timedelta(days=1), noted_by=maya, noted_at=NOW
    )
    page = text(signed_in(maya).get("/dashboard/now/"))
    assert re.search(r"Grace Lin <span[^>]*>away</span>", page)
    Contact.objects.filter(owner=grace).update(stage=Stage.CLOSED)
    assert "Grace Lin" not in text(signed_in(maya).get("/dashboard/now/"))


def test_the_page_takes_as_many_queries_for_many_contacts_as_for_few(rosa: User, maya: User) -> None:
    client = signed_in(maya)
    client.get("/dashboard/now/")
    build.received(rosa, at=NOW - timedelta(hours=1))
    few = queries(client)
    for number in range(12):
        build.received(rosa, at=NOW - timedelta(days=7 * number, hours=2))
    assert queries(client) == few <= 11


def queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/dashboard/now/").status_code == 200
    return len(captured)


def test_what_is_expected_today_is_what_came_after_this_hour_on_the_same_weekday(
    rosa: User, grace: User, maya: User
) -> None:
    for week in range(1, 13):
        thursday = NOW - timedelta(days=7 * week)
        build.received(rosa, at=thursday - timedelta(hours=2))
        for hours in (1, 3):
            contact = build.received(rosa, at=thursday + timedelta(hours=hours))
            decided = thursday + timedelta(hours=hours + 1)
            Contact.objects.filter(pk=contact.pk).update(stage=Stage.CLOSED, owner=grace, decided_at=decided)
        build.received(rosa, at=thursday + timedelta(days=1, hours=2))  # a Friday
    page = text(signed_in(maya).get("/dashboard/now/"))
    people = User.objects.filter(is_active=True, role__in=("social_worker", "team_manager")).count()
    assert f"About 2 more are expected today; at the usual pace the team decides {2 * people}." in page
    assert timezone.localdate(NOW).strftime("%A") == "Thursday"


def test_what_is_decided_today_counts_today_however_long_it_waited(rosa: User, grace: User, maya: User) -> None:
    for days, ago in ((0, 1), (40, 1), (40, 13)):
        contact = build.received(rosa, at=NOW - timedelta(days=days, hours=2))
        Contact.objects.filter(pk=contact.pk).update(
            stage=Stage.CLOSED, owner=grace, decided_at=NOW - timedelta(hours=ago)
        )
    page = text(signed_in(maya).get("/dashboard/now/"))
    assert "1 received and 2 decided so far today." in page


def a_day(hours: dict[int, int], decided: dict[tuple[int, int], int], *, weeks: int, at: datetime) -> Usual:
    days = [date(2026, 11, 19) - timedelta(days=7 * week) for week in range(1, weeks + 1)]
    return Usual(
        now=at,
        received=Counter({(day, hour): number for day in days for hour, number in hours.items()}),
        decided=Counter({(day, hour, by): number for day in days for (hour, by), number in decided.items()}),
        received_today=0,
        decided_today=0,
    )


@pytest.mark.parametrize(
    ("at", "here", "expected", "decided"),
    [
        (datetime(2026, 11, 19, 0, 0, tzinfo=UTC), 2, 12, 9),
        (datetime(2026, 11, 19, 12, 30, tzinfo=UTC), 2, 8, 6),  # half of the hour is over
        (datetime(2026, 11, 19, 12, 30, tzinfo=UTC), 1, 8, 3),
        (datetime(2026, 11, 19, 12, 30, tzinfo=UTC), 0, 8, 0),
        (datetime(2026, 11, 19, 17, 0, tzinfo=UTC), 2, 0, 0),
    ],
)
def test_the_outlook_is_for_what_is_left_of_the_day_and_for_who_is_here(
    at: datetime, here: int, expected: int, decided: int
) -> None:
    usual = a_day({9: 2, 12: 4, 16: 6}, {(10, 1): 3, (14, 1): 3, (14, 2): 3}, weeks=6, at=at)
    found = Outlook.of(usual, here)
    assert found is not None
    assert (found.expected, found.decided) == (expected, decided)


def test_history_that_nobody_is_on_record_to_have_held_is_expected_as_it_was() -> None:
    early = datetime(2026, 11, 19, 0, 0, tzinfo=UTC)
    assert Outlook.of(a_day({9: 2}, {(10, 0): 4}, weeks=6, at=early), 3) == Outlook(expected=2, decided=4, here=3)
    usual = a_day({9: 2}, {(10, 0): 4, (11, 1): 1}, weeks=6, at=early)
    assert Outlook.of(usual, 3) == Outlook(expected=2, decided=7, here=3)


def test_three_days_are_too_few_to_expect_anything_from() -> None:
    noon = datetime(2026, 11, 19, 12, tzinfo=UTC)
    assert Outlook.of(a_day({16: 6}, {}, weeks=3, at=noon), 2) is None
    assert Outlook.of(a_day({16: 6}, {}, weeks=4, at=noon), 2) == Outlook(expected=6, decided=0, here=2)
