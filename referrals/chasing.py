"""What became of messages after they were sent: arrived, come back, or unheard of; and the second way to a person.

A provider that says later whether a message arrived is asked until it has, for KEPT. What came back, failed for good or
has not arrived after 15 minutes (models.outbox.LATE) goes out once more as a text, where a text can reach the person.
Where that is no way either, the person stands among those who could not be told (escalation/untold.py): somebody rings.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from referrals import carriers
from referrals.carriers import Fate
from referrals.models import Notice
from referrals.vocabulary import SendingBy

#: Notify keeps what it knows for 7 days, and has given up on every message after 3.
KEPT = timedelta(days=3)
#: Nobody is sent a text about news older than this.
FRESH = timedelta(days=7)
BATCH, BUDGET_SECONDS = 50, 10.0

#: Asked about after half a minute, then ever more seldom: a tenth of its age after the last time. Materialised, as in
#: relay.py: nothing is asked for twice whatever the plan.
_CLAIM = """
    WITH due AS MATERIALIZED (
        SELECT id FROM referrals_notice
        WHERE sent_at > statement_timestamp() - make_interval(secs => %(kept)s)
          AND delivered_at IS NULL AND bounced_at IS NULL AND provider_id <> ''
          AND coalesce(checked_at, sent_at) < statement_timestamp()
              - greatest(interval '30 seconds', (statement_timestamp() - sent_at) / 10)
        ORDER BY coalesce(checked_at, sent_at), id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
    UPDATE referrals_notice AS n SET checked_at = statement_timestamp()
    FROM due WHERE n.id = due.id
    RETURNING n.id, n.channel, n.provider_id
"""


@dataclass
class ChaseResult:
    arrived: int = 0
    came_back: int = 0
    second: int = 0


def chase(*, stopping: Callable[[], bool] = lambda: False) -> ChaseResult:
    """Ask what became of what is on its way, then find the second way for whatever is late."""
    result = ChaseResult()
    _ask(result, stopping)
    now = timezone.now()
    late = Notice.objects.late(now).filter(sent_at__gt=now - KEPT, instead_of=None, seconds=None).exclude(to__phone="")
    result.second += second_way(late.values_list("pk", flat=True))
    return result


def second_way(numbers: Iterable[int]) -> int:
    """Queue the same news as texts, for those of these messages whose person a text can reach. How many."""
    if not carriers.sends_texts():
        return 0
    now = timezone.now()
    first = Notice.objects.filter(pk__in=list(numbers), instead_of=None, channel=SendingBy.EMAIL, to__is_active=True)
    fresh = first.filter(created_at__gt=now - FRESH).select_related("to")
    texts = [_text_for(one, now) for one in fresh if carriers.mobile(one.to.phone)]
    return len(Notice.objects.bulk_create(texts, ignore_conflicts=True))


def _text_for(first: Notice, now: datetime) -> Notice:
    """One per message, however often that one fails: the key sees to it."""
    return Notice(
        key=f"text:{first.pk}",
        template=first.template,
        to=first.to,
        reference=first.reference,
        channel=SendingBy.TEXT,
        instead_of=first,
        created_at=now,
        next_attempt_at=now,
    )


def _ask(result: ChaseResult, stopping: Callable[[], bool]) -> None:
    claimed = _claim()
    if not claimed:
        return
    ready, started = carriers.ready(), time.monotonic()
    try:
        for number, channel, provider_id in claimed:
            if stopping() or time.monotonic() - started > BUDGET_SECONDS:
                break
            carrier = ready.get(SendingBy(channel))
            fate = carrier.status([provider_id]).get(provider_id) if carrier else None
            _settle(number, provider_id, fate, result)
    finally:
        for carrier in ready.values():
            carrier.hang_up()


def _claim() -> list[tuple[int, str, str]]:
    """In a transaction of its own, over before anybody is asked: two hosts do not ask about the same."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"kept": KEPT.total_seconds(), "limit": BATCH})
        return list(cursor.fetchall())


@transaction.atomic
def _settle(number: int, provider_id: str, fate: Fate | None, result: ChaseResult) -> None:
    """Marked, and the second way found, together or not at all."""
    sent = Notice.objects.filter(pk=number, provider_id=provider_id, delivered_at=None, bounced_at=None)
    if fate is Fate.ARRIVED:
        result.arrived += sent.update(delivered_at=Now())
    elif fate is Fate.CAME_BACK and sent.update(bounced_at=Now(), last_error="Bounced"):
        result.came_back += 1
        result.second += second_way([number])
