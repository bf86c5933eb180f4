"""The written form for a call: reminded of, joined to the call's contact, counted once."""

from copy import deepcopy
from datetime import date, timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.decision import actions as decisions
from referrals.escalation import queries as board
from referrals.escalation.filters import Filters
from referrals.escalation.sweep import sweep
from referrals.intake import actions
from referrals.models import Child, Contact, Draft, Marf, Notice
from referrals.refusals import NotReady, Refused
from referrals.rules.calls import ChildSaid
from referrals.triage import actions as triage
from referrals.vocabulary import Channel, Clock, Outcome, Stage
from tests import build
from tests.actions.test_intake import answers_of
from tests.ringing import CALLUM, MAISIE, call_of, contact_of, counted, form_for

pytestmark = pytest.mark.django_db
STRANGER = ChildSaid("", "")


# The clock, the reminders and the escalation


def test_the_agency_is_reminded_half_way_and_both_sides_hear_when_it_is_due(sam: User, rosa: User, maya: User) -> None:
    call = call_of(rosa, sam)
    contact = contact_of(call)
    contact.escalations.exclude(deadline__clock=Clock.WRITTEN_CONFIRMATION).delete()
    for hour, expected in (
        (12, {("reminder", "Rosa Bell")}),
        (24, {("reminder", "Rosa Bell"), ("escalation", "Maya Shah")}),
    ):
        Notice.objects.all().delete()
        sweep(call.taken_at + timedelta(hours=hour, seconds=1))
        assert {(one.template, one.to.full_name) for one in Notice.objects.all()} == expected
        assert {one.reference for one in Notice.objects.all()} == {call.reference}
    shown = board.board(maya, Filters(), timezone.now(), "1")
    assert [step.label for step in shown] == ["The written form has not come"]


def test_an_agency_is_reminded_through_its_lead_where_the_caller_has_no_account(sam: User, rosa: User) -> None:
    call = call_of(rosa, sam, caller_name="Una Frost")
    sweep(call.taken_at + timedelta(hours=12, seconds=1))
    assert Notice.objects.filter(template="reminder", to=rosa, reference=call.reference).count() == 1


def test_nobody_is_reminded_of_a_form_that_has_come(sam: User, rosa: User, maya: User) -> None:
    call = call_of(rosa, sam)
    actions.submit(form_for(call, rosa).key, by=rosa)
    sweep(call.taken_at + timedelta(hours=25))
    fired = contact_of(call).escalations.fired().filter(deadline__clock=Clock.WRITTEN_CONFIRMATION)
    assert not fired.exists()
    assert not Notice.objects.filter(template="reminder").exists()


# Beginning the form from the call


def test_the_form_begins_with_what_the_call_has_said(sam: User, rosa: User) -> None:
    call = call_of(rosa, sam)
    draft = actions.start_for_call(call.reference, by=rosa)
    assert draft.answers["arrival"] == {"call": call.reference}
    assert [(one["given_names"], one["date_of_birth"], one["estimated_age"]) for one in draft.answers["children"]] == [
        ("Maisie", "2018-02-21", ""),
        ("Callum", "", "6"),
    ]
    assert (draft.answers["about"]["phoned"], draft.answers["about"]["phoned_to"]) == ("yes", "Sam Price")
    colleague = User.objects.create_user("c@alder.example", full_name="Cy Lee", agency=rosa.agency, role="referrer")
    assert actions.start_for_call(call.reference, by=colleague) == draft
    assert Draft.objects.count() == 1


@pytest.mark.parametrize("name", ["Tom", "Omar", "Sam"])
def test_nobody_else_can_begin_the_form(name: str, sam: User, rosa: User) -> None:
    call = call_of(rosa, sam)
    with pytest.raises(Http404):
        actions.start_for_call(call.reference, by=build.player(name))
    assert not Draft.objects.exists()


def test_a_form_that_has_come_cannot_be_begun_again(sam: User, rosa: User) -> None:
    call = call_of(rosa, sam)
    actions.submit(form_for(call, rosa).key, by=rosa)
    with pytest.raises(Refused, match="came on"):
        actions.start_for_call(call.reference, by=rosa)
    assert not Draft.objects.exists()


# Joining


def test_the_form_joins_the_calls_contact_and_every_child_is_counted_once(
    sam: User, rosa: User, grace: User, maya: User
) -> None:
    call = call_of(rosa, sam)
    before = contact_of(call)
    triage.claim(call.reference, by=grace)
    assert counted(maya) == 2
    contact = actions.submit(form_for(call, rosa).key, by=rosa)
    assert (contact, Contact.objects.count(), counted(maya)) == (before, 1, 2)
    assert (contact.reference, contact.channel, contact.received_at) == (call.reference, Channel.PHONE, call.taken_at)
    assert [(child.name, child.date_of_birth) for child in contact.children.all()] == [
        ("Maisie Doyle", date(2018, 2, 21)),
        ("Callum Doyle", date(2020, 8, 9)),
    ]
    assert {child.received_at for child in contact.children.all()} == {call.taken_at}
    assert {child.level_believed for child in contact.children.all()} == {contact.level_believed}
    assert [tie.child.given_names for adult in contact.adults.all() for tie in adult.relationships.all()] == [
        "Maisie",
        "Callum",
    ]
    assert contact.consent.agreement_given is True
    assert contact.assessments.get().level == contact.level_believed
    assert Marf.objects.get(contact=contact).answers["arrival"]["call"] == call.reference
    call.refresh_from_db()
    assert call.confirmed_at is not None
    assert contact.deadlines.get(clock=Clock.WRITTEN_CONFIRMATION).met_at == call.confirmed_at
    assert contact.deadlines.get(clock=Clock.DECISION).due_at == before.due_at
    assert Notice.objects.filter(template="receipt", to=rosa, reference=call.reference).count() == 1
    assert Notice.objects.filter(template="form_came", to=grace, reference=call.reference).count() == 1
    assert Event.objects.filter(verb="join", by=rosa, reference=call.reference).exists()


def test_a_form_for_a_call_sent_twice_is_sent_once(sam: User, rosa: User) -> None:
    call = call_of(rosa, sam)
    key = form_for(call, rosa).key
    assert actions.submit(key, by=rosa) == actions.submit(key, by=rosa)
    assert (Contact.objects.count(), Marf.objects.count(), Child.objects.count()) == (1, 1, 2)


def test_a_child_whose_name_nobody_knew_on_the_telephone_is_not_doubled(sam: User, rosa: User) -> None:
    call = call_of(rosa, sam, MAISIE, STRANGER)
    contact = actions.submit(form_for(call, rosa).key, by=rosa)
    assert [child.name for child in contact.children.all()] == ["Maisie Doyle", "Callum Doyle"]


def test_a_child_that_the_form_leaves_out_stays_in_the_contact(sam: User, rosa: User) -> None:
    call = call_of(rosa, sam, MAISIE, CALLUM, ChildSaid("Bryn", "Doyle", date(2022, 5, 5)))
    contact = actions.submit(form_for(call, rosa).key, by=rosa)
    assert sorted(child.name for child in contact.children.all()) == ["Bryn Doyle", "Callum Doyle", "Maisie Doyle"]
    assert {child.level_believed for child in contact.children.all()} == {contact.level_believed}


def test_a_child_is_known_again_by_what_the_form_adds(sam: User, rosa: User) -> None:
    answers = answers_of("hungry-and-late")
    answers["children"][0]["nhs_number"] = "943 476 5919"
    first = actions.submit(actions.start_draft(by=rosa, answers=answers).key, by=rosa)
    call = call_of(rosa, sam, ChildSaid("Maisie", ""))
    contact = actions.submit(form_for(call, rosa, children=answers["children"]).key, by=rosa)
    assert {child.person_id for child in contact.children.all()} == {child.person_id for child in first.children.all()}


def test_what_is_decided_of_a_child_is_kept_when_the_form_comes(sam: User, rosa: User, grace: User, maya: User) -> None:
    call = call_of(rosa, sam)
    draft = form_for(call, rosa)
    contact = triage.claim(call.reference, by=grace)
    build.assess(contact, by=grace)
    build.recommend(contact, Outcome.SECTION_17, by=grace)
    contact.refresh_from_db()
    decisions.sign_off(contact.reference, by=maya, version=contact.version)
    rows = list(contact.children.values_list("pk", "outcome", "decided_at"))
    assert actions.submit(draft.key, by=rosa) == contact
    assert list(contact.children.values_list("pk", "outcome", "decided_at")) == rows
    assert [child.date_of_birth for child in contact.children.all()] == [date(2018, 2, 21), date(2020, 8, 9)]
    contact.refresh_from_db()
    assert contact.stage == Stage.DECIDED


def test_a_form_with_another_child_after_the_decision_is_a_contact_of_its_own(
    sam: User, rosa: User, grace: User, maya: User
) -> None:
    call = call_of(rosa, sam, MAISIE)
    draft = form_for(call, rosa)
    contact = triage.claim(call.reference, by=grace)
    build.assess(contact, by=grace)
    build.recommend(contact, Outcome.SECTION_17, by=grace)
    contact.refresh_from_db()
    decisions.sign_off(contact.reference, by=maya, version=contact.version)
    sent = actions.submit(draft.key, by=rosa)
    assert sent != contact
    assert (sent.channel, sent.stage, sent.children.count()) == (Channel.MARF, Stage.RECEIVED, 2)


def test_a_second_form_for_a_call_is_a_contact_of_its_own(sam: User, rosa: User) -> None:
    call = call_of(rosa, sam)
    first, second = form_for(call, rosa), None
    second = actions.start_draft(by=rosa, answers=deepcopy(first.answers))
    assert actions.submit(first.key, by=rosa).reference == call.reference
    other = actions.submit(second.key, by=rosa)
    assert (other.reference != call.reference, other.channel) == (True, Channel.MARF)


def test_missing_agreement_does_not_stop_the_form_for_a_call(sam: User, rosa: User) -> None:
    refused = {
        "consent": answers_of("hungry-and-late")["consent"] | {"agreement": "no", "no_agreement_reason": "refused"}
    }
    alone = actions.start_draft(by=rosa, answers=answers_of("hungry-and-late") | refused)
    with pytest.raises(NotReady, match="cannot go ahead without"):
        actions.submit(alone.key, by=rosa)
    assert not Contact.objects.exists()
    call = call_of(rosa, sam)
    assert actions.submit(form_for(call, rosa, **refused).key, by=rosa).reference == call.reference
