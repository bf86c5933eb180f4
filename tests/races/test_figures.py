"""The figures that a page shows are those of a count of every row, whoever adds up, or not, and whatever changes."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals import access
from referrals.insight import queries
from referrals.insight.filters import Filters
from referrals.insight.period import Period, months_back
from referrals.insight.refreshing import refresh
from referrals.insight.rolled import Whole
from referrals.models import AgencyFigure, Child, Contact, RolledMonth, StaleDay
from referrals.vocabulary import Outcome
from tests import build
from tests.restricting import restricted

pytestmark = pytest.mark.usefixtures("committed")

NOW = timezone.now()
YEAR = months_back(timezone.localdate(NOW), 12)
PERIODS = (YEAR, months_back(timezone.localdate(NOW), 1), Period(YEAR.first, YEAR.first + timedelta(days=75)))


@pytest.fixture
def people(committed: str) -> dict[str, User]:
    return {name: build.player(name) for name in ("Rosa", "Tom", "Omar", "Grace", "Maya", "Helen", "Ana")}


def the_page_says_what_a_count_says(user: User | None, *periods: Period, now: datetime = NOW) -> None:
    children = access.countable_by(user) if user else access.countable()
    for period in periods or PERIODS:
        for filters in (Filters(), Filters(source="2A")):
            whole = Whole.seen_by(user, period, now, filters)
            assert whole.summary() == queries.summary(children, period, now, filters)
            assert whole.median_hours() == queries.median_hours(children, period, now, filters)


def closed(by: User, *, days_ago: float, minutes: int | None = 300, outcome: str = "section_17") -> Contact:
    """A contact of some time ago, decided after so many minutes: as a file of history brings them."""
    at = NOW - timedelta(days=days_ago)
    contact = build.received(by, at=at)
    decided(contact, minutes, outcome)
    return contact


def decided(contact: Contact, minutes: float | None, outcome: str) -> None:
    at = None if minutes is None else contact.received_at + timedelta(minutes=minutes)
    contact.children.update(outcome=outcome if at else "", decided_at=at)


def taken_as_it_stands(period: Period) -> int:
    """How many days and months of the period are not counted row by row."""
    plan = Whole.seen_by(None, period, NOW).plan
    assert plan is not None
    return len(plan.months) + len(plan.days)


def test_a_page_shows_what_changed_after_it_was_added_up_with_every_worker_stopped(people: dict[str, User]) -> None:
    rosa, helen = people["Rosa"], people["Helen"]
    old = closed(rosa, days_ago=100)
    closed(rosa, days_ago=40, minutes=7)
    refresh(NOW)
    assert not StaleDay.objects.filter(day__lt=timezone.localdate(NOW)).exists()
    assert taken_as_it_stands(YEAR) > 30
    before = Whole.seen_by(helen, YEAR, NOW).summary()
    decided(old, 31 * 60, Outcome.NFA_PUSHBACK)
    after = Whole.seen_by(helen, YEAR, NOW).summary()
    assert (before.total.pushback, after.total.pushback) == (0, 1)
    assert (before.total.in_24h, after.total.in_24h) == (2, 1)
    the_page_says_what_a_count_says(helen)


def test_a_sum_that_is_wrong_would_be_seen(people: dict[str, User]) -> None:
    """The pages do read what was added up: else no test here could fail."""
    closed(people["Rosa"], days_ago=100)
    refresh(NOW)
    AgencyFigure.objects.update(contacts=41)
    assert Whole.seen_by(None, YEAR, NOW).summary().total.contacts == 41


CHANGES: dict[str, Callable[[Contact, dict[str, User]], object]] = {
    "decided": lambda contact, _: decided(contact, 50, Outcome.EARLY_HELP),
    "opened again": lambda contact, _: decided(contact, None, ""),
    "another outcome": lambda contact, _: decided(contact, 300, Outcome.NFA_INFORMATION),
    "only named": lambda contact, _: contact.children.update(in_scope=False),
    "another agency": lambda contact, people: contact.children.update(agency=people["Omar"].agency_id, source="6"),
    "received on another day": lambda contact, _: contact.children.update(
        received_at=NOW - timedelta(days=70), decided_at=NOW - timedelta(days=69)
    ),
    "one more child": lambda contact, _: Child.objects.create(
        contact=contact, agency=contact.agency, source="2A", received_at=contact.received_at
    ),
    "destroyed": lambda contact, _: contact.children.all().delete(),
    "restricted": lambda contact, people: restricted(contact, by=people["Helen"], people=[people["Grace"]]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_what_is_counted_marks_its_day_and_nothing_else_does(
    people: dict[str, User], change: str
) -> None:
    contact = closed(people["Rosa"], days_ago=100)
    other = closed(people["Rosa"], days_ago=60)
    refresh(NOW)
    Child.objects.update(postcode="WS1 1AA")  # nothing that is counted
    assert not StaleDay.objects.filter(day__lt=timezone.localdate(NOW)).exists()
    CHANGES[change](contact, people)
    marked = set(StaleDay.objects.filter(day__lt=timezone.localdate(NOW)).values_list("day", flat=True))
    assert timezone.localdate(contact.received_at) in marked
    assert timezone.localdate(other.received_at) not in marked
    for user in (None, people["Helen"], people["Grace"], people["Ana"]):
        the_page_says_what_a_count_says(user, YEAR)
    refresh(NOW)
    for user in (None, people["Helen"], people["Grace"], people["Ana"]):
        the_page_says_what_a_count_says(user, YEAR)


def test_a_restricted_record_counts_only_for_those_who_see_it_and_for_all_once_it_is_lifted(
    people: dict[str, User],
) -> None:
    helen, ana = people["Helen"], people["Ana"]
    contact = closed(people["Rosa"], days_ago=100)
    refresh(NOW)
    restricted(contact, by=helen, people=[helen])
    refresh(NOW)
    assert [Whole.seen_by(one, YEAR, NOW).summary().total.contacts for one in (helen, ana, None)] == [1, 0, 0]
    contact.restrictions.update(lifted_at=NOW)
    assert [Whole.seen_by(one, YEAR, NOW).summary().total.contacts for one in (helen, ana, None)] == [1, 1, 1]
    refresh(NOW)
    the_page_says_what_a_count_says(ana)


def test_somebody_of_an_agency_never_reads_what_was_added_up_of_all(people: dict[str, User]) -> None:
    closed(people["Rosa"], days_ago=100)
    closed(people["Tom"], days_ago=100)
    refresh(NOW)
    assert Whole.seen_by(people["Rosa"], YEAR, NOW).summary().total.contacts == 1


def test_the_hours_around_midnight_and_the_change_of_the_clocks_are_in_the_right_day_and_month(
    people: dict[str, User],
) -> None:
    now = datetime(2026, 4, 20, 12, tzinfo=UTC)
    for at in ("2026-03-28T23:59:59", "2026-03-29T00:30:00", "2026-03-31T22:59:59", "2026-03-31T23:00:00"):
        contact = closed(people["Rosa"], days_ago=1)
        contact.children.update(received_at=f"{at}+00:00", decided_at=None, outcome="")
    refresh(now)
    periods = [Period(datetime(2026, 1, 1).date(), datetime(2026, 4, day).date()) for day in (1, 18, 20)]  # noqa: DTZ001
    the_page_says_what_a_count_says(None, *periods, now=now)
    assert RolledMonth.objects.filter(first="2026-03-01").exists()


@pytest.mark.parametrize("seed", range(3))
def test_any_acts_in_any_order_leave_the_page_as_a_count_has_it(people: dict[str, User], seed: int) -> None:
    chance = random.Random(seed)
    contacts = [
        closed(people[name], days_ago=chance.uniform(0, 120), minutes=chance.randrange(4000))
        for name in ("Rosa", "Tom", "Omar", "Rosa")
    ]
    for _ in range(25):
        contact = chance.choice(contacts)
        match chance.randrange(5):
            case 0:
                decided(contact, chance.randrange(1, 200) * 7.5, chance.choice(list(Outcome)))
            case 1:
                decided(contact, None, "")
            case 2:
                contact.children.update(in_scope=chance.random() < 0.7)
            case 3:
                moved = NOW - timedelta(days=chance.uniform(0, 120))
                contact.children.update(received_at=moved)
            case _:
                refresh(NOW)
        the_page_says_what_a_count_says(None, YEAR)


def test_who_adds_up_while_others_write_loses_nothing(people: dict[str, User]) -> None:
    """Writers change rows of a few days again and again while two add up: in the end every sum is right."""
    contacts = [closed(people["Rosa"], days_ago=days) for days in (50, 50, 51, 80)]
    over = Event()

    def write(number: int) -> None:
        chance = random.Random(number)
        for _ in range(40):
            with transaction.atomic():
                decided(contacts[number], chance.randrange(1, 3000), chance.choice(list(Outcome)))
        connections.close_all()

    def add_up() -> None:
        while not over.is_set():
            refresh(NOW)
        connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        adding = [pool.submit(add_up) for _ in range(2)]
        for one in [pool.submit(write, number) for number in range(4)]:
            one.result(60)
        over.set()
        for one in adding:
            one.result(60)
    the_page_says_what_a_count_says(None, YEAR)
    refresh(NOW)
    assert not StaleDay.objects.filter(day__lt=timezone.localdate(NOW)).exists()
    the_page_says_what_a_count_says(None, YEAR)


def test_a_change_that_commits_after_the_adding_up_has_begun_stays_marked(people: dict[str, User]) -> None:
    contact = closed(people["Rosa"], days_ago=50)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            decided(contact, 20, Outcome.TRANSFER)

            def add_up() -> int:
                try:
                    return refresh(NOW)
                finally:
                    connections.close_all()

            assert pool.submit(add_up).result(30) > 0  # nobody waits for whoever writes
        day = timezone.localdate(contact.received_at)
        assert StaleDay.objects.filter(day=day).exists()
    the_page_says_what_a_count_says(None, YEAR)
    refresh(NOW)
    assert not StaleDay.objects.filter(day=day).exists()
    the_page_says_what_a_count_says(None, YEAR)


def test_who_finds_somebody_adding_up_goes_away(people: dict[str, User]) -> None:
    closed(people["Rosa"], days_ago=50)
    with ThreadPoolExecutor(1) as pool, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE referrals_rolledmonth IN SHARE ROW EXCLUSIVE MODE")

        def add_up() -> int:
            try:
                return refresh(NOW)
            finally:
                connections.close_all()

        assert pool.submit(add_up).result(30) == 0
    assert refresh(NOW) > 0
