"""A check that is not answered: its agency is reminded, then the hub is told, by the ladder of its own clock."""

from typing import Any

import pytest

from mash_portal.accounts.models import Agency, User
from mash_portal.accounts.roles import Role
from referrals import relay
from referrals.enquiries import actions
from referrals.escalation.sweep import sweep
from referrals.models import Check, Escalation, Notice
from tests import build, checking
from tests.actions.after_sending import told
from tests.actions.ladders import MINUTE, names
from tests.build import hours
from tests.checking import asked, one_asked

pytestmark = pytest.mark.django_db


def only_checks() -> None:
    """Without the clocks of the contacts themselves, which other tests are about."""
    Escalation.objects.filter(deadline__about="").delete()


def test_the_agency_is_reminded_half_way_and_the_hub_is_told_when_it_is_late(
    rosa: User, grace: User, maya: User, omar: User
) -> None:
    check = one_asked(rosa, omar, worker=grace)
    only_checks()
    half = check.requested_at + (check.due_at - check.requested_at) / 2
    assert sweep(half - MINUTE).fired == 0
    assert sweep(half + MINUTE).fired == 1
    assert told("check_due") == [omar]
    sweep(check.due_at)
    due = check.contact.escalations.get(step="due")
    assert names(due) == {"Omar Khan", "Grace Lin", "Maya Shah"}
    assert told("check_due") == [omar, omar]
    assert {person.full_name for person in told("escalation")} == {"Grace Lin", "Maya Shah"}


def test_an_answer_a_closed_check_and_one_that_waits_for_a_manager_are_never_late(
    rosa: User, grace: User, omar: User, nell: User
) -> None:
    contact = build.claimed(rosa, worker=grace)
    police, health = asked(contact, omar, nell, by=grace)
    checking.answered(police, omar)
    checking.closed([health], grace)
    prepared = build.claimed(rosa, worker=grace, agreed=False)
    asked(prepared, omar, by=grace, legal_basis="public_task")
    only_checks()
    assert sweep(police.due_at + hours(48)).fired == 0
    assert told("check_due") == []


def test_whoever_refers_at_the_agency_and_the_referrers_agency_are_not_reminded(
    rosa: User, grace: User, maya: User, omar: User
) -> None:
    User.objects.create_user("cy@police.example", full_name="Cy Lee", agency=omar.agency, role=Role.REFERRER)
    left = User.objects.create_user("al@police.example", full_name="Al Lee", agency=omar.agency, role=Role.PARTNER)
    User.objects.filter(pk=left.pk).update(is_active=False)
    check = one_asked(rosa, omar, worker=grace)
    only_checks()
    sweep(check.due_at)
    assert {notice.to.full_name for notice in Notice.objects.filter(template="check_due")} == {"Omar Khan"}
    assert not Notice.objects.filter(template="reminder").exists()


def test_a_manager_stands_in_for_an_agency_without_accounts(rosa: User, grace: User, maya: User) -> None:
    housing = Agency.objects.create(name="Accord Housing", kind="housing", source="4")
    contact = build.claimed(rosa, worker=grace)
    [check] = actions.ask(contact.reference, checking.request(contact, housing), by=grace)
    only_checks()
    sweep(check.due_at)
    assert all("Maya Shah" in names(step) for step in check.contact.escalations.fired())
    assert told("check_due") == []


def test_a_reminder_leads_to_the_list_and_says_nothing_of_the_child(rosa: User, grace: User, omar: User) -> None:
    check = one_asked(rosa, omar, worker=grace)
    only_checks()
    sweep(check.due_at)
    for template in ("check_asked", "check_due"):
        notice = Notice.objects.filter(template=template).latest("id")
        claimed = relay.Claimed(notice.pk, template, notice.reference, 0, omar.email, omar.full_name, True)
        subject, text = relay.render(claimed)
        assert check.contact.reference in subject
        assert "/checks/to-answer/" in text
        assert "Noor" not in subject + text


@pytest.mark.parametrize("due", [1, 30])
def test_a_sweep_takes_as_many_statements_for_thirty_late_checks_as_for_one(
    rosa: User, maya: User, due: int, django_assert_max_num_queries: Any
) -> None:
    User.objects.system()
    grace, omar, nell = (build.player(name) for name in ("Grace", "Omar", "Nell"))
    for number in range(due):
        one_asked(rosa, (omar, nell)[number % 2], worker=grace)
    only_checks()
    Escalation.objects.filter(step="half").delete()
    late = Check.objects.latest("due_at").due_at
    with django_assert_max_num_queries(20):  # two more than a decision: what is owed, and by whom
        assert sweep(late).fired == due
