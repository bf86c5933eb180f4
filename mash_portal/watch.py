"""Are the watchers awake? One plain SELECT without locks, so that a stuck sweep cannot hide itself (G6)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

#: A watcher that has not been heard of for this long has stopped: people know within two minutes.
SILENCE = timedelta(seconds=settings.SILENCE_SECONDS)
#: A step that is due, or goes up, and has told nobody for this long is stuck; so is a message that nobody has tried to
#: send.
LATE, UNSENT = timedelta(seconds=60), timedelta(seconds=120)

STOPPED = "The timers have stopped: overdue contacts are shown, but nobody is being told."
STUCK = "Escalations are waiting to be sent out: look at the queue for what is overdue."
WAITING = "Messages to referrers and staff are waiting to be sent."
AWAY = "The database cannot be reached."
#: What the timers do, and what it means for people when one of these goes on failing while the others are done.
JOBS = {
    "sweep": STUCK,
    "messages": WAITING,
    "drafts": "Nobody is being reminded of referrals that have not been sent.",
    "uploads": "Files of police notifications come in only while whoever sent them keeps the page open.",
    "scanning": "Attached files are not being checked for viruses, so they cannot be opened.",
    "deliveries": "Decided contacts are not being sent to the case management system.",
    "arrivals": "Nobody is asking whether messages arrived, so those that did not are not sent as texts.",
    "figures": "Figures are not being added up: the dashboard is right, and slower from day to day.",
    "tidying": "Files and answers that should be thrown away after some days are being kept.",
}
#: What hurries the timers along. Beat says that it lives when it ticks; the worker answers beat's canary, which goes
#: through Redis. Without beat there is no canary, so the worker's silence counts only while beat sings.
BEAT, WORKER = "beat", "worker"
PROCESSES = {
    BEAT: "Celery beat has stopped, or Redis has: deadlines and messages are still looked after by the timers.",
    WORKER: "The Celery worker has stopped, or Redis has: deadlines and messages are still looked after by the timers.",
}

#: Four probes of small indexes; the steps and messages that have been dealt with are in none of them.
_QUESTION = """
    SELECT (SELECT at FROM referrals_heartbeat WHERE name = 'timers'),
           (SELECT array_agg(name::text) FROM referrals_heartbeat WHERE at < %s),
           LEAST((SELECT min(due_at) FROM referrals_escalation WHERE fired_at IS NULL AND cancelled_at IS NULL),
                 (SELECT min(goes_up_at) FROM referrals_escalation
                  WHERE fired_at IS NOT NULL AND acknowledged_at IS NULL AND goes_up_at IS NOT NULL)),
           (SELECT min(next_attempt_at) FROM referrals_notice WHERE sent_at IS NULL AND failed_at IS NULL)
"""
_BORN = "INSERT INTO referrals_heartbeat (name, at) SELECT unnest(%s::text[]), statement_timestamp() ON CONFLICT (name)"
_EXPECT = f"{_BORN} DO NOTHING"
_BEAT = f"""
    {_BORN} DO UPDATE SET at = excluded.at
    WHERE excluded.at > referrals_heartbeat.at + interval '5 seconds'
"""


def beat(*names: str) -> None:
    """Say that these are awake: written at most every 5 seconds, however often it is said and on however many hosts."""
    with connection.cursor() as cursor:
        cursor.execute(_BEAT, [sorted(names)])


def expect(*names: str) -> None:
    """From now on, the silence of these counts, even if they have never been heard of."""
    if names:
        with connection.cursor() as cursor:
            cursor.execute(_EXPECT, [sorted(names)])


def troubles(now: datetime) -> list[str]:
    """What has stopped or fallen behind, as sentences; empty while all is well."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(_QUESTION, [now - SILENCE])
            heard, silent, oldest_step, oldest_notice = cursor.fetchone()
    except (DatabaseError, InterfaceError):
        return [AWAY]
    stopped = heard is None or now - heard > SILENCE
    found = [STOPPED] if stopped else [JOBS[name] for name in JOBS if name in (silent or ())]
    found += [PROCESSES[name] for name in PROCESSES if name in (silent or ())][:1]
    if oldest_step is not None and now - oldest_step > LATE:
        found.append(STUCK)
    if oldest_notice is not None and now - oldest_notice > UNSENT:
        found.append(WAITING)
    return list(dict.fromkeys(found))


def staff_banner() -> str:
    """The line that staff see on every page while something has stopped; empty otherwise."""
    return " ".join(troubles(timezone.now()))
