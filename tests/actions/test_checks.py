"""Asking agencies what they know: what is written, who is told, what needs a manager, and who sees it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from mash_portal.accounts.models import Agency, User
from mash_portal.accounts.roles import Role
from mash_portal.audit.models import Event
from referrals import access
from referrals.enquiries import actions
from referrals.models import Check, Contact, Restriction
from referrals.refusals import NotYours, Refused
from referrals.rules import clocks
from referrals.vocabulary import Clock, Rag, Verb
from tests import build, checking
from tests.actions.after_sending import told
from tests.checking import BECAUSE, answered, asked, closed, one_asked, rows

pytestmark = pytest.mark.django_db


# Asking


def test_a_worker_can_ask_several_agencies_with_one_purpose(rosa: User, grace: User, omar: User, nell: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    police, health = asked(contact, omar, nell, by=grace)
    assert [police.agency, health.agency] == [omar.agency, nell.agency]
    assert {check.purpose for check in (police, health)} == {checking.PURPOSE}
    assert list(police.children.all()) == list(contact.children.all())
    assert (police.requested_by, police.authorised_by, police.is_open) == (grace, None, True)
    for check in (police, health):
        deadline = contact.deadlines.live().get(about=check.about)
        assert (deadline.clock, deadline.due_at, deadline.agency) == (Clock.CHECK_AMBER, check.due_at, check.agency)
    assert told("check_asked") == [omar, nell]
    assert contact.steps.get(verb=Verb.CHECK).reason == "Regional Police, Trent Vale Community Health"


@pytest.mark.parametrize("rag", [*Rag, None])
def test_a_checks_clock_runs_by_the_priority_of_its_contact(
    rag: Rag | None, rosa: User, grace: User, omar: User
) -> None:
    contact = build.claimed(rosa, worker=grace)
    if rag:
        build.rated(contact, rag, by=grace)
    [check] = asked(contact, omar, by=grace)
    kind = {Rag.RED: Clock.CHECK_RED, Rag.GREEN: Clock.CHECK_GREEN}.get(rag or Rag.AMBER, Clock.CHECK_AMBER)
    assert check.clock == kind
    assert check.due_at == clocks.due_at(clocks.DEFAULTS[kind], check.requested_at)


def test_a_worker_who_does_not_hold_it_and_a_partner_cannot_ask(
    rosa: User, grace: User, maya: User, sam: User, omar: User
) -> None:
    contact = build.claimed(rosa, worker=maya)
    before = rows()
    for person in (grace, sam):
        with pytest.raises(NotYours):
            asked(contact, omar, by=person)
    with pytest.raises(Http404):
        asked(contact, omar, by=omar)
    assert rows() == before
    assert asked(contact, omar, by=maya)[0].requested_by == maya


def test_an_agency_that_has_closed_and_the_hub_cannot_be_asked(rosa: User, grace: User, omar: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    shut = Agency.objects.create(name="Shut Clinic", kind="health", source="3A", is_active=False)
    before = rows()
    for agency in (shut, grace.agency):
        with pytest.raises(Refused, match="cannot be asked"):
            actions.ask(contact.reference, checking.request(contact, agency), by=grace)
    assert rows() == before
    assert asked(contact, omar, by=grace)


def test_children_of_another_contact_cannot_be_asked_about(rosa: User, grace: User, omar: User) -> None:
    contact, other = (build.claimed(rosa, worker=grace) for _ in range(2))
    foreign = [child.pk for child in other.children.all()]
    before = rows()
    with pytest.raises(Refused, match="Choose the children"):
        asked(contact, omar, by=grace, children=foreign)
    assert rows() == before
    [check] = asked(contact, omar, by=grace, children=[*foreign, contact.children.all()[0].pk])
    assert [child.contact_id for child in check.children.all()] == [contact.pk]


def test_a_double_click_asks_once_and_another_request_to_the_same_agency_is_refused(
    rosa: User, grace: User, omar: User, nell: User
) -> None:
    contact = build.claimed(rosa, worker=grace)
    first = asked(contact, omar, by=grace)
    before = rows()
    assert asked(contact, omar, by=grace) == first
    with pytest.raises(Refused, match="Regional Police has an open check"):
        asked(contact, omar, nell, by=grace, purpose="Something else")
    assert rows() == before
    closed(first, grace)
    assert asked(contact, omar, nell, by=grace, purpose="Something else")


def test_the_database_keeps_one_open_check_per_agency_and_no_answer_before_authority(
    rosa: User, grace: User, omar: User
) -> None:
    check = one_asked(rosa, omar, worker=grace)
    with pytest.raises(IntegrityError), transaction.atomic():
        Check.objects.filter(pk=check.pk).update(waits_for_authority=True, authorised_by=grace)
    check.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        check.save()


# Authority


def without_agreement(rosa: User, grace: User, **facts: Any) -> Contact:
    return build.claimed(rosa, worker=grace, agreed=False, **facts)


def test_a_worker_only_prepares_below_level_four_without_agreement(
    rosa: User, grace: User, omar: User, maya: User
) -> None:
    contact = without_agreement(rosa, grace)
    [check] = asked(contact, omar, by=grace, legal_basis="public_task")
    assert check.waits_for_authority
    assert not contact.deadlines.filter(about=check.about).exists()
    assert told("check_asked") == []
    assert told("check_authority") == [maya]
    assert not access.checks_of(omar).exists()
    with pytest.raises(Http404):
        answered(check, omar)


def test_a_manager_authorises_what_a_worker_prepared_and_its_clock_starts_then(
    rosa: User, grace: User, omar: User, maya: User
) -> None:
    contact = without_agreement(rosa, grace)
    [check] = asked(contact, omar, by=grace, legal_basis="public_task")
    prepared = timezone.now() - timedelta(days=2)
    Check.objects.update(requested_at=prepared)
    before = rows()
    with pytest.raises(NotYours, match="Maya Shah is on duty"):
        actions.authorise(contact.reference, [check.pk], because=BECAUSE, by=grace)
    with pytest.raises(Refused, match="without the family’s agreement"):
        actions.authorise(contact.reference, [check.pk], because=" ", by=maya)
    with pytest.raises(Refused, match="Choose the requests"):
        actions.authorise(contact.reference, [], because=BECAUSE, by=maya)
    assert rows() == before
    [done] = actions.authorise(contact.reference, [check.pk], because=BECAUSE, by=maya)
    assert (done.authorised_by, done.authorised_because, done.requested_by) == (maya, BECAUSE, grace)
    assert done.requested_at > prepared
    assert contact.deadlines.live().get(about=check.about).due_at == done.due_at
    assert told("check_asked") == [omar]
    assert told("check_news") == [grace]
    after = rows()
    assert actions.authorise(contact.reference, [check.pk], because=BECAUSE, by=maya) == [done], "a double click"
    with pytest.raises(Refused, match="Maya Shah has authorised the check with Regional Police already"):
        actions.authorise(contact.reference, [check.pk], because="Other", by=build.player("Ivan"))
    assert rows() == after


@pytest.mark.parametrize("who", ["Maya", "Helen"])
def test_a_manager_who_asks_gives_the_authority_with_the_reason(who: str, rosa: User, grace: User, omar: User) -> None:
    contact, manager = without_agreement(rosa, grace), build.player(who)
    before = rows()
    with pytest.raises(Refused, match="without the family’s agreement"):
        asked(contact, omar, by=manager, legal_basis="public_task")
    assert rows() == before
    [check] = asked(contact, omar, by=manager, legal_basis="public_task", because=BECAUSE)
    assert (check.authorised_by, check.authorised_because, check.waits_for_authority) == (manager, BECAUSE, False)


def test_nobody_has_to_authorise_at_level_four(rosa: User, grace: User, omar: User) -> None:
    believed = without_agreement(rosa, grace, level=4)
    assert not asked(believed, omar, by=grace, legal_basis="section_47")[0].waits_for_authority
    assessed = build.assessed(rosa, worker=grace, agreed=False, level=3)
    assert asked(assessed, omar, by=grace, legal_basis="public_task")[0].waits_for_authority


def test_the_level_that_was_assessed_counts_and_not_the_one_believed(rosa: User, grace: User, omar: User) -> None:
    contact = build.claimed(rosa, worker=grace, agreed=False, level=4)
    build.assess(contact, by=grace, level=3)
    assert asked(contact, omar, by=grace, legal_basis="public_task")[0].waits_for_authority


def test_a_manager_refuses_what_was_prepared_and_the_agency_never_hears_of_it(
    rosa: User, grace: User, omar: User, maya: User
) -> None:
    contact = without_agreement(rosa, grace)
    checks = asked(contact, omar, by=grace, legal_basis="public_task")
    closed(checks, maya, "Ask the mother first")
    assert told("check_news") == [grace]
    assert told("check_closed") == []
    assert not access.checks_of(omar).exists()
    with pytest.raises(Refused, match="Maya Shah has closed the check"):
        actions.authorise(contact.reference, [checks[0].pk], because=BECAUSE, by=maya)


# The door of the agency


def test_only_practitioners_of_the_agency_asked_see_its_check_and_reading_it_is_recorded(
    rosa: User, grace: User, omar: User
) -> None:
    check = one_asked(rosa, omar, worker=grace)
    nell, tom, dev, kit = (build.player(name) for name in ("Nell", "Tom", "Dev", "Kit"))
    clerk = User.objects.create_user("cy@police.example", full_name="Cy Lee", agency=omar.agency, role=Role.REFERRER)
    for stranger in (nell, tom, rosa, dev, kit, clerk):
        assert not access.checks_of(stranger).exists()
        with pytest.raises(Http404):
            access.read_check(stranger, check.pk)
        with pytest.raises(Http404):
            answered(check, stranger)
    assert not Event.objects.filter(verb="viewed:check").exists()
    assert access.read_check(omar, check.pk) == check
    [event] = Event.objects.filter(verb="viewed:check")
    assert (event.by, event.reference, event.details) == (omar, check.contact.reference, {"check": check.pk})


def test_being_asked_opens_nothing_else_of_the_contact(rosa: User, grace: User, omar: User) -> None:
    check = one_asked(rosa, omar, worker=grace)
    assert not access.visible_to(omar).exists()
    for verb in Verb:
        with pytest.raises(Http404):
            access.read(omar, check.contact.reference, verb)


def test_nobody_in_the_hub_answers_for_an_agency(rosa: User, grace: User, maya: User, omar: User) -> None:
    check = one_asked(rosa, omar, worker=grace)
    before = rows()
    for person in (grace, maya):
        with pytest.raises(Http404):
            answered(check, person)
    assert rows() == before
    assert answered(check, omar).answered_by == omar


def test_of_a_restricted_record_only_a_practitioner_who_is_named_sees_the_check(
    rosa: User, grace: User, maya: User, omar: User
) -> None:
    check = one_asked(rosa, omar, worker=grace)
    colleague = User.objects.create_user("cy@police.example", full_name="Cy Lee", agency=omar.agency, role=Role.PARTNER)
    restriction = Restriction.objects.create(contact=check.contact, reason="Staff family", by=maya, at=timezone.now())
    restriction.named.add(maya, omar)
    Contact.objects.filter(pk=check.contact_id).update(is_restricted=True)
    assert not access.checks_of(colleague).exists()
    with pytest.raises(Http404):
        answered(check, colleague)
    assert access.checks_of(omar).get() == check
    assert not access.checks_of(build.player("Ivan")).exists()
    assert answered(check, omar).answered_by == omar
