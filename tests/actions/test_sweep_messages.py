"""One message for one step, one for several; never a storm, never silence."""

from datetime import datetime

import pytest

from mash_portal.accounts.models import User
from referrals.escalation.sweep import sweep
from referrals.models import Escalation, Notice
from tests import build
from tests.actions.ladders import MINUTE, decision_only, notices
from tests.build import FRIDAY_AT_FOUR, hours


def test_the_portal_sends_one_message_to_a_person_who_has_several_steps_due(
    rosa: User, maya: User, helen: User
) -> None:
    references = [decision_only(build.received(rosa, at=FRIDAY_AT_FOUR)).reference for _ in range(3)]
    assert sweep(FRIDAY_AT_FOUR + hours(12)).fired == 3
    assert len(set(references)) == 3
    assert notices() == [("escalations", "", "Maya Shah")]


@pytest.mark.parametrize("batch", [1, 2, 3, 100])
def test_the_portal_sends_one_message_a_person_after_downtime_whatever_its_batches(
    rosa: User, maya: User, helen: User, batch: int
) -> None:
    for _ in range(4):
        decision_only(build.received(rosa, at=FRIDAY_AT_FOUR))
    now = FRIDAY_AT_FOUR + hours(72)
    assert sweep(now, batch=batch).fired == 16
    assert notices() == [("escalations", "", "Helen Okoro"), ("escalations", "", "Maya Shah")]
    assert sweep(now + MINUTE, batch=batch).fired == 0


def test_the_portal_gathers_what_comes_within_the_hour_of_a_message_about_several(rosa: User, maya: User) -> None:
    def two_at(moment: datetime) -> None:
        for _ in range(2):
            decision_only(build.received(rosa, at=moment))

    for minutes in (0, 20, 40):
        two_at(FRIDAY_AT_FOUR + MINUTE * minutes)
    start = FRIDAY_AT_FOUR + hours(12)
    sweep(start)
    Notice.objects.filter(template="escalations").update(sent_at=start)
    sweep(start + MINUTE * 20)
    sweep(start + MINUTE * 40)
    first, second = Notice.objects.filter(template="escalations").order_by("id")
    assert (first.next_attempt_at, second.next_attempt_at) == (start, start + hours(1))
    assert Escalation.objects.fired().count() == 6


def test_the_portal_does_not_gather_a_single_step_unless_it_has_sent_many(rosa: User, maya: User) -> None:
    for minute in range(8):
        decision_only(build.received(rosa, at=FRIDAY_AT_FOUR + MINUTE * minute))
    for minute in range(8):
        assert sweep(FRIDAY_AT_FOUR + hours(12) + MINUTE * minute).fired == 1
    assert [template for template, _, _ in notices()] == ["escalation"] * 5 + ["escalations"]


def test_the_portal_tells_of_a_new_step_although_it_sent_a_message_about_several_just_before(
    rosa: User, maya: User
) -> None:
    for _ in range(2):
        decision_only(build.received(rosa, at=FRIDAY_AT_FOUR))
    third = decision_only(build.received(rosa, at=FRIDAY_AT_FOUR + MINUTE))
    start = FRIDAY_AT_FOUR + hours(12)
    sweep(start)
    Notice.objects.filter(template="escalations").update(sent_at=start)
    sweep(start + MINUTE)
    assert notices() == [("escalation", third.reference, "Maya Shah"), ("escalations", "", "Maya Shah")]
