"""Recommending, signing off and sending back, through the actions that the pages call."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.decision import actions
from referrals.following import actions as following
from referrals.models import ChildOutcome, Contact, Decision, Notice, Person
from referrals.refusals import NotYours, Refused, Stale
from referrals.triage import actions as triage
from referrals.vocabulary import Clock, Outcome, Rag, Stage
from tests import build

pytestmark = pytest.mark.django_db

PUSHBACK: dict[str, Any] = {
    "outcome": Outcome.NFA_PUSHBACK,
    "texts": {"advice": "Offer the breakfast club", "advice_service": "The school nurse"},
    "advice_level": 2,
}


def sign_off(contact: Contact, by: User, **said: str) -> Decision:
    contact.refresh_from_db()
    return actions.sign_off(contact.reference, by=by, version=contact.version, **said)


def test_a_manager_signs_off_what_a_worker_recommended_and_every_child_is_counted(
    rosa: User, grace: User, maya: User
) -> None:
    two = [{"given_names": "Noor", "family_name": "Aziz"}, {"given_names": "Leila", "family_name": "Aziz"}]
    contact = build.recommended(rosa, worker=grace, children=two)
    decision = sign_off(contact, maya)
    contact.refresh_from_db()
    assert contact.stage == Stage.DECIDED
    assert contact.decided_at == decision.signed_off_at
    assert {(child.outcome, child.level_decided) for child in contact.children.all()} == {("section_17", 3)}
    live = {deadline.clock for deadline in contact.deadlines.live()}
    assert live == {Clock.FEEDBACK, Clock.HANDOVER}
    assert contact.deadlines.filter(met_at__isnull=False).count() == 2
    assert not contact.escalations.filter(fired_at=None, cancelled_at=None, deadline__clock=Clock.DECISION).exists()


def test_the_worker_who_recommended_cannot_sign_off_nor_can_the_database_be_made_to(
    rosa: User, maya: User, ivan: User
) -> None:
    contact = build.recommended(rosa, worker=maya)
    with pytest.raises(Refused, match="another manager must sign it off"):
        sign_off(contact, maya)
    assert Decision.objects.get().signed_off_at is None
    with pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
        Decision.objects.update(signed_off_by=maya, signed_off_at=timezone.now())
    assert sign_off(contact, ivan).signed_off_by == ivan


def test_a_social_worker_cannot_sign_off_anybodys_recommendation(rosa: User, grace: User, maya: User) -> None:
    contact = build.recommended(rosa, worker=maya)
    with pytest.raises(NotYours):
        sign_off(contact, grace)
    assert Decision.objects.get().signed_off_at is None


def test_a_stranger_cannot_tell_a_recommendation_from_nothing(rosa: User, grace: User, tom: User) -> None:
    contact = build.recommended(rosa, worker=grace)
    with pytest.raises(Http404):
        sign_off(contact, tom)


def test_nothing_is_written_when_a_guard_stops_a_recommendation(rosa: User, grace: User) -> None:
    contact = build.assessed(rosa, worker=grace)
    with pytest.raises(Refused, match="Write the advice") as refused:
        build.recommend(contact, Outcome.NFA_PUSHBACK, by=grace)
    assert len(refused.value.reasons) == 3
    contact.refresh_from_db()
    assert (contact.stage, Decision.objects.count(), ChildOutcome.objects.count()) == (Stage.TRIAGE, 0, 0)
    build.recommend(contact, by=grace, **PUSHBACK)
    contact.refresh_from_db()
    assert contact.stage == Stage.SIGN_OFF


def test_level_four_without_a_strategy_discussion_needs_the_reason_why_not(rosa: User, grace: User) -> None:
    contact = build.assessed(rosa, worker=grace, level=4, codes=["L4-HEA-10"])
    with pytest.raises(Refused, match="why no strategy discussion"):
        build.recommend(contact, Outcome.SECTION_17, by=grace, level=4)
    said = {"why_no_strategy": "Examined today; explained by a fall that nursery saw."}
    assert build.recommend(contact, Outcome.SECTION_17, by=grace, level=4, texts=said).is_waiting


def test_early_help_needs_agreement_on_record(rosa: User, grace: User) -> None:
    contact = build.assessed(rosa, worker=grace, agreed=False)
    with pytest.raises(Refused, match="Early help needs the family's agreement"):
        build.recommend(contact, Outcome.EARLY_HELP, by=grace)
    agreed = {"agreement_obtained": "Mother agreed by phone today"}
    assert build.recommend(contact, Outcome.EARLY_HELP, by=grace, texts=agreed).is_waiting


def test_the_third_contact_in_a_year_cannot_be_closed_until_the_manager_says_why(
    rosa: User, grace: User, maya: User
) -> None:
    known = Person.objects.create()
    child = [{"given_names": "Kayden", "family_name": "Walsh", "person": known}]
    for days in (200, 40):
        build.received(rosa, at=timezone.now() - timedelta(days=days), children=child)
    contact = build.recommended(rosa, worker=grace, children=child, **PUSHBACK)
    with pytest.raises(Refused, match="contact number 3 about Kayden Walsh within 12 months"):
        sign_off(contact, maya)
    contact.refresh_from_db()
    assert contact.stage == Stage.SIGN_OFF
    decision = sign_off(contact, maya, why_nfa_still_right="The same event, reported three times.")
    assert decision.why_nfa_still_right == "The same event, reported three times."


def test_a_record_that_changed_since_cannot_be_signed_off(rosa: User, grace: User, maya: User) -> None:
    contact = build.recommended(rosa, worker=grace)
    seen = contact.version
    Contact.objects.filter(pk=contact.pk).update(version=seen + 1)
    with pytest.raises(Stale):
        actions.sign_off(contact.reference, by=maya, version=seen)
    with pytest.raises(Stale, match="send it back"):
        actions.sign_off(contact.reference, by=maya, version=seen + 1)
    assert Decision.objects.get().is_waiting


def test_a_manager_sends_back_with_what_is_wanted_and_the_worker_recommends_again(
    rosa: User, grace: User, maya: User
) -> None:
    contact = build.recommended(rosa, worker=grace)
    with pytest.raises(Refused, match="Say what is wanted"):
        actions.send_back(contact.reference, reason="  ", by=maya)
    actions.send_back(contact.reference, reason="What did health say?", by=maya)
    contact.refresh_from_db()
    assert contact.stage == Stage.TRIAGE
    assert Notice.objects.filter(template="sent_back", to=grace).count() == 1
    build.recommend(contact, Outcome.SECTION_17, by=grace)
    assert sign_off(contact, maya).signed_off_by == maya
    assert Decision.objects.filter(contact=contact).count() == 2


def test_a_worker_takes_back_a_recommendation_but_not_a_signed_decision(rosa: User, grace: User, maya: User) -> None:
    contact = build.recommended(rosa, worker=grace)
    actions.take_back(contact.reference, by=grace)
    build.recommend(contact, Outcome.SECTION_17, by=grace)
    sign_off(contact, maya)
    with pytest.raises(Refused):
        actions.take_back(contact.reference, by=grace)
    contact.refresh_from_db()
    assert contact.stage == Stage.DECIDED


def test_a_manager_reopens_and_the_new_decision_supersedes_the_old(rosa: User, grace: User, maya: User) -> None:
    contact = build.told(rosa, worker=grace, manager=maya)
    with pytest.raises(Refused, match="Say why"):
        actions.reopen(contact.reference, reason="", by=maya)
    actions.reopen(contact.reference, reason="The hospital rang", by=maya)
    contact.refresh_from_db()
    first = contact.decided_at
    assert contact.stage == Stage.TRIAGE
    live = {deadline.clock for deadline in contact.deadlines.live()}
    assert live == {Clock.DECISION, Clock.STATUTORY, Clock.HANDOVER}, "what was handed over stands until a new decision"
    build.discussed(contact, by=grace)
    build.recommend(contact, Outcome.STRATEGY, by=grace)
    sign_off(contact, maya)
    contact.refresh_from_db()
    assert contact.children.get().outcome == Outcome.STRATEGY
    assert contact.decided_at == first, "the first decision's time is the one that is measured"


def test_a_qualified_worker_alone_recommends_a_strategy_discussion(rosa: User, grace: User, maya: User) -> None:
    User.objects.filter(pk=grace.pk).update(registration_number="")
    grace.refresh_from_db()
    contact = build.assessed(rosa, worker=grace, level=4, codes=["L4-HEA-10"])
    build.discussed(contact, by=maya)
    with pytest.raises(Refused, match="registration is on record"):
        build.recommend(contact, Outcome.STRATEGY, by=grace)


def test_a_worker_whose_registration_ran_out_yesterday_is_not_qualified_and_one_whose_last_day_is_today_is(
    rosa: User, grace: User, maya: User
) -> None:
    today = timezone.localdate()
    contact = build.assessed(rosa, worker=grace, level=4, codes=["L4-HEA-10"])
    build.discussed(contact, by=maya)
    grace.registered_until = today - timedelta(days=1)
    grace.save(update_fields=["registered_until"])
    with pytest.raises(Refused, match="whose registration is on record and in force"):
        build.recommend(contact, Outcome.STRATEGY, by=grace, level=4)
    assert not Decision.objects.exists()
    grace.registered_until = today
    grace.save(update_fields=["registered_until"])
    assert build.recommend(contact, Outcome.STRATEGY, by=grace, level=4).is_waiting


def test_what_a_qualified_worker_recommended_can_be_signed_off_after_their_registration_ran_out(
    rosa: User, grace: User, maya: User
) -> None:
    contact = build.assessed(rosa, worker=grace, level=4, codes=["L4-HEA-10"])
    build.discussed(contact, by=maya)
    build.recommend(contact, Outcome.STRATEGY, by=grace, level=4)
    long_ago = timezone.now() - timedelta(days=40)
    Decision.objects.update(recommended_at=long_ago)
    User.objects.filter(pk=grace.pk).update(registered_until=timezone.localdate() - timedelta(days=41))
    with pytest.raises(Refused, match="whose registration is on record and in force"):
        sign_off(contact, maya)
    User.objects.filter(pk=grace.pk).update(registered_until=timezone.localdate() - timedelta(days=39))
    assert sign_off(contact, maya).signed_off_by == maya


def test_the_database_knows_no_outcome_that_is_not_of_the_list(rosa: User, grace: User) -> None:
    build.recommended(rosa, worker=grace)
    with pytest.raises(IntegrityError, match="an_outcome_of_the_list"), transaction.atomic():
        ChildOutcome.objects.update(outcome="returned_for_info")
    assert ChildOutcome.objects.get().outcome == Outcome.SECTION_17


def test_a_child_has_several_outcomes_and_is_counted_under_the_one_by_which_most_is_done(
    rosa: User, grace: User, maya: User
) -> None:
    contact = build.assessed(rosa, worker=grace)
    contact.refresh_from_db()
    child = contact.children.get()
    both = replace(build.recommendation(contact), outcomes={child.pk: [Outcome.EARLY_HELP, Outcome.SECTION_17]})
    actions.recommend(contact.reference, both, by=grace, version=contact.version)
    sign_off(contact, maya)
    child.refresh_from_db()
    assert set(child.outcomes.values_list("outcome", flat=True)) == {Outcome.EARLY_HELP, Outcome.SECTION_17}
    assert child.outcome == Outcome.SECTION_17


def test_anything_that_happens_to_the_record_makes_a_recommendation_wait_for_another_look(
    rosa: User, grace: User, maya: User
) -> None:
    contact = build.recommended(rosa, worker=grace)
    following.add(contact.reference, text="She has a bruise today", by=rosa)
    contact.refresh_from_db()
    with pytest.raises(Stale, match="send it back"):
        sign_off(contact, maya)
    assert Decision.objects.get().is_waiting
    actions.send_back(contact.reference, reason="Rosa has added a bruise", by=maya)
    build.recommend(contact, Outcome.SECTION_17, by=grace)
    assert sign_off(contact, maya).signed_off_by == maya


def test_each_step_is_in_the_timeline_and_the_trail(rosa: User, grace: User, maya: User) -> None:
    contact = build.told(rosa, worker=grace, manager=maya)
    verbs = list(contact.steps.order_by("id").values_list("verb", flat=True))
    assert verbs == ["receive", "claim", "assess", "recommend", "sign_off", "give_feedback"]
    trail = set(Event.objects.about(contact.reference).values_list("verb", flat=True))
    assert set(verbs) <= trail


def test_rating_red_brings_the_decision_forward_from_receipt_and_says_why(rosa: User, grace: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    with pytest.raises(Refused, match="Give the reason"):
        triage.rate(contact.reference, rag=Rag.RED, reason=" ", by=grace, version=contact.version)
    build.rated(contact, Rag.RED, by=grace, reason="A baby with a bruise")
    assert contact.due_at == contact.received_at + timedelta(hours=4)
    assert contact.deadlines.live().get(clock=Clock.DECISION).due_at == contact.due_at
    armed = contact.escalations.filter(fired_at=None, cancelled_at=None, deadline__clock=Clock.DECISION)
    assert armed.get(step="due").due_at == contact.due_at
