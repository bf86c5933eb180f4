"""The inspection lists and the census checks, over a hub that has seen everything that changes a count."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals import access
from referrals.codes import SOURCE_ANNEX
from referrals.handover import actions as handing
from referrals.insight import queries
from referrals.models import Child, Contact, Handover, Person, Referral
from referrals.restricted.actions import lift
from referrals.returns.lists import LISTS, MONTHS
from referrals.rules.period import months_back
from referrals.vocabulary import Outcome
from tests import build
from tests.history_file import another, imported, written
from tests.restricting import restricted

#: A Friday; the six months up to it begin on 21 May.
from tests.returning import NOW, PERIOD, TWO, UNBORN, listed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_that_friday")]


def test_list_1_has_exactly_the_rows_that_the_dashboard_counts(population_of_returns: Mapping[str, Contact]) -> None:
    rows = listed("contacts")
    assert len(rows) == 10, "two, unborn, withdrawn, reopened, early help, and four of those brought over"
    for period in (PERIOD, months_back(PERIOD.last - timedelta(days=1), MONTHS), months_back(PERIOD.first, MONTHS)):
        found = queries.summary(access.countable(), period, timezone.now())
        assert len(listed("contacts", period)) == found.total.contacts
        annexes = {SOURCE_ANNEX[source]: row.contacts for source, row in found.sources.items()}
        assert Counter(row["Contact Source"] for row in listed("contacts", period)) == annexes
        by_day = Counter(str(row["Date of Contact"])[:7] for row in listed("contacts", period))
        assert by_day == {month: row.contacts for month, row in found.months.items() if row.contacts}
    assert len(listed("contacts", months_back(PERIOD.first, MONTHS))) == 2, "the first day, and the one before"


@pytest.mark.parametrize(
    ("last", "inside", "outside"),
    [
        # the clocks go forward on 29 March 2026 and back on 25 October 2026
        (date(2026, 3, 29), datetime(2026, 3, 29, 22, 59, 59, tzinfo=UTC), datetime(2026, 3, 29, 23, tzinfo=UTC)),
        (date(2026, 3, 28), datetime(2026, 3, 28, 23, 59, 59, tzinfo=UTC), datetime(2026, 3, 29, 0, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 23, 59, 59, tzinfo=UTC), datetime(2026, 10, 26, tzinfo=UTC)),
        (date(2026, 10, 24), datetime(2026, 10, 24, 22, 59, 59, tzinfo=UTC), datetime(2026, 10, 24, 23, tzinfo=UTC)),
        # and the first moment of six months that begin in summer time
        (date(2026, 10, 25), datetime(2026, 4, 25, 23, tzinfo=UTC), datetime(2026, 4, 25, 22, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_contact_at_londons_midnight_is_in_the_list_where_it_is_on_the_dashboard(
    rosa: User, last: date, inside: datetime, outside: datetime
) -> None:
    for moment in (inside, outside):
        build.received(rosa, at=moment)
    period = months_back(last, MONTHS)
    [row] = listed("contacts", period)
    assert row["Date of Contact"] in {period.first, period.last}
    assert queries.summary(access.countable(), period, timezone.now()).total.contacts == 1


def test_list_1_says_of_each_child_what_the_inspection_asks_for(rosa: User) -> None:
    person = Person.objects.create(external_reference="C005830")
    children: list[dict[str, Any]] = [
        {**TWO[0], "person": person, "date_of_birth": date(2016, 11, 20)},
        UNBORN,
        {"given_names": "Ali", "date_of_birth": None, "estimated_age": 7},
    ]
    contact = build.received(rosa, at=NOW - timedelta(days=1), children=children)
    first, unborn, unknown = listed("contacts")
    assert list(first) == [
        "Child Unique ID",
        "Gender",
        "Ethnicity",
        "Date of Birth",
        "Age of Child (Years)",
        "Date of Contact",
        "Contact Source",
    ]
    yesterday = date(2026, 11, 19)
    assert list(first.values()) == [
        "C005830",
        "b) Female",
        "k) APKN",
        date(2016, 11, 20),
        9,
        yesterday,
        "e) 2A: Schools",
    ]
    number = f"MASHP{contact.children.get(family_name='Moss').person_id:010}"
    assert list(unborn.values())[:5] == [number, "c) Not stated/recorded", "a) WBRI", date(2027, 3, 1), None]
    assert list(unknown.values())[1:5] == ["c) Not stated/recorded", "", None, 7]


def test_list_3_says_what_became_of_each_referral(
    rosa: User, grace: User, maya: User, zofia: User, population_of_returns: Mapping[str, Contact]
) -> None:
    handover = Handover.objects.filter(contact=population_of_returns["several"]).earliest("pk")
    handing.accept(population_of_returns["several"].reference, handover.pk, by=zofia)
    rows = listed("referrals")
    assert list(rows[0]) == [
        "Child Unique ID",
        "Gender",
        "Ethnicity",
        "Date of Birth",
        "Age of Child (Years)",
        "Date of referral",
        "Referral Source",
        "Referral NFA?",
        "Number of Referrals in Last 12 Months",
        "Allocated Team",
        "Allocated Worker",
    ]
    told = [[row["Date of referral"], *list(row.values())[7:]] for row in rows]
    today = NOW.date()
    assert sorted(told[1:], key=str) == sorted(
        [
            [today, "b) No", 0, "Assessment Team", zofia.full_name],
            [today, "b) No", 0, "Assessment Team", ""],
            [today, "a) Yes", 0, "Assessment Team", ""],
        ],
        key=str,
    )
    assert told[0] == [date(2026, 10, 26), "b) No", 0, "", ""], "an earlier system does not say who took it on"


def test_list_3_counts_the_other_referrals_of_the_same_child_and_no_restricted_one(
    rosa: User, grace: User, maya: User
) -> None:
    person = Person.objects.create()
    child = {**TWO[0], "person": person}
    made = [build.decided(rosa, worker=grace, manager=maya, children=[child]) for _ in range(4)]
    for contact, days in zip(made, (396, 364, 30, 0), strict=True):
        Referral.objects.filter(child__contact=contact).update(referred_at=NOW - timedelta(days=days))
    assert [row["Number of Referrals in Last 12 Months"] for row in listed("referrals")] == [1, 2]
    assert len({row["Child Unique ID"] for row in [*listed("referrals"), *listed("contacts")]}) == 1
    restricted(made[2], by=maya)
    assert [row["Number of Referrals in Last 12 Months"] for row in listed("referrals")] == [1]


def test_list_2_has_a_child_once_with_the_last_offer_and_its_answer(
    rosa: User, grace: User, maya: User, dev: User
) -> None:
    first = build.decided(rosa, worker=grace, manager=maya, outcome=Outcome.EARLY_HELP)
    second = build.decided(rosa, worker=grace, manager=maya, outcome=Outcome.EARLY_HELP)
    build.decided(rosa, worker=grace, manager=maya, outcome=Outcome.SECTION_17)
    handing.decline(first.reference, first.handovers.get().pk, reason="They live elsewhere", by=dev)
    again = build.agency("Family Hub")
    type(again).objects.filter(pk=again.pk).update(receives=[Outcome.EARLY_HELP])
    again.refresh_from_db()
    handing.offer(first.reference, first.handovers.get().pk, team=again, note="", by=maya)
    handing.accept(second.reference, second.handovers.get().pk, by=dev)
    rows = listed("early-help")
    assert [(row["Team"], row["Answer"], row["Date of Answer"]) for row in rows] == [
        ("Early Help Hub", "Accepted", NOW.date()),
        ("Family Hub", "Waiting", None),
    ]
    handing.decline(first.reference, first.handovers.latest("pk").pk, reason="Full", by=maya)
    assert {row["Answer"] for row in listed("early-help")} == {"Accepted", "Sent back"}


@pytest.mark.parametrize(("key", "more"), [("contacts", 2), ("early-help", 0), ("referrals", 2)])
def test_no_list_holds_a_restricted_record_or_a_name(
    population_of_returns: Mapping[str, Contact], maya: User, key: str, more: int
) -> None:
    contact, before = population_of_returns["restricted"], listed(key)
    people = {f"MASHP{child.person_id:010}" for child in contact.children.all()}
    assert before
    assert not people & {str(row["Child Unique ID"]) for row in before}
    known = {child.given_names for child in Child.objects.exclude(given_names="")}
    assert not known & {str(cell) for row in before for cell in row.values()}
    lift(contact.reference, reason="They have left", by=maya, version=contact.version)
    assert len(listed(key)) == len(before) + more


def test_a_referral_brought_over_is_one_and_brought_over_twice_it_is_one(tmp_path: Path) -> None:
    days = {"received_at": "2026-10-01T09:00:00", "decided_at": "2026-10-02T09:00:00", "feedback_at": ""}
    path = written(tmp_path / "few.csv", [another(**days, outcome="section_17"), another(**days)])
    for _ in range(2):
        assert imported(path)[2] == ""
    referral = Referral.objects.get()
    assert (referral.outcome, referral.need, referral.ended_at) == ("section_17", "N0", None)
    assert referral.referred_at == referral.child.decided_at
    assert [row["Date of referral"] for row in listed("referrals")] == [date(2026, 10, 2)]


@pytest.mark.parametrize(("key", "queries_made"), [("contacts", 1), ("early-help", 1), ("referrals", 3)])
def test_a_list_is_as_many_queries_whatever_its_length(
    rosa: User, grace: User, maya: User, key: str, queries_made: int
) -> None:
    outcome = Outcome.EARLY_HELP if key == "early-help" else Outcome.SECTION_17
    for rows in (1, 3):
        build.decided(rosa, worker=grace, manager=maya, outcome=outcome, children=TWO[: rows - len(listed(key))])
        children = access.countable()
        with CaptureQueriesContext(connection) as captured:
            assert len(list(LISTS[key].rows(children, PERIOD))) == rows
        assert len(captured) == queries_made
