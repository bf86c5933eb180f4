"""Kill the watch in the middle of its work, again and again: no deadline is lost, none fires twice (G4, G7)."""

import email
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2.extensions
import pytest
from django.core.mail import EmailMessage
from django.db import connection, connections, transaction
from django.utils import timezone

from mash_portal import embedded
from mash_portal.celery import app as celery_app
from referrals import access, clockwork, notices, relay
from referrals.escalation.sweep import sweep
from referrals.models import Escalation, Heartbeat, Notice
from referrals.vocabulary import Clock, Verb
from tests import build
from tests.faults import ledger
from tests.portals import StartPortal, free_port, wait_until

pytestmark = pytest.mark.faults


@pytest.fixture
def superuser_url(portal_servers: embedded.Servers, committed: str) -> str:
    return urlsplit(portal_servers.superuser_url)._replace(path=f"/{committed}").geturl()


def hurry(times: int = 1, task: str = "sweep_deadlines") -> None:
    """What beat does, without waiting for it."""
    for _ in range(times):
        celery_app.send_task(f"referrals.tasks.{task}")


def test_the_portal_loses_and_doubles_nothing_when_its_timers_are_killed_mid_way(
    committed: str, superuser_url: str, portal_processes: StartPortal
) -> None:
    steps = ledger.due(500)
    portal = portal_processes("worker")
    with ledger.slowed(superuser_url, "referrals_escalation_told", seconds=0.015):
        portal.start("timers")
        kills = 0
        while ledger.fired(steps) < len(steps) and kills < 5:
            name = ("worker", "timers")[kills % 2]
            hurry(3)
            time.sleep(random.uniform(0.2, 0.8))
            portal.kill(name)
            kills += 1
            portal.start(name)
        hurry(3)
        wait_until(lambda: ledger.fired(steps) == len(steps), "every step has fired", seconds=60)
    portal.kill("worker")
    portal.stop("timers")
    assert kills >= 3
    ledger.check_fired_once(steps)
    assert ledger.messages_to(build.player("Maya")) == ["escalations"]


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


def test_the_portal_escalates_on_time_with_redis_away_the_whole_time(
    committed: str, portal_processes: StartPortal
) -> None:
    steps = ledger.due(200, first=timezone.now() + timedelta(seconds=1), apart=timedelta(milliseconds=20))
    portal = portal_processes("timers", REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    wait_until(lambda: ledger.fired(steps) == len(steps), "every step has fired", seconds=60)
    portal.stop()
    ledger.check_fired_once(steps)
    late = [step.fired_at - step.due_at for step in Escalation.objects.fired() if step.fired_at]
    assert max(late) < timedelta(seconds=60)


def test_the_portal_sends_one_message_a_person_after_downtime(committed: str, portal_processes: StartPortal) -> None:
    """The night's steps and their repeats, with worker and timers catching up at once."""
    helen = build.player("Helen")
    steps = ledger.due(250)
    Escalation.objects.filter(pk__in=[step.pk for step in steps]).update(
        roles=["team_manager", "service_manager"], repeats_every_hours=4, due_at=timezone.now() - timedelta(hours=10)
    )
    portal = portal_processes("worker")
    hurry(5)
    portal.start("timers")
    wait_until(lambda: ledger.fired(steps) == len(steps), "every step has fired")
    wait_until(lambda: Heartbeat.objects.filter(name="timers").exists(), "the timers have been round")
    portal.stop()
    assert not Escalation.objects.due(timezone.now()).exists()
    assert Escalation.objects.filter(step="due-2", fired_at=None).count() == len(steps)
    for person in (build.player("Maya"), helen):
        assert ledger.messages_to(person) == ["escalations"]
    mails = mails_in(portal.directory / "mail")
    assert sum(mails.values()) == 2


def test_one_bad_row_among_a_thousand_leaves_the_others_on_time(committed: str) -> None:
    steps = ledger.due(1000, first=timezone.now() - timedelta(seconds=1))
    Escalation.objects.filter(pk=steps[500].pk).update(roles=["ghost"])
    result = sweep()
    assert (result.fired, result.poisoned) == (1000, 1)
    ledger.check_fired_once(steps)
    late = [step.fired_at - step.due_at for step in Escalation.objects.fired() if step.fired_at]
    assert max(late) < timedelta(seconds=60)


def test_every_message_is_sent_when_senders_are_killed_mid_way(
    committed: str, superuser_url: str, portal_processes: StartPortal
) -> None:
    rosa, now = build.player("Rosa"), timezone.now()
    for number in range(150):
        notices.queue(
            "update", f"MF7K-{number:04}".replace("0", "X").replace("1", "Y"), [rosa], occasion=str(number), now=now
        )
    waiting = Notice.objects.filter(sent_at=None)
    assert waiting.count() == 150
    portal = portal_processes("worker")
    kills = 0
    with ledger.slowed(superuser_url, "referrals_notice", event="UPDATE", seconds=0.005):
        portal.start("timers")
        while waiting.exists() and kills < 4:
            hurry(2, "send_notices")
            time.sleep(random.uniform(0.3, 0.7))
            for name in ("worker", "timers"):
                portal.kill(name)
            kills += 2
            # a minute passes
            Notice.objects.filter(sent_at=None).update(leased_until=None)
            portal.start("timers", "worker")
        wait_until(lambda: not waiting.exists(), "every message is sent")
    portal.kill("worker")
    portal.stop("timers")
    assert kills >= 2
    mails = mails_in(portal.directory / "mail")
    assert len(mails) == 150
    # at least once: whoever dies between sending and marking sends again, and that is one message each
    assert sum(mails.values()) <= 150 + kills


def test_nothing_is_sent_inside_a_transaction(committed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    notices.queue("update", "MF7K-3QPX", [build.player("Rosa")], occasion="v1", now=timezone.now())
    inside: list[bool] = []

    def send(message: EmailMessage, fail_silently: bool = False) -> int:
        inside.append(connection.in_atomic_block)
        return 1

    monkeypatch.setattr(EmailMessage, "send", send)
    assert relay.send_waiting().sent == 1
    assert inside == [False]


def test_the_timers_come_back_when_the_database_does(
    committed: str, superuser: psycopg2.extensions.connection, portal_processes: StartPortal
) -> None:
    portal = portal_processes("timers")
    wait_until(lambda: Heartbeat.objects.filter(name="timers").exists(), "the timers are awake")
    connections["default"].close()
    with ledger.away(superuser, committed):
        wait_until(lambda: "The database does not answer" in portal.log("timers"), "the timers complain")
        assert portal.children["timers"].is_running()
    steps = ledger.due(3)
    wait_until(lambda: ledger.fired(steps) == 3, "the timers have fired what was due meanwhile")


def test_the_timers_stop_cleanly_when_asked_to(committed: str, portal_processes: StartPortal) -> None:
    portal = portal_processes("timers")
    wait_until(lambda: Heartbeat.objects.filter(name="timers").exists(), "the timers are awake")
    started = time.monotonic()
    portal.stop("timers")
    process = portal.children["timers"].process
    assert process is not None
    assert process.returncode == 0
    assert time.monotonic() - started < 5


def mails_in(directory: Path) -> Counter[str]:
    """How often each message, by what tells it apart, has reached the mail server."""
    separator = "-" * 79
    texts = [text for path in directory.glob("*") for text in path.read_text().split(separator) if text.strip()]
    return Counter(_subject_and_person(text) for text in texts)


def _subject_and_person(text: str) -> str:
    message = email.message_from_string(text.lstrip())
    return f"{message['Subject']} to {message['To']}"
