"""Kill the watch in the middle of its work, again and again: no deadline is lost, none fires twice (G4, G7)."""

import itertools
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlsplit

import psycopg2.extensions
import pytest
from django.core.mail import EmailMessage
from django.db import connection, connections, transaction
from django.utils import timezone

from mash_portal import embedded
from referrals import access, clockwork, notices, relay
from referrals.escalation.sweep import sweep
from referrals.models import Escalation, Heartbeat, Notice
from referrals.vocabulary import Clock, Verb
from tests import build
from tests.faults import ledger, scale
from tests.portals import Portal, StartPortal, free_port, wait_until

pytestmark = pytest.mark.faults

KILLS = scale.part(20)
LONG = pytest.mark.timeout(1800 if scale.WHOLE else 900)


@pytest.fixture
def superuser_url(portal_servers: embedded.Servers, committed: str) -> str:
    return urlsplit(portal_servers.superuser_url)._replace(path=f"/{committed}").geturl()


def kill_mid_way(portal: Portal, busy: Callable[[], bool], give: Callable[[], None], task: str) -> None:
    """`kill -9` of worker and timers, each time while one is writing a row that was made slow; started again."""
    for _ in range(KILLS):
        give()
        ledger.hurry(2, task)
        wait_until(busy, "one of them is in the middle", seconds=120)
        for name in ("worker", "timers"):
            portal.kill(name)
        portal.start("timers", "worker")


@pytest.fixture
def busy(superuser: psycopg2.extensions.connection, committed: str) -> Callable[[], bool]:
    return lambda: ledger.is_writing_slowly(superuser, committed)


@LONG
def test_the_portal_loses_and_doubles_nothing_when_its_timers_are_killed_mid_way(
    committed: str, busy: Callable[[], bool], superuser_url: str, portal_processes: StartPortal
) -> None:
    """Failed when it was made to: a sweep without its transaction marked steps that nobody was told of."""
    steps: list[Escalation] = []
    portal = portal_processes("worker", "timers")
    with ledger.slowed(superuser_url, "referrals_escalation_told", seconds=0.015):
        kill_mid_way(portal, busy, lambda: steps.extend(ledger.due(60)), "sweep_deadlines")
    ledger.hurry(3)
    wait_until(lambda: ledger.fired(steps) == len(steps), "every step has fired", seconds=120)
    portal.stop()
    ledger.check_fired_once(steps)


def test_sweeps_at_once_share_the_work_and_double_nothing(committed: str, superuser_url: str) -> None:
    steps = ledger.due(400)
    with ledger.slowed(superuser_url, "referrals_escalation_told", seconds=0.001), ThreadPoolExecutor(4) as threads:
        counts = [done.result() for done in [threads.submit(one_sweep) for _ in range(4)]]
    assert sum(counts) == len(steps)
    assert len([count for count in counts if count]) > 1
    ledger.check_fired_once(steps)
    assert ledger.messages_to(build.player("Maya")) == ["escalations"]


def test_a_sweep_neither_waits_for_a_contact_that_somebody_is_changing_nor_forgets_it(committed: str) -> None:
    steps, maya = ledger.due(20), build.player("Maya")
    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            held = access.open_for(maya, steps[7].contact.reference, Verb.READ)
            started = time.monotonic()
            first = threads.submit(one_sweep).result()
            assert first >= 19
            assert time.monotonic() - started < 2
            clockwork.close(held, met=(Clock.DECISION,), cancelled=(), now=timezone.now())
        late = threads.submit(one_sweep).result()
    assert Escalation.objects.due(timezone.now()).count() == 0
    assert ledger.fired(steps) == first + late


def one_sweep() -> int:
    try:
        return sweep().fired
    finally:
        connection.close()


def test_the_timers_need_no_redis_come_back_with_the_database_and_stop_when_asked_to(
    committed: str, superuser: psycopg2.extensions.connection, portal_processes: StartPortal
) -> None:
    portal = portal_processes("timers", REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    wait_until(lambda: Heartbeat.objects.filter(name="timers").exists(), "the timers are awake", seconds=60)
    steps = ledger.due(200, first=timezone.now() + timedelta(seconds=1), apart=timedelta(milliseconds=10))
    wait_until(lambda: ledger.fired(steps) == len(steps), "every step has fired", seconds=60)
    ledger.check_fired_once(steps)
    late = [step.fired_at - step.due_at for step in Escalation.objects.fired() if step.fired_at]
    assert max(late) < timedelta(seconds=60)

    connections["default"].close()
    with ledger.away(superuser, committed):
        wait_until(lambda: "The database does not answer" in portal.log("timers"), "the timers complain", seconds=60)
        assert portal.children["timers"].is_running()
    meanwhile = ledger.due(3)
    wait_until(lambda: ledger.fired(meanwhile) == 3, "the timers have fired what was due meanwhile", seconds=60)

    started = time.monotonic()
    portal.stop("timers")
    process = portal.children["timers"].process
    assert process is not None
    assert process.returncode == 0
    assert time.monotonic() - started < 10


def test_the_portal_sends_one_message_a_person_after_downtime(committed: str, portal_processes: StartPortal) -> None:
    """The night's steps and their repeats, with worker and timers catching up at once."""
    helen = build.player("Helen")
    steps = ledger.due(250)
    Escalation.objects.filter(pk__in=[step.pk for step in steps]).update(
        roles=["team_manager", "service_manager"], repeats_every_hours=4, due_at=timezone.now() - timedelta(hours=10)
    )
    portal = portal_processes("worker", "timers")
    ledger.hurry(5)
    wait_until(lambda: ledger.fired(steps) == len(steps), "every step has fired", seconds=60)
    wait_until(lambda: Heartbeat.objects.filter(name="timers").exists(), "the timers have been round", seconds=60)
    portal.stop()
    assert not Escalation.objects.due(timezone.now()).exists()
    assert Escalation.objects.filter(step="due-2", fired_at=None).count() == len(steps)
    for person in (build.player("Maya"), helen):
        assert ledger.messages_to(person) == ["escalations"]
    mails = ledger.mails_in(portal.directory / "mail")
    assert sum(mails.values()) == 2


def test_one_bad_row_among_a_thousand_leaves_the_others_on_time(committed: str) -> None:
    steps = ledger.due(1000, first=timezone.now() - timedelta(seconds=1))
    Escalation.objects.filter(pk=steps[500].pk).update(roles=["ghost"])
    result = sweep()
    assert (result.fired, result.poisoned) == (1000, 1)
    ledger.check_fired_once(steps)
    late = [step.fired_at - step.due_at for step in Escalation.objects.fired() if step.fired_at]
    assert max(late) < timedelta(seconds=60)


@LONG
def test_every_message_is_sent_when_senders_are_killed_mid_way(
    committed: str, busy: Callable[[], bool], superuser_url: str, portal_processes: StartPortal
) -> None:
    """Failed when it was made to: marked as they were claimed, 44 of 120 messages were never sent."""
    rosa, numbers = build.player("Rosa"), itertools.count()
    waiting = Notice.objects.filter(sent_at=None)

    def give() -> None:
        # a minute has passed: what was in a dead sender's hands is free
        waiting.update(leased_until=None)
        for number in itertools.islice(numbers, 60):
            notices.queue("update", ledger.reference(number), [rosa], occasion=str(number), now=timezone.now())

    portal = portal_processes("worker", "timers")
    with ledger.slowed(superuser_url, "referrals_notice", event="UPDATE", seconds=0.02):
        kill_mid_way(portal, busy, give, "send_notices")
    waiting.update(leased_until=None)
    wait_until(lambda: not waiting.exists(), "every message is sent", seconds=120)
    portal.stop()
    mails = ledger.mails_in(portal.directory / "mail")
    # at least once: what a dead sender had sent and not marked goes out again, and what is freed here while it is in
    # the hands of one that lives
    assert len(mails) == Notice.objects.count() == 60 * KILLS


def test_nothing_is_sent_inside_a_transaction(committed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    notices.queue("update", "MF7K-3QPX", [build.player("Rosa")], occasion="v1", now=timezone.now())
    inside: list[bool] = []

    def send(message: EmailMessage, fail_silently: bool = False) -> int:
        inside.append(connection.in_atomic_block)
        return 1

    monkeypatch.setattr(EmailMessage, "send", send)
    assert relay.send_waiting().sent == 1
    assert inside == [False]
