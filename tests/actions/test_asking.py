"""The MASH asks, the agency answers: one question at a time, with a clock of its own; no other clock pauses."""

from datetime import timedelta

import pytest
from django.http import Http404

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import Role
from referrals.decision import actions as decisions
from referrals.escalation.sweep import sweep
from referrals.following.actions import answer
from referrals.models import Question
from referrals.refusals import NotYours, Refused
from referrals.triage import actions as triage
from referrals.vocabulary import Clock, Outcome, Rag
from tests import build
from tests.actions.after_sending import answered, asked, rows, told

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


# Asking and answering


@pytest.mark.parametrize(
    ("rag", "clock", "hours"), [("", "question", 24), ("amber", "question", 24), ("red", "question_red", 4)]
)
def test_a_question_has_its_own_clock_and_the_decision_clock_never_pauses(
    rag: str, clock: str, hours: int, rosa: User, grace: User
) -> None:
    contact = build.claimed(rosa, worker=grace)
    if rag:
        build.rated(contact, Rag(rag), by=grace)
    promises = list(contact.deadlines.live().values_list("clock", "due_at", "opened_at"))
    armed = list(contact.escalations.filter(cancelled_at=None).values_list("id", "due_at"))
    contact.refresh_from_db()
    due = contact.due_at
    question = asked(contact, grace)
    live = contact.deadlines.live()
    own = live.get(clock=clock)
    assert own.due_at - own.opened_at == build.hours(hours)
    assert (question.due_at, question.asked_at) == (own.due_at, own.opened_at)
    assert told("question") == [rosa]
    answered(question, rosa)
    contact.refresh_from_db()
    assert contact.due_at == due
    assert list(live.values_list("clock", "due_at", "opened_at")) == promises
    assert list(contact.escalations.filter(cancelled_at=None).values_list("id", "due_at")) == armed


def test_the_referrer_answers_the_clock_is_met_and_whoever_asked_is_told(rosa: User, grace: User, maya: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    question = asked(contact, grace)
    with pytest.raises(Refused, match="Write your answer"):
        answered(question, rosa, " ")
    done = answered(question, rosa)
    assert answered(question, rosa) == done, "a double click"
    assert (done.answer, done.answered_by) == ("Her aunt", rosa)
    assert contact.deadlines.get(clock=Clock.QUESTION).met_at == done.answered_at
    assert told("answered") == [grace]
    contact.refresh_from_db()
    second = asked(contact, grace, "And on Fridays?")
    triage.assign(contact.reference, to=maya, by=maya, version=contact.version + 1)
    answered(second, rosa, "Her mother")
    assert told("answered") == [grace, grace, maya], "who asked, and who holds it now"


def test_one_question_waits_at_a_time_and_a_double_click_asks_once(rosa: User, grace: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    question = asked(contact, grace)
    before = rows()
    assert asked(contact, grace) == question
    with pytest.raises(Refused, match="already waiting for its answer"):
        asked(contact, grace, "Another")
    assert rows() == before
    answered(question, rosa)
    assert asked(contact, grace, "Another").pk != question.pk


def test_only_the_holder_asks_and_only_of_a_contact_in_hand(
    rosa: User, grace: User, maya: User, sam: User, tom: User
) -> None:
    contact = build.claimed(rosa, worker=grace)
    before = rows()
    for person in (maya, sam, rosa):
        with pytest.raises(NotYours):
            asked(contact, person)
    with pytest.raises(Http404):
        asked(contact, tom)
    with pytest.raises(Refused, match="Write what you need to know"):
        asked(contact, grace, "")
    assert rows() == before
    waiting = build.recommended(rosa, worker=grace)
    with pytest.raises(Refused, match="take it back before you ask"):
        asked(waiting, grace)
    with pytest.raises(Refused, match="so there is nothing to ask"):
        asked(build.decided(rosa, worker=grace, manager=maya), grace)
    assert not Question.objects.exists()
    assert asked(contact, grace).asked_by == grace


def test_a_colleague_can_answer_and_the_second_is_told_who_was_first(rosa: User, grace: User, tom: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    question = asked(contact, grace)
    with pytest.raises(Http404):
        answered(question, tom)
    with pytest.raises(NotYours):
        answered(question, grace)
    with pytest.raises(Refused, match="no such question"):
        answer(contact.reference, question=question.pk + 1, text="x", by=rosa)
    question.refresh_from_db()
    assert (question.answer, question.answered_at) == ("", None)
    lead = User.objects.create_user("cy@alder.example", full_name="Cy Lee", agency=rosa.agency, role=Role.REFERRER)
    answered(question, lead, "Her mother")
    with pytest.raises(Refused, match="Cy Lee has answered this question already"):
        answered(question, rosa)
    question.refresh_from_db()
    assert question.answer == "Her mother"


def test_an_unanswered_question_escalates_once_to_the_holder_and_the_manager(
    rosa: User, grace: User, maya: User
) -> None:
    contact = build.claimed(rosa, worker=grace)
    question = asked(contact, grace)
    contact.escalations.exclude(deadline__clock=Clock.QUESTION).delete()
    assert sweep(question.due_at - MINUTE).fired == 0
    assert sweep(question.due_at + MINUTE).fired == 1
    assert sweep(question.due_at + MINUTE).fired == 0
    step = contact.escalations.get(deadline__clock=Clock.QUESTION)
    assert set(step.told.all()) == {grace, maya}
    answered(question, rosa)
    assert contact.deadlines.get(clock=Clock.QUESTION).met_at is not None


def test_an_answered_question_escalates_to_nobody(rosa: User, grace: User, maya: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    question = asked(contact, grace)
    answered(question, rosa)
    contact.escalations.exclude(deadline__clock=Clock.QUESTION).delete()
    assert sweep(question.due_at + MINUTE).fired == 0


def test_signing_off_drops_a_question_that_waits_and_stops_its_clock(rosa: User, grace: User, maya: User) -> None:
    contact = build.assessed(rosa, worker=grace)
    question = asked(contact, grace)
    build.recommend(contact, Outcome.SECTION_17, by=grace)
    contact.refresh_from_db()
    decisions.sign_off(contact.reference, by=maya, version=contact.version)
    question.refresh_from_db()
    contact.refresh_from_db()
    clock = contact.deadlines.get(clock=Clock.QUESTION)
    assert (question.dropped_at, clock.cancelled_at, clock.met_at) == (contact.decided_at, contact.decided_at, None)
    assert not contact.escalations.filter(deadline=clock, fired_at=None, cancelled_at=None).exists()
    with pytest.raises(Refused, match="decided without"):
        answered(question, rosa)
    decisions.reopen(contact.reference, reason="The hospital rang", by=maya)
    with pytest.raises(Refused, match="decided without this answer"):
        answered(question, rosa)
    question.refresh_from_db()
    assert question.answer == ""
    assert asked(contact, grace, "What did the hospital say?").answered_at is None, "another may be asked"


def test_an_answered_question_is_not_dropped_by_the_decision(rosa: User, grace: User, maya: User) -> None:
    contact = build.assessed(rosa, worker=grace)
    question = answered(asked(contact, grace), rosa)
    build.recommend(contact, Outcome.SECTION_17, by=grace)
    contact.refresh_from_db()
    decisions.sign_off(contact.reference, by=maya, version=contact.version)
    question.refresh_from_db()
    assert question.dropped_at is None
