"""Whatever one dependency does, a referral goes in within five seconds (G8).

A real portal with its Redis, mail server and scanner behind lines that are cut, swallow everything or are slow, and its
worker and beat killed, stopped in mid-work, or let work one moment in ten. A referrer attaches a file and sends.
`make faults` sends ten referrals through each; otherwise one.
"""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.utils import timezone

from mash_portal import embedded
from referrals.models import Attachment, Contact, Notice
from referrals.vocabulary import ScanState
from tests import attaching, build, mailserver
from tests.portals import Portal, StartPortal, wait_until

from . import ledger, proxy, scale
from .proxy import Proxy, Way
from .referrers import Answer, Form, School, ask

pytestmark = pytest.mark.faults

REFERRALS, LIMIT = scale.part(10), 5.0
WAYS = (Way.REFUSED, Way.BLACK_HOLED, Way.SLOW)
#: A slow process works for the first part of each turn, and stands still for the second.
WORKS, STANDS_STILL = 0.1, 0.9


@contextmanager
def line_is(line: Proxy, way: Way) -> Iterator[None]:
    line.becomes(way)
    try:
        yield
    finally:
        line.becomes(Way.PASSES)


@contextmanager
def process_is(portal: Portal, name: str, way: Way) -> Iterator[None]:
    """Refused: it is not there. Black-holed: it holds what it has, and does nothing. Slow: now and then it works."""
    if way is Way.REFUSED:
        portal.kill(name)
        yield
        portal.start(name)
        return
    over = threading.Event()
    family = portal.family(name)
    thread = threading.Thread(target=_holds_up, args=(family, over, WORKS if way is Way.SLOW else 0))
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _holds_up(family: list[int], over: threading.Event, works: float) -> None:
    while not over.is_set():
        _signal(family, signal.SIGSTOP)
        over.wait(STANDS_STILL)
        if works:
            _signal(family, signal.SIGCONT)
            over.wait(works)
    _signal(family, signal.SIGCONT)


def _signal(family: list[int], number: signal.Signals) -> None:
    for pid in family:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


@dataclass
class Referrer:
    """Attaches a file and sends a form, with a watch in hand."""

    school: School
    port: int
    took: list[float] = field(default_factory=list)

    def refers(self, form: Form) -> str:
        """The reference that the referrer reads."""
        draft = f"/referrals/drafts/{form.name}/attachments/"
        assert self._timed(self.school.with_file(draft, "notes.txt", b"Seen today")).status == 302
        answer = self._timed(form)
        assert answer.reference, answer
        return answer.reference

    def _timed(self, form: Form) -> Answer:
        began = time.monotonic()
        answer = ask(self.port, form, seconds=LIMIT * 4)
        self.took.append(time.monotonic() - began)
        assert self.took[-1] < LIMIT, form.path
        return answer


def all_is_made_good() -> None:
    """What could not be done meanwhile is done once it can be: time passes, and nothing has been forgotten."""
    unsent = Notice.objects.filter(sent_at=None)
    unknown = Attachment.objects.exclude(state=ScanState.CLEAN)

    def tried() -> bool:
        unsent.filter(leased_until=None, failed_at=None).update(next_attempt_at=timezone.now())
        unknown.update(next_scan_at=timezone.now())
        return not unsent.exists() and not unknown.exists()

    unsent.update(leased_until=None)
    wait_until(tried, "everybody is told and every file is known", seconds=120)


@pytest.mark.timeout(1800 if scale.WHOLE else 900)
def test_a_referral_goes_in_whatever_one_dependency_does(
    committed: str, portal_servers: embedded.Servers, portal_processes: StartPortal, figures: list[str]
) -> None:
    """Failed when it was made to: an upload that waited for the scanner (20 s), a receipt sent at once (5.3 s)."""
    school = School.of(build.player("Rosa"))
    with ExitStack() as stack:
        mail = stack.enter_context(mailserver.running())
        scanner = stack.enter_context(attaching.clamd(attaching.verdict)).rpartition(":")[2]
        ports = {"Redis": urlsplit(portal_servers.redis_url).port or 0, "mail": mail.port, "scanner": int(scanner)}
        lines = {name: stack.enter_context(proxy.before("127.0.0.1", port)) for name, port in ports.items()}
        portal = portal_processes(
            *("web", "timers", "worker", "beat"),
            SECRET_KEY=settings.SECRET_KEY,
            DJANGO_SETTINGS_MODULE="tests.faults.settings_with_mail",
            REDIS_URL=lines["Redis"].instead(portal_servers.redis_url),
            EMAIL_URL=f"smtp://127.0.0.1:{lines['mail'].port}",
            CLAMAV=f"127.0.0.1:{lines['scanner'].port}",
        )
        rosa = Referrer(school, urlsplit(portal.url).port or 0)
        told = {}
        for name in (*lines, "worker", "beat"):
            for way in WAYS:
                line = lines.get(name)
                broken: AbstractContextManager[None] = line_is(line, way) if line else process_is(portal, name, way)
                forms = school.forms(REFERRALS)
                with broken:
                    told[name, way] = [rosa.refers(form) for form in forms]
        all_is_made_good()
    assert len(told) == 15
    expected = {reference for references in told.values() for reference in references}
    assert set(Contact.objects.values_list("reference", flat=True)) == expected
    assert len(expected) == 15 * REFERRALS
    ledger.check_decision_deadlines()
    figures.append(
        f"G8 · {len(expected)} referrals with a file, 15 faults: none took longer than {max(rosa.took):.1f} s"
    )
