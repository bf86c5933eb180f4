"""Calling, arranging, recording and calling off a strategy discussion."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.decision import actions as decisions
from referrals.escalation.sweep import sweep
from referrals.models import Contact, Notice, StageChange, StrategyAction, StrategyDiscussion
from referrals.refusals import NotYours, Refused, Stale
from referrals.rules.strategy import COMPULSORY
from referrals.strategy import actions
from referrals.strategy.actions import Attendance, Invited, Plan
from referrals.vocabulary import AgencyKind, Clock, Outcome, Stage, StrategyDecision
from tests import build, discussing

pytestmark = pytest.mark.django_db

SCHOOL = Invited(AgencyKind.SCHOOL, who="The deputy head")


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (StrategyDiscussion, StageChange, Notice, Event))


def strategy_clock(contact: Contact) -> list[tuple[bool, bool]]:
    """For each strategy clock: whether it is met, and whether it is cancelled."""
    found = contact.deadlines.filter(clock=Clock.STRATEGY).order_by("id")
    return [(one.met_at is not None, one.cancelled_at is not None) for one in found]


def test_a_qualified_worker_calls_one_and_the_four_hours_start(rosa: User, grace: User) -> None:
    contact = build.assessed(rosa, worker=grace, level=4, codes=["L4-HEA-10"])
    discussion = build.discussed(contact, by=grace, also=[SCHOOL])
    deadline = contact.deadlines.live().get(clock=Clock.STRATEGY)
    assert deadline.about == f"strategy:{discussion.pk}"
    assert deadline.due_at == discussion.due_at == discussion.called_at + timedelta(hours=4)
    assert discussing.invited_rows(discussion) == [
        ("team", "Alderbrook MASH"),
        ("police", "Regional Police"),
        ("health", "Trent Vale Community Health"),
        ("school", "The deputy head"),
    ]
    contact.refresh_from_db()
    assert contact.stage == Stage.TRIAGE
    assert contact.steps.get(verb="call_strategy").reason == "A bruise that nobody explains"
    assert Event.objects.filter(verb="call_strategy", reference=contact.reference, by=grace).count() == 1


def test_a_worker_without_a_registration_cannot_call_one(rosa: User, grace: User, maya: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    grace.registration_number = ""
    grace.save()
    before = counts()
    with pytest.raises(NotYours, match="whose registration is on record and in force"):
        build.discussed(contact, by=grace)
    assert counts() == before
    assert build.discussed(contact, by=maya).called_by == maya


def test_a_worker_who_does_not_hold_the_contact_cannot_call_one(rosa: User, grace: User, sam: User, tom: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    for who, refusal in ((sam, NotYours), (tom, Http404)):
        with pytest.raises(refusal):
            build.discussed(contact, by=who)
    assert not StrategyDiscussion.objects.exists()


def test_nothing_is_called_before_somebody_has_taken_the_contact(rosa: User, grace: User, maya: User) -> None:
    contact = build.received(rosa)
    with pytest.raises(Refused, match="This cannot be done now"):
        build.discussed(contact, by=maya)
    assert not StrategyDiscussion.objects.exists()


def test_the_three_cannot_be_left_out_without_a_word(rosa: User, grace: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    children = [child.pk for child in contact.children.all()]
    before = counts()
    with pytest.raises(Refused) as refused:
        actions.call(contact.reference, reason="", children=[0], invited=[], plan=Plan(), by=grace)
    assert [getattr(one, "field", "") for one in refused.value.reasons] == [
        "reason",
        "children",
        "team_asked",
        "police_asked",
        "health_asked",
    ]
    assert counts() == before
    why = [Invited(kind, is_invited=False, not_invited_because="They rang us") for kind in COMPULSORY]
    called = actions.call(contact.reference, reason="A", children=children, invited=why, plan=Plan(), by=grace)
    assert {one.not_invited_because for one in called.invitations.all()} == {"They rang us"}


def test_the_practitioners_of_who_is_invited_are_told_the_reference_and_nobody_else(
    rosa: User, omar: User, nell: User, tom: User, maya: User
) -> None:
    grace = build.player("Grace")
    contact = build.claimed(rosa, worker=grace)
    build.discussed(contact, by=maya, also=[Invited(AgencyKind.SCHOOL, tom.agency)])
    told = {notice.to for notice in Notice.objects.filter(template="strategy_invitation")}
    assert told == {omar, nell}, "a form tutor of another school reads nothing of the case, invited or not"
    assert [notice.to for notice in Notice.objects.filter(template="strategy_called")] == [grace]


def test_the_referrer_is_told_where_their_school_is_invited(tom: User, grace: User, omar: User, nell: User) -> None:
    contact = build.claimed(tom, worker=grace)
    build.discussed(contact, by=grace, also=[Invited(AgencyKind.SCHOOL, tom.agency)])
    assert {notice.to for notice in Notice.objects.filter(template="strategy_invitation")} == {omar, nell, tom}


def test_a_second_one_cannot_be_called_before_the_first_is_recorded(rosa: User, grace: User, maya: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    first = build.discussed(contact, by=grace)
    before = counts()
    with pytest.raises(Refused, match="Grace Lin called a strategy discussion about this family"):
        build.discussed(contact, by=maya)
    assert counts() == before
    discussing.held(first, by=grace)
    second = build.discussed(contact, by=maya)
    assert second.pk != first.pk
    assert strategy_clock(contact) == [(True, False), (False, False)]
    with pytest.raises(IntegrityError, match="one_strategy_discussion_open"), transaction.atomic():
        StrategyDiscussion.objects.filter(pk=first.pk).update(recorded_at=None)


def test_what_was_held_is_recorded_with_who_came_and_the_clock_is_met(rosa: User, grace: User, maya: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    discussion = build.discussed(contact, by=grace, also=[SCHOOL])
    away = discussion.invitations.get(kind="school")
    said = discussing.record_of(discussion)
    attendance = {**said.attendance, away.pk: Attendance(attended=False, absent_because=" In a lesson ")}
    found = discussing.held(discussion, by=maya, attendance=attendance, chair=maya)
    assert (found.decision, found.chaired_by, found.recorded_by) == ("section_47_joint", maya, maya)
    assert found.rationale == "Nobody can say how it happened"
    came = {(one.kind, one.attended, one.absent_because) for one in found.invitations.all()}
    assert came == {("team", True, ""), ("police", True, ""), ("health", True, ""), ("school", False, "In a lesson")}
    assert StrategyAction.objects.get(discussion=found).owner == "Nell Adeyemi"
    assert strategy_clock(contact) == [(True, False)]
    step = contact.steps.get(verb="record_strategy")
    assert step.reason == "Section 47 enquiry, jointly with the police. Nobody can say how it happened"


def test_an_unfinished_record_is_refused_and_nothing_is_written(rosa: User, grace: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    discussion = build.discussed(contact, by=grace)
    before = counts()
    with pytest.raises(Refused) as refused:
        discussing.held(discussion, by=grace, attendance={}, texts={}, decision=None)
    fields = [getattr(one, "field", "") for one in refused.value.reasons]
    asked = [f"attended_{one.pk}" for one in discussion.invitations.all()]
    assert fields == [*asked, "risk", "childs_voice", "rationale", "contingency", "decision"]
    assert counts() == before
    discussion.refresh_from_db()
    assert discussion.recorded_at is None
    assert strategy_clock(contact) == [(False, False)]
    assert discussing.held(discussion, by=grace).recorded_at


def test_it_is_recorded_once_and_the_second_reads_who_was_first(rosa: User, grace: User, maya: User) -> None:
    discussion = build.discussed(build.claimed(rosa, worker=grace), by=grace)
    discussing.held(discussion, by=grace)
    before = counts()
    with pytest.raises(Refused, match="Grace Lin has recorded this strategy discussion already"):
        discussing.held(discussion, by=maya)
    with pytest.raises(Refused, match="Grace Lin has recorded this strategy discussion already"):
        actions.call_off(discussion.contact.reference, discussion=discussion.pk, reason="Snow", by=maya)
    assert counts() == before


def test_calling_off_needs_a_reason_stops_the_clock_and_tells_the_invited(
    rosa: User, grace: User, omar: User, nell: User
) -> None:
    contact = build.claimed(rosa, worker=grace)
    discussion = build.discussed(contact, by=grace)
    before = counts()
    with pytest.raises(Refused, match="Say why the strategy discussion is called off"):
        actions.call_off(contact.reference, discussion=discussion.pk, reason=" ", by=grace)
    assert counts() == before
    actions.call_off(contact.reference, discussion=discussion.pk, reason="The hospital has explained it", by=grace)
    assert strategy_clock(contact) == [(False, True)]
    armed = contact.escalations.filter(deadline__clock=Clock.STRATEGY, fired_at=None, cancelled_at=None)
    assert not armed.exists()
    assert contact.steps.get(verb="call_off_strategy").reason == "The hospital has explained it"
    assert {notice.to for notice in Notice.objects.filter(template="strategy_called_off")} == {omar, nell}
    assert build.discussed(contact, by=grace).pk != discussion.pk


def test_a_discussion_of_another_family_is_not_there(rosa: User, grace: User) -> None:
    discussion = build.discussed(build.claimed(rosa, worker=grace), by=grace)
    other = build.claimed(rosa, worker=grace)
    with pytest.raises(Refused, match="There is no such strategy discussion"):
        actions.call_off(other.reference, discussion=discussion.pk, reason="Snow", by=grace)
    with pytest.raises(Refused, match="There is no such strategy discussion"):
        actions.arrange(other.reference, discussion=discussion.pk, plan=Plan(), by=grace)
    discussion.refresh_from_db()
    assert discussion.called_off_at is None


def test_when_and_where_may_change_and_others_be_invited_without_touching_the_contact(
    rosa: User, grace: User, omar: User, nell: User
) -> None:
    contact = build.claimed(rosa, worker=grace)
    discussion = build.discussed(contact, by=grace)
    contact.refresh_from_db()
    version, at = contact.version, timezone.now() + timedelta(hours=3)

    def arrange(*invited: Invited) -> None:
        plan = Plan(at, "Room 9")
        actions.arrange(contact.reference, discussion=discussion.pk, plan=plan, invited=invited, by=grace)

    arrange(SCHOOL)
    discussion.refresh_from_db()
    assert (discussion.planned_for, discussion.how_to_join) == (at, "Room 9")
    assert {notice.to for notice in Notice.objects.filter(template="strategy_changed")} == {omar, nell}
    told = Notice.objects.count()
    arrange(SCHOOL)
    assert discussion.invitations.count() == 4, "the same person is not invited twice"
    assert Notice.objects.count() == told, "nothing has changed, so nobody is told"
    contact.refresh_from_db()
    assert contact.version == version
    assert Event.objects.filter(verb="arrange_strategy", reference=contact.reference).count() == 1


def test_a_late_one_escalates_to_the_managers_and_a_recorded_one_does_not(
    rosa: User, grace: User, maya: User, helen: User
) -> None:
    late, done = build.claimed(rosa, worker=grace), build.claimed(rosa, worker=grace)
    build.discussed(late, by=grace)
    discussing.held(build.discussed(done, by=grace), by=grace)
    sweep(now=timezone.now() + timedelta(hours=4, minutes=1))
    fired = late.escalations.fired().get(deadline__clock=Clock.STRATEGY)
    assert set(fired.told.all()) == {maya, helen}
    assert not done.escalations.fired().filter(deadline__clock=Clock.STRATEGY).exists()


def test_a_strategy_outcome_cannot_be_recommended_before_one_is_called(rosa: User, grace: User, maya: User) -> None:
    contact = build.assessed(rosa, worker=grace, level=4, codes=["L4-HEA-10"])
    with pytest.raises(Refused, match="Call the strategy discussion about Noor Aziz first"):
        build.recommend(contact, Outcome.STRATEGY, by=grace, level=4)
    called = build.discussed(contact, by=grace)
    assert build.recommend(contact, Outcome.STRATEGY, by=grace, level=4).is_waiting
    actions.call_off(contact.reference, discussion=called.pk, reason="Explained", by=grace)
    contact.refresh_from_db()
    with pytest.raises(Stale):
        decisions.sign_off(contact.reference, by=maya, version=contact.version)
    decisions.take_back(contact.reference, by=grace)
    with pytest.raises(Refused, match="none is on record"):
        build.recommend(contact, Outcome.STRATEGY, by=grace, level=4)


def test_a_discussion_about_one_child_says_nothing_about_the_other(rosa: User, grace: User) -> None:
    two = [{"given_names": "Noor", "family_name": "Aziz"}, {"given_names": "Leila", "family_name": "Aziz"}]
    contact = build.assessed(rosa, worker=grace, children=two, level=4, codes=["L4-HEA-10"])
    noor = contact.children.all()[0]
    why = [Invited(kind, is_invited=False, not_invited_because="Rang us") for kind in COMPULSORY]
    actions.call(contact.reference, reason="A", children=[noor.pk], invited=why, plan=Plan(), by=grace)
    with pytest.raises(Refused) as refused:
        build.recommend(contact, Outcome.STRATEGY, by=grace, level=4)
    assert list(refused.value.reasons) == ["Call the strategy discussion about Leila Aziz first: none is on record."]


def test_one_that_decided_otherwise_explains_another_outcome_with_its_rationale(rosa: User, grace: User) -> None:
    contact = build.assessed(rosa, worker=grace, level=4, codes=["L4-HEA-10"])
    called = build.discussed(contact, by=grace)
    with pytest.raises(Refused, match="is not recorded yet"):
        build.recommend(contact, Outcome.SECTION_17, by=grace, level=4)
    discussing.held(called, by=grace, decision=StrategyDecision.SECTION_17)
    assert build.recommend(contact, Outcome.SECTION_17, by=grace, level=4).why_no_strategy == ""
