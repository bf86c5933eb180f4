"""One job of the timers that fails silences none of the others, and goes on failing where people can see it."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import NoReturn

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.utils import timezone

from mash_portal import watch
from mash_portal.accounts.models import User
from referrals import chasing, relay
from referrals.api.once import HONOURED
from referrals.attachments import actions as attachments
from referrals.escalation import sweep
from referrals.handover import delivering
from referrals.insight import refreshing
from referrals.intake.notifications import actions as notifications
from referrals.intake.notifications.queries import KEPT
from referrals.management import jobs
from referrals.management.commands.run_timers import Loop
from referrals.models import ApiRequest, Escalation, Heartbeat, Notice, Upload
from referrals.retention import actions as retention
from referrals.vocabulary import Scope
from tests import build, policing

CHILD = "Maisie Doyle, Flat 3"
PARTS: dict[str, tuple[object, str]] = {
    "sweep": (sweep, "sweep"),
    "drafts": (retention, "look_after_drafts"),
    "messages": (relay, "send_waiting"),
    "uploads": (notifications, "go_on_with_all"),
    "scanning": (attachments, "rescan"),
    "deliveries": (delivering, "deliver_waiting"),
    "arrivals": (chasing, "chase"),
    "tidying": (attachments, "sweep_files"),
    "figures": (refreshing, "refresh"),
}
Breaks = Callable[[str], None]


@pytest.fixture
def breaks(monkeypatch: pytest.MonkeyPatch) -> Breaks:
    """Make one job fail from now on, with a child in the message of the error."""

    def fail(*arguments: object, **facts: object) -> NoReturn:
        raise ValueError(CHILD)

    return lambda name: monkeypatch.setattr(*PARTS[name], fail)


def turned(*, times: int = 1) -> tuple[Loop, str]:
    """The timers after so many rounds, and what they complained of."""
    said = StringIO()
    loop = Loop(said)
    for _ in range(times):
        loop.turn()
        assert loop.aside is not None
        loop.aside.join(timeout=20)
    return loop, said.getvalue()


def overdue() -> Escalation:
    """A step that is due, whose message waits behind it."""
    maya = build.player("Maya")
    contact = build.received(build.player("Rosa"), at=timezone.now() - timedelta(hours=30))
    assert maya.is_active
    return contact.escalations.filter(due_at__lt=timezone.now()).earliest("due_at")


def silent(name: str) -> set[str]:
    """What staff are told of two minutes later, where the timers have gone on all the while."""
    later = timezone.now() + watch.SILENCE + timedelta(seconds=30)
    others = Heartbeat.objects.exclude(name=name)
    assert others.filter(name="timers").exists()
    others.update(at=later)
    return set(watch.troubles(later))


@pytest.mark.parametrize("name", PARTS)
def test_one_job_that_fails_stops_no_other_and_is_seen_by_staff(name: str, committed: str, breaks: Breaks) -> None:
    step = overdue()
    breaks(name)
    loop, said = turned()
    step.refresh_from_db()
    assert (step.fired_at is None) is (name == "sweep")
    assert Notice.objects.filter(sent_at=None).exists() is (name == "messages")
    assert {job.name for job in [*loop.in_turn, *loop.beside] if not job.is_well} == {name}
    assert said.splitlines() == [f"The timers could not do “{name}” (ValueError). Trying again."]
    assert watch.JOBS[name] in silent(name)


def test_a_job_that_recovers_is_forgotten_about(
    committed: str, monkeypatch: pytest.MonkeyPatch, breaks: Breaks
) -> None:
    breaks("uploads")
    loop, _ = turned()
    assert Heartbeat.objects.filter(name="uploads").exists()
    monkeypatch.undo()
    Heartbeat.objects.update(at=timezone.now() - watch.SILENCE * 2)
    loop.turn()
    assert watch.troubles(timezone.now()) == []


def test_every_job_has_a_sentence_for_staff() -> None:
    assert {job.name for job in [*jobs.in_turn(), *jobs.beside()]} == set(watch.JOBS)


def test_a_job_that_is_done_once_an_hour_is_tried_again_within_a_minute_of_failing() -> None:
    done: list[bool] = []

    def act(stopping: jobs.Stopping) -> list[str]:
        done.append(True)
        if len(done) == 1:
            raise DatabaseError
        return []

    job = jobs.Job("tidying", act, every=3600)
    with pytest.raises(DatabaseError):
        job.do(0, lambda: False)
    for now in (59, 60, 61, 3659):
        job.do(now, lambda: False)
    assert (len(done), job.is_well) == (2, True)
    job.do(3660, lambda: False)
    assert len(done) == 3


@pytest.mark.parametrize("name", ["sweep", "drafts", "uploads"])
def test_once_does_every_job_and_then_says_which_failed(name: str, rosa: User, maya: User, breaks: Breaks) -> None:
    build.received(rosa)
    breaks(name)
    with pytest.raises(CommandError) as failed:
        call_command("run_timers", once=True, stdout=StringIO())
    assert str(failed.value) == f"The timers could not do “{name}” (ValueError)."
    assert [message.to for message in mail.outbox] == [[rosa.email]]
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"timers", *watch.JOBS}


def test_the_timers_keep_files_of_notifications_and_answers_for_as_long_as_is_promised(omar: User) -> None:
    now, minute = timezone.now(), timedelta(minutes=1)
    assert omar.agency is not None
    token, _key = policing.key_of(omar, Scope.POLICE)
    for age in (KEPT - minute, KEPT + minute):
        Upload.objects.create(agency=omar.agency, by=omar, file_name=str(age), columns=[], at=now - age)
    for age in (HONOURED - minute, HONOURED + minute):
        ApiRequest.objects.create(token=token, key=str(age), fingerprint="f", at=now - age)
    call_command("run_timers", once=True, stdout=StringIO())
    assert [one.file_name for one in Upload.objects.all()] == [str(KEPT - minute)]
    assert [one.key for one in ApiRequest.objects.all()] == [str(HONOURED - minute)]
