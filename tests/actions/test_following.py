"""After sending: adding, asking and answering, wishing to withdraw. What was sent stays, and no clock pauses."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import Role
from mash_portal.audit.models import Event
from referrals.decision import actions as decisions
from referrals.escalation.sweep import sweep
from referrals.following.actions import add, answer, ask, carry_on, withdraw
from referrals.models import Addition, Contact, Notice, Question, StageChange, Withdrawal
from referrals.refusals import NotYours, Refused, Stale
from referrals.triage import actions as triage
from referrals.vocabulary import Clock, Outcome, Rag, Stage, Verb
from tests import build

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def told(template: str) -> list[User]:
    return [notice.to for notice in Notice.objects.filter(template=template).order_by("id")]


def rows() -> list[int]:
    return [model.objects.count() for model in (Addition, Question, Withdrawal, StageChange, Notice, Event)]


def asked(contact: Contact, by: User, text: str = "Who collects her from school?") -> Question:
    return ask(contact.reference, text=text, by=by)


def answered(question: Question, by: User, text: str = "Her aunt") -> Question:
    return answer(question.contact.reference, question=question.pk, text=text, by=by)


# Adding


@pytest.mark.parametrize("stage", list(Stage))
def test_a_referrer_can_add_information_at_every_stage(stage: Stage, rosa: User, grace: User, maya: User) -> None:
    contact = {
        Stage.RECEIVED: lambda: build.received(rosa),
        Stage.TRIAGE: lambda: build.claimed(rosa, worker=grace),
        Stage.SIGN_OFF: lambda: build.recommended(rosa, worker=grace),
        Stage.DECIDED: lambda: build.decided(rosa, worker=grace, manager=maya),
        Stage.CLOSED: lambda: build.told(rosa, worker=grace, manager=maya),
    }[stage]()
    live = list(contact.deadlines.live().values_list("clock", "due_at"))
    addition = add(contact.reference, text="  She came in with a burn. ", by=rosa)
    contact.refresh_from_db()
    assert (addition.text, addition.by, contact.stage) == ("She came in with a burn.", rosa, stage)
    assert list(contact.deadlines.live().values_list("clock", "due_at")) == live
    assert contact.steps.filter(verb=Verb.ADD, by=rosa).count() == 1
    assert told("added") == [maya if stage is Stage.RECEIVED else grace]


def test_a_colleague_of_the_same_agency_can_add_and_a_stranger_meets_nothing(rosa: User, tom: User, sam: User) -> None:
    contact = build.received(rosa)
    before = rows()
    with pytest.raises(Http404):
        add(contact.reference, text="x", by=tom)
    with pytest.raises(NotYours):
        add(contact.reference, text="x", by=sam)
    with pytest.raises(Refused, match="Write what you want to add"):
        add(contact.reference, text=" \n", by=rosa)
    assert rows() == before
    colleague = User.objects.create_user("cy@alder.example", full_name="Cy Lee", agency=rosa.agency, role=Role.REFERRER)
    assert add(contact.reference, text="x", by=colleague).by == colleague


def test_a_double_click_adds_once_and_the_same_words_another_day_are_added_again(rosa: User) -> None:
    contact = build.received(rosa)
    assert add(contact.reference, text="Hungry again", by=rosa) == add(contact.reference, text="Hungry again", by=rosa)
    assert contact.additions.count() == 1
    contact.additions.update(at=timezone.now() - timedelta(days=1))
    add(contact.reference, text="Hungry again", by=rosa)
    assert contact.additions.count() == 2


def test_the_manager_on_duty_is_told_where_the_holder_has_left(rosa: User, grace: User, maya: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    User.objects.filter(pk=grace.pk).update(is_active=False)
    add(contact.reference, text="x", by=rosa)
    assert told("added") == [maya]


def test_a_recommendation_cannot_be_signed_off_once_something_has_been_added(
    rosa: User, grace: User, maya: User
) -> None:
    contact = build.recommended(rosa, worker=grace)
    seen = contact.version
    add(contact.reference, text="A burn on her hand", by=rosa)
    with pytest.raises(Stale, match="Rosa Bell added information at"):
        decisions.sign_off(contact.reference, by=maya, version=seen)
    contact.refresh_from_db()
    with pytest.raises(Stale, match="send it back"):
        decisions.sign_off(contact.reference, by=maya, version=contact.version)
    assert contact.stage == Stage.SIGN_OFF
    decisions.send_back(contact.reference, reason="Read what was added", by=maya)
    build.recommend(contact, Outcome.SECTION_17, by=grace)
    contact.refresh_from_db()
    decisions.sign_off(contact.reference, by=maya, version=contact.version)


# Withdrawing


def test_a_referrer_can_ask_once_to_withdraw_and_nothing_stops(rosa: User, grace: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    first = withdraw(contact.reference, reason="It was about another child", by=rosa)
    before = rows()
    assert withdraw(contact.reference, reason="It was about another child", by=rosa) == first, "a double click"
    with pytest.raises(Refused, match="Rosa Bell has already asked"):
        withdraw(contact.reference, reason="Really", by=rosa)
    assert rows() == before
    contact.refresh_from_db()
    assert contact.stage == Stage.TRIAGE
    assert contact.deadlines.live().count() == 2
    assert told("withdrawal") == [grace]


def test_a_referrer_cannot_withdraw_without_a_reason_nor_after_the_decision_and_reads_no_stage(
    rosa: User, grace: User, maya: User, tom: User
) -> None:
    contact = build.received(rosa)
    with pytest.raises(Refused, match="Write why"):
        withdraw(contact.reference, reason=" ", by=rosa)
    with pytest.raises(Http404):
        withdraw(contact.reference, reason="x", by=tom)
    decided = build.decided(rosa, worker=grace, manager=maya)
    with pytest.raises(Refused, match="The referral has been decided, so it cannot be withdrawn"):
        withdraw(decided.reference, reason="x", by=rosa)
    assert not Withdrawal.objects.exists()
    assert withdraw(contact.reference, reason="x", by=rosa).contact == contact


@pytest.mark.parametrize("who", ["Grace", "Maya", "Helen"])
def test_the_holder_or_a_manager_carries_on_and_the_referrer_is_told_why(who: str, rosa: User, grace: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    with pytest.raises(Refused, match="Nobody has asked"):
        carry_on(contact.reference, because="x", by=grace)
    withdraw(contact.reference, reason="It was about another child", by=rosa)
    with pytest.raises(Refused, match="Write why the MASH carries on"):
        carry_on(contact.reference, because="", by=grace)
    person = build.player(who)
    done = carry_on(contact.reference, because="We know of two more concerns", by=person)
    assert carry_on(contact.reference, because="We know of two more concerns", by=person) == done, "a double click"
    assert (done.answered_by, done.carry_on_because) == (person, "We know of two more concerns")
    assert contact.steps.get(verb=Verb.CARRY_ON).reason == "We know of two more concerns"
    assert told("carrying_on") == [rosa]
    with pytest.raises(Refused, match=f"{person} has already decided to carry on"):
        carry_on(contact.reference, because="Other", by=build.player("Ivan"))


def test_a_contact_officer_a_worker_who_does_not_hold_it_and_the_referrer_cannot_carry_on(
    rosa: User, grace: User, sam: User, maya: User, tom: User
) -> None:
    contact = build.claimed(rosa, worker=maya)
    withdraw(contact.reference, reason="x", by=rosa)
    before = rows()
    for person in (sam, grace, rosa):
        with pytest.raises(NotYours):
            carry_on(contact.reference, because="x", by=person)
    with pytest.raises(Http404):
        carry_on(contact.reference, because="x", by=tom)
    assert rows() == before
    assert carry_on(contact.reference, because="x", by=maya).answered_by == maya


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


def test_the_agencys_lead_is_told_where_the_referrer_has_left(rosa: User, grace: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    lead = User.objects.create_user(
        "cy@alder.example", full_name="Cy Lee", agency=rosa.agency, role=Role.SAFEGUARDING_LEAD
    )
    User.objects.filter(pk=rosa.pk).update(is_active=False)
    asked(contact, grace)
    assert told("question") == [lead]


def test_the_trail_says_who_did_what_and_holds_none_of_the_words(rosa: User, grace: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    add(contact.reference, text="CANARY-1", by=rosa)
    question = asked(contact, grace, "CANARY-2")
    answered(question, rosa, "CANARY-3")
    withdraw(contact.reference, reason="CANARY-4", by=rosa)
    carry_on(contact.reference, because="CANARY-5", by=grace)
    events = Event.objects.about(contact.reference)
    assert {"add", "ask", "answer", "withdraw", "carry_on"} <= set(events.values_list("verb", flat=True))
    assert "CANARY" not in str(list(events.values()))
    assert "CANARY" not in str(list(Notice.objects.values()))
