"""Several senders at once deliver everything and nothing twice. On real connections."""

import threading

from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from referrals.handover import delivering
from referrals.models import Delivery
from tests import build, casesystem


def test_two_senders_at_once_send_everything_and_nothing_twice(committed: str, settings: Settings) -> None:
    with casesystem.running() as system:
        settings.CASE_SYSTEM_URL, settings.CASE_SYSTEM_SECRET = system.url, casesystem.SECRET
        contact = build.received(build.player("Rosa"))
        now = timezone.now()
        Delivery.objects.bulk_create(
            Delivery(key=f"decision:{n}", contact=contact, created_at=now, next_attempt_at=now) for n in range(30)
        )

        def send() -> None:
            try:
                delivering.deliver_waiting()
            finally:
                connection.close()

        senders = [threading.Thread(target=send) for _ in range(3)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join(timeout=30)
        assert sorted(came.delivery for came in system.came) == sorted(f"decision:{n}" for n in range(30))
        assert not Delivery.objects.filter(sent_at=None).exists()
