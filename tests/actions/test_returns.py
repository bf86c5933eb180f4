"""The inspection lists and the census checks, over a hub that has seen everything that changes a count."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals import access, decided
from referrals.codes import SOURCE_ANNEX
from referrals.decision import actions as decisions
from referrals.following import actions as following
from referrals.handover import actions as handing
from referrals.insight import queries
from referrals.models import Child, Contact, Decision, Handover, Person, Referral
from referrals.restricted.actions import lift
from referrals.returns import actions, checks
from referrals.returns.checks import Checked
from referrals.returns.lists import LISTS, MONTHS
from referrals.rules.period import Period, months_back
from referrals.sheets import Kind
from referrals.vocabulary import Outcome
from tests import build
from tests.history_file import another, imported, written
from tests.restricting import restricted

pytestmark = pytest.mark.django_db

#: A Friday; the six months up to it begin on 21 May.
NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
PERIOD = months_back(NOW.date(), MONTHS)
TWO = [{"given_names": name, "family_name": "Aziz", "sex": "F", "ethnicity": "APKN"} for name in ("Noor", "Sami")]
UNBORN = {"family_name": "Moss", "expected_date": date(2027, 3, 1), "sex": "U", "ethnicity": "WBRI"}


@pytest.fixture(autouse=True)
def _on_that_friday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def listed(key: str, period: Period = PERIOD) -> list[dict[str, Any]]:
    """The rows of a list as mappings, by the headings of its columns."""
    one = LISTS[key]
    rows = [dict(zip(one.headings, row, strict=True)) for row in one.rows(access.countable(), period)]
    assert len(rows) == one.count(access.countable(), period)
    return rows


def checked(period: Period = PERIOD) -> Checked:
    return checks.check(access.countable(), period)


def anew(contact: Contact, outcome: Outcome, *, by: User, manager: User, **said: Any) -> None:
    """Reopened, and decided again."""
    decisions.reopen(contact.reference, reason="The mother has changed her mind", by=manager)
    build.assess(contact, by=by)
    build.recommend(contact, outcome, by=by, **said)
    contact.refresh_from_db()
    why = "Nothing new has come in, and the school has seen her every day."
    decisions.sign_off(contact.reference, by=manager, version=contact.version, why_nfa_still_right=why)


def pushed_back(contact: Contact, *, by: User, manager: User) -> None:
    advice = {"advice": "Talk to the family first", "advice_service": "School nurse"}
    anew(contact, Outcome.NFA_PUSHBACK, by=by, manager=manager, texts=advice, advice_level=2)


@pytest.fixture
def population(rosa: User, grace: User, maya: User, tmp_path: Path) -> Mapping[str, Contact]:
    """Everything that could make one count differ from another. Rosa sends it all, but for what was brought over."""
    by: dict[str, Any] = {"worker": grace, "manager": maya}
    sibling = {**TWO[0], "given_names": "Zaki", "in_scope": False}
    found = {
        "several": build.decided(rosa, **by, children=[*TWO, sibling]),
        "unborn": build.received(rosa, at=NOW - timedelta(days=2), children=[UNBORN]),
        "withdrawn": build.received(rosa, at=NOW - timedelta(days=3)),
        "restricted": build.decided(rosa, **by, children=TWO),
        "reopened": build.decided(rosa, **by, children=TWO[:1]),
        "early help": build.decided(rosa, **by, outcome=Outcome.EARLY_HELP),
        "old": build.received(rosa, at=NOW - timedelta(days=400)),
    }
    following.withdraw(found["withdrawn"].reference, reason="Sent twice", by=rosa)
    restricted(found["restricted"], by=maya)
    pushed_back(found["reopened"], by=grace, manager=maya)
    moments = [
        "2026-05-20T23:59:59",  # London, the day before the first
        "2026-05-21T00:00:00",
        "2026-10-25T01:30:00",  # the hour that is there twice
        "2026-11-19T23:59:59",
    ]
    rows = [another(received_at=at, decided_at="2026-11-20T09:00:00", feedback_at="") for at in moments]
    rows += [another(received_at=moments[2], decided_at="2026-10-26T09:00:00", feedback_at="", outcome="section_17")]
    assert imported(written(tmp_path / "history.csv", rows))[2] == ""
    return found


def test_list_1_has_exactly_the_rows_that_the_dashboard_counts(population: Mapping[str, Contact]) -> None:
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
    rosa: User, grace: User, maya: User, zofia: User, population: Mapping[str, Contact]
) -> None:
    handover = Handover.objects.filter(contact=population["several"]).earliest("pk")
    handing.accept(population["several"].reference, handover.pk, by=zofia)
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
    population: Mapping[str, Contact], maya: User, key: str, more: int
) -> None:
    contact, before = population["restricted"], listed(key)
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


@pytest.mark.parametrize("key", LISTS)
def test_whoever_takes_a_list_away_is_written_down_with_its_days_and_rows(
    population: Mapping[str, Contact], helen: User, key: str
) -> None:
    rows = listed(key)
    content = actions.take(LISTS[key], PERIOD, Kind.CSV, by=helen)
    first, *others = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert first == list(LISTS[key].headings)
    assert [[_as_csv(cell) for cell in row.values()] for row in rows] == others
    line = Event.objects.latest("pk")
    assert (line.verb, line.by, line.reference) == ("return_taken", helen, "")
    assert line.details == {
        "list": key,
        "kind": "csv",
        "from": "2026-05-21",
        "to": "2026-11-20",
        "rows": len(rows),
    }
    sheet: Any = load_workbook(io.BytesIO(actions.take(LISTS[key], PERIOD, Kind.XLSX, by=helen))).active
    assert [cell.value for cell in sheet[1]] == first
    assert sheet.max_row == len(rows) + 1
    assert sheet["D2"].number_format == "dd/mm/yyyy"


def _as_csv(cell: object) -> str:
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return "" if cell is None else str(cell)


def broken(found: Checked) -> Sequence[tuple[str, str]]:
    return [(one.rule, one.sentence) for one in found.broken]


def test_the_checks_find_each_fault_with_its_record_and_none_in_a_good_one(rosa: User, grace: User, maya: User) -> None:
    good = build.received(rosa, children=TWO)
    assert (checked().rows, checked().in_order, broken(checked())) == (2, 2, [])
    bad = build.decided(rosa, worker=grace, manager=maya, children=[{"given_names": "Ali", "sex": "M"}])
    found = checked()
    assert (found.rows, found.in_order) == (3, 2)
    assert {one.contact for one in found.broken} == {bad.pk} != {good.pk}
    assert broken(found) == [
        ("primary_need", "No primary need is recorded."),
        ("ethnicity", "No ethnicity is recorded."),
    ]
    assert found.counts() == {"primary_need": 1, "ethnicity": 1}


def test_the_primary_need_that_was_recommended_is_the_referrals_and_of_nothing_else(
    rosa: User, grace: User, maya: User
) -> None:
    said = {}
    for outcome in (Outcome.SECTION_17, Outcome.EARLY_HELP):
        contact = build.assessed(rosa, worker=grace, children=TWO)
        noor, sami = contact.children.order_by("pk")
        what = replace(build.recommendation(contact, outcome), needs={noor.pk: "N1", sami.pk: "N5"})
        contact.refresh_from_db()
        decision = decisions.recommend(contact.reference, what, by=grace, version=contact.version)
        contact.refresh_from_db()
        decisions.sign_off(contact.reference, by=maya, version=contact.version)
        said[outcome] = list(decision.outcomes.order_by("child").values_list("need", flat=True))
    assert said == {Outcome.SECTION_17: ["N1", "N5"], Outcome.EARLY_HELP: ["", ""]}
    assert list(Referral.objects.order_by("child").values_list("need", flat=True)) == ["N1", "N5"]
    shown = decided.outcome_rows(Decision.objects.earliest("pk"))
    assert shown[1]["value"] == "Assessment (section 17). Primary need: Family dysfunction"
    assert broken(checked()) == []


def test_the_checks_look_at_a_referral_of_the_period_whose_contact_came_before_it(
    rosa: User, grace: User, maya: User
) -> None:
    contact = build.decided(rosa, worker=grace, manager=maya, children=TWO[:1])
    early = NOW - timedelta(days=200)
    Child.objects.filter(contact=contact).update(received_at=early)
    assert (len(listed("contacts")), len(listed("referrals"))) == (0, 1)
    assert checked().rows == 1
    Referral.objects.update(referred_at=early)
    assert checked().rows == 0


def test_the_checks_find_activity_after_no_further_action(rosa: User, grace: User, maya: User) -> None:
    contact = build.decided(rosa, worker=grace, manager=maya, children=TWO[:1])
    pushed_back(contact, by=grace, manager=maya)
    assert broken(checked()) == []
    Referral.objects.update(ended_at=None, need="N1")
    contact.handovers.update(ended_at=None)
    later = build.discussed(build.claimed(rosa, worker=grace, children=TWO[:1]), by=grace)
    type(later).objects.update(contact=contact, called_at=NOW + timedelta(hours=1))
    later.children.set(contact.children.all())
    [(rule, sentence)] = broken(checked())
    assert rule == "no_further_action"
    for words in (checks.HANDED_OVER, checks.DISCUSSED, checks.STILL_REFERRED):
        assert words in sentence
    decisions.reopen(contact.reference, reason="The mother has changed her mind", by=maya)
    assert broken(checked()) == [], "it is being decided anew"


def test_the_checks_are_as_many_queries_whatever_they_look_at(rosa: User, grace: User, maya: User) -> None:
    for rows in (1, 3):
        build.decided(rosa, worker=grace, manager=maya, children=TWO[: rows - checked().rows])
        children = access.countable()
        with CaptureQueriesContext(connection) as captured:
            assert checks.check(children, PERIOD).rows == rows
        assert len(captured) == 6


def test_whoever_runs_the_checks_is_written_down_and_no_restricted_record_is_looked_at(
    population: Mapping[str, Contact], helen: User
) -> None:
    found = actions.check(PERIOD, by=helen)
    assert population["restricted"].pk not in {one.contact for one in found.broken}
    assert found.rows == len(listed("contacts"))
    line = Event.objects.latest("pk")
    assert (line.verb, line.by) == ("returns_checked", helen)
    assert line.details == {"from": "2026-05-21", "to": "2026-11-20", "rows": found.rows, "faults": len(found.broken)}
