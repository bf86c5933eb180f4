"""Whatever a provider does, each message is sent at least once or visibly failed (G7): `make faults` sends 10,000."""

import os
import random
from collections import Counter

import pytest
from django.utils import timezone
from pytest_django import Settings

from mash_portal.accounts.models import User
from referrals import carriers, relay
from referrals.models import Notice
from tests import notifying

pytestmark = pytest.mark.faults

WHOLE = os.environ.get("FAULTS") == "whole"
NUMBER = 10_000 if WHOLE else 500
#: How a provider answers, and how often of a hundred times.
ANSWERS: dict[int | str, int] = {201: 55, 500: 12, 503: 5, 429: 10, 403: 3, 400: 4, "drop": 6, "lost": 4, "slow": 1}


def queue(person: User) -> None:
    now = timezone.now()
    Notice.objects.bulk_create(
        Notice(
            key=f"news:{number}",
            template="update",
            reference="MF7K-3QPX",
            to=person,
            created_at=now,
            next_attempt_at=now,
        )
        for number in range(NUMBER)
    )


@pytest.mark.timeout(1800)
def test_no_message_is_unsent_and_unflagged_whatever_the_provider_does(
    rosa: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    monkeypatch.setattr(carriers, "SEND_SECONDS", notifying.SLOW_SECONDS / 2)
    monkeypatch.setattr(notifying.Notify, "next_answer", lambda _: chance.choices([*ANSWERS], [*ANSWERS.values()])[0])
    queue(rosa)
    waiting = Notice.objects.filter(sent_at=None, failed_at=None)
    with notifying.running() as notify:
        for name, value in notify.settings.items():
            setattr(settings, name, value)
        while waiting.exists():
            relay.send_waiting()
            waiting.filter(leased_until=None).update(next_attempt_at=timezone.now())
    taken = Counter(one["reference"] for one in notify.came)
    sent, failed = Notice.objects.filter(sent_at__isnull=False), Notice.objects.failed()
    assert sent.count() + failed.count() == NUMBER, seed
    assert sent.count() > NUMBER / 2
    assert failed.filter(last_error="HTTP 400").exists()
    assert all(taken[str(notice.pk)] >= 1 for notice in sent), seed
    assert all(notice.provider_id for notice in sent), seed
    assert all(notice.last_error for notice in failed), seed
    assert set(Notice.objects.untold(timezone.now())) == set(failed), seed
