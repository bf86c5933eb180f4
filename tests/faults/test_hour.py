"""Redis is away for an hour and no step of a ladder is late (G4): by the database's clock, which the test sets on.

The timers' own loop does its rounds, as its process does every two seconds; with each, the clock goes on two seconds,
and as much as the round really takes. `make faults` goes through the hour; otherwise six minutes of it.
"""

from datetime import datetime, timedelta
from io import StringIO

import psycopg2
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from mash_portal import embedded
from mash_portal.celery import app as celery_app
from referrals.management.commands.run_timers import EVERY_SECONDS, Loop
from referrals.models import Escalation, Heartbeat
from tests.servers import with_database

from . import ledger, proxy, scale
from .proxy import Way

pytestmark = pytest.mark.faults

HOUR = scale.part(3600)
STEPS = HOUR // 6
LATE = timedelta(seconds=60)
#: A clock that is found before PostgreSQL's own.
MOVED = """
    CREATE SCHEMA moved;
    CREATE TABLE moved.ahead (seconds double precision);
    INSERT INTO moved.ahead VALUES (0);
    CREATE FUNCTION moved.statement_timestamp() RETURNS timestamptz LANGUAGE sql STABLE AS
        'SELECT pg_catalog.statement_timestamp() + make_interval(secs => (SELECT seconds FROM moved.ahead))';
    GRANT USAGE ON SCHEMA moved TO portal_app;
    GRANT SELECT, UPDATE ON moved.ahead TO portal_app;
    ALTER DATABASE "{database}" SET search_path = moved, pg_catalog, public;
"""


@pytest.fixture
def moved_clock(committed: str, portal_servers: embedded.Servers) -> None:
    """Whoever asks the `committed` database what time it is, is told `moved.ahead` more."""
    owner = psycopg2.connect(with_database(portal_servers.superuser_url, committed))
    owner.autocommit = True
    with owner.cursor() as cursor:
        cursor.execute(MOVED.format(database=committed))
    owner.close()
    connection.close()


def goes_on(seconds: float) -> datetime:
    """Set the clock on; what time it is now."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE moved.ahead SET seconds = seconds + %s", [seconds])
        cursor.execute("SELECT statement_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


@pytest.mark.timeout(1800 if scale.WHOLE else 900)
def test_no_step_is_late_while_redis_is_away_for_an_hour(
    moved_clock: None, monkeypatch: pytest.MonkeyPatch, figures: list[str]
) -> None:
    """Failed when it was made to: a sweep that asked Celery to send what it had queued waited for ever."""
    first = timezone.now() + timedelta(seconds=3)
    steps = ledger.due(STEPS, first=first, apart=timedelta(seconds=6))
    said = StringIO()
    with proxy.before("127.0.0.1", 9) as redis:
        redis.becomes(Way.BLACK_HOLED)
        address = f"redis://127.0.0.1:{redis.port}/0"
        monkeypatch.setattr(settings, "REDIS_URL", address)
        monkeypatch.setattr(settings, "CELERY_BROKER_URL", address)
        monkeypatch.setattr(celery_app.conf, "broker_url", address)
        loop = Loop(said)
        while goes_on(EVERY_SECONDS) < steps[-1].due_at + timedelta(seconds=EVERY_SECONDS):
            loop.turn()
            assert redis.came == 0, "the timers have asked for Redis"
        loop.turn()
        assert loop.aside is not None
        loop.aside.join(timeout=20)
    ledger.check_fired_once(steps)
    late = max(step.fired_at - step.due_at for step in Escalation.objects.fired() if step.fired_at)
    assert late < LATE
    assert said.getvalue() == ""
    assert Heartbeat.objects.get(name="timers").at > steps[-1].due_at - LATE
    ledger.check_decision_deadlines()
    figures.append(f"G4 · Redis away for {HOUR} s: {STEPS} steps fired, the latest after {late.total_seconds():.1f} s")
