"""Eight at once: one call, one form, each child once."""

import threading
from collections.abc import Callable

from django.db import connection

from referrals.intake import actions
from referrals.models import Call, Child, Contact, Deadline, Marf
from tests import build, ringing
from tests.ringing import call_of, form_for

EIGHT = 8


def all_at_once(act: Callable[[], str]) -> list[str]:
    """What each of eight got back."""
    found: list[str] = []
    start = threading.Barrier(EIGHT)

    def one() -> None:
        try:
            start.wait(10)
            found.append(act())
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(EIGHT)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


def test_eight_clicks_at_once_are_one_call(committed: str) -> None:
    sam, rosa = build.player("Sam"), build.player("Rosa")
    references = all_at_once(lambda: ringing.rings(rosa, taken_by=sam).reference)
    assert (len(references), len(set(references))) == (EIGHT, 1)
    assert (Call.objects.count(), Contact.objects.count(), Deadline.objects.count()) == (1, 1, 3)


def test_eight_at_once_send_the_form_for_a_call_once(committed: str) -> None:
    rosa, sam = build.player("Rosa"), build.player("Sam")
    call = call_of(rosa, sam)
    key = form_for(call, rosa).key
    references = all_at_once(lambda: actions.submit(key, by=rosa).reference)
    assert references == [call.reference] * EIGHT
    assert (Contact.objects.count(), Marf.objects.count(), Child.objects.count()) == (1, 1, 2)
