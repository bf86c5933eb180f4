"""What the partnership reads of the audits: no small number, nor what one could be worked out from."""

import io
from collections import Counter
from dataclasses import dataclass

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.assurance.measures import Grades, Report, agreed
from referrals.assurance.partnership import ASKED, Told, group_rows
from referrals.rules.suppression import ABOUT_HIDDEN, HIDDEN, LEAST
from referrals.vocabulary.learning import AuditQuestion
from tests import auditing as audits
from tests import build
from tests.pages.browsing import words
from tests.pages.casework import text


@pytest.fixture
def audited(rosa: User, grace: User, maya: User, priya: User) -> None:
    """Seven audits of schools: six are good and the level was right; one is inadequate and it was wrong."""
    for number in range(7):
        case = audits.given_out(build.decided(rosa, worker=grace, manager=maya), auditor=priya)
        wrong = {"overall": 4, "threshold_right": False} if not number else {}
        audits.audited(case, by=priya, **wrong)


@pytest.mark.usefixtures("audited")
def test_one_of_seven_is_not_told_apart_in_the_report_nor_in_its_files(client: Client, ana: User) -> None:
    client.force_login(ana)
    page = words(text(client.get("/assurance/report/")))
    assert "7 audits in this period" in page
    assert "7 audits of 7 sampled cases. The level decided was right in [c] of them." in page
    assert "Grade overall 0 [c] 0 [c]" in page
    assert "Threshold 0 7 (100.0%) 0 0" in page
    assert "Schools and education [c] [c] [c]" in page, "one group alone is the whole"
    assert "85.7%" not in page
    assert ABOUT_HIDDEN in page
    book = load_workbook(io.BytesIO(client.get("/assurance/report/?as=xlsx").content))
    assert [cell.value for cell in book["By agencies"][2]] == ["Schools and education", HIDDEN, HIDDEN, HIDDEN]
    assert book["About"]["A2"].value == ABOUT_HIDDEN


@pytest.mark.usefixtures("audited")
def test_a_copy_of_the_report_is_in_the_trail_with_its_table_and_days(client: Client, helen: User) -> None:
    client.force_login(helen)
    client.get("/assurance/report/?as=csv&table=2&start=2026-01-01&end=2026-10-31")
    assert Event.objects.get(verb="exported:figures").details == {
        "page": "audits",
        "kind": "csv",
        "tables": ["By agencies"],
        "filters": {"start": "2026-01-01", "end": "2026-10-31"},
        "small_numbers": "hidden",
    }


@pytest.mark.parametrize(("name", "small"), [("helen", "shown"), ("ana", "hidden")])
def test_a_copy_of_the_look_back_is_in_the_trail_with_its_group_and_whether_small_numbers_are_in_it(
    client: Client, name: str, small: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(name))
    client.get("/assurance/look-back/?as=csv&group=Health&start=2026-01-01&end=2026-10-31")
    assert Event.objects.get(verb="exported:figures").details == {
        "page": "nfa-look-back",
        "kind": "csv",
        "tables": ["NFA look back"],
        "filters": {"start": "2026-01-01", "end": "2026-10-31", "group": "Health"},
        "small_numbers": small,
    }


@dataclass
class Said:
    """Some audits: how many were right, and how many got each grade."""

    right: int
    grades: tuple[int, int, int, int]


def grades(said: Said) -> Grades:
    found = Grades(audits=sum(said.grades), right=min(said.right, sum(said.grades)))
    found.overall = Counter(dict(zip(range(1, 5), said.grades, strict=True)))
    found.questions = {question: Counter(found.overall) for question in AuditQuestion}
    return found


NUMBER = st.one_of(st.integers(0, 6), st.integers(0, 30))
SOME = st.builds(Said, NUMBER, st.tuples(NUMBER, NUMBER, NUMBER, NUMBER))


@settings(max_examples=150, deadline=None)
@given(SOME)
def test_nobody_works_a_small_number_of_audits_out(said: Said) -> None:
    total = grades(said)
    told = Told(Report(total.audits, total, {}, agreed([]), 0, 0, 0))
    for key, number in told.counts.items():
        assert key in told.hidden or number not in range(1, LEAST)
    for row in told.sheets[0].rows:
        assert row[0] in ASKED.values()
        if list(row).count(HIDDEN) == 1:
            assert "%" not in f"{row}", "one that is hidden is what the others leave of the whole"
            assert told.say(("all", "audits")) == HIDDEN
    if total.audits >= LEAST:
        hidden = [told.say(key) == HIDDEN for key in (("all", "right"), ("all", "wrong")) if told.counts[key]]
        assert len(set(hidden)) == 1, "either says the other"


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(NUMBER, NUMBER), min_size=1, max_size=4))
def test_nobody_works_a_small_group_out_from_the_others_and_the_whole(groups: list[tuple[int, int]]) -> None:
    """(right, wrong) of each group, good where they are right; whoever reads knows how many of each there are."""
    some = {f"{n}": Said(right, (0, right, wrong, 0)) for n, (right, wrong) in enumerate(groups) if right + wrong}
    found = {name: grades(said) for name, said in some.items()}
    rows = group_rows(found)
    assert [row[1] for row in rows].count(HIDDEN) != 1 or len(rows) == 1
    for row, one in zip(rows, found.values(), strict=True):
        assert row[1] == HIDDEN or one.audits >= LEAST
        if row[2] != HIDDEN:
            assert {one.right, one.audits - one.right}.isdisjoint(range(1, LEAST))
    for column in (2, 3):
        assert [row[column] for row in rows].count(HIDDEN) != 1 or len(rows) == 1
