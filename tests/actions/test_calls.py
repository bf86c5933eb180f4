"""Telephone calls: a contact from the moment of the call, a form expected on a clock, each child counted once."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.http import Http404
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals import access
from referrals.calls import actions, queries
from referrals.calls.filters import Filters
from referrals.models import Call, Child, Contact, Notice
from referrals.models.partnership import ClockSetting
from referrals.refusals import NotYours, Refused
from referrals.rules.calls import ChildSaid
from referrals.rules.clocks import DEFAULTS
from referrals.vocabulary import CallerKind, CallResult, Channel, Clock, Stage
from tests import build, ringing
from tests.ringing import NOOR, SAMI

pytestmark = pytest.mark.django_db


def told_to() -> set[tuple[str, str, str]]:
    return {(one.template, one.reference, one.to.full_name) for one in Notice.objects.select_related("to")}


def nothing_written() -> bool:
    return not (Call.objects.exists() or Contact.objects.exists() or Notice.objects.exists())


def live(contact: Contact) -> set[str]:
    return set(contact.deadlines.live().values_list("clock", flat=True))


# Taking a call


def test_a_professionals_call_is_a_contact_from_that_moment_with_a_clock_on_the_form(sam: User, rosa: User) -> None:
    call = ringing.rings(rosa, taken_by=sam, children=[NOOR, SAMI])
    contact = call.contact
    assert contact is not None
    assert (contact.reference, contact.channel, contact.stage) == (call.reference, Channel.PHONE, Stage.RECEIVED)
    assert (contact.agency, contact.source, contact.referrer) == (rosa.agency, "2A", rosa)
    assert contact.received_at == call.taken_at
    assert live(contact) == {Clock.DECISION, Clock.STATUTORY, Clock.WRITTEN_CONFIRMATION}
    assert call.confirm_by == call.taken_at + timedelta(hours=24)
    assert [(child.name, child.estimated_age, child.postcode) for child in contact.children.all()] == [
        ("Noor Aziz", None, "WS3 4LP"),
        ("Sami Aziz", 4, "WS3 4LP"),
    ]
    assert all(child.person_id for child in contact.children.all())
    assert call.about.splitlines()[:2] == ["Noor Aziz, born 15 April 2016", "Sami Aziz, about 4"]
    assert (call.caller, call.agency, call.taken_by) == (rosa, rosa.agency, sam)
    assert told_to() == {("form_expected", call.reference, "Rosa Bell")}
    assert Event.objects.filter(verb="call:record", by=sam, reference=call.reference).exists()


def test_advice_alone_makes_no_contact_and_its_record_is_read_once(sam: User, rosa: User) -> None:
    call = ringing.rings(rosa, taken_by=sam, result=CallResult.ADVICE)
    assert (call.contact, Contact.objects.count()) == (None, 0)
    assert told_to() == {("advice", call.reference, "Rosa Bell")}
    colleague = User.objects.create_user("c@alder.example", full_name="Cy Lee", agency=rosa.agency, role="referrer")
    for reader in (colleague, rosa):
        actions.read(call, by=reader)
    call.refresh_from_db()
    assert call.advice_read_by == colleague
    assert Event.objects.filter(verb="call:read_advice", reference=call.reference).count() == 1


def test_another_agency_reading_is_nobody_reading(sam: User, rosa: User, tom: User) -> None:
    call = ringing.rings(rosa, taken_by=sam, result=CallResult.ADVICE)
    actions.read(call, by=tom)
    call.refresh_from_db()
    assert call.advice_read_at is None


@pytest.mark.parametrize(
    ("kind", "facts", "source"),
    [
        (CallerKind.PUBLIC, {}, "1B"),
        (CallerKind.PUBLIC, {"source": "1D"}, "1D"),
        (CallerKind.ANONYMOUS, {"caller_name": "", "caller_phone": "", "source": ""}, "9"),
    ],
)
def test_a_private_callers_contact_is_the_hubs_and_tells_no_agency(
    sam: User, rosa: User, kind: CallerKind, facts: dict[str, Any], source: str
) -> None:
    call = ringing.rings(taken_by=sam, caller_kind=kind, **facts)
    contact = call.contact
    assert contact is not None
    assert (contact.agency, contact.referrer, contact.source) == (sam.agency, sam, source)
    assert (call.agency, call.caller, call.confirm_by) == (None, None, None)
    assert not Notice.objects.exists()
    assert [child.source for child in contact.children.all()] == [source]


def test_the_emergency_duty_team_takes_a_call_out_of_hours(sam: User, rosa: User) -> None:
    call = ringing.rings(rosa, taken_by=sam, out_of_hours=True, result=CallResult.CONTACT, advice="")
    assert call.contact is not None
    assert (call.out_of_hours, call.contact.channel, call.confirm_by) == (True, Channel.EDT, None)
    assert told_to() == {("call_taken", call.reference, "Rosa Bell")}


def test_a_caller_without_an_account_leaves_the_safeguarding_lead_to_be_told(sam: User, rosa: User) -> None:
    call = ringing.rings(rosa, taken_by=sam, caller_name="Una Frost")
    assert call.contact is not None
    assert (call.caller, call.contact.referrer, call.contact.agency) == (None, sam, rosa.agency)
    assert told_to() == {("form_expected", call.reference, "Rosa Bell")}


def test_a_name_that_two_colleagues_have_is_nobodys_account(sam: User, rosa: User) -> None:
    User.objects.create_user("r@alder.example", full_name="rosa bell", agency=rosa.agency, role="referrer")
    assert ringing.rings(rosa, taken_by=sam, caller_name="  Rosa   Bell ").caller is None


def test_the_length_of_the_clock_is_the_partnerships(sam: User, rosa: User) -> None:
    rule = DEFAULTS[Clock.WRITTEN_CONFIRMATION].to_dict() | {"amount": 48}
    ClockSetting.objects.create(clock=Clock.WRITTEN_CONFIRMATION, rule=rule)
    call = ringing.rings(rosa, taken_by=sam)
    assert call.confirm_by == call.taken_at + timedelta(hours=48)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"caller_name": ""}, "a professional is never anonymous"),
        ({"has_agency": False}, "agency that the caller works for"),
        ({"caller_kind": ""}, "who rang"),
        ({"caller_kind": CallerKind.ANONYMOUS}, "Clear the name"),
        ({"caller_kind": CallerKind.PUBLIC, "source": "2A"}, "who the caller is to the child"),
        ({"caller_kind": CallerKind.PUBLIC, "source": "1A"}, "Only a professional sends a form"),
        ({"children": []}, "which child it is about"),
        ({"children": [ChildSaid("Noor", "Aziz", date(2090, 1, 1))]}, "today or in the past"),
        ({"said": ""}, "what the caller said"),
        ({"advice": ""}, "the advice that you gave"),
        ({"result": ""}, "what the call leads to"),
    ],
)
def test_a_contact_officer_cannot_record_a_call_that_lacks_something(
    sam: User, rosa: User, facts: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        ringing.rings(rosa, taken_by=sam, **facts)
    assert nothing_written()
    assert ringing.rings(rosa, taken_by=sam).contact


@pytest.mark.parametrize("name", ["Rosa", "Helen", "Dev", "Ana", "Kit", "Priya"])
def test_only_who_takes_calls_can_record_one(name: str, sam: User) -> None:
    with pytest.raises(NotYours, match="does not take calls"):
        ringing.rings(build.player("Rosa"), taken_by=build.player(name))
    assert nothing_written()


def test_a_double_click_is_one_call(sam: User, rosa: User) -> None:
    first = ringing.rings(rosa, taken_by=sam)
    assert ringing.rings(rosa, taken_by=sam) == first
    assert (Call.objects.count(), Contact.objects.count(), Child.objects.count()) == (1, 1, 1)
    assert ringing.rings(rosa, taken_by=sam, said="And now her brother too.") != first


# Who sees it


def test_a_call_is_seen_by_who_takes_calls_and_by_the_callers_agency(sam: User, rosa: User) -> None:
    ringing.rings(rosa, taken_by=sam)
    ringing.rings(taken_by=sam)
    seen = {
        name: queries.page_of(build.player(name), Filters()).count
        for name in ("Sam", "Grace", "Maya", "Rosa", "Tom", "Omar", "Helen", "Dev", "Ana", "Kit", "Priya")
    }
    assert {name: count for name, count in seen.items() if count} == {"Sam": 2, "Grace": 2, "Maya": 2, "Rosa": 1}


def test_the_list_pages_by_keyset_and_misses_nobody(sam: User, rosa: User) -> None:
    call = ringing.rings(rosa, taken_by=sam, result=CallResult.ADVICE)
    for number in range(30):
        call.pk, call.reference = None, f"AAAA-{number:04}"
        call.taken_at = timezone.now() if number % 2 else call.taken_at
        call.save(force_insert=True)
    found, before = [], ""
    while True:
        page = queries.page_of(sam, Filters(), before)
        found += [one.pk for one in page.calls]
        before = page.older
        if not before:
            break
    assert len(found) == len(set(found)) == 31
    assert queries.page_of(sam, Filters(), "nonsense_1").calls[0].pk == found[0]


def test_the_filters_find_what_they_say(sam: User, grace: User, rosa: User) -> None:
    waiting = ringing.rings(rosa, taken_by=sam)
    advice = ringing.rings(rosa, taken_by=grace, result=CallResult.ADVICE)
    night = ringing.rings(taken_by=grace, out_of_hours=True)
    shown = {
        show: {call.reference for call in queries.page_of(sam, Filters(show)).calls}
        for show in ("waiting", "advice", "out_of_hours", "mine")
    }
    assert shown == {
        "waiting": {waiting.reference},
        "advice": {advice.reference},
        "out_of_hours": {night.reference},
        "mine": {waiting.reference},
    }


def test_nobody_can_read_a_call_of_another_agency(sam: User, rosa: User, tom: User) -> None:
    call = ringing.rings(rosa, taken_by=sam)
    with pytest.raises(Http404):
        access.read_call(tom, call.reference)
    assert not Event.objects.filter(verb="viewed:call").exists()
    assert access.read_call(rosa, call.reference) == call
    assert Event.objects.filter(verb="viewed:call", by=rosa, reference=call.reference).exists()
