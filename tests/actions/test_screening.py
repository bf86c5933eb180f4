"""Screening: what is on the list, who proposes, who signs off, and that nothing is closed by one person alone."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals.models import Contact, Decision, Screening, StageChange
from referrals.refusals import NotYours, Refused, Stale
from referrals.rules.screening import Notification, grade_of, is_low_level
from referrals.screening import actions, queries
from referrals.screening.actions import Line, Proposal
from referrals.triage import actions as triage
from referrals.vocabulary import Channel, Clock, Outcome, Rag, Stage
from tests import build, policing
from tests.policing import row

pytestmark = pytest.mark.django_db

OUT = Proposal(screened_out=True, reason="First call to this address, no injuries.", level=2)
KEEP = Proposal(screened_out=False, reason="Second call in a month.")


@pytest.mark.parametrize(
    ("said", "is_low"),
    [
        (Notification(factors=["3B"], dvrim="1"), True),
        (Notification(factors=["3A"], dvrim="2", dash="standard", rag="green"), True),
        (Notification(incident_type="Domestic abuse", rag="green"), True),
        (Notification(alerts=["dv"], dash="Standard"), True),
        (Notification(factors=["3B"]), False),
        (Notification(factors=["3B"], dvrim="3"), False),
        (Notification(factors=["3B"], dvrim="1", dash="high"), False),
        (Notification(factors=["3B"], dvrim="1", rag="red"), False),
        (Notification(factors=["3B"], dvrim="1", rag="amber"), False),
        (Notification(factors=["13A"], rag="green"), False),
        (Notification(factors=["3B"], dvrim="1", alerts=["dv", "harm"]), False),
    ],
)
def test_only_domestic_abuse_with_low_grades_and_none_higher_is_on_the_list(said: Notification, is_low: bool) -> None:
    assert is_low_level(said) is is_low


def test_the_grade_is_the_polices_own() -> None:
    assert grade_of(Notification(dvrim="1", dash="standard", rag="green")) == "DVRIM 1, DASH standard"
    assert grade_of(Notification(rag="green")) == "RAG green"


def notified(omar: User, **changes: str) -> Contact:
    [contact] = policing.brought_in(omar, row(**changes))
    return contact


def propose(contact: Contact, *, by: User, said: Proposal = OUT) -> Contact:
    contact.refresh_from_db()
    children = contact.children.filter(in_scope=True)
    actions.propose(contact.reference, {child.pk: said for child in children}, by=by, version=contact.version)
    contact.refresh_from_db()
    return contact


def line_of(contact: Contact, why: str = "") -> Line:
    return Line(contact.reference, contact.version, why)


def references(listed: list[queries.Listed]) -> list[str]:
    return [one.contact.reference for one in listed]


def test_grace_proposes_and_maya_signs_off_and_the_contact_is_closed_with_both_promises_met(
    omar: User, grace: User, maya: User
) -> None:
    contact = notified(omar)
    assert references(queries.to_screen(grace)) == [contact.reference]
    propose(contact, by=grace)
    assert contact.as_stage is Stage.RECEIVED
    assert references(queries.to_screen(grace)) == []
    assert references(queries.to_sign_off(maya)) == [contact.reference]
    assert actions.sign_off([line_of(contact)], by=maya) == ([contact.reference], [])
    contact.refresh_from_db()
    child, decision = contact.children.get(), Decision.objects.get()
    assert (contact.as_stage, contact.decided_at) == (Stage.CLOSED, decision.signed_off_at)
    assert (child.outcome, child.level_decided, child.decided_at) == (Outcome.NFA_INFORMATION, 2, contact.decided_at)
    assert (decision.recommended_by, decision.signed_off_by) == (grace, maya)
    assert {deadline.clock for deadline in contact.deadlines.exclude(met_at=None)} == {Clock.DECISION, Clock.STATUTORY}
    assert not contact.escalations.filter(fired_at=None, cancelled_at=None).exists()
    assert references(queries.to_sign_off(maya)) == []
    assert [one.child for one in queries.screened_out(maya, None)[0]] == [child]


def test_grace_cannot_sign_off_and_maya_cannot_sign_off_her_own(
    omar: User, grace: User, maya: User, ivan: User
) -> None:
    contact = propose(notified(omar), by=maya)
    before = StageChange.objects.count()
    done, [conflict] = actions.sign_off([line_of(contact)], by=maya)
    assert (done, conflict.sentence) == ([], "You proposed this screening, so another manager must sign it off.")
    done, [conflict] = actions.sign_off([line_of(contact)], by=grace)
    assert "cannot do this" in conflict.sentence
    assert (StageChange.objects.count(), Decision.objects.count()) == (before, 0)
    assert actions.sign_off([line_of(contact)], by=ivan) == ([contact.reference], [])


def test_sam_and_omar_cannot_propose(omar: User, sam: User, grace: User) -> None:
    contact = notified(omar)
    with pytest.raises(NotYours):
        propose(contact, by=sam)
    with pytest.raises(NotYours):
        propose(contact, by=omar)
    assert Screening.objects.count() == 0
    propose(contact, by=grace)
    assert Screening.objects.count() == 1


def test_one_child_to_triage_keeps_the_family_in_the_queue_with_the_note_in_the_timeline(
    omar: User, grace: User, maya: User
) -> None:
    [contact] = policing.brought_in(omar, row(), row(given_names="Bilal", date_of_birth="2022-05-02"))
    zara, bilal = contact.children.all()
    actions.propose(contact.reference, {zara.pk: OUT, bilal.pk: KEEP}, by=grace, version=contact.version)
    contact.refresh_from_db()
    assert contact.as_stage is Stage.RECEIVED
    assert bilal.screening.grade == "DVRIM 1, DASH standard"
    assert "Bilal Hussain: to triage (DVRIM 1, DASH standard). Second call in a month." in contact.steps.all()[0].reason
    assert references(queries.to_sign_off(maya)) == []
    done, [conflict] = actions.sign_off([line_of(contact)], by=maya)
    assert (done, conflict.sentence) == ([], "A child of this contact is to be triaged, so it stays in the queue.")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (Proposal(screened_out=True, reason="Fine."), "Choose the level decided for Zara Hussain."),
        (Proposal(screened_out=True, reason="Fine.", level=3), "Choose the level decided for Zara Hussain."),
        (Proposal(screened_out=True, reason=" ", level=1), "Write the reason for Zara Hussain: it stays on record."),
        (Proposal(screened_out=False, reason=""), "Write the reason for Zara Hussain: it stays on record."),
        (None, "Choose what to do about Zara Hussain."),
    ],
)
def test_every_child_needs_a_decision_a_level_and_a_reason(
    omar: User, grace: User, said: Proposal | None, sentence: str
) -> None:
    contact = notified(omar)
    proposals = {contact.children.get().pk: said} if said else {}
    with pytest.raises(Refused, match=sentence):
        actions.propose(contact.reference, proposals, by=grace, version=contact.version)
    assert Screening.objects.count() == 0


def test_what_is_taken_or_graded_higher_or_no_notification_cannot_be_screened(
    omar: User, grace: User, rosa: User
) -> None:
    taken = notified(omar)
    triage.claim(taken.reference, by=grace)
    serious = notified(omar, police_reference="PN/2", dvrim_scale="3", given_names="Other")
    school = build.received(rosa)
    for contact in (taken, serious, school):
        with pytest.raises(Refused):
            propose(contact, by=grace)
    assert references(queries.to_screen(grace)) == []
    assert Screening.objects.count() == 0


def test_a_priority_that_is_raised_takes_it_off_the_list(omar: User, grace: User, maya: User) -> None:
    contact = propose(notified(omar), by=grace)
    build.rated(contact, Rag.RED, by=maya)
    assert references(queries.to_sign_off(maya)) == []
    done, [conflict] = actions.sign_off([line_of(contact)], by=maya)
    assert done == []
    assert "is not on the screening list" in conflict.sentence


def test_history_that_argues_against_it_needs_the_managers_own_words(omar: User, grace: User, maya: User) -> None:
    first = propose(notified(omar), by=grace)
    actions.sign_off([line_of(first)], by=maya)
    again = propose(notified(omar, police_reference="PN/2"), by=grace)
    assert again.children.get().person == first.children.get().person
    done, [conflict] = actions.sign_off([line_of(again)], by=maya)
    assert done == []
    assert conflict.sentence.endswith("Write why no further action is still right.")
    assert actions.sign_off([line_of(again, "Their mother has moved out with them.")], by=maya)[0] == [again.reference]
    assert Decision.objects.latest("pk").why_nfa_still_right == "Their mother has moved out with them."


def test_a_list_is_signed_off_as_far_as_it_can_be_and_each_conflict_is_reported(
    omar: User, grace: User, maya: User
) -> None:
    good, stale = (
        propose(notified(omar, police_reference=f"PN/{nth}", given_names=name, family_name=name), by=grace)
        for nth, name in enumerate(("Amber", "Bruno"))
    )
    lines = [line_of(good), Line(stale.reference, stale.version - 1), Line("ZZZZ-ZZZZ", 1)]
    done, conflicts = actions.sign_off(lines, by=maya)
    assert done == [good.reference]
    assert [conflict.reference for conflict in conflicts] == [stale.reference, "ZZZZ-ZZZZ"]
    assert "has changed since you opened the page" in conflicts[0].sentence
    stale.refresh_from_db()
    assert stale.as_stage is Stage.RECEIVED


def test_a_proposal_on_a_page_that_is_out_of_date_is_refused(omar: User, grace: User) -> None:
    contact = notified(omar)
    with pytest.raises(Stale):
        actions.propose(contact.reference, {contact.children.get().pk: OUT}, by=grace, version=contact.version - 1)
    assert Screening.objects.count() == 0


def test_a_stranger_finds_nothing_to_screen(omar: User, rosa: User, nell: User) -> None:
    contact = notified(omar)
    for stranger in (rosa, nell):
        assert queries.to_screen(stranger) == []
        with pytest.raises(Http404):
            propose(contact, by=stranger)


def test_the_list_is_in_the_order_of_its_deadlines_and_asks_no_more_for_more(
    omar: User, grace: User, django_assert_num_queries: object
) -> None:
    for nth in range(6):
        notified(omar, police_reference=f"PN/{nth}", given_names=f"Child{nth}", family_name=f"Fam{nth}")
    with django_assert_num_queries(5):  # type: ignore[operator]  # contacts, children, screening, answers, alerts
        listed = queries.to_screen(grace)
    assert [one.contact.due_at for one in listed] == sorted(one.contact.due_at for one in listed)
    assert timezone.now() - listed[0].contact.received_at < timedelta(minutes=5)
    assert listed[0].contact.channel == Channel.POLICE
