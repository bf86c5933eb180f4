"""Restricting a record: who sees it from now on, who changes that, and what is kept of it."""

from typing import Any

import pytest

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import Role
from mash_portal.audit.models import Event
from referrals import access, notices
from referrals.decision import actions as decisions
from referrals.feedback import actions as feedback
from referrals.intake import actions as intake
from referrals.models import Contact, Notice, Person, Restriction, StageChange
from referrals.refusals import NotYours, Refused, Stale
from referrals.restricted import actions
from referrals.triage import actions as triage
from referrals.triage import queries
from referrals.vocabulary import Outcome, Stage, Verb
from tests import build, ringing
from tests.build import hours
from tests.restricting import restricted

REASON = "Her sister works in the hub"


def sees(user: User, contact: Contact) -> bool:
    return access.visible_to(user).filter(pk=contact.pk).exists()


def test_a_manager_restricts_a_record_to_whoever_holds_it_referred_it_and_is_named(
    rosa: User, cy: User, grace: User, maya: User, helen: User
) -> None:
    ivan, sam, priya = (build.player(name) for name in ("Ivan", "Sam", "Priya"))
    contact = build.claimed(rosa, worker=grace)
    twin = build.claimed(rosa, worker=grace)
    actions.restrict(contact.reference, reason=REASON, people=[helen], by=maya, version=contact.version)
    contact.refresh_from_db()
    assert contact.is_restricted
    assert [one.full_name for one in (rosa, grace, maya, helen) if not sees(one, contact)] == []
    assert [one.full_name for one in (cy, ivan, sam, priya) if sees(one, contact)] == []
    assert all(sees(one, twin) for one in (rosa, cy, grace, maya, ivan, helen, sam))
    restriction = Restriction.objects.get()
    assert (restriction.reason, restriction.by) == (REASON, maya)
    assert set(restriction.named.all()) == {maya, helen}
    line = Event.objects.get(verb=Verb.RESTRICT)
    assert (line.by, line.reference, line.details["named"]) == (maya, contact.reference, sorted([maya.pk, helen.pk]))
    assert Notice.objects.filter(template="restricted_named").get().to == helen


def test_a_manager_cannot_restrict_without_a_reason_nor_name_a_stranger_nor_from_an_old_page(
    rosa: User, grace: User, maya: User, tom: User, ivan: User
) -> None:
    contact = build.claimed(rosa, worker=grace)
    said: dict[str, Any] = {"reason": REASON, "people": [ivan], "version": contact.version}
    wrong = (
        ({"reason": "  "}, Refused, "Give the reason"),
        ({"people": [ivan, tom]}, Refused, "It does not have Tom Reyes"),
        ({"version": contact.version - 1}, Stale, "has changed since"),
    )
    for change, kind, words in wrong:
        with pytest.raises(kind, match=words):
            actions.restrict(contact.reference, by=maya, **(said | change))
    assert not Restriction.objects.exists()
    assert not StageChange.objects.filter(verb=Verb.RESTRICT).exists()
    assert not Contact.objects.get(pk=contact.pk).is_restricted
    actions.restrict(contact.reference, by=maya, **said)
    with pytest.raises(Refused, match="restricted already"):
        actions.restrict(contact.reference, by=maya, **(said | {"version": contact.version + 1}))
    assert Restriction.objects.count() == 1


def test_a_social_worker_cannot_restrict_a_record_that_they_hold(rosa: User, grace: User, maya: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    with pytest.raises(NotYours):
        actions.restrict(contact.reference, reason=REASON, people=[], by=grace, version=contact.version)
    assert not Restriction.objects.exists()
    actions.restrict(contact.reference, reason=REASON, people=[], by=maya, version=contact.version)


def test_a_named_manager_changes_who_is_named_and_whoever_is_not_any_more_sees_nothing(
    rosa: User, grace: User, maya: User, ivan: User, helen: User
) -> None:
    contact = restricted(build.claimed(rosa, worker=grace), by=maya, people=[ivan])
    actions.name(contact.reference, reason="The police ask", people=[helen], by=maya, version=contact.version)
    assert [sees(one, contact) for one in (ivan, helen, maya)] == [False, True, True]
    assert Restriction.objects.get().reason == "The police ask"
    assert [notice.to for notice in Notice.objects.filter(template="restricted_named").order_by("pk")] == [helen]


def test_whoever_is_given_a_restricted_contact_sees_it_while_they_hold_it(
    rosa: User, grace: User, maya: User, ivan: User
) -> None:
    contact = restricted(build.claimed(rosa, worker=grace), by=maya)
    triage.assign(contact.reference, to=ivan, by=maya, version=contact.version)
    assert [sees(one, contact) for one in (ivan, grace)] == [True, False]


def test_a_named_manager_lifts_it_with_a_reason_and_only_who_was_named_reads_that_it_was(
    rosa: User, grace: User, maya: User, ivan: User, sam: User
) -> None:
    contact = restricted(build.claimed(rosa, worker=grace), by=maya, people=[ivan])
    with pytest.raises(Refused, match="Give the reason"):
        actions.lift(contact.reference, reason="", by=maya, version=contact.version)
    assert not sees(sam, contact)
    actions.lift(contact.reference, reason="She has moved to another council", by=maya, version=contact.version)
    contact.refresh_from_db()
    assert sees(sam, contact)
    found = Restriction.objects.get()
    assert (found.lifted_by, found.lifted_because) == (maya, "She has moved to another council")
    quiet = {Verb.RESTRICT, Verb.LIFT}
    assert quiet <= {step.verb for step in queries.timeline(contact, ivan)}
    assert quiet.isdisjoint(step.verb for step in queries.timeline(contact, sam))
    with pytest.raises(Refused, match="not restricted"):
        actions.lift(contact.reference, reason="Again", by=maya, version=contact.version)


def test_a_waiting_recommendation_stays_good_when_its_record_is_restricted(rosa: User, grace: User, maya: User) -> None:
    contact = build.recommended(rosa, worker=grace, outcome=Outcome.SECTION_17)
    restricted(contact, by=maya)
    decisions.sign_off(contact.reference, by=maya, version=contact.version)
    assert Contact.objects.get(pk=contact.pk).stage == Stage.DECIDED


def test_messages_that_wait_for_somebody_outside_do_not_go_out_and_new_ones_go_to_who_is_named(
    rosa: User, grace: User, maya: User, ivan: User
) -> None:
    contact = build.recommended(rosa, worker=grace)
    waiting = Notice.objects.get(template="sign_off_wanted")
    assert waiting.to == maya
    restricted(contact, by=ivan)
    assert not Notice.objects.filter(pk=waiting.pk).exists()
    assert Notice.objects.filter(reference=contact.reference, template="receipt").get().to == rosa
    decisions.take_back(contact.reference, by=grace)
    build.recommend(contact, Outcome.SECTION_17, by=grace)
    assert Notice.objects.get(template="sign_off_wanted").to == ivan


def test_where_nobody_of_the_agency_may_be_told_a_named_manager_hears_so(
    rosa: User, cy: User, grace: User, maya: User
) -> None:
    contact = restricted(build.decided(cy, worker=grace, manager=maya), by=maya)
    cy.is_active = False
    cy.save()
    feedback.give_feedback(
        contact.reference,
        reason="A visit",
        next_steps="Watch",
        who_to_call="Grace",
        by=grace,
        version=contact.version,
    )
    assert not Notice.objects.filter(reference=contact.reference, to=rosa).exists()
    assert Notice.objects.get(template="restricted_nobody").to == maya


def test_the_form_of_a_call_is_restricted_and_lifted_with_it(rosa: User, sam: User, maya: User, ivan: User) -> None:
    call = ringing.rings(rosa, taken_by=sam)
    assert call.contact is not None
    form = build.received(rosa)
    call.form, call.confirmed_at = form, call.taken_at
    call.save()
    contact = restricted(call.contact, by=maya)
    assert not sees(ivan, contact)
    assert not sees(ivan, form)
    assert not access.calls_of(ivan).exists()
    assert access.calls_of(maya).get() == call
    actions.lift(contact.reference, reason="No longer needed", by=maya, version=contact.version)
    assert sees(ivan, form)


def test_a_new_contact_about_a_child_of_a_restricted_record_is_told_to_its_managers(
    rosa: User, tom: User, grace: User, maya: User, ivan: User
) -> None:
    child = {"given_names": "Noor", "family_name": "Aziz", "person": Person.objects.create()}
    old = restricted(build.claimed(rosa, worker=grace, at=None, children=[child]), by=maya)
    new = build.received(tom, children=[child])
    other = build.received(tom, children=[{"given_names": "Someone", "family_name": "Else"}])
    for contact in (new, other, old):
        notices.of_history(contact, now=contact.received_at + hours(1))
    told = Notice.objects.filter(template="restricted_history")
    assert [(notice.to, notice.reference) for notice in told] == [(maya, new.reference)]
    assert access.earlier_contacts(ivan, new) == {}
    assert [row.contact for rows in access.earlier_contacts(maya, new).values() for row in rows] == [old]


def test_a_colleague_cannot_reach_a_restricted_referral_through_its_draft(rosa: User, cy: User) -> None:
    key = intake.start_draft(by=rosa).key
    contact = build.received(rosa)
    Contact.objects.filter(pk=contact.pk).update(submission_key=key)
    assert access.visible_to(cy).filter(submission_key=key).exists()
    maya = build.player("Maya")
    assert maya.as_role is Role.TEAM_MANAGER
    restricted(contact, by=maya)
    assert not access.visible_to(cy).filter(submission_key=key).exists()
    assert access.visible_to(rosa).filter(submission_key=key).exists()
