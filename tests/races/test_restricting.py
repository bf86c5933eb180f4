"""G13 under a race: whoever waits for a record that is being restricted finds that it is not there."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

from django.db import connections, transaction
from django.http import Http404

from mash_portal.accounts.models import User
from referrals.escalation.sweep import sweep
from referrals.models import Contact, Notice, Restriction
from referrals.refusals import Refused
from referrals.restricted import actions
from referrals.triage import actions as triage
from referrals.vocabulary import Verb
from tests import build
from tests.build import FRIDAY_AT_FOUR, hours
from tests.restricting import REASON


def test_a_manager_who_waits_for_a_record_that_is_being_restricted_cannot_take_it(committed: str) -> None:
    contact = build.received(build.player("Rosa"))
    maya, ivan = build.player("Maya"), build.player("Ivan")
    has_it = Event()

    def restrict() -> None:
        with transaction.atomic():
            actions.restrict(contact.reference, reason=REASON, people=[], by=maya, version=contact.version)
            has_it.set()
            time.sleep(1)  # the other one is waiting for the lock by now
        connections.close_all()

    def claim() -> str:
        has_it.wait(10)
        try:
            triage.claim(contact.reference, by=ivan)
        except Http404:
            return "not there"
        finally:
            connections.close_all()
        return "claimed"

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.submit(restrict), pool.submit(claim)
        assert (first.result(), second.result()) == (None, "not there")
    found = Contact.objects.get(pk=contact.pk)
    assert found.owner is None
    assert not found.steps.filter(verb=Verb.CLAIM).exists()


def test_a_sweep_leaves_a_record_that_is_being_restricted_and_then_tells_only_who_is_named(committed: str) -> None:
    contact = build.received(build.player("Rosa"), at=FRIDAY_AT_FOUR)
    ivan, maya = build.player("Ivan"), build.player("Maya")
    now = FRIDAY_AT_FOUR + hours(12)

    def swept() -> int:
        try:
            return sweep(now).fired
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        actions.restrict(contact.reference, reason=REASON, people=[], by=maya, version=contact.version)
        assert pool.submit(swept).result(20) == 0
    assert sweep(now).fired == 1
    assert set(User.objects.filter(escalations__contact=contact)) == {maya}
    assert not Notice.objects.filter(reference=contact.reference, to=ivan).exists()


def test_two_managers_restrict_at_once_and_the_second_is_told_or_finds_nothing(committed: str) -> None:
    contact = build.received(build.player("Rosa"))
    people = [build.player("Maya"), build.player("Ivan")]
    start = Barrier(2)

    def restrict(by: User) -> str:
        try:
            start.wait(10)
            actions.restrict(contact.reference, reason=REASON, people=[], by=by, version=contact.version)
        except (Refused, Http404) as refusal:
            return type(refusal).__name__
        finally:
            connections.close_all()
        return "restricted"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(restrict, people))
    assert answers == ["Http404", "restricted"]
    assert Restriction.objects.count() == 1
