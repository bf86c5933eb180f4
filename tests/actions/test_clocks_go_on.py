"""What becomes of each clock when a contact is opened again, and when a clock is computed again."""

from collections.abc import Callable
from typing import Any

import pytest

from referrals.decision import actions as decisions
from referrals.feedback import actions as feedback
from referrals.models import Contact, DisagreementStage
from referrals.rebasing import FIXED
from referrals.rules.clocks import DEFAULTS
from referrals.vocabulary import Clock
from tests import build, disagreeing
from tests.actions.test_every_clock import (
    STORIES,
    Cast,
    Opens,
    Story,
    answer_back,
    decided,
    disagreed,
    give_feedback,
    question_back,
    sign_off,
    told,
)
from tests.ticking import again, ruled

pytestmark = pytest.mark.django_db


def reopen(cast: Cast, contact: Contact) -> None:
    decisions.reopen(contact.reference, reason="The hospital rang", by=cast["Maya"])
    contact.refresh_from_db()


def state(contact: Contact, clock: Clock) -> list[str]:
    rows = contact.deadlines.filter(clock=clock).order_by("id")
    return ["met" if row.met_at else "no longer owed" if row.cancelled_at else "runs" for row in rows]


@pytest.mark.parametrize(
    ("clock", "opens", "after"),
    [
        (Clock.FEEDBACK, decided, ["no longer owed"]),
        (Clock.FEEDBACK_READ, told, ["no longer owed"]),
        (Clock.QUESTION_BACK, question_back, ["runs"]),
        (Clock.DISAGREEMENT_1, disagreed(1), ["runs"]),
        (Clock.DECISION, decided, ["met", "runs"]),
        (Clock.STATUTORY, decided, ["met", "runs"]),
    ],
)
def test_reopening_ends_what_is_owed_no_more_and_leaves_what_people_still_wait_for(
    clock: Clock, opens: Opens, after: list[str]
) -> None:
    cast = Cast()
    contact = opens(cast)
    reopen(cast, contact)
    assert state(contact, clock) == after


def test_a_question_about_the_feedback_is_answered_after_a_reopening_and_its_clock_is_met() -> None:
    cast = Cast()
    contact = question_back(cast)
    reopen(cast, contact)
    answer_back(cast, contact)
    assert state(contact, Clock.QUESTION_BACK) == ["met"]


def test_the_new_feedback_after_a_reopening_has_a_reading_clock_of_its_own() -> None:
    cast = Cast()
    contact = told(cast)
    feedback.open_feedback(contact.reference, by=cast["Rosa"])
    reopen(cast, contact)
    sign_off(cast, contact)
    contact.refresh_from_db()
    give_feedback(cast, contact)
    assert state(contact, Clock.FEEDBACK_READ) == ["met", "runs"]
    feedback.open_feedback(contact.reference, by=cast["Rosa"])
    assert state(contact, Clock.FEEDBACK_READ) == ["met", "met"]


def test_a_disagreement_ends_with_the_new_decision_and_no_clock_of_it_runs_on() -> None:
    cast = Cast()
    contact = disagreed(1)(cast)
    cast["Ivan"] = build.player("Ivan")
    disagreeing.answered(contact, by=cast["Ivan"], spoke=True)
    reopen(cast, contact)
    sign_off(cast, contact)
    assert not contact.deadlines.live().filter(clock=Clock.DISAGREEMENT_1).exists()


# computing again reaches the row of its own


def shown(contact: Contact, clock: Clock) -> Any:
    """The due time as the thing itself has it, for clocks of which a row besides the deadline shows it."""
    contact.refresh_from_db()
    rows: dict[Clock, Callable[[], Any]] = {
        Clock.DECISION: lambda: contact.due_at,
        Clock.STATUTORY: lambda: contact.statutory_due_at,
        Clock.STRATEGY: lambda: contact.strategy_discussions.get().due_at,
        Clock.HANDOVER: lambda: contact.handovers.get().due_at,
        Clock.QUESTION: lambda: contact.questions.get().due_at,
        Clock.QUESTION_RED: lambda: contact.questions.get().due_at,
        Clock.QUESTION_BACK: lambda: contact.feedback.get().questions.get().due_at,
        Clock.WRITTEN_CONFIRMATION: lambda: contact.call.confirm_by,
    }
    if clock.startswith("check"):
        return contact.checks.get().due_at
    if clock.startswith("disagreement"):
        return DisagreementStage.objects.filter(disagreement__contact=contact).latest("number").due_at
    return rows[clock]() if clock in rows else None


@pytest.mark.parametrize(
    "story", [story for story in STORIES if story.clock not in FIXED], ids=lambda story: story.clock
)
def test_a_clock_that_is_computed_again_moves_wherever_its_due_time_is_shown(story: Story) -> None:
    cast = Cast()
    contact = story.opens(cast)
    ruled(story.clock, DEFAULTS[story.clock].amount / 2)
    old = contact.deadlines.live().get(clock=story.clock)
    before = shown(contact, story.clock)
    assert before in (None, old.due_at)

    new = again(contact, cast["Helen"], story.clock)

    assert (new.opened_at, new.about, new.agency) == (old.opened_at, old.about, old.agency)
    assert new.due_at < old.due_at
    assert shown(contact, story.clock) == (new.due_at if before else None)
    story.meets(cast, contact)
    assert state(contact, story.clock) == ["no longer owed", "met"]
