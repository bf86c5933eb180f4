"""Several sweeps, and somebody who acknowledges while they run: each rung is told once. On real connections."""

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from referrals.escalation import actions
from referrals.escalation.sweep import sweep
from referrals.models import Escalation, Notice, Telling
from tests import build
from tests.faults import ledger

from .together import DONE, at_once, while_it_is_under_way


def gone_by(steps: list[Escalation]) -> None:
    """All of them were told to Maya, and have waited for as long as they may."""
    sweep()
    assert ledger.fired(steps) == len(steps)
    Escalation.objects.update(goes_up_at=timezone.now() - timedelta(seconds=1))


def test_sweeps_at_once_take_each_step_up_once(committed: str) -> None:
    steps, helen = ledger.due(60), build.player("Helen")
    gone_by(steps)
    went = []
    assert at_once(*[lambda: went.append(sweep(batch=7).went_up)] * 4) == [DONE] * 4
    assert sum(went) == len(steps)
    assert Telling.objects.filter(user=helen).count() == len(steps)
    assert not Escalation.objects.filter(went_up_at=None).exists()
    assert ledger.messages_to(helen) == ["escalations"]


def test_a_step_that_somebody_is_acknowledging_is_left_by_the_sweep_and_does_not_go_up(committed: str) -> None:
    [step], maya, helen = ledger.due(1), build.player("Maya"), build.player("Helen")
    gone_by([step])
    with transaction.atomic():
        actions.acknowledge(step.contact.reference, step.pk, by=maya)
        assert at_once(sweep) == [DONE]
    assert at_once(sweep) == [DONE]
    step.refresh_from_db()
    assert (step.acknowledged_by, step.went_up_at) == (maya, None)
    assert not Notice.objects.filter(to=helen).exists()
    connection.close()


def test_who_acknowledges_while_it_goes_up_waits_and_is_told_that_it_is_done(committed: str) -> None:
    [step], maya = ledger.due(1), build.player("Maya")
    build.player("Helen")
    gone_by([step])
    with while_it_is_under_way(sweep, lambda: actions.acknowledge(step.contact.reference, step.pk, by=maya)) as answer:
        pass
    assert answer() == DONE
    step.refresh_from_db()
    assert (step.acknowledged_by, step.told.count()) == (maya, 2)
