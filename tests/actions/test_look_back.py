"""NFA look back: who came back and who had time to, against a second count that goes through the rows one by one."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mash_portal.accounts.models import User
from referrals import access
from referrals.assurance import lookback
from referrals.assurance.lookback import AS_WHAT, BACK, NOT_OVER, NOT_OVER_BACK, OVER, UNKNOWN, WINDOWS, Asked
from referrals.models import Child, Person
from referrals.rules.sampling import kind_group
from referrals.vocabulary import NFA, Outcome
from tests import build
from tests.restricting import restricted

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
FIRST, LAST = date(2025, 1, 1), date(2026, 11, 20)


def closed(by: User, days_ago: float, outcome: str = Outcome.NFA_INFORMATION, person: Person | None = None) -> Child:
    """One child's contact, decided that many days before now and received an hour before that."""
    at = NOW - timedelta(days=days_ago)
    contact = build.received(by, at=at - timedelta(hours=1), children=[{"given_names": "A", "person": person}])
    child = contact.children.get()
    child.outcome, child.decided_at = outcome, at if outcome else None
    child.save(update_fields=["outcome", "decided_at"])
    return child


@pytest.fixture
def rows(rosa: User, omar: User) -> None:
    """Closed at different times; some came back soon, late, on the last day, undecided, or twice."""
    ways = [(600, 300), (600, 510), (600, 590), (400, 30), (200, 150), (200, 20), (60, 10), (60, None), (500, None)]
    outcomes = [Outcome.NFA_PUSHBACK, Outcome.SECTION_17, Outcome.EARLY_HELP, ""]
    for number, (by, (days_ago, back)) in enumerate(product((rosa, omar), ways)):
        person = Person.objects.create()
        closed(by, days_ago, sorted(NFA)[number % 2], person)
        if back is not None:
            closed(omar, back, outcomes[number % 4], person)
            closed(rosa, back - 5, Outcome.STRATEGY, person)
    closed(rosa, 300)
    closed(omar, 300, Outcome.EARLY_HELP, Person.objects.create())


def by_hand(group: str, days: int) -> dict[str, int]:
    """Counted from the rows, one after another."""
    found = dict.fromkeys((OVER, BACK, NOT_OVER, NOT_OVER_BACK, *AS_WHAT), 0)
    for child in Child.objects.filter(outcome__in=sorted(NFA)).exclude(person=None).select_related("agency"):
        if group and kind_group(child.agency.kind) != group:
            continue
        assert child.decided_at is not None
        later = Child.objects.filter(person=child.person, received_at__gt=child.decided_at).order_by("received_at")
        first = later.first()
        came = first is not None and first.received_at - child.decided_at <= timedelta(days=days)
        over = child.decided_at + timedelta(days=days) <= NOW
        found[OVER if over else NOT_OVER] += 1
        if came:
            found[BACK if over else NOT_OVER_BACK] += 1
            if over and first is not None:
                found[lookback.as_what(first.outcome)] += 1
    return found


@pytest.mark.parametrize("days", WINDOWS)
def test_every_number_is_what_counting_one_by_one_gives_and_its_list_has_as_many(rows: None, days: int) -> None:
    children = access.countable()
    found = lookback.count(children, FIRST, LAST, NOW)
    assert set(found) == {"", "Schools and education", "Police"}
    for group, back in found.items():
        window, expected = back.windows[days], by_hand(group, days)
        numbers = {OVER: window.over, BACK: window.back, NOT_OVER: window.waiting, NOT_OVER_BACK: window.waiting_back}
        assert numbers | window.as_what == expected
        for state, number in numbers.items():
            asked = Asked(FIRST, LAST, group, days, state)
            assert lookback.listed(children, asked, NOW).count() == number, (group, state)
        for became, number in window.as_what.items():
            asked = Asked(FIRST, LAST, group, days, BACK, became)
            assert lookback.listed(children, asked, NOW).count() == number, (group, became)
        assert lookback.listed(children, Asked(FIRST, LAST, group), NOW).count() == back.closed
    assert found[""].windows[days].back > 0, "something came back, or nothing was proved"


def test_who_is_not_known_across_contacts_is_counted_as_such(rosa: User) -> None:
    child = closed(rosa, 500)
    closed(rosa, 500, person=Person.objects.create())
    found = lookback.count(access.countable(), FIRST, LAST, NOW)[""]
    assert (found.closed, found.unknown, found.windows[90].over) == (2, 1, 1)
    assert lookback.listed(access.countable(), Asked(FIRST, LAST, state=UNKNOWN), NOW).get() == child


def test_who_has_had_no_time_to_come_back_is_not_counted_as_having_stayed_away(rosa: User) -> None:
    person = Person.objects.create()
    closed(rosa, 60, person=person)
    closed(rosa, 30, Outcome.SECTION_17, person)
    window = lookback.count(access.countable(), FIRST, LAST, NOW)[""].windows[90]
    assert (window.over, window.waiting, window.waiting_back, window.share) == (0, 1, 1, None)


def test_the_other_child_of_the_same_contact_is_no_return(rosa: User) -> None:
    person = Person.objects.create()
    child = closed(rosa, 300, person=person)
    Child.objects.create(
        contact=child.contact, person=person, agency=child.agency, source="2A", received_at=NOW - timedelta(days=290)
    )
    assert lookback.count(access.countable(), FIRST, LAST, NOW)[""].windows[90].back == 0


def test_it_is_counted_in_one_statement_and_a_restricted_record_is_not_in_it(rosa: User, maya: User) -> None:
    person = Person.objects.create()
    hidden = closed(rosa, 300, person=person)
    closed(rosa, 250, Outcome.SECTION_17, person)
    closed(rosa, 200, person=Person.objects.create())
    children = access.countable()
    with CaptureQueriesContext(connection) as queries:
        found = lookback.count(children, FIRST, LAST, NOW)[""]
    assert len(queries) == 1
    assert (found.closed, found.windows[90].back) == (2, 1)
    restricted(hidden.contact, by=maya)
    found = lookback.count(access.countable(), FIRST, LAST, NOW)[""]
    assert (found.closed, found.windows[90].back) == (1, 0)
