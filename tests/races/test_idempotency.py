"""G3 for the API: eight at once with one Idempotency-Key make one referral, and all read the same answer."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from referrals.models import ApiRequest, Contact, Draft
from referrals.vocabulary import Scope
from tests import build
from tests.api.calling import NOTIFICATION, REFERRAL, System

EIGHT = 8


def at_once(system: System, path: str, data: object, *, numbers: list[str]) -> list[tuple[int, bytes]]:
    start = Barrier(EIGHT)

    def send(number: str) -> tuple[int, bytes]:
        try:
            start.wait(10)
            answer = system.post(path, data, number=number)
        finally:
            connections.close_all()
        return answer.status_code, answer.content

    with ThreadPoolExecutor(EIGHT) as pool:
        return list(pool.map(send, numbers))


def test_eight_threads_with_one_key_send_one_referral_and_read_one_answer(committed: str) -> None:
    answers = at_once(System(build.player("Rosa")), "referrals", REFERRAL, numbers=["once"] * EIGHT)
    assert {status for status, _ in answers} == {201}
    assert len(set(answers)) == 1
    assert (Contact.objects.count(), ApiRequest.objects.count(), Draft.objects.count()) == (1, 1, 0)


@pytest.mark.parametrize(
    "numbers", [["once"] * EIGHT, [f"n{one}" for one in range(EIGHT)]], ids=["one key", "eight keys"]
)
def test_eight_threads_with_one_police_reference_make_one_contact(committed: str, numbers: list[str]) -> None:
    force = System(build.player("Omar"), Scope.POLICE)
    answers = at_once(force, "police-notifications", {"notifications": [NOTIFICATION]}, numbers=numbers)
    assert {status for status, _ in answers} == {200}
    assert (Contact.objects.count(), Draft.objects.count()) == (1, 0)
