"""Every open clock of a kind computed again, and what is not."""

from datetime import UTC, datetime

import pytest

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals import rebasing
from referrals.models import Absence, Contact, Notice
from referrals.models.partnership import Partnership, clock_rules, working_week
from referrals.promises import actions
from referrals.refusals import Refused, Stale
from referrals.vocabulary import Clock, Rag, Unit, Verb
from tests import build
from tests.build import FRIDAY_AT_FOUR, hours
from tests.ticking import REASON, again, everything, ruled, running

pytestmark = pytest.mark.django_db


def test_an_administrator_computes_every_open_clock_of_a_kind_again(
    rosa: User, grace: User, maya: User, kit: User
) -> None:
    mine = [build.claimed(rosa, worker=grace) for _ in range(2)]
    met = build.decided(rosa, worker=grace, manager=maya)
    done_with = met.deadlines.get(clock=Clock.DECISION)
    ruled(Clock.DECISION, 12)
    assert everything(kit, Clock.DECISION) == actions.Rebased(2, 2, 0)
    for contact in mine:
        contact.refresh_from_db()
        assert contact.due_at == contact.received_at + hours(12)
        assert running(contact).rebased_because == REASON
        assert contact.steps.get(verb=Verb.REBASE).by == kit
    done_with.refresh_from_db()
    assert (done_with.cancelled_at, done_with.due_at) == (None, met.received_at + hours(24))
    assert Notice.objects.filter(template="clocks_earlier", to=grace, reference="").count() == 1
    line = Event.objects.get(verb="rebased_all")
    assert (line.by, line.details) == (kit, {"clock": "decision", "number": 2, "earlier": 2})
    with pytest.raises(Refused, match="runs under today’s rule already"):
        everything(kit, Clock.DECISION)


def test_what_the_queue_does_not_show_is_said_of_each_contact_by_its_reference(
    rosa: User, grace: User, maya: User, kit: User
) -> None:
    decided = [build.decided(rosa, worker=grace, manager=maya) for _ in range(2)]
    ruled(Clock.FEEDBACK, 12)
    assert everything(kit, Clock.FEEDBACK) == actions.Rebased(2, 2, 0)
    assert not Notice.objects.filter(template="clocks_earlier").exists()
    told = Notice.objects.filter(template="clock_earlier", to=grace).values_list("reference", flat=True)
    assert sorted(told) == sorted(one.reference for one in decided)


def test_whoever_answers_for_somebody_on_leave_is_told_that_it_is_due_earlier(
    rosa: User, grace: User, maya: User, helen: User, kit: User
) -> None:
    jo = User.objects.create_user("jo@hub.example", full_name="Jo Ba", role="social_worker", agency=grace.agency)
    contact = build.claimed(rosa, worker=grace)
    at = contact.received_at
    away = Absence.objects.create(
        person=grace, starts_at=at - hours(1), ends_at=at + hours(99), noted_by=maya, noted_at=at
    )
    ruled(Clock.DECISION, 12)
    again(contact, helen)
    assert [one.to for one in Notice.objects.filter(template="clock_earlier")] == [maya]
    Absence.objects.filter(pk=away.pk).update(deputy=jo)
    ruled(Clock.DECISION, 6)
    everything(kit, Clock.DECISION)
    assert [one.to for one in Notice.objects.filter(template="clocks_earlier")] == [jo]


def test_computing_a_priority_again_reaches_the_decisions_that_have_it(rosa: User, grace: User, helen: User) -> None:
    red, green = (
        build.rated(build.claimed(rosa, worker=grace, at=FRIDAY_AT_FOUR), rag, by=grace) for rag in (Rag.RED, Rag.GREEN)
    )
    ruled(Clock.RED, 2)
    assert everything(helen, Clock.RED) == actions.Rebased(1, 1, 0)
    for contact, due in ((red, 2), (green, 24)):
        contact.refresh_from_db()
        assert contact.due_at == FRIDAY_AT_FOUR + hours(due)


def test_a_restricted_record_keeps_its_clock_and_is_in_no_number(
    rosa: User, grace: User, maya: User, kit: User
) -> None:
    shut, plain = (build.claimed(rosa, worker=grace) for _ in range(2))
    Contact.objects.filter(pk=shut.pk).update(is_restricted=True)
    ruled(Clock.DECISION, 12)
    assert everything(kit, Clock.DECISION).number == 1
    assert running(shut).due_at == shut.received_at + hours(24)
    assert running(plain).due_at == plain.received_at + hours(12)


@pytest.mark.parametrize(
    ("who", "clock", "said", "sentence"),
    [
        ("Maya", Clock.DECISION, {}, "by the administrator or the service manager"),
        ("Kit", Clock.DECISION, {"because": "  "}, "Write why"),
        ("Kit", Clock.DECISION, {"seen": "another"}, "The rule has changed since"),
        ("Kit", Clock.POLICE_PROTECTION, {}, "for information"),
        ("Kit", Clock.BREAK_REVIEW, {}, "due when it was promised"),
    ],
)
def test_nobody_computes_all_again_who_may_not_or_does_not_say_why(
    who: str, clock: Clock, said: dict[str, str], sentence: str
) -> None:
    contact = build.claimed(build.player("Rosa"), worker=build.player("Grace"))
    ruled(Clock.DECISION, 12)
    with pytest.raises(Refused, match=sentence):
        everything(build.player(who), clock, **said)
    assert running(contact).due_at == contact.received_at + hours(24)
    assert everything(build.player("Kit"), Clock.DECISION).number == 1


def test_of_very_many_some_are_left_for_the_next_time(rosa: User, kit: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        build.received(rosa)
    monkeypatch.setattr(actions, "MOST", 2)
    ruled(Clock.STATUTORY, 2, Unit.WORKING_DAYS)
    assert everything(kit, Clock.STATUTORY) == actions.Rebased(2, 0, 1)
    assert everything(kit, Clock.STATUTORY) == actions.Rebased(1, 0, 0)


def test_a_rule_that_changes_between_look_and_press_is_looked_at_again(rosa: User, kit: User) -> None:
    contact = build.received(rosa)
    ruled(Clock.DECISION, 12)
    seen = rebasing.stamp(Clock.DECISION, clock_rules(), working_week())
    ruled(Clock.DECISION, 6)
    with pytest.raises(Stale):
        everything(kit, Clock.DECISION, seen=seen)
    assert running(contact).due_at == contact.received_at + hours(24)


def test_a_closure_counts_for_what_opens_after_it_is_set(rosa: User) -> None:
    monday = datetime(2026, 11, 23, tzinfo=UTC).date()
    before = build.received(rosa, at=FRIDAY_AT_FOUR)
    Partnership.objects.update_or_create(pk=1, defaults={"closures": [monday]})
    after = build.received(rosa, at=FRIDAY_AT_FOUR)
    assert before.statutory_due_at == datetime(2026, 11, 23, 16, tzinfo=UTC)
    assert after.statutory_due_at == datetime(2026, 11, 24, 16, tzinfo=UTC)
    assert running(after, Clock.STATUTORY).rule["week"]["closures"] == ["2026-11-23"]
