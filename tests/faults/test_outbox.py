"""Whatever a mail server or Notify does, each message is sent at least once or visibly failed (G7).

`make faults` sends 10,000, half by each; otherwise a tenth.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Mapping

import pytest
from django.utils import timezone
from pytest_django import Settings

from mash_portal.accounts.models import User
from referrals import carriers, relay
from referrals.models import Notice
from tests import mailserver, notifying

from . import ledger, scale

pytestmark = pytest.mark.faults

NUMBER = scale.part(10_000) // 2
#: How Notify answers, and how often of a hundred times.
ANSWERS: dict[int | str, int] = {201: 55, 500: 12, 503: 5, 429: 10, 403: 3, 400: 4, "drop": 6, "lost": 4, "slow": 1}
#: What a mail server says to a command in place of “fine”, and how often of a thousand times. Of the end of a message,
#: "drop" is: taken, and then the line breaks.
REFUSALS: Mapping[str, Mapping[str, int]] = {
    "MAIL": {"421 too busy": 20, "451 try later": 20, "drop": 20},
    "RCPT": {"450 come back": 40, "550 no such user": 30, "552 full": 10, "drop": 10, "slow": 3},
    "DATA": {"451 not now": 20, "554 refused": 10, "drop": 10},
    "END": {"451 not now": 20, "552 too much": 10, "drop": 50, "slow": 3},
}
SLOW_SECONDS = notifying.SLOW_SECONDS


class ByChance(dict[str, str]):
    """A mail server's mind, as tests/mailserver.py asks it."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def get(self, command: str, default: str) -> str:  # type: ignore[override]  # narrower, and all that is asked
        refusals = REFUSALS.get(command, {})
        answers = [default, *refusals]
        [said] = self.chance.choices(answers, [1000 - sum(refusals.values()), *refusals.values()])
        if said == "slow":
            time.sleep(SLOW_SECONDS)
            return "drop"
        return said


@pytest.fixture
def seed(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(carriers, "SEND_SECONDS", SLOW_SECONDS / 2)
    return random.randrange(10**6)


def queue(person: User) -> None:
    now = timezone.now()
    Notice.objects.bulk_create(
        Notice(
            key=f"news:{number}",
            template="update",
            reference=ledger.reference(number),
            to=person,
            created_at=now,
            next_attempt_at=now,
        )
        for number in range(NUMBER)
    )


def sent_until_none_waits() -> None:
    """Hours pass: what is to be tried later is tried now."""
    waiting = Notice.objects.filter(sent_at=None, failed_at=None)
    while waiting.exists():
        relay.send_waiting()
        waiting.filter(leased_until=None).update(next_attempt_at=timezone.now())


def check_sent_or_flagged(taken: Counter[str], name_of: Callable[[Notice], str], seed: int) -> str:
    """None is neither; what counts as sent has been taken; what failed says why, and somebody is asked to ring."""
    sent, failed = Notice.objects.filter(sent_at__isnull=False, failed_at=None), Notice.objects.failed()
    assert sent.count() + failed.count() == NUMBER, seed
    assert sent.count() > NUMBER / 2, seed
    assert failed.count() > NUMBER / 100, seed
    assert all(taken[name_of(notice)] >= 1 for notice in sent), seed
    assert all(notice.last_error for notice in failed), seed
    assert set(Notice.objects.untold(timezone.now())) == set(failed), seed
    return f"{NUMBER:,} messages: {sent.count():,} sent, {failed.count():,} visibly failed, 0 neither"


@pytest.mark.timeout(1800)
def test_no_message_is_unsent_and_unflagged_whatever_notify_does(
    rosa: User, settings: Settings, monkeypatch: pytest.MonkeyPatch, seed: int, figures: list[str]
) -> None:
    chance = random.Random(seed)
    monkeypatch.setattr(notifying.Notify, "next_answer", lambda _: chance.choices([*ANSWERS], [*ANSWERS.values()])[0])
    queue(rosa)
    with notifying.running() as notify:
        for name, value in notify.settings.items():
            setattr(settings, name, value)
        sent_until_none_waits()
    assert Notice.objects.failed().filter(last_error="HTTP 400").exists()
    assert not Notice.objects.filter(sent_at__isnull=False, provider_id="").exists()
    taken = Counter(one["reference"] for one in notify.came)
    figures.append("G7 · Notify: " + check_sent_or_flagged(taken, lambda notice: str(notice.pk), seed))


@pytest.mark.timeout(1800)
def test_no_message_is_unsent_and_unflagged_whatever_a_mail_server_does(
    rosa: User, settings: Settings, seed: int, figures: list[str]
) -> None:
    """Failed when it was made to: a line that broke taken for sent; the last failed attempt marked as sent."""
    queue(rosa)
    with mailserver.running() as server:
        server.says = ByChance(random.Random(seed))
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        sent_until_none_waits()
    assert Notice.objects.failed().filter(last_error="SMTPRecipientsRefused").exists()
    taken = Counter(one for mail in server.taken for one in set(ledger.REFERENCE.findall(mail)))
    figures.append("G7 · SMTP: " + check_sent_or_flagged(taken, lambda notice: notice.reference, seed))
