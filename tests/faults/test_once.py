"""`manage.py run_timers --once`: what it did, in lines that a person can read."""

from datetime import timedelta
from io import StringIO

from django.core.management import call_command
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals.models import Heartbeat
from tests import build
from tests.build import hours


def once() -> list[str]:
    said = StringIO()
    call_command("run_timers", "--once", stdout=said)
    return said.getvalue().splitlines()


def test_the_timers_say_that_nothing_was_due(db: None) -> None:
    assert once() == ["Nothing was due."]
    assert Heartbeat.objects.filter(name="timers").exists()


def test_the_timers_say_what_fired_and_who_was_told(rosa: User, maya: User) -> None:
    contact = build.received(rosa, at=timezone.now() - hours(12) - timedelta(seconds=5))
    fired, sent = once()
    assert contact.reference in fired
    assert "Half of the time has gone and nobody has claimed it" in fired
    assert fired.endswith("told Maya Shah")
    assert sent == "2 messages sent, 0 not sent."
    assert once() == ["Nothing was due."]


def test_the_timers_say_what_needed_telling_to_nobody(rosa: User, grace: User) -> None:
    build.claimed(rosa, worker=grace, at=timezone.now() - hours(12) - timedelta(seconds=5))
    assert once()[0] == "1 step needed telling to nobody any more."
