"""Gates on plans: the questions of every day never read a whole table, however long the history (performance.md).

On a few thousand contacts, analysed, with the planner as it comes: what it would read from end to end at this size it
will still read from end to end at fifteen million.
"""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mash_portal import embedded
from mash_portal.accounts.models import User
from referrals import access
from referrals import known as matches
from referrals.insight import queries as insight
from referrals.insight.now import reading
from referrals.insight.period import months_back
from referrals.models import Child, Contact
from referrals.population.making import EARLIER, Size, make
from referrals.triage import queries
from referrals.triage.filters import Filters
from tests import build
from tests.restricting import restricted

CONTACTS = 5000
OPEN = 50
GUARDED = {"referrals_contact", "referrals_child", "referrals_stagechange", "audit_event"}


@pytest.fixture
def years_of_work(committed: str, portal_servers: embedded.Servers) -> User:
    """A hub with 5,000 closed contacts, 50 open ones, and a child who was known 12 times before; its social worker."""
    rosa, grace, _maya = (build.player(name) for name in ("Rosa", "Grace", "Maya"))
    url = urlsplit(portal_servers.superuser_url)._replace(path=f"/{committed}").geturl()
    with psycopg2.connect(url) as own, own.cursor() as cursor:
        make(cursor, Size.usual(CONTACTS, events=1))
    now = timezone.now()
    for number in range(OPEN):
        build.received(rosa, at=now - build.hours(number / 2), children=[{"given_names": f"Noor {number}"}])
    with psycopg2.connect(url) as own, own.cursor() as cursor:
        cursor.execute("ANALYZE")
    return grace


def plans_of(captured: CaptureQueriesContext) -> list[dict[str, Any]]:
    """The plan of every SELECT that was made."""
    asked = [
        query["sql"] for query in captured.captured_queries if query["sql"].lstrip().startswith(("SELECT", "WITH"))
    ]
    with connection.cursor() as cursor:
        found = []
        for sql in asked:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
            [plan] = cursor.fetchone()
            found.append((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])
    assert found
    return found


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


def read_from_end_to_end(plans: list[dict[str, Any]]) -> set[str]:
    """Tables that a plan reads whole."""
    return {
        node["Relation Name"] for plan in plans for node in nodes(plan) if node["Node Type"].endswith("Seq Scan")
    } & GUARDED


def indexes(plans: list[dict[str, Any]]) -> set[str]:
    return {node["Index Name"] for plan in plans for node in nodes(plan) if "Index Name" in node}


def filters_of(whose: str) -> Filters:
    return Filters(whose=whose, usual="mine")


@pytest.mark.parametrize("whose", ["mine", "everybody"])
def test_a_social_worker_can_see_the_queue_without_reading_the_history(years_of_work: User, whose: str) -> None:
    condition = filters_of(whose).condition(years_of_work, timezone.now())
    with CaptureQueriesContext(connection) as captured:
        page = queries.queue(years_of_work, condition, after=None)
    plans = plans_of(captured)
    assert len(page.rows) == OPEN
    assert read_from_end_to_end(plans) == set()
    assert "queue_by_due_time" in indexes(plans)


def test_a_social_worker_can_go_on_to_the_next_page_without_reading_the_history(years_of_work: User) -> None:
    last = Contact.objects.open().soonest_first()[OPEN // 2]
    with CaptureQueriesContext(connection) as captured:
        page = queries.queue(years_of_work, Q(), after=queries.Place(last.due_at, last.pk))
    assert 0 < len(page.rows) < OPEN
    assert read_from_end_to_end(plans_of(captured)) == set()


def test_a_social_worker_can_see_what_came_before_without_reading_the_history(years_of_work: User) -> None:
    newest = Contact.objects.filter(children__person=1).latest("received_at")
    with CaptureQueriesContext(connection) as captured:
        earlier = queries.earlier_contacts(years_of_work, newest)
    assert len(earlier[1]) >= EARLIER - 1
    assert read_from_end_to_end(plans_of(captured)) == set()


@pytest.mark.parametrize("numbered", [False, True], ids=["by name and birth date", "by NHS number"])
def test_a_referrer_can_be_told_apart_without_reading_the_history(years_of_work: User, numbered: bool) -> None:
    known = Child.objects.filter(date_of_birth__isnull=False, person__isnull=False).exclude(nhs_number="").latest("id")
    asked = Child(
        given_names=known.given_names,
        family_name=known.family_name,
        date_of_birth=known.date_of_birth,
        sex=known.sex,
        nhs_number=known.nhs_number if numbered else "",
        postcode=known.postcode,
        received_at=known.received_at,
    )
    with CaptureQueriesContext(connection) as captured:
        [[likeliest, *_]] = matches.candidates([asked])
    assert likeliest.person == known.person_id
    assert read_from_end_to_end(plans_of(captured)) == set()


@pytest.mark.usefixtures("years_of_work")
def test_an_analyst_can_count_beside_restricted_records_from_the_index_alone(
    committed: str, portal_servers: embedded.Servers
) -> None:
    ana, maya = build.player("Ana"), build.player("Maya")
    restricted(Contact.objects.open().soonest_first()[0], by=maya)
    own = psycopg2.connect(urlsplit(portal_servers.superuser_url)._replace(path=f"/{committed}").geturl())
    own.autocommit = True
    with own.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) referrals_child")  # as the database does by itself in a quiet minute
    own.close()
    now = timezone.now()
    period = months_back(timezone.localdate(now), 1)
    with CaptureQueriesContext(connection) as captured:
        found = insight.summary(access.countable_by(ana), period, now)
    assert found.total.contacts == insight.summary(access.countable_by(maya), period, now).total.contacts - 1
    plans = plans_of(captured)
    assert read_from_end_to_end(plans) == set()
    scans = [node for plan in plans for node in nodes(plan) if node.get("Index Name") == "child_counted"]
    assert [node["Node Type"] for node in scans] == ["Index Only Scan"]


@pytest.mark.usefixtures("years_of_work")
def test_the_wall_can_count_what_is_decided_on_a_day_without_reading_the_history() -> None:
    with CaptureQueriesContext(connection) as captured:
        found = reading.usual(Contact.objects.all(), timezone.now())
    plans = plans_of(captured)
    assert found.decided
    assert read_from_end_to_end(plans) == set()
    assert {"contact_newest_first", "contact_by_decision"} <= indexes(plans)
