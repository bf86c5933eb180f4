"""Two people change one clock at the same moment, or compute it again while it is met: one wins, the other is told."""

from dataclasses import replace

from referrals import rebasing
from referrals.administration.clocks import actions, changes
from referrals.decision import actions as decisions
from referrals.escalation.sweep import sweep
from referrals.models import ClockSetting
from referrals.models.partnership import clock_rules, working_week
from referrals.promises import actions as promises
from referrals.rules.clocks import DEFAULTS
from referrals.vocabulary import Clock, Verb
from tests import build
from tests.build import FRIDAY_AT_FOUR, hours
from tests.races.together import DONE, at_once, nothing_is_there_twice, while_it_is_under_way, written
from tests.ticking import REASON, everything, ruled, running

MEANWHILE = "Somebody has changed this clock since you opened the page."


def save(amount: float, seen: str) -> object:
    rule = replace(clock_rules()[Clock.GREEN], amount=amount)
    return actions.save_rule(rule, seen=seen, by=build.player("Kit"))


def test_of_two_administrators_who_save_the_first_rule_of_a_clock_one_is_told(committed: str) -> None:
    build.player("Kit")
    seen = changes.stamp_of_rule(DEFAULTS[Clock.GREEN])
    with while_it_is_under_way(lambda: save(72, seen), lambda: save(48, seen)) as answer:
        assert answer().startswith(f"{MEANWHILE} It is now: 72 hours")
    assert clock_rules()[Clock.GREEN].amount == 72
    assert ClockSetting.objects.count() == 1


def test_of_two_administrators_who_change_a_rule_that_is_there_one_is_told(committed: str) -> None:
    build.player("Kit")
    seen = changes.stamp_of_rule(ruled(Clock.GREEN, 72))
    with while_it_is_under_way(lambda: save(48, seen), lambda: save(36, seen)) as answer:
        assert answer().startswith(f"{MEANWHILE} It is now: 48 hours")
    kit = build.player("Kit")
    reset = changes.stamp_of_rule(clock_rules()[Clock.GREEN])
    with while_it_is_under_way(
        lambda: actions.reset_rule(Clock.GREEN, seen=reset, by=kit), lambda: save(36, reset)
    ) as answer:
        assert answer().startswith(f"{MEANWHILE} It is now: 24 hours")
    assert not ClockSetting.objects.exists()


def test_of_two_administrators_who_change_the_hours_one_is_told(committed: str) -> None:
    kit, before = build.player("Kit"), working_week()
    seen = changes.stamp_of_week(before)
    shorter = replace(before, end=before.end.replace(hour=16))
    longer = replace(before, end=before.end.replace(hour=18))
    with while_it_is_under_way(
        lambda: actions.save_week(shorter, seen=seen, by=kit), lambda: actions.save_week(longer, seen=seen, by=kit)
    ) as answer:
        assert answer().startswith("Somebody has changed the working hours or closures")
    assert working_week().end.hour == 16


def test_a_clock_that_is_met_while_all_are_computed_again_stays_met(committed: str) -> None:
    rosa, grace, maya, kit = (build.player(name) for name in ("Rosa", "Grace", "Maya", "Kit"))
    contact = build.recommended(rosa, worker=grace)
    ruled(Clock.DECISION, 48)
    deadline = running(contact)
    sign_off = lambda: decisions.sign_off(contact.reference, by=maya, version=contact.version)  # noqa: E731
    with while_it_is_under_way(sign_off, lambda: everything(kit, Clock.DECISION)) as answer:
        assert answer() == DONE
    deadline.refresh_from_db()
    assert deadline.met_at is not None
    assert written(contact, Verb.REBASE) == (0, 0)
    nothing_is_there_twice(contact)


def test_two_managers_who_compute_one_clock_again_do_it_once(committed: str) -> None:
    rosa, grace, *_ = [build.player(name) for name in ("Rosa", "Grace", "Maya", "Helen")]
    contact = build.claimed(rosa, worker=grace)
    ruled(Clock.DECISION, 48)
    old = running(contact)
    seen = promises.seen_as(rebasing.under(old, contact, clock_rules(), working_week()))

    def again(by: str) -> object:
        who, version = build.player(by), contact.version
        return promises.rebase(contact.reference, deadline=old.pk, because=REASON, seen=seen, by=who, version=version)

    answers = at_once(lambda: again("Maya"), lambda: again("Helen"))
    assert answers.count(DONE) == 1
    assert written(contact, Verb.REBASE) == (1, 1)
    nothing_is_there_twice(contact)


def test_a_step_that_fires_while_its_clock_is_computed_again_is_told_once(committed: str) -> None:
    rosa, grace, kit, _ = [build.player(name) for name in ("Rosa", "Grace", "Kit", "Maya")]
    contact = build.claimed(rosa, worker=grace, at=FRIDAY_AT_FOUR)
    ruled(Clock.DECISION, 23)
    now = FRIDAY_AT_FOUR + hours(21)
    assert at_once(lambda: sweep(now), lambda: everything(kit, Clock.DECISION)) == [DONE, DONE]
    sweep()  # computed first, the step is to be told at once: by the database's clock, which is later than `now`
    fired = contact.escalations.fired().filter(deadline__clock=Clock.DECISION, step="five_sixths")
    assert fired.count() == 1
    nothing_is_there_twice(contact)
