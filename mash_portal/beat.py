"""Celery beat, saying that it lives: what the watch hears of it is written by beat itself, not by what it starts."""

import time
from typing import Any

from celery.beat import PersistentScheduler
from django.db import DatabaseError, InterfaceError, connection

from . import watch

EVERY_SECONDS = 5.0


class Scheduler(PersistentScheduler):
    """Beat keeps ticking while the database is away: then it is the database that is said to be away."""

    said_at = float("-inf")

    def tick(self, *args: Any, **options: Any) -> float:
        if time.monotonic() - self.said_at >= EVERY_SECONDS:
            self.said_at = time.monotonic()
            say_that_beat_lives()
        found: float = super().tick(*args, **options)
        return found


def say_that_beat_lives() -> None:
    """Where beat sings somebody should answer: a worker that never did is missed as well."""
    try:
        watch.beat(watch.BEAT)
        watch.expect(watch.WORKER)
    except (DatabaseError, InterfaceError):
        connection.close()
