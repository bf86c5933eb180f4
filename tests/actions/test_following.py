"""After sending: adding, asking and answering, wishing to withdraw. What was sent stays, and no clock pauses."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import Role
from mash_portal.audit.models import Event
from referrals.decision import actions as decisions
from referrals.following.actions import add, carry_on, withdraw
from referrals.models import Notice, Withdrawal
from referrals.refusals import NotYours, Refused, Stale
from referrals.vocabulary import Outcome, Stage, Verb
from tests import build
from tests.actions.after_sending import answered, asked, rows, told

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


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
