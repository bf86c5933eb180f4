"""Celery hurries the timers along: what `manage.py run_timers` calls, and nothing that it does not."""

from celery import shared_task

from mash_portal import watch
from referrals import relay
from referrals.escalation.sweep import sweep
from referrals.insight.refreshing import refresh
from referrals.retention.actions import look_after_drafts


@shared_task(name="referrals.tasks.sweep_deadlines")
def sweep_deadlines() -> None:
    """Fire every step that is due."""
    sweep()


@shared_task(name="referrals.tasks.send_notices")
def send_notices() -> None:
    """Send what waits in the outbox."""
    relay.send_waiting()


@shared_task(name="referrals.tasks.keep_drafts")
def keep_drafts() -> None:
    """Remind of drafts that nobody has sent, warn, and delete what is too old."""
    look_after_drafts()


@shared_task(name="referrals.tasks.refresh_insight")
def refresh_insight() -> None:
    """Add up the figures of days that have changed."""
    refresh()


@shared_task(name="referrals.tasks.sing")
def sing() -> None:
    """The canary: beat puts it into Redis, a worker takes it out and says so. Any of the three that stops is heard."""
    watch.beat(watch.WORKER)
