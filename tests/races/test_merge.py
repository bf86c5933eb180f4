"""G9: people are joined while somebody decides, and while another contact about them arrives. On real connections."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier, Event

import pytest
from django.db import connections, transaction
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals import known
from referrals.decision import actions as decisions
from referrals.identity import actions
from referrals.models import Child, Contact, MatchProposal, Person, PersonChange
from referrals.refusals import Refused
from referrals.vocabulary import Stage
from tests import build

NOOR = {"given_names": "Noor", "family_name": "Aziz", "date_of_birth": date(2016, 4, 15)}
ROUNDS = 6


def joined(contact: Contact, person: int, by: User) -> str:
    try:
        child = contact.children.get()
        actions.confirm(
            contact.reference, child=child.pk, person=person, reason="", by=by, version=current(contact).version
        )
    except Refused as refusal:
        return str(refusal)
    finally:
        connections.close_all()
    return "joined"


def current(contact: Contact) -> Contact:
    return Contact.objects.get(pk=contact.pk)


def people_of(*contacts: Contact) -> set[int | None]:
    return set(Child.objects.filter(contact__in=contacts).values_list("person_id", flat=True))


def signed_off(contact: Contact, by: User, version: int) -> str:
    try:
        decisions.sign_off(contact.reference, by=by, version=version)
    except Refused as refusal:
        return str(refusal)
    finally:
        connections.close_all()
    return "signed off"


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_merge_and_a_sign_off_at_once_are_one_after_the_other_and_nothing_is_lost(
    committed: str, _round: int
) -> None:
    rosa, grace, maya, sam = (build.player(name) for name in ("Rosa", "Grace", "Maya", "Sam"))
    waiting = build.recommended(rosa, worker=grace, children=[NOOR])
    other = build.received(rosa, children=[NOOR])
    person = waiting.children.get().person_id
    assert person is not None
    start = Barrier(2)

    def sign() -> str:
        start.wait(10)
        return signed_off(waiting, maya, waiting.version)

    def merge() -> str:
        start.wait(10)
        return joined(other, person, sam)

    with ThreadPoolExecutor(2) as pool:
        one, two = pool.submit(sign), pool.submit(merge)
        decision, merged = one.result(60), two.result(60)
    assert merged == "joined"
    assert len(people_of(waiting, other)) == 1
    if decision == "signed off":
        assert current(waiting).stage == Stage.DECIDED
        assert waiting.children.get().outcome
    else:
        assert "changed" in decision
        assert current(waiting).stage == Stage.SIGN_OFF
        assert not waiting.children.get().outcome


def test_a_merge_waits_for_a_sign_off_that_is_under_way_and_then_goes_on(committed: str) -> None:
    rosa, grace, maya, sam = (build.player(name) for name in ("Rosa", "Grace", "Maya", "Sam"))
    waiting = build.recommended(rosa, worker=grace, children=[NOOR])
    other = build.received(rosa, children=[NOOR])
    person = waiting.children.get().person_id
    assert person is not None
    begun = Event()

    def merge() -> str:
        begun.set()
        return joined(other, person, sam)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            decisions.sign_off(waiting.reference, by=maya, version=waiting.version)
            merging = pool.submit(merge)
            begun.wait(10)
            with pytest.raises(TimeoutError):
                merging.result(1)
        assert merging.result(30) == "joined"
    assert current(waiting).stage == Stage.DECIDED
    assert waiting.children.get().outcome
    assert len(people_of(waiting, other)) == 1


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_people_join_the_same_two_children_from_both_ends_and_one_of_them_is_told(
    committed: str, _round: int
) -> None:
    rosa, sam, grace = (build.player(name) for name in ("Rosa", "Sam", "Grace"))
    here, there = (build.received(rosa, children=[NOOR]) for _ in range(2))
    ends = [(here, there.children.get().person_id, sam), (there, here.children.get().person_id, grace)]
    start = Barrier(2)

    def join(end: tuple[Contact, int, User]) -> str:
        start.wait(10)
        return joined(*end)

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(join, ends))
    assert answers.count("joined") == 1, answers
    assert len(people_of(here, there)) == 1
    assert PersonChange.objects.count() == 1


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_contact_that_arrives_while_its_child_is_joined_to_another_is_not_left_behind(
    committed: str, _round: int
) -> None:
    rosa, sam = build.player("Rosa"), build.player("Sam")
    older = build.received(rosa, children=[{**NOOR, "family_name": "Hassan"}])
    here = build.received(rosa, children=[NOOR])
    person = older.children.get().person_id
    assert person is not None
    start = Barrier(2)

    def arrive() -> Contact:
        try:
            start.wait(10)
            with transaction.atomic():
                new = build.received(rosa, children=())
                assert rosa.agency is not None
                row = Child(contact=new, agency=rosa.agency, source="2A", received_at=timezone.now(), **NOOR)
                known.save([row], now=timezone.now())
            return new
        finally:
            connections.close_all()

    def merge() -> str:
        start.wait(10)
        return joined(here, person, sam)

    with ThreadPoolExecutor(2) as pool:
        arriving, merging = pool.submit(arrive), pool.submit(merge)
        new, merged = arriving.result(60), merging.result(60)
    if merged != "joined":  # it came in between: the person is told, looks again, and does it
        assert "Look again" in merged
        assert joined(here, person, sam) == "joined"
    assert len(people_of(older, here, new)) == 1
    assert Person.objects.filter(appearances=None).count() == 1


def test_a_merge_that_waits_for_an_arriving_contact_never_stands_in_its_way(committed: str) -> None:
    """The contact is about one of the two people and remembers that it could be about the other: no deadlock."""
    rosa, sam = build.player("Rosa"), build.player("Sam")
    older = build.received(rosa, children=[{**NOOR, "family_name": "Hassan"}])
    here = build.received(rosa, children=[NOOR])
    first, second = sorted(one.children.get().person_id or 0 for one in (older, here))
    person = older.children.get().person_id
    assert person is not None
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            list(Person.objects.select_for_update(no_key=True).filter(pk=second))
            merging = pool.submit(joined, here, person, sam)
            with pytest.raises(TimeoutError):
                merging.result(1)
            facts = {"joined": False, "score": 0, "reasons": [], "at": timezone.now()}
            MatchProposal.objects.create(child=here.children.get(), person_id=first, **facts)
        assert merging.result(30) == "joined"
    assert len(people_of(older, here)) == 1
