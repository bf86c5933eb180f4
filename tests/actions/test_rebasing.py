"""A clock that runs keeps the rule it was opened under, until somebody computes it again and says why."""

from datetime import time
from typing import Any

import pytest
import time_machine
from django.http import Http404

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.decision import actions as decisions
from referrals.escalation.sweep import sweep
from referrals.models import Notice
from referrals.models.partnership import Partnership
from referrals.promises import actions
from referrals.refusals import NotYours, Refused
from referrals.rules.ladder import DUE, HoursLate, Part, Step
from referrals.vocabulary import Clock, Outcome, Rag, Unit, Verb
from tests import build, checking
from tests.actions.ladders import decision_only, names, step
from tests.build import FRIDAY_AT_FOUR, hours
from tests.ticking import REASON, again, armed, ruled, running

pytestmark = pytest.mark.django_db


# what runs keeps its rule


def test_a_clock_that_runs_keeps_its_length_its_hours_and_its_ladder_when_the_settings_change(
    rosa: User, maya: User
) -> None:
    contact = build.received(rosa, at=FRIDAY_AT_FOUR)
    before = {one.clock: (one.due_at, one.rule, armed(one)) for one in contact.deadlines.all()}
    ruled(Clock.DECISION, 2, ladder=(Step("only", "Another ladder", DUE, ("service_manager",)),))
    ruled(Clock.STATUTORY, 5, Unit.WORKING_DAYS)
    Partnership.objects.update_or_create(pk=1, defaults={"day_starts": time(10), "day_ends": time(11)})

    assert {one.clock: (one.due_at, one.rule, armed(one)) for one in contact.deadlines.all()} == before
    contact.refresh_from_db()
    assert contact.due_at == FRIDAY_AT_FOUR + hours(24)


def test_a_step_whose_key_is_gone_from_the_settings_still_fires_with_its_words_and_comes_again(
    rosa: User, maya: User, helen: User
) -> None:
    contact = build.received(rosa, at=FRIDAY_AT_FOUR)
    ruled(Clock.DECISION, 2, ladder=(Step("only", "Another ladder", DUE, ("service_manager",)),))
    sweep(FRIDAY_AT_FOUR + hours(28))
    late = contact.escalations.get(deadline__clock=Clock.DECISION, step="late")
    assert (late.label, [one.full_name for one in late.told.all()]) == ("The decision is late", ["Helen Okoro"])
    repeat = contact.escalations.get(step="late-2")
    assert repeat.due_at == FRIDAY_AT_FOUR + hours(32)
    assert not contact.escalations.filter(step="only").exists()


def test_a_new_priority_is_counted_under_the_rule_the_decision_was_opened_under(rosa: User, grace: User) -> None:
    with time_machine.travel(FRIDAY_AT_FOUR, tick=False):
        contact = build.claimed(rosa, worker=grace)
        ruled(Clock.DECISION, 2)
        ruled(Clock.GREEN, 72)
        build.rated(contact, Rag.GREEN, by=grace, reason="Nothing urgent")
    assert contact.due_at == FRIDAY_AT_FOUR + hours(24)
    kept = running(contact).rule
    assert (kept["amount"], kept["priority"]["amount"]) == (24, 72)


# one, on a contact's page


def test_a_manager_computes_a_clock_again_with_a_reason_and_its_ladder_is_armed_anew(
    rosa: User, grace: User, maya: User
) -> None:
    with time_machine.travel(FRIDAY_AT_FOUR + hours(1), tick=False):
        contact = build.claimed(rosa, worker=grace, at=FRIDAY_AT_FOUR)
        old = running(contact)
        ruled(Clock.DECISION, 12)
        new = again(contact, maya)
    old.refresh_from_db()
    contact.refresh_from_db()
    due = FRIDAY_AT_FOUR + hours(12)
    assert (new.due_at, contact.due_at, new.opened_at) == (due, due, FRIDAY_AT_FOUR)
    assert (old.cancelled_at is not None, old.met_at, old.rebased_because) == (True, None, "")
    assert new.rebased_because == REASON
    assert armed(old) == {}
    assert armed(new) == {
        "half": FRIDAY_AT_FOUR + hours(6),
        "five_sixths": FRIDAY_AT_FOUR + hours(10),
        "due": due,
        "late": due + hours(4),
    }
    line = contact.steps.get(verb=Verb.REBASE)
    assert (line.by, line.reason) == (maya, f"Decision: due Sat 21 Nov, 4:00am instead of Sat 21 Nov, 4:00pm. {REASON}")
    trail = Event.objects.get(verb=Verb.REBASE)
    assert (trail.by, trail.details["clock"]) == (maya, "decision")
    assert REASON not in str(trail.details)
    assert [one.to for one in Notice.objects.filter(template="clock_earlier")] == [grace]


def test_nobody_is_told_of_a_later_time_and_nobody_twice_of_the_same_step(rosa: User, grace: User, maya: User) -> None:
    contact = build.claimed(rosa, worker=grace, at=FRIDAY_AT_FOUR)
    ruled(Clock.DECISION, 23)
    sweep(FRIDAY_AT_FOUR + hours(32))
    with time_machine.travel(FRIDAY_AT_FOUR + hours(33), tick=False):
        new = again(contact, maya)
        assert Notice.objects.filter(template="clock_earlier").count() == 1
        assert armed(new) == {"half": FRIDAY_AT_FOUR + hours(33), "late-2": FRIDAY_AT_FOUR + hours(35)}
        ruled(Clock.DECISION, 48)
        later = again(contact, maya)
    assert later.due_at == FRIDAY_AT_FOUR + hours(48)
    assert Notice.objects.filter(template="clock_earlier").count() == 1
    assert set(armed(later)) == {"half", "five_sixths", "due", "late"}


def test_a_step_that_is_told_again_every_few_hours_goes_on_under_the_new_rule(
    rosa: User, grace: User, maya: User, helen: User
) -> None:
    contact = build.claimed(rosa, worker=grace, at=FRIDAY_AT_FOUR)
    sweep(FRIDAY_AT_FOUR + hours(29))
    with time_machine.travel(FRIDAY_AT_FOUR + hours(29), tick=False):
        build.rated(contact, Rag.RED, by=grace)
    assert armed(running(contact)) == {"half": FRIDAY_AT_FOUR + hours(29), "late-2": FRIDAY_AT_FOUR + hours(32)}
    assert sweep(FRIDAY_AT_FOUR + hours(31)).fired == 0
    assert sweep(FRIDAY_AT_FOUR + hours(32)).fired == 1


def test_what_nobody_has_acknowledged_still_goes_up_after_its_clock_has_been_computed_again(
    rosa: User, grace: User, maya: User, helen: User
) -> None:
    contact = decision_only(build.claimed(rosa, worker=grace, at=FRIDAY_AT_FOUR))
    sweep(FRIDAY_AT_FOUR + hours(20))
    assert names(step(contact, "five_sixths")) == {"Grace Lin", "Maya Shah"}
    for hour, length in ((20.5, 23), (21, 22.5)):
        ruled(Clock.DECISION, length)
        with time_machine.travel(FRIDAY_AT_FOUR + hours(hour), tick=False):
            again(contact, maya)
    result = sweep(FRIDAY_AT_FOUR + hours(22))
    assert (result.fired, result.went_up) == (0, 1)
    assert names(step(contact, "five_sixths")) == {"Grace Lin", "Maya Shah", "Helen Okoro"}
    assert contact.escalations.filter(step="five_sixths").fired().count() == 1


def test_an_earlier_step_goes_up_again_where_the_later_one_that_stood_for_it_is_no_longer_true(
    rosa: User, grace: User, maya: User, helen: User
) -> None:
    contact = decision_only(build.claimed(rosa, worker=grace, at=FRIDAY_AT_FOUR))
    for hour in (20, 24, 24.1):
        sweep(FRIDAY_AT_FOUR + hours(hour))
    assert step(contact, "five_sixths").goes_up_at is None
    ruled(Clock.DECISION, 28)
    with time_machine.travel(FRIDAY_AT_FOUR + hours(24.5), tick=False):
        again(contact, maya)
    assert sweep(FRIDAY_AT_FOUR + hours(24.5)).went_up == 1
    assert names(step(contact, "five_sixths")) == {"Grace Lin", "Maya Shah", "Helen Okoro"}


def test_what_a_longer_clock_makes_untrue_goes_up_no_more_and_is_told_again_when_it_comes_true(
    rosa: User, grace: User, maya: User, helen: User
) -> None:
    contact = decision_only(build.claimed(rosa, worker=grace, at=FRIDAY_AT_FOUR))
    sweep(FRIDAY_AT_FOUR + hours(24))
    ruled(Clock.DECISION, 48)
    with time_machine.travel(FRIDAY_AT_FOUR + hours(25), tick=False):
        again(contact, maya)
    result = sweep(FRIDAY_AT_FOUR + hours(30))
    assert (result.fired, result.went_up) == (0, 0)
    assert sweep(FRIDAY_AT_FOUR + hours(40)).fired == 1
    ruled(Clock.DECISION, 24)
    with time_machine.travel(FRIDAY_AT_FOUR + hours(41), tick=False):
        again(contact, maya)
    said = sweep(FRIDAY_AT_FOUR + hours(41)).lines
    assert [line.label for line in said] == ["The decision is due", "The decision is late"]


@pytest.mark.parametrize("state", ["met", "replaced"])
def test_a_manager_cannot_compute_again_what_has_been_met_or_replaced(
    rosa: User, grace: User, maya: User, state: str
) -> None:
    contact = build.recommended(rosa, worker=grace)
    old = running(contact)
    ruled(Clock.DECISION, 48)
    if state == "met":
        decisions.sign_off(contact.reference, by=maya, version=contact.version)
    else:
        again(contact, maya)
        ruled(Clock.DECISION, 36)
    contact.refresh_from_db()
    before = list(contact.deadlines.order_by("id").values())
    with pytest.raises(Refused, match="was met" if state == "met" else "runs no longer"):
        actions.rebase(contact.reference, deadline=old.pk, because=REASON, seen="", by=maya, version=contact.version)
    assert list(contact.deadlines.order_by("id").values()) == before


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"because": " "}, "Write why it is computed again"),
        ({"seen": "another"}, "The rule has changed since you opened the page"),
        ({"version": 0}, "This contact has changed since you opened the page"),
        ({"deadline": 0}, "There is no such clock about this contact"),
    ],
)
def test_a_manager_cannot_compute_again_without_a_reason_or_from_a_page_that_is_out_of_date(
    rosa: User, grace: User, maya: User, said: dict[str, Any], sentence: str
) -> None:
    contact = build.claimed(rosa, worker=grace)
    ruled(Clock.DECISION, 48)
    with pytest.raises(Refused, match=sentence):
        again(contact, maya, **said)
    assert not contact.steps.filter(verb=Verb.REBASE).exists()
    assert again(contact, maya).due_at == contact.received_at + hours(48)


def test_a_manager_cannot_compute_again_what_runs_under_todays_rule_and_a_worker_cannot_at_all(
    rosa: User, grace: User, maya: User, tom: User
) -> None:
    contact = build.claimed(rosa, worker=grace)
    with pytest.raises(Refused, match="under today’s rule already"):
        again(contact, maya)
    ruled(Clock.DECISION, 48)
    with pytest.raises(NotYours):
        again(contact, grace)
    with pytest.raises(Http404):
        again(contact, tom)
    assert not contact.steps.filter(verb=Verb.REBASE).exists()
    assert again(contact, maya).pk


def test_a_change_of_the_ladder_alone_arms_the_new_steps_and_moves_no_due_time(
    rosa: User, grace: User, maya: User
) -> None:
    contact = build.claimed(rosa, worker=grace, at=FRIDAY_AT_FOUR)
    ladder = (
        Step("quarter", "A quarter", Part("1/4"), ("owner",)),
        Step("very", "Very late", HoursLate(9), ("owner",)),
    )
    ruled(Clock.DECISION, 24, ladder=ladder)
    with time_machine.travel(FRIDAY_AT_FOUR + hours(1), tick=False):
        new = again(contact, maya)
    assert new.due_at == FRIDAY_AT_FOUR + hours(24)
    assert armed(new) == {"quarter": FRIDAY_AT_FOUR + hours(6), "very": FRIDAY_AT_FOUR + hours(33)}
    assert not Notice.objects.filter(template="clock_earlier").exists()


def test_what_shows_the_due_time_of_a_clock_shows_the_new_one(
    rosa: User, grace: User, maya: User, omar: User, dev: User
) -> None:
    check = checking.one_asked(omar, rosa, worker=grace)
    clock = Clock(check.contact.deadlines.get(about=check.about).clock)
    ruled(clock, 0.5, Unit.HOURS)
    new = again(check.contact, maya, clock)
    check.refresh_from_db()
    assert check.due_at == new.due_at == new.opened_at + hours(0.5)
    assert {one.to.agency for one in Notice.objects.filter(template="check_earlier")} == {rosa.agency}
    contact = build.decided(rosa, worker=grace, manager=maya, outcome=Outcome.EARLY_HELP)
    ruled(Clock.HANDOVER, 1, Unit.HOURS)
    new = again(contact, maya, Clock.HANDOVER)
    assert contact.handovers.get().due_at == new.due_at
    assert [one.to for one in Notice.objects.filter(template="clock_earlier", reference=contact.reference)] == [dev]


# all of a kind
