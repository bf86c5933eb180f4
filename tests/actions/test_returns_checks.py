"""The checks of the returns: each fault with its record, and none in a good one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals import access, decided
from referrals.decision import actions as decisions
from referrals.models import Child, Contact, Decision, Referral
from referrals.returns import actions, checks
from referrals.returns.checks import Checked
from referrals.vocabulary import Outcome
from tests import build
from tests.returning import NOW, PERIOD, TWO, checked, listed, pushed_back

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_that_friday")]


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
    population_of_returns: Mapping[str, Contact], helen: User
) -> None:
    found = actions.check(PERIOD, by=helen)
    assert population_of_returns["restricted"].pk not in {one.contact for one in found.broken}
    assert found.rows == len(listed("contacts"))
    line = Event.objects.latest("pk")
    assert (line.verb, line.by) == ("returns_checked", helen)
    assert line.details == {"from": "2026-05-21", "to": "2026-11-20", "rows": found.rows, "faults": len(found.broken)}
