"""What the portal says of itself to machines: /healthz, /readyz, /metrics, and the monitor's pings."""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from mash_portal import metrics, monitor, ready, watch
from mash_portal.accounts.models import User
from mash_portal.beat import say_that_beat_lives
from referrals.escalation.sweep import sweep
from referrals.management.commands.run_timers import say_how_they_are
from referrals.models import Heartbeat, Notice
from referrals.tasks import sing
from tests import build

TOKEN = "a token that is long enough to be one of production"


def heard(**ages: float) -> None:
    for name, seconds in ages.items():
        at = timezone.now() - timedelta(seconds=seconds)
        Heartbeat.objects.update_or_create(name=name, defaults={"at": at})


def gauges(client: Client) -> dict[str, float]:
    answer = client.get("/metrics").content.decode()
    samples = [sample for family in text_string_to_metric_families(answer) for sample in family.samples]
    return {"".join([one.name, *(f":{value}" for value in one.labels.values())]): one.value for one in samples}


def broken(*arguments: object, **options: object) -> None:
    raise OperationalError


@pytest.mark.parametrize(
    ("silent", "sentence"),
    [("timers", watch.STOPPED), *watch.JOBS.items(), *watch.PROCESSES.items()],
)
def test_people_read_which_of_the_watchers_is_silent(db: None, silent: str, sentence: str) -> None:
    heard(timers=1, **dict.fromkeys([*watch.JOBS, *watch.PROCESSES], 1))
    assert watch.troubles(timezone.now()) == []
    heard(**{silent: 89})
    assert watch.troubles(timezone.now()) == []
    heard(**{silent: 91})
    assert watch.troubles(timezone.now()) == [sentence]


def test_a_worker_that_hears_no_canary_is_not_blamed_for_beat(db: None) -> None:
    heard(timers=1, worker=100, beat=100)
    assert watch.troubles(timezone.now()) == [watch.PROCESSES["beat"]]


def test_the_canary_and_beat_are_heard(db: None) -> None:
    sing()
    say_that_beat_lives()
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"worker", "beat"}


def test_a_worker_that_never_answered_is_missed_where_beat_sings(db: None) -> None:
    say_that_beat_lives()
    later = timezone.now() + watch.SILENCE + timedelta(seconds=1)
    for name in ("timers", "beat"):
        Heartbeat.objects.update_or_create(name=name, defaults={"at": later})
    assert watch.troubles(later) == [watch.PROCESSES["worker"]]


def test_a_worker_that_was_never_started_is_missed_where_celery_is_expected(db: None, settings: Settings) -> None:
    say_how_they_are([])
    assert not Heartbeat.objects.filter(name="worker").exists()
    settings.CELERY_EXPECTED = True
    say_how_they_are([])
    later = timezone.now() + watch.SILENCE + timedelta(seconds=1)
    Heartbeat.objects.filter(name="timers").update(at=later)
    assert watch.troubles(later) == [watch.PROCESSES["beat"]]


def test_the_balance_sends_requests_to_a_portal_that_is_ready(client: Client, db: None) -> None:
    heard(timers=1000)
    assert client.get("/healthz").status_code == 503
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ok": True, "missing": ""})


def test_the_balance_sends_nothing_to_a_portal_newer_than_its_database(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = max(name for app, name in MigrationRecorder(connection).applied_migrations() if app == "referrals")
    assert ("referrals", last) in ready._wanted()
    monkeypatch.setattr(ready, "_wanted", lambda: frozenset({("referrals", "9999_of_tomorrow")}))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["missing"]) == (503, ready.OUT_OF_DATE)


def test_the_balance_sends_nothing_to_a_portal_without_its_database(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as away:
        away.setattr(connection, "cursor", broken)
        for page, status in (("/readyz", 503), ("/healthz", 503)):
            assert client.get(page).status_code == status
        assert "mash_up 0.0" in client.get("/metrics").content.decode()


def test_prometheus_reads_numbers_and_no_names(client: Client, rosa: User, grace: User, maya: User) -> None:
    late = build.received(rosa, at=timezone.now() - timedelta(hours=30))
    build.claimed(rosa, worker=grace)
    sweep()
    failed = Notice.objects.earliest("id")
    Notice.objects.filter(pk=failed.pk).update(failed_at=timezone.now())
    heard(timers=30, worker=5)
    found = gauges(client)
    assert (found["mash_up"], found["mash_contacts_open"], found["mash_contacts_overdue"]) == (1, 2, 1)
    assert found["mash_escalations_unacknowledged"] == late.escalations.fired().count() > 0
    assert found["mash_notices_waiting"] == Notice.objects.filter(sent_at=None, failed_at=None).count() > 0
    assert found["mash_notices_failed"] == 1
    assert 30 <= found["mash_heartbeat_age_seconds:timers"] < 60
    assert {*metrics.GAUGES} <= set(found)
    text = client.get("/metrics").content.decode()
    assert not any(word in text for word in (late.reference, "Aziz", "Rosa", rosa.email))


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, 200),
        ({"REMOTE_ADDR": "10.3.4.5"}, 200),
        ({"REMOTE_ADDR": "8.8.8.8"}, 404),
        ({"REMOTE_ADDR": ""}, 404),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "8.8.8.8"}, 404),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "10.0.0.1"}, 404),
    ],
)
def test_without_a_token_the_gauges_are_for_this_host_and_its_network(
    client: Client, db: None, facts: dict[str, str], status: int
) -> None:
    assert client.get("/metrics", **facts).status_code == status  # type: ignore[arg-type]  # the environment of WSGI


@pytest.mark.parametrize(
    ("shown", "status"), [(f"Bearer {TOKEN}", 200), ("Bearer another", 404), ("", 404), ("é", 404)]
)
def test_with_a_token_the_gauges_are_for_whoever_shows_it(
    client: Client, db: None, settings: Settings, shown: str, status: int
) -> None:
    settings.METRICS_TOKEN = TOKEN
    answer = client.get("/metrics", headers={"Authorization": shown}, REMOTE_ADDR="8.8.8.8")
    assert answer.status_code == status


def pinged(
    monkeypatch: pytest.MonkeyPatch, url: str = "https://ping.example/key/"
) -> tuple[Callable[..., None], list[str]]:
    """A monitor's turn at a second of its own, with what is wrong then; and the addresses it has asked for."""
    asked: list[str] = []
    one = monitor.Monitor(url)
    one.pinger.get = asked.append

    def turn(at: float, *wrong: str) -> None:
        monkeypatch.setattr(monitor, "look", lambda: list(wrong))
        one.turn(at)
        if one.pinger.under_way:
            one.pinger.under_way.join(timeout=5)

    return turn, asked


def test_the_monitor_pings_every_minute_and_at_once_when_something_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    turn, asked = pinged(monkeypatch)
    for at in (0, 5, 59):
        turn(at)
    assert asked == ["https://ping.example/key"]
    turn(61)
    assert len(asked) == 2
    turn(66, "The timers have stopped.")
    assert asked[2:] == ["https://ping.example/key/fail"]
    turn(71)
    assert asked[3:] == ["https://ping.example/key"]


def test_the_monitor_logs_what_is_wrong_at_once_and_then_every_minute(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "mash_portal.monitor")
    turn, asked = pinged(monkeypatch, "")
    for at in (0, 5, 50, 61):
        turn(at, "The timers have stopped.")
    turn(62)
    assert [record.getMessage() for record in caplog.records] == [
        *["Not well: The timers have stopped."] * 2,
        "All is well.",
    ]
    assert asked == []


def test_a_ping_that_hangs_holds_up_no_look_and_is_not_piled_upon(monkeypatch: pytest.MonkeyPatch) -> None:
    held, asked = threading.Event(), []

    def hang(url: str) -> None:
        asked.append(url)
        held.wait(10)

    pinger = monitor.Pinger("https://ping.example/key", hang)
    for _ in range(3):
        pinger.ping(is_well=True)
    held.set()
    assert asked == ["https://ping.example/key"]


def test_a_ping_that_fails_is_logged_without_its_address(caplog: pytest.LogCaptureFixture) -> None:
    pinger = monitor.Pinger("http://127.0.0.1:9/a-secret-number")
    pinger.ping(is_well=True)
    assert pinger.under_way is not None
    pinger.under_way.join(timeout=10)
    assert "The ping was not heard (URLError)." in caplog.text
    assert "a-secret-number" not in caplog.text


def test_the_monitor_says_once_how_things_are(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "close", lambda: None)
    heard(timers=1)
    said = StringIO()
    call_command("monitor", once=True, stdout=said)
    assert said.getvalue() == "All is well.\n"
    heard(timers=100)
    with pytest.raises(CommandError, match="The timers have stopped"):
        call_command("monitor", once=True)


def test_the_monitor_only_reads(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "close", lambda: None)
    with CaptureQueriesContext(connection) as queries:
        assert monitor.look() == [watch.STOPPED]
    [asked] = [query["sql"].strip() for query in queries]
    assert asked.startswith("SELECT")
    assert "FOR " not in asked.upper()
