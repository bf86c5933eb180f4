"""After feedback is sent: opened or rung, understood or asked about; the mark and the services that go with it."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals.decision import actions as decisions
from referrals.escalation.sweep import sweep
from referrals.feedback import actions, asking, keeping
from referrals.models import Contact, Feedback, FeedbackQuestion, Notice, QualityMark, Service
from referrals.refusals import NotYours, Refused
from referrals.vocabulary import Clock
from tests import build
from tests.actions.test_feedback import WORDS

pytestmark = pytest.mark.django_db

MARK = {
    "evidence": "good",
    "consent": "thin",
    "threshold": "enough",
    "childs_voice": "good",
    "advice": "Say who agreed",
}


@pytest.fixture
def contact(cy: User, grace: User, maya: User) -> Contact:
    """Sent by Cy, whose safeguarding lead is Rosa; feedback has been sent by Grace."""
    return build.told(cy, worker=grace, manager=maya)


def clock(contact: Contact) -> str:
    row = contact.deadlines.get(clock=Clock.FEEDBACK_READ)
    return "met" if row.met_at else "cancelled" if row.cancelled_at else "live"


def told(template: str) -> set[User]:
    return {notice.to for notice in Notice.objects.filter(template=template)}


def test_the_clock_of_opening_runs_until_the_agency_opens_it(contact: Contact, rosa: User) -> None:
    assert clock(contact) == "live"
    actions.open_feedback(contact.reference, by=rosa)
    assert clock(contact) == "met"


def test_no_clock_runs_where_nobody_could_open_it(tom: User, grace: User, maya: User) -> None:
    contact = build.decided(tom, worker=grace, manager=maya)
    User.objects.filter(pk=tom.pk).update(is_active=False)
    actions.give_feedback(contact.reference, **WORDS, by=grace, version=contact.version)
    assert not contact.deadlines.filter(clock=Clock.FEEDBACK_READ).exists()


def test_reopening_ends_the_waiting(contact: Contact, maya: User) -> None:
    decisions.reopen(contact.reference, reason="The hospital rang", by=maya)
    assert clock(contact) == "cancelled"


def test_unread_for_half_of_the_time_the_lead_is_told_and_then_the_hub(
    contact: Contact, rosa: User, grace: User, cy: User
) -> None:
    now = timezone.now()
    sweep(now + timedelta(hours=47))
    assert told("feedback_unread") == set()
    assert Feedback.objects.get().lead_told_at is None
    sweep(now + timedelta(hours=49))
    assert told("feedback_unread") == {rosa}
    assert Feedback.objects.get().lead_told_at == now + timedelta(hours=49)
    sweep(now + timedelta(hours=97))
    step = contact.escalations.get(deadline__clock=Clock.FEEDBACK_READ, step="due")
    assert grace in step.told.all()
    assert cy not in step.told.all()


def test_somebody_rings_says_whom_they_spoke_to_and_the_clock_is_met(contact: Contact, grace: User, sam: User) -> None:
    with pytest.raises(NotYours):
        actions.phone(contact.reference, words="Cy Lee", by=sam)
    with pytest.raises(Refused, match="whom you spoke to"):
        actions.phone(contact.reference, words=" ", by=grace)
    assert clock(contact) == "live"
    actions.phone(contact.reference, words="Cy Lee, who will tell the head", by=grace)
    found = Feedback.objects.get()
    assert (found.phoned_by, found.phoned_words, found.opened_at) == (grace, "Cy Lee, who will tell the head", None)
    assert clock(contact) == "met"
    with pytest.raises(Refused, match="already told"):
        actions.phone(contact.reference, words="Rang again", by=grace)


def test_nobody_is_rung_who_has_read_it(contact: Contact, grace: User, cy: User) -> None:
    actions.open_feedback(contact.reference, by=cy)
    with pytest.raises(Refused, match="nobody has to be rung"):
        actions.phone(contact.reference, words="Cy Lee", by=grace)
    assert Feedback.objects.get().phoned_at is None


def test_the_referrer_understands_after_reading_and_once(contact: Contact, cy: User, rosa: User) -> None:
    with pytest.raises(Refused, match="Read the feedback first"):
        asking.understand(contact.reference, by=cy)
    actions.open_feedback(contact.reference, by=cy)
    asking.understand(contact.reference, by=cy)
    assert asking.understand(contact.reference, by=rosa).understood_by == cy
    assert contact.steps.filter(verb="understand").count() == 1


def test_the_referrer_asks_the_hub_answers_on_a_clock_and_both_are_told(
    contact: Contact, cy: User, rosa: User, grace: User, tom: User
) -> None:
    with pytest.raises(Http404):
        asking.ask(contact.reference, text="Who visits?", by=tom)
    asked = asking.ask(contact.reference, text="Who visits?", by=cy)
    assert asking.ask(contact.reference, text="Who visits?", by=cy) == asked
    with pytest.raises(Refused, match="waits for its answer"):
        asking.ask(contact.reference, text="And when?", by=rosa)
    running = contact.deadlines.live().get(clock=Clock.QUESTION_BACK)
    assert (running.about, running.due_at) == (asked.about, asked.due_at)
    assert told("feedback_question") == {grace}
    with pytest.raises(Refused, match="Write the answer"):
        asking.answer(contact.reference, question=asked.pk, text="", by=grace)
    asking.answer(contact.reference, question=asked.pk, text="The health visitor", by=grace)
    assert FeedbackQuestion.objects.get().answer == "The health visitor"
    assert not contact.deadlines.live().filter(clock=Clock.QUESTION_BACK).exists()
    assert told("feedback_answer") == {cy, rosa}


def test_a_form_is_marked_in_all_four_qualities_or_none(rosa: User, grace: User, maya: User) -> None:
    contact = build.decided(rosa, worker=grace, manager=maya)
    service = Service.objects.create(name="Family Hub", what="Advice", how="Ring")
    old = Service.objects.create(name="Closed", what="Gone", how="No", is_active=False)
    sending = {**WORDS, "services": [service.pk, old.pk], "by": grace, "version": contact.version}
    with pytest.raises(Refused, match="The child’s voice"):
        actions.give_feedback(contact.reference, mark={**MARK, "childs_voice": ""}, **sending)
    assert not QualityMark.objects.exists()
    assert not Feedback.objects.exists()
    actions.give_feedback(contact.reference, mark=MARK, **sending)
    mark = QualityMark.objects.get(contact=contact)
    assert (mark.consent, mark.advice, mark.by) == ("thin", "Say who agreed", grace)
    assert list(Feedback.objects.get().services.all()) == [service]


def test_a_manager_keeps_the_directory_and_a_worker_does_not(maya: User, grace: User) -> None:
    facts = {"name": "Family Hub", "what": "Advice", "how": "Ring", "levels": ["2", "1"], "is_active": True}
    with pytest.raises(NotYours):
        keeping.save(None, by=grace, **facts)  # type: ignore[arg-type]  # as the form gives it
    assert not Service.objects.exists()
    found = keeping.save(None, by=maya, **facts)  # type: ignore[arg-type]  # as the form gives it
    assert found.levels == [1, 2]
    with pytest.raises(Refused, match="called Family Hub already"):
        keeping.save(None, by=maya, **facts)  # type: ignore[arg-type]  # as the form gives it
    keeping.save(found.pk, by=maya, **{**facts, "is_active": False})  # type: ignore[arg-type]  # as the form gives it
    assert Service.objects.get().is_active is False
