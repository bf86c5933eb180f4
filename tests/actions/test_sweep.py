"""Every step of a ladder fires once, on time, tells a person, and is on the record."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import Role
from mash_portal.audit.models import Event
from referrals.decision import actions as decisions
from referrals.escalation.sweep import sweep
from referrals.models import Duty, Escalation, Notice
from referrals.triage import actions as triage
from referrals.vocabulary import Clock, Outcome, Rag
from tests import build
from tests.actions.ladders import MINUTE, decision_only, names, notices, step
from tests.build import FRIDAY_AT_FOUR, hours


def test_the_portal_tells_the_team_manager_when_half_the_time_is_gone_and_nobody_has_claimed(
    rosa: User, maya: User, ivan: User
) -> None:
    contact = decision_only(build.received(rosa, at=FRIDAY_AT_FOUR))
    assert sweep(FRIDAY_AT_FOUR + hours(12) - MINUTE).fired == 0
    assert notices() == []
    now = FRIDAY_AT_FOUR + hours(12)
    assert sweep(now).fired == 1
    half = step(contact, "half")
    assert half.fired_at == now
    assert names(half) == {"Maya Shah"}
    assert notices() == [("escalation", contact.reference, "Maya Shah")]
    line = Event.objects.get(verb="escalated")
    assert (line.reference, line.details, line.by) == (
        contact.reference,
        {"step": "half", "told": [maya.pk]},
        User.objects.system(),
    )


def test_the_portal_fires_a_step_once_however_often_it_sweeps(rosa: User, maya: User) -> None:
    decision_only(build.received(rosa, at=FRIDAY_AT_FOUR))
    now = FRIDAY_AT_FOUR + hours(12)
    assert [sweep(now + MINUTE * minute).fired for minute in range(3)] == [1, 0, 0]
    assert Event.objects.filter(verb="escalated").count() == 1
    assert Notice.objects.filter(template="escalation").count() == 1


def test_the_portal_does_not_tell_anybody_of_an_unclaimed_contact_that_has_been_claimed(
    rosa: User, grace: User, maya: User
) -> None:
    contact = decision_only(build.claimed(rosa, worker=grace, at=FRIDAY_AT_FOUR))
    result = sweep(FRIDAY_AT_FOUR + hours(12))
    assert (result.fired, result.skipped) == (0, 1)
    assert step(contact, "half").cancelled_at == FRIDAY_AT_FOUR + hours(12)
    assert notices() == []


def test_the_portal_tells_the_owner_and_the_manager_before_the_time_is_up(rosa: User, grace: User, maya: User) -> None:
    contact = decision_only(build.claimed(rosa, worker=grace, at=FRIDAY_AT_FOUR))
    sweep(FRIDAY_AT_FOUR + hours(20))
    [soon] = contact.escalations.fired()
    assert names(soon) == {"Grace Lin", "Maya Shah"}


def test_the_portal_tells_the_manager_alone_when_nobody_or_somebody_who_has_left_is_the_owner(
    rosa: User, grace: User, maya: User
) -> None:
    for contact in (build.received(rosa, at=FRIDAY_AT_FOUR), build.claimed(rosa, worker=grace, at=FRIDAY_AT_FOUR)):
        decision_only(contact).escalations.exclude(roles__contains=["owner"]).delete()
    User.objects.filter(pk=grace.pk).update(is_active=False)
    assert sweep(FRIDAY_AT_FOUR + hours(20)).fired == 2
    assert [names(one) for one in Escalation.objects.fired()] == [{"Maya Shah"}, {"Maya Shah"}]


def test_the_portal_tells_whoever_is_on_duty_for_a_role(rosa: User, maya: User, ivan: User) -> None:
    contact = decision_only(build.received(rosa, at=FRIDAY_AT_FOUR))
    Duty.objects.create(role=Role.TEAM_MANAGER, person=ivan)
    sweep(FRIDAY_AT_FOUR + hours(12))
    assert names(step(contact, "half")) == {"Ivan Petrov"}


def test_the_portal_repeats_every_four_hours_until_somebody_decides(
    rosa: User, grace: User, maya: User, helen: User
) -> None:
    contact = decision_only(build.assessed(rosa, worker=grace, at=FRIDAY_AT_FOUR))
    due = FRIDAY_AT_FOUR + hours(24)
    fired = []
    for late in (4, 8, 12):
        sweep(due + hours(late))
        fired += list(Escalation.objects.filter(fired_at=due + hours(late)).exclude(step="due"))
    late_ones = [one for one in fired if one.step.startswith("late")]
    assert [(one.step, one.due_at - due) for one in late_ones] == [
        ("late", hours(4)),
        ("late-2", hours(8)),
        ("late-3", hours(12)),
    ]
    assert all(names(one) == {"Helen Okoro"} for one in late_ones)
    build.recommend(contact, Outcome.SECTION_17, by=grace)
    contact.refresh_from_db()
    decisions.sign_off(contact.reference, by=maya, version=contact.version, why_nfa_still_right="")
    contact.escalations.filter(deadline__clock__in=(Clock.FEEDBACK, Clock.HANDOVER)).delete()
    assert sweep(due + hours(16)).fired == 0
    assert not Escalation.objects.due(due + hours(400)).exists()


def test_the_portal_does_not_make_up_for_repeats_that_it_missed(rosa: User, maya: User, helen: User) -> None:
    contact = decision_only(build.received(rosa, at=FRIDAY_AT_FOUR))
    due = FRIDAY_AT_FOUR + hours(24)
    sweep(due + hours(4))
    sweep(due + hours(50))
    assert step(contact, "late-2").due_at == due + hours(8)
    assert step(contact, "late-3").due_at == due + hours(52)
    assert not contact.escalations.filter(step="late-4").exists()


def test_the_portal_never_fires_a_repeat_that_was_armed_while_the_decision_was_made(
    rosa: User, grace: User, maya: User, helen: User
) -> None:
    contact = decision_only(build.decided(rosa, worker=grace, manager=maya))
    contact.escalations.filter(deadline__clock__in=(Clock.FEEDBACK, Clock.HANDOVER)).delete()
    deadline = contact.deadlines.get(clock=Clock.DECISION)
    armed = Escalation.objects.create(
        deadline=deadline, contact=contact, step="late-2", label="Late", due_at=FRIDAY_AT_FOUR, roles=["team_manager"]
    )
    result = sweep(FRIDAY_AT_FOUR + hours(400_0))
    assert (result.fired, result.skipped) == (0, 1)
    armed.refresh_from_db()
    assert armed.fired_at is None


def test_the_portal_still_fires_when_the_hub_has_no_manager(rosa: User) -> None:
    contact = decision_only(build.received(rosa, at=FRIDAY_AT_FOUR))
    assert sweep(FRIDAY_AT_FOUR + hours(12)).fired == 1
    assert names(step(contact, "half")) == set()


def test_the_portal_does_not_tell_twice_what_a_change_of_priority_makes_due_again(
    rosa: User, grace: User, maya: User, helen: User
) -> None:
    received_at = datetime.now(UTC) - hours(21)
    contact = decision_only(build.received(rosa, at=received_at))
    triage.claim(contact.reference, by=grace)
    sweep()
    told_before = Escalation.objects.fired().count()
    build.rated(contact, Rag.RED, by=grace)
    sweep()
    assert told_before == 1
    steps = list(Escalation.objects.fired().values_list("step", flat=True))
    assert len(steps) == len(set(steps))


def test_the_portal_counts_by_the_clock_of_the_database_when_no_time_is_given(rosa: User, maya: User) -> None:
    decision_only(build.received(rosa, at=datetime.now(UTC) - hours(12) - MINUTE))
    decision_only(build.received(rosa, at=datetime.now(UTC) - hours(12) + 10 * MINUTE))
    assert sweep().fired == 1


@pytest.mark.parametrize("due", [0, 1, 30])
def test_a_sweep_takes_as_many_statements_for_thirty_steps_as_for_one(
    rosa: User, maya: User, due: int, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    User.objects.system()
    for _ in range(due):
        decision_only(build.received(rosa, at=FRIDAY_AT_FOUR))
    if due == 0:
        with django_assert_num_queries(1):
            sweep(FRIDAY_AT_FOUR + hours(12))
    else:
        with django_assert_max_num_queries(18):
            assert sweep(FRIDAY_AT_FOUR + hours(12)).fired == due
