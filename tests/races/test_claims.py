"""G9: a contact has one holder, however many reach for it at once. On real connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import Role
from referrals.models import Contact
from referrals.refusals import Refused
from referrals.triage import actions
from referrals.vocabulary import Rag, Stage, Verb
from tests import build

EIGHT = 8


def _workers() -> list[User]:
    hub = build.player("Grace").agency
    return [
        User.objects.create_user(
            f"worker{number}@alderbrook.example", full_name=f"Worker {number}", agency=hub, role=Role.SOCIAL_WORKER
        )
        for number in range(EIGHT)
    ]


def test_eight_workers_reach_for_one_contact_one_has_it_and_the_others_are_told_the_name(committed: str) -> None:
    contact = build.received(build.player("Rosa"))
    start = Barrier(EIGHT)

    def claim(worker: User) -> str:
        try:
            start.wait(10)
            actions.claim(contact.reference, by=worker)
        except Refused as refusal:
            return str(refusal)
        finally:
            connections.close_all()
        return "claimed"

    with ThreadPoolExecutor(EIGHT) as pool:
        answers = list(pool.map(claim, _workers()))
    held = Contact.objects.select_related("owner").get(pk=contact.pk)
    assert held.owner is not None
    assert answers.count("claimed") == 1
    assert answers.count(f"{held.owner.full_name} already holds this contact.") == EIGHT - 1
    assert answers[int(held.owner.full_name.removeprefix("Worker "))] == "claimed"
    assert held.steps.filter(verb=Verb.CLAIM).count() == 1
    assert (held.stage, held.version) == (Stage.TRIAGE, contact.version + 1)


def test_two_managers_assign_at_once_and_the_second_is_told_that_it_changed(committed: str) -> None:
    contact = build.received(build.player("Rosa"))
    grace, maya, ivan = (build.player(name) for name in ("Grace", "Maya", "Ivan"))
    start = Barrier(2)

    def assign(by: User) -> str:
        try:
            start.wait(10)
            actions.assign(contact.reference, to=grace, by=by, version=contact.version)
        except Refused as refusal:
            return str(refusal)
        finally:
            connections.close_all()
        return "assigned"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(assign, (maya, ivan)))
    winner = contact.steps.get(verb=Verb.ASSIGN).by.full_name
    assert answers[1] == "assigned"
    assert answers[0].startswith(f"This contact has changed since you opened the page: {winner} assigned the contact")


def test_two_priorities_at_once_leave_one_due_time_and_one_running_clock(committed: str) -> None:
    rosa, grace = build.player("Rosa"), build.player("Grace")
    contact = build.claimed(rosa, worker=grace)
    start = Barrier(2)

    def rate(rag: Rag) -> bool:
        try:
            start.wait(10)
            actions.rate(contact.reference, rag=rag, reason="Seen", by=grace, version=contact.version)
        except Refused:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as pool:
        red, amber = pool.map(rate, (Rag.RED, Rag.AMBER))
    contact.refresh_from_db()
    assert red != amber
    assert contact.rag == (Rag.RED if red else Rag.AMBER)
    assert contact.deadlines.live().get(clock="decision").due_at == contact.due_at
