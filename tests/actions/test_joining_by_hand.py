"""A form that came by itself is joined to its call by hand, and counted once."""

from datetime import timedelta

import pytest
from django.http import Http404

from mash_portal.accounts.models import User
from referrals.calls import queries as calls
from referrals.following import actions as following
from referrals.intake import actions, joining
from referrals.models import Contact, Notice
from referrals.refusals import NotYours, Refused
from referrals.triage import actions as triage
from referrals.vocabulary import Stage
from tests import build
from tests.actions.test_intake import answers_of
from tests.ringing import call_of, contact_of, counted, form_for, sent_alone

pytestmark = pytest.mark.django_db


def test_a_contact_officer_can_join_a_form_that_came_by_itself(sam: User, rosa: User, maya: User) -> None:
    call = call_of(rosa, sam)
    form = sent_alone(rosa)
    following.add(form.reference, text="His brother is hungry too.", by=rosa)
    assert counted(maya) == 4
    assert calls.may_be_the_form(sam, call) == [form]
    contact = joining.join_by_hand(form.reference, call.reference, by=sam)
    assert counted(maya) == 2
    assert contact.marf.answers == form.marf.answers
    assert (contact.marf.declared_by, contact.marf.declared_at) == (rosa, form.marf.declared_at)
    assert [child.name for child in contact.children.all()] == ["Maisie Doyle", "Callum Doyle"]
    assert [addition.text for addition in contact.additions.all()] == ["His brother is hungry too."]
    form.refresh_from_db()
    call.refresh_from_db()
    assert (form.stage, call.form, call.confirmed_at is not None) == (Stage.CLOSED, form, True)
    assert not form.deadlines.live().exists()
    assert {child.in_scope for child in form.children.all()} == {False}
    assert Notice.objects.filter(template="joined", to=rosa, reference=form.reference).count() == 1
    assert calls.may_be_the_form(sam, call) == []


def test_only_what_may_be_the_form_is_offered(sam: User, rosa: User, tom: User) -> None:
    sent_alone(rosa)
    call = call_of(rosa, sam)
    Contact.objects.filter(marf__isnull=False).update(received_at=call.taken_at - timedelta(hours=1))
    sent_alone(tom)
    other = answers_of("disclosure-at-school")
    actions.submit(actions.start_draft(by=rosa, answers=other).key, by=rosa)
    assert calls.may_be_the_form(sam, call) == []
    assert len(calls.may_be_the_form(sam, call_of(tom, sam))) == 0
    form = sent_alone(rosa)
    assert calls.may_be_the_form(sam, call) == [form]


def test_a_form_that_the_hub_has_judged_cannot_be_joined(sam: User, rosa: User, grace: User) -> None:
    call, form = call_of(rosa, sam), sent_alone(rosa)
    triage.claim(form.reference, by=grace)
    build.assess(form, by=grace)
    with pytest.raises(Refused, match="assessed this referral already"):
        joining.join_by_hand(form.reference, call.reference, by=sam)
    call.refresh_from_db()
    assert (call.confirmed_at, contact_of(call).version) == (None, 1)


@pytest.mark.parametrize("name", ["Rosa", "Helen", "Dev", "Kit", "Tom"])
def test_only_who_takes_calls_can_join_by_hand(name: str, sam: User, rosa: User) -> None:
    call, form = call_of(rosa, sam), sent_alone(rosa)
    with pytest.raises((Http404, NotYours)):
        joining.join_by_hand(form.reference, call.reference, by=build.player(name))
    call.refresh_from_db()
    form.refresh_from_db()
    assert (call.confirmed_at, form.stage) == (None, Stage.RECEIVED)


def test_a_form_of_another_agency_cannot_be_joined(sam: User, rosa: User, tom: User) -> None:
    call, form = call_of(rosa, sam), sent_alone(tom)
    with pytest.raises(Http404):
        joining.join_by_hand(form.reference, call.reference, by=sam)
    form.refresh_from_db()
    assert form.stage == Stage.RECEIVED


def test_a_call_that_has_its_form_takes_no_other(sam: User, rosa: User) -> None:
    call = call_of(rosa, sam)
    actions.submit(form_for(call, rosa).key, by=rosa)
    form = sent_alone(rosa)
    with pytest.raises(Refused, match="has its form already"):
        joining.join_by_hand(form.reference, call.reference, by=sam)
    form.refresh_from_db()
    assert form.stage == Stage.RECEIVED
