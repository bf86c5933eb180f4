"""Telling the referrer, and knowing that they have read it."""

from typing import Any

import pytest

from mash_portal.accounts.models import User
from referrals.feedback import actions
from referrals.models import Feedback, Notice
from referrals.refusals import NotYours, Refused
from referrals.vocabulary import Clock, Stage
from tests import build

pytestmark = pytest.mark.django_db

WORDS: dict[str, Any] = {
    "reason": "The team will visit.",
    "next_steps": "Keep watching.",
    "who_to_call": "Grace Lin, 01632 960100",
}


def test_the_worker_tells_the_referrer_and_the_feedback_clock_is_met(rosa: User, grace: User, maya: User) -> None:
    contact = build.decided(rosa, worker=grace, manager=maya)
    with pytest.raises(Refused, match="what the referrer should do next"):
        actions.give_feedback(contact.reference, **{**WORDS, "next_steps": " "}, by=grace, version=contact.version)
    assert not Feedback.objects.exists()
    actions.give_feedback(contact.reference, **WORDS, by=grace, version=contact.version)
    contact.refresh_from_db()
    assert contact.stage == Stage.CLOSED
    assert contact.deadlines.get(clock=Clock.FEEDBACK).met_at is not None
    assert Notice.objects.get(template="update").to == rosa


def test_feedback_is_given_once(rosa: User, grace: User, maya: User) -> None:
    contact = build.told(rosa, worker=grace, manager=maya)
    with pytest.raises(Refused, match="already been sent"):
        actions.give_feedback(contact.reference, **WORDS, by=grace, version=contact.version)
    assert Feedback.objects.count() == 1


def test_the_first_opening_is_recorded_and_stays(rosa: User, grace: User, maya: User) -> None:
    contact = build.told(rosa, worker=grace, manager=maya)
    first = actions.open_feedback(contact.reference, by=rosa)
    assert first is not None
    assert first.opened_by == rosa
    opened_at = first.opened_at
    again = actions.open_feedback(contact.reference, by=rosa)
    assert again is not None
    assert again.opened_at == opened_at
    assert contact.steps.filter(verb="read_feedback").count() == 1


def test_there_is_nothing_to_open_before_it_is_sent_and_the_hub_cannot_open_it_for_them(
    rosa: User, grace: User, maya: User
) -> None:
    contact = build.decided(rosa, worker=grace, manager=maya)
    assert actions.open_feedback(contact.reference, by=rosa) is None
    build_told = actions.give_feedback(contact.reference, **WORDS, by=maya, version=contact.version)
    with pytest.raises(NotYours):
        actions.open_feedback(contact.reference, by=grace)
    build_told.refresh_from_db()
    assert build_told.opened_at is None
