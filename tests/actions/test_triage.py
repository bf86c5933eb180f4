"""Taking, putting back, assigning, rating and assessing, through the actions that the pages call."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.models import Assessment, Contact, Notice, Rating
from referrals.refusals import NotYours, Refused, Stale
from referrals.triage import actions
from referrals.vocabulary import Clock, Rag, Stage, Verb
from tests import build

pytestmark = pytest.mark.django_db

UNKNOWN = "ZZZZ-ZZZZ"
HARM = ("L4-HEA-10",)


def state(contact: Contact) -> tuple[object, ...]:
    """Everything that a refusal must leave as it was."""
    contact.refresh_from_db()
    return (
        contact.stage,
        contact.owner_id,
        contact.rag,
        contact.due_at,
        contact.version,
        contact.steps.count(),
        contact.ratings.count(),
        contact.assessments.count(),
        Notice.objects.count(),
        Event.objects.filter(reference=contact.reference).count(),
    )


def test_a_worker_takes_a_contact_and_a_second_one_is_refused_with_the_name(
    rosa: User, grace: User, maya: User
) -> None:
    contact = build.received(rosa)
    actions.claim(contact.reference, by=grace)
    contact.refresh_from_db()
    assert (contact.stage, contact.owner) == (Stage.TRIAGE, grace)
    before = state(contact)
    with pytest.raises(Refused, match=r"^Grace Lin already holds this contact\.$"):
        actions.claim(contact.reference, by=maya)
    assert state(contact) == before


def test_a_contact_officer_cannot_take_what_a_social_worker_can(
    rosa: User, sam: User, helen: User, grace: User
) -> None:
    contact = build.received(rosa)
    before = state(contact)
    for who in (sam, helen):
        with pytest.raises(NotYours):
            actions.claim(contact.reference, by=who)
    assert state(contact) == before
    assert actions.claim(contact.reference, by=grace).owner == grace


def test_a_stranger_cannot_tell_a_contact_from_one_that_is_not_there(rosa: User, tom: User, grace: User) -> None:
    contact = build.received(rosa)
    before = state(contact)
    for reference in (contact.reference, UNKNOWN):
        with pytest.raises(Http404):
            actions.claim(reference, by=tom)
    assert state(contact) == before
    assert actions.claim(contact.reference, by=grace).owner == grace


def test_the_holder_puts_a_contact_back_with_a_reason_and_cannot_without(rosa: User, grace: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    before = state(contact)
    with pytest.raises(Refused, match="Give the reason"):
        actions.release(contact.reference, reason="  ", by=grace)
    assert state(contact) == before
    actions.release(contact.reference, reason="Called to court", by=grace)
    contact.refresh_from_db()
    assert (contact.stage, contact.owner) == (Stage.RECEIVED, None)
    assert contact.steps.first().reason == "Called to court"  # type: ignore[union-attr]  # it has steps


def test_somebody_who_does_not_hold_a_contact_cannot_put_it_back_but_a_manager_can(
    rosa: User, grace: User, sam: User, maya: User
) -> None:
    contact = build.claimed(rosa, worker=grace)
    before = state(contact)
    with pytest.raises(NotYours):
        actions.release(contact.reference, reason="Not mine", by=sam)
    assert state(contact) == before
    assert actions.release(contact.reference, reason="Grace is ill", by=maya).owner is None


def test_a_manager_assigns_a_contact_and_the_worker_is_told(rosa: User, grace: User, maya: User) -> None:
    contact = build.received(rosa)
    actions.assign(contact.reference, to=grace, by=maya, version=contact.version)
    contact.refresh_from_db()
    assert (contact.stage, contact.owner) == (Stage.TRIAGE, grace)
    assert Notice.objects.get(template="assigned").to == grace


def test_a_manager_cannot_assign_to_somebody_who_holds_no_contacts_or_holds_this_one(
    rosa: User, grace: User, sam: User, maya: User, ivan: User
) -> None:
    contact = build.claimed(rosa, worker=grace)
    before = state(contact)
    for to, why in ((sam, "Sam Price cannot hold contacts"), (grace, "Grace Lin already holds this contact")):
        with pytest.raises(Refused, match=why):
            actions.assign(contact.reference, to=to, by=maya, version=contact.version)
    assert state(contact) == before
    assert actions.assign(contact.reference, to=ivan, by=maya, version=contact.version).owner == ivan


def test_a_manager_cannot_assign_on_a_page_that_is_out_of_date(rosa: User, grace: User, maya: User, ivan: User) -> None:
    contact = build.received(rosa)
    seen = contact.version
    actions.claim(contact.reference, by=grace)
    before = state(contact)
    with pytest.raises(Stale, match="Grace Lin took the contact"):
        actions.assign(contact.reference, to=ivan, by=maya, version=seen)
    assert state(contact) == before
    assert actions.assign(contact.reference, to=ivan, by=maya, version=contact.version).owner == ivan


def test_a_social_worker_cannot_assign(rosa: User, grace: User, maya: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    before = state(contact)
    with pytest.raises(NotYours):
        actions.assign(contact.reference, to=maya, by=grace, version=contact.version)
    assert state(contact) == before


def test_red_makes_the_decision_due_four_hours_from_receipt_and_says_what_it_was(rosa: User, grace: User) -> None:
    contact = build.claimed(rosa, worker=grace, at=timezone.now() - build.hours(1))
    before = contact.due_at
    rating = actions.rate(contact.reference, rag=Rag.RED, reason="A bruise", by=grace, version=contact.version)
    contact.refresh_from_db()
    assert (contact.rag, contact.due_at) == (Rag.RED, contact.received_at + timedelta(hours=4))
    assert (rating.due_before, rating.due_after) == (before, contact.due_at)
    live = contact.deadlines.live().get(clock=Clock.DECISION)
    assert live.due_at == contact.due_at


def test_a_priority_cannot_be_set_without_a_reason_twice_or_on_an_old_page(rosa: User, grace: User) -> None:
    contact = build.rated(build.claimed(rosa, worker=grace), Rag.AMBER, by=grace)
    before = state(contact)
    attempts = (
        (Rag.RED, " ", contact.version, Refused, "Give the reason"),
        (Rag.AMBER, "Still", contact.version, Refused, "already amber"),
        (Rag.RED, "A bruise", contact.version - 1, Stale, "Grace Lin set the priority"),
    )
    for rag, reason, version, refusal, why in attempts:
        with pytest.raises(refusal, match=why):
            actions.rate(contact.reference, rag=rag, reason=reason, by=grace, version=version)
    assert state(contact) == before
    actions.rate(contact.reference, rag=Rag.RED, reason="A bruise", by=grace, version=contact.version)
    assert [rating.rag for rating in Rating.objects.all()] == [Rag.RED, Rag.AMBER]


def test_a_contact_officer_cannot_set_the_priority(rosa: User, grace: User, sam: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    before = state(contact)
    with pytest.raises(NotYours):
        actions.rate(contact.reference, rag=Rag.RED, reason="A bruise", by=sam, version=contact.version)
    assert state(contact) == before


def test_the_holder_assesses_and_what_the_rules_made_of_it_is_kept(rosa: User, grace: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    view = build.view_of(3, ["L3-LRN-01"])
    assessment = actions.assess(contact.reference, view, by=grace, version=contact.version)
    assert (assessment.level, assessment.suggested_level, assessment.side) == (3, 3, Assessment.HUB)
    assert [(one.indicator.code, one.finding) for one in assessment.findings.all()] == [("L3-LRN-01", "evidenced")]
    assert contact.steps.filter(verb=Verb.ASSESS).get().reason == "Level 3"


def test_a_level_that_the_evidence_does_not_suggest_needs_a_rationale(rosa: User, grace: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    before = state(contact)
    with pytest.raises(Refused, match="The evidence suggests level 3"):
        actions.assess(contact.reference, build.view_of(2, ["L3-LRN-01"]), by=grace, version=contact.version)
    assert state(contact) == before
    view = build.view_of(2, ["L3-LRN-01"], rationale="The school has a plan that works")
    assert actions.assess(contact.reference, view, by=grace, version=contact.version).level == 2


def test_evidence_of_harm_is_level_four_until_a_manager_says_otherwise(rosa: User, grace: User, maya: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    view = build.view_of(3, HARM, rationale="An accident, seen by the nursery")
    before = state(contact)
    with pytest.raises(Refused, match="level 4 until a manager overrides it"):
        actions.assess(contact.reference, view, by=grace, version=contact.version)
    assert state(contact) == before
    held = actions.assign(contact.reference, to=maya, by=maya, version=contact.version)
    assert actions.assess(contact.reference, view, by=maya, version=held.version).level == 3


def test_a_refuted_indicator_counts_for_nothing(rosa: User, grace: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    view = build.view_of(2, HARM, rationale="Seen by a paediatrician: a birth mark", finding="refuted")
    assessment = actions.assess(contact.reference, view, by=grace, version=contact.version)
    assert (assessment.suggested_level, assessment.alerts) == (None, [])


def test_nobody_assesses_without_evidence_without_holding_it_or_on_an_old_page(
    rosa: User, grace: User, maya: User
) -> None:
    contact = build.claimed(rosa, worker=grace)
    bare = actions.View(level=3, rationale="", findings={"L3-LRN-01": ("evidenced", "")})
    good = build.view_of(3, ["L3-LRN-01"])
    before = state(contact)
    for view, who, version, refusal in (
        (bare, grace, contact.version, Refused),
        (good, maya, contact.version, NotYours),
        (good, grace, contact.version - 1, Stale),
    ):
        with pytest.raises(refusal):
            actions.assess(contact.reference, view, by=who, version=version)
    assert state(contact) == before
    assert actions.assess(contact.reference, good, by=grace, version=contact.version).level == 3


def test_nobody_assesses_or_rates_what_waits_for_sign_off(rosa: User, grace: User) -> None:
    contact = build.recommended(rosa, worker=grace)
    before = state(contact)
    with pytest.raises(Refused, match="take it back before you assess again"):
        actions.assess(contact.reference, build.view_of(3, ["L3-LRN-01"]), by=grace, version=contact.version)
    with pytest.raises(Refused, match="take it back before you change the priority"):
        actions.rate(contact.reference, rag=Rag.RED, reason="A bruise", by=grace, version=contact.version)
    assert state(contact) == before
