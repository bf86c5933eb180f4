"""An acknowledged referral is never lost, whatever is killed while it comes in (G1).

Referrers send by page and by API, and write down what they were told, in a file outside the portal. Meanwhile the web,
the worker, the timers and PostgreSQL are ended with `kill -9`, in an order of chance. `make faults`: 10,000 referrals
and 50 kills; otherwise a tenth of the kills, and as many referrals as fit into half a minute.
"""

import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from mash_portal.audit.models import Event
from referrals.models import Contact, Draft, Escalation, Marf, Notice
from referrals.vocabulary import Channel, Clock, Verb
from tests import build
from tests.portals import Portal, StartPortal, wait_until

from . import ledger, referrers, scale
from .acknowledged import Acknowledged
from .conftest import Durable

pytestmark = pytest.mark.faults

REFERRALS, FAULTS = 10_000 if scale.WHOLE else 400, scale.part(50)
SENDERS = 4
#: How long the next referral may take to come in; more than whoever sends has patience for.
PATIENCE = referrers.PATIENCE_SECONDS + 60


@pytest.fixture
def acknowledged(tmp_path: Path) -> Iterator[Acknowledged]:
    own = Acknowledged(tmp_path / "acknowledged.tsv")
    yield own
    own.close()


def breakers(portal: Portal, server: Durable) -> dict[str, Callable[[], None]]:
    """Each kills one thing as `kill -9` does, and sees that it is started again as whoever runs a portal would."""

    def whole(name: str) -> Callable[[], None]:
        def act() -> None:
            if name != "web":
                ledger.hurry(2, "send_notices")
            portal.kill(name)
            portal.start(name)

        return act

    def one_of_web() -> None:
        os.kill(portal.family("web")[1], signal.SIGKILL)

    def database() -> None:
        server.kill()
        server.start()

    return {
        "web": whole("web"),
        "PostgreSQL": database,
        "worker": whole("worker"),
        "one of the web's workers": one_of_web,
        "one of PostgreSQL's processes": server.kill_one,
        "timers": whole("timers"),
    }


@contextmanager
def referred(port: int, forms: list[referrers.Form], own: Acknowledged) -> Iterator[Callable[[int], None]]:
    """All of these being sent by several at once; inside, wait until so many have been acknowledged."""
    stop = threading.Event()
    with ThreadPoolExecutor(SENDERS) as pool:
        under_way = [pool.submit(referrers.send_all, port, forms[one::SENDERS], own, stop) for one in range(SENDERS)]

        def until(count: int) -> None:
            while own.count < count and not any(one.done() and one.exception() for one in under_way):
                known = own.count
                wait_until(lambda: own.count > known, "another one is acknowledged", PATIENCE)  # noqa: B023

        try:
            yield until
        finally:
            stop.set()
    for one in under_way:
        one.result()


def all_told(own: Acknowledged) -> None:
    """What was in a dead sender's hands is sent when its minute is over."""
    Notice.objects.filter(sent_at=None).update(leased_until=None)
    waiting = Notice.objects.filter(sent_at=None, reference__in=own.references().values())
    wait_until(lambda: not waiting.exists(), "every receipt is sent", seconds=120)


def check_nothing_is_lost(own: Acknowledged, mails: Path) -> None:
    """Every reference that anybody was told is one contact, whole, and nothing else came in."""
    told = own.references()
    expected = Counter(told.values())
    assert len(expected) == len(told) == own.count
    assert expected - Counter(Contact.objects.values_list("reference", flat=True)) == Counter()
    assert Counter(Contact.objects.values_list("reference", flat=True)) == expected
    by_form = dict(Contact.objects.filter(channel=Channel.MARF).values_list("reference", "submission_key"))
    assert all(told[str(key)] == reference for reference, key in by_form.items())
    assert Counter(Marf.objects.values_list("contact__reference", flat=True)) == expected
    assert Counter(Event.objects.filter(verb=Verb.RECEIVE).values_list("reference", flat=True)) == expected
    # a system has its receipt in the answer
    receipts = Notice.objects.filter(template="receipt", sent_at__isnull=False)
    assert Counter(receipts.values_list("reference", flat=True)) == Counter([*by_form])
    armed = Escalation.objects.filter(deadline__clock=Clock.DECISION, fired_at=None, cancelled_at=None)
    assert set(armed.values_list("contact__reference", flat=True)) == set(expected)
    assert {*by_form} <= ledger.references_in(mails)
    assert not Draft.objects.exists()
    ledger.check_decision_deadlines()


@pytest.mark.timeout(7200 if scale.WHOLE else 900)
def test_a_referrer_loses_nothing_that_was_acknowledged_whatever_is_killed(
    durable: Durable, portal_processes: StartPortal, acknowledged: Acknowledged, figures: list[str]
) -> None:
    """Failed when it was made to: PostgreSQL with synchronous_commit off forgot one of 400."""
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    school = referrers.School.of(build.player("Rosa"))
    forms = [*school.forms(REFERRALS // 2), *school.documents(REFERRALS - REFERRALS // 2)]
    chance.shuffle(forms)
    portal = portal_processes("web", "worker", "timers", SECRET_KEY=settings.SECRET_KEY, DATABASE_URL=durable.app_url)
    connection.close()
    ways = breakers(portal, durable)
    order = [*ways] * (FAULTS // len(ways) + 1)
    chance.shuffle(order)
    with referred(urlsplit(portal.url).port or 0, forms, acknowledged) as until:
        for number, name in enumerate(order[:FAULTS]):
            until(int(REFERRALS * (number + chance.random()) / FAULTS))
            acknowledged.broke(name)
            ways[name]()
        until(REFERRALS)
    connection.close()
    all_told(acknowledged)
    portal.stop()
    assert (acknowledged.count, len(acknowledged.faults())) == (REFERRALS, FAULTS), seed
    check_nothing_is_lost(acknowledged, portal.directory / "mail")
    figures.append(f"G1 · 0 lost of {REFERRALS:,} acknowledged, over {FAULTS} kills: {Counter(acknowledged.faults())}")
