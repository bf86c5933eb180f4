"""Professional disagreement: raised, answered by somebody else than the decider, taken further, ended, counted."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals.decision import actions as decisions
from referrals.disagreement import answering
from referrals.models import Contact, Decision, Disagreement, DisagreementStage, Notice, StageChange
from referrals.refusals import NotYours, Refused
from referrals.vocabulary import Clock, Outcome, Stage
from referrals.vocabulary import DisagreementResult as Result
from tests import build, disagreeing, restricting

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact(rosa: User, grace: User, maya: User, ivan: User, helen: User) -> Contact:
    """Decided: Grace recommended, Maya signed off. Ivan is another team manager, Helen the head of safeguarding."""
    return build.told(rosa, worker=grace, manager=maya, outcome=Outcome.EARLY_HELP)


def told(template: str) -> set[User]:
    return {notice.to for notice in Notice.objects.filter(template=template)}


def test_a_referrer_disagrees_and_somebody_who_did_not_decide_is_named_and_told(
    contact: Contact, rosa: User, cy: User, ivan: User, grace: User
) -> None:
    with pytest.raises(Refused, match="Only where a child is in danger"):
        disagreeing.raised(contact, by=cy, stage=2)
    assert not Disagreement.objects.exists()
    found = disagreeing.raised(contact, by=cy)
    stage = found.stages.get()
    assert (found.stage, stage.number, stage.hub_responder) == (1, 1, ivan)
    clock = contact.deadlines.live().get(clock=Clock.DISAGREEMENT_1)
    assert (clock.about, clock.due_at) == (stage.about, stage.due_at)
    assert contact.steps.filter(verb="disagree", by=cy).count() == 1
    assert told("disagreement") == {ivan, grace}
    assert told("disagreement_news") == {rosa}, "the safeguarding lead; Cy knows"


def test_a_child_in_danger_starts_later_and_its_own_clock_runs(contact: Contact, rosa: User, helen: User) -> None:
    found = disagreeing.raised(contact, by=rosa, in_danger=True, stage=2)
    assert found.stages.get().hub_responder == helen
    assert contact.deadlines.live().filter(clock=Clock.DISAGREEMENT_2).count() == 1
    assert not contact.deadlines.filter(clock=Clock.DISAGREEMENT_1).exists()


def test_a_double_click_is_one_disagreement_and_a_second_waits_for_the_first(
    contact: Contact, rosa: User, cy: User
) -> None:
    first = disagreeing.raised(contact, by=rosa)
    assert disagreeing.raised(contact, by=rosa) == first
    with pytest.raises(Refused, match="Rosa Bell has already disagreed"):
        disagreeing.raised(contact, by=cy)
    assert Disagreement.objects.count() == DisagreementStage.objects.count() == 1


def test_nobody_disagrees_before_a_decision_and_no_stranger_does(
    rosa: User, tom: User, grace: User, contact: Contact
) -> None:
    undecided = build.claimed(rosa, worker=grace)
    with pytest.raises(Refused):
        disagreeing.raised(undecided, by=rosa)
    with pytest.raises(Http404):
        disagreeing.raised(contact, by=tom)
    with pytest.raises(NotYours):
        disagreeing.raised(contact, by=grace)
    assert not Disagreement.objects.exists()


def test_whoever_recommended_or_signed_off_does_not_answer_and_another_manager_does(
    contact: Contact, rosa: User, grace: User, maya: User, ivan: User
) -> None:
    disagreeing.raised(contact, by=rosa)
    steps = StageChange.objects.count()
    for decider in (grace, maya):
        with pytest.raises(Refused, match="somebody else answers"):
            disagreeing.answered(contact, by=decider)
    with pytest.raises(Refused, match="somebody else answers"):
        disagreeing.settled(contact, by=maya, result=Result.CHANGED)
    assert StageChange.objects.count() == steps
    stage = disagreeing.answered(contact, by=ivan, spoke=True)
    assert (stage.answered_by, stage.who_met) == (ivan, "Rosa Bell and the manager")
    assert contact.deadlines.get(clock=Clock.DISAGREEMENT_1).met_at is not None
    assert disagreeing.answered(contact, by=ivan) == stage, "sent twice"
    assert contact.steps.filter(verb="respond").count() == 1
    assert rosa in told("disagreement_news")


def test_a_conversation_has_people_and_was_not_before_or_after(contact: Contact, rosa: User, ivan: User) -> None:
    disagreeing.raised(contact, by=rosa)
    now = timezone.now()
    for met_at, who, wanted in (
        (now, "", "who took part"),
        (now + timedelta(hours=1), "All", "not in the future"),
        (now - timedelta(hours=1), "All", "after the disagreement was raised"),
    ):
        with pytest.raises(Refused, match=wanted):
            answering.answer(contact.reference, stage=1, text="No", met_at=met_at, who_met=who, by=ivan)
    assert DisagreementStage.objects.get().answered_at is None


def test_the_agency_takes_it_up_after_the_answer_and_not_before(
    contact: Contact, rosa: User, ivan: User, helen: User
) -> None:
    disagreeing.raised(contact, by=rosa)
    with pytest.raises(Refused, match="Wait for the answer"):
        disagreeing.taken_up(contact, by=rosa)
    assert not contact.deadlines.filter(clock=Clock.DISAGREEMENT_2).exists()
    disagreeing.answered(contact, by=ivan)
    disagreeing.taken_up(contact, by=rosa)
    found = Disagreement.objects.get()
    assert found.stage == 2
    assert [one.hub_responder for one in found.stages.all()] == [ivan, helen]
    assert [one.clock for one in contact.deadlines.live().filter(about=found.stages.all()[0].about)] == [
        Clock.DISAGREEMENT_2
    ]
    assert helen in told("disagreement")
    with pytest.raises(Refused, match="gone on to stage 2"):
        disagreeing.answered(contact, by=ivan)


def test_a_stage_that_nobody_answered_in_time_is_taken_up_and_its_clock_was_not_kept(
    contact: Contact, rosa: User
) -> None:
    found = disagreeing.raised(contact, by=rosa)
    disagreeing.late(found)
    disagreeing.taken_up(contact, by=rosa)
    first = contact.deadlines.get(clock=Clock.DISAGREEMENT_1)
    assert first.met_at is None
    assert first.cancelled_at is not None


def test_the_agency_ends_it_and_the_hub_is_told(contact: Contact, rosa: User, ivan: User) -> None:
    disagreeing.raised(contact, by=rosa)
    with pytest.raises(Refused, match="nothing has been agreed yet"):
        disagreeing.accepted(contact, by=rosa, result=Result.COMPROMISE)
    assert Disagreement.objects.get().ended_at is None
    disagreeing.answered(contact, by=ivan)
    Notice.objects.all().delete()
    disagreeing.accepted(contact, by=rosa, result=Result.COMPROMISE)
    found = Disagreement.objects.get()
    assert (found.result, found.settled_by) == (Result.COMPROMISE, rosa)
    assert ivan in told("disagreement")
    assert not contact.deadlines.live().filter(about=f"disagreement:{found.pk}").exists()


def test_the_hub_does_not_end_it_over_the_head_of_the_agency(contact: Contact, rosa: User, ivan: User) -> None:
    disagreeing.raised(contact, by=rosa)
    disagreeing.answered(contact, by=ivan)
    with pytest.raises(Refused, match="first for the agency to accept"):
        disagreeing.settled(contact, by=ivan, result=Result.UPHELD)
    with pytest.raises(Refused, match="made in a conversation"):
        disagreeing.settled(contact, by=ivan, result=Result.COMPROMISE)
    assert Disagreement.objects.get().result == ""


def test_a_changed_outcome_is_a_new_decision_signed_off_by_somebody_else(
    contact: Contact, grace: User, maya: User, ivan: User, helen: User
) -> None:
    rosa = contact.referrer
    disagreeing.raised(contact, by=rosa)
    disagreeing.settled(contact, by=ivan, result=Result.CHANGED)
    contact.refresh_from_db()
    found = Disagreement.objects.get()
    assert (contact.as_stage, found.ended_at, found.result) == (Stage.TRIAGE, None, Result.CHANGED)
    assert contact.deadlines.live().filter(clock=Clock.DECISION).exists(), "it cannot be forgotten"
    with pytest.raises(Refused, match="making a new decision"):
        disagreeing.taken_up(contact, by=rosa, in_danger=True)
    build.recommend(contact, Outcome.SECTION_17, by=grace)
    contact.refresh_from_db()
    with pytest.raises(Refused, match="somebody else must sign off the new one"):
        decisions.sign_off(contact.reference, by=maya, version=contact.version)
    assert not Disagreement.objects.exclude(new_decision=None).exists()
    new = decisions.sign_off(contact.reference, by=helen, version=contact.version)
    found = Disagreement.objects.get()
    assert (found.new_decision, found.result) == (new, Result.CHANGED)
    assert found.ended_at is not None
    assert Decision.objects.filter(contact=contact, signed_off_at__isnull=False).count() == 2


def test_a_new_decision_that_decides_the_same_is_not_counted_as_changed(
    contact: Contact, rosa: User, grace: User, ivan: User, helen: User
) -> None:
    disagreeing.raised(contact, by=rosa)
    disagreeing.settled(contact, by=ivan, result=Result.CHANGED)
    build.recommend(contact, Outcome.EARLY_HELP, by=grace)
    contact.refresh_from_db()
    decisions.sign_off(contact.reference, by=helen, version=contact.version)
    found = Disagreement.objects.get()
    assert (found.result, found.ended_at is None) == (Result.UPHELD, False)


def test_it_goes_up_to_the_chair_who_is_written_down_by_the_head(
    contact: Contact, rosa: User, ivan: User, helen: User
) -> None:
    disagreeing.raised(contact, by=rosa)
    for stage in (1, 2, 3):
        disagreeing.answered(contact, by=ivan if stage == 1 else helen, stage=stage, spoke=True)
        disagreeing.taken_up(contact, by=rosa, stage=stage)
    with pytest.raises(Refused, match="name of the chair"):
        disagreeing.answered(contact, by=helen, stage=4)
    disagreeing.answered(contact, by=helen, stage=4, spoke=True)
    with pytest.raises(Refused, match="last stage"):
        disagreeing.taken_up(contact, by=rosa, stage=4)
    disagreeing.settled(contact, by=helen, result=Result.UPHELD, stage=4)
    found = Disagreement.objects.get()
    assert (found.result, found.stages.count()) == (Result.UPHELD, 4)


def test_a_restricted_record_stays_restricted(contact: Contact, rosa: User, ivan: User, helen: User) -> None:
    restricting.restricted(contact, by=helen)
    Notice.objects.all().delete()
    found = disagreeing.raised(contact, by=rosa)
    assert found.stages.get().hub_responder == helen
    assert ivan not in told("disagreement")
    with pytest.raises(Http404):
        disagreeing.answered(contact, by=ivan)
    disagreeing.answered(contact, by=helen)
