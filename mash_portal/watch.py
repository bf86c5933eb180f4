"""Are the watchers awake? One plain SELECT without locks, so that a stuck sweep cannot hide itself (G6)."""

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

#: A timer that has not been heard of for this long has stopped.
SILENCE = timedelta(seconds=90)
LATE = timedelta(seconds=60)

_QUESTION = """
    SELECT (SELECT max(at) FROM referrals_heartbeat WHERE name = 'timers'),
           (SELECT min(due_at) FROM referrals_escalation WHERE fired_at IS NULL AND cancelled_at IS NULL),
           (SELECT min(next_attempt_at) FROM referrals_notice WHERE sent_at IS NULL AND failed_at IS NULL)
"""


def troubles(now: datetime) -> list[str]:
    """What has stopped or fallen behind, as sentences; empty while all is well."""
    with connection.cursor() as cursor:
        cursor.execute(_QUESTION)
        heard, oldest_step, oldest_notice = cursor.fetchone()
    found = []
    if heard is None or now - heard > SILENCE:
        found.append("The timers have stopped: overdue contacts are shown, but nobody is being told.")
    if oldest_step is not None and now - oldest_step > LATE:
        found.append("Escalations are waiting to be sent out.")
    if oldest_notice is not None and now - oldest_notice > 2 * LATE:
        found.append("Messages to referrers and staff are waiting to be sent.")
    return found


def staff_banner() -> str:
    """The line that staff see on every page while something has stopped; empty otherwise."""
    return " ".join(troubles(timezone.now()))
