"""Bringing records over: what is written for each contact, and how rows find one another."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mash_portal.accounts.models import Agency, User
from referrals import gate
from referrals.history import actions
from referrals.history.actions import Brought
from referrals.models import Child, Contact, Deadline, Notice, Person
from referrals.vocabulary import Channel, Verb
from tests.history_file import another, read_rows, row

Bring = Callable[..., Brought]


@pytest.fixture
def bring(tmp_path: Path, db: None) -> Bring:
    """Bring these rows over, as the portal itself."""

    def bring_over(*rows: dict[str, str]) -> Brought:
        now = timezone.now()
        read = read_rows(rows, tmp_path / "history.csv", now)
        assert len(read) == len(rows)
        return actions.bring_over(read, by=User.objects.system(), now=now)

    return bring_over


def test_a_contact_comes_with_its_decision_feedback_and_one_step(bring: Bring) -> None:
    bring(row())
    contact = Contact.objects.get()
    decision = contact.decisions.get()
    decided_at = datetime(2017, 9, 1, 12, 40, 26, tzinfo=UTC)
    assert (decision.is_imported, decision.signed_off_at, decision.signed_off_by) == (True, decided_at, None)
    assert (decision.outcomes.get().outcome, decision.outcomes.get().level) == ("nfa_pushback", 2)
    assert contact.decided_at == decided_at
    assert contact.feedback.get().sent_at == datetime(2017, 9, 2, 4, 35, 26, tzinfo=UTC)
    assert [step.verb for step in contact.steps.all()] == [Verb.IMPORT]


def test_nobody_is_told_and_no_clock_runs_for_what_is_long_over(bring: Bring) -> None:
    bring(row())
    assert not Notice.objects.exists()
    assert not Deadline.objects.exists()


def test_rows_of_one_contact_are_its_children(bring: Bring) -> None:
    late = "2017-09-02T10:00:00"
    brought = bring(
        row(rag="green", level_believed="2"),
        row(child_ref="C2", given_names="Leo", rag="red", level_believed="3", decided_at=late, feedback_at=""),
    )
    assert (brought.tally.imported, brought.tally.contacts_added) == (2, 1)
    contact = Contact.objects.get()
    assert sorted(child.given_names for child in contact.children.all()) == ["Ava", "Leo"]
    assert contact.decisions.get().outcomes.count() == 2
    assert (contact.rag, contact.level_believed) == ("red", 3)
    assert contact.decided_at == datetime(2017, 9, 2, 9, 0, tzinfo=UTC)


def test_a_row_that_was_mended_can_join_the_contact_that_is_there(bring: Bring) -> None:
    bring(row())
    brought = bring(row(), row(child_ref="C2", decided_at="2017-09-02T10:00:00", feedback_at=""))
    assert (brought.tally.imported, brought.tally.already_there, brought.tally.contacts_added) == (1, 1, 0)
    contact = Contact.objects.get()
    assert contact.children.count() == 2
    assert contact.decisions.get().outcomes.count() == 2
    assert contact.decided_at == contact.decisions.get().signed_off_at == datetime(2017, 9, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("first", [(), (row(),)])
def test_a_row_cannot_join_a_contact_of_another_agency(bring: Bring, first: tuple[dict[str, str], ...]) -> None:
    bring(*first)
    brought = bring(row(), row(child_ref="C2", agency="Elm High"))
    assert [bad.problems for bad in brought.bad] == [
        ("contact H1 is there already with another received_at, channel, source or agency.",)
    ]
    assert Child.objects.count() == 1
    assert not Agency.objects.filter(name="Elm High").exists()


def test_a_row_cannot_join_a_contact_that_the_portal_received_itself(bring: Bring, rosa: User) -> None:
    assert rosa.agency is not None
    gate.receive(
        by=rosa,
        now=timezone.now(),
        channel=Channel.MARF,
        source="2A",
        agency=rosa.agency,
        level_believed=3,
        external_reference="H1",
    )
    brought = bring(row())
    assert [bad.problems for bad in brought.bad] == [
        ("contact H1 is being worked on in this portal. What is there was left as it is.",)
    ]
    assert not Child.objects.exists()


def test_one_child_in_several_contacts_is_one_person(bring: Bring) -> None:
    bring(row(), row(contact_ref="H2"))
    bring(row(contact_ref="H3"))
    assert Person.objects.get(external_reference="C1").appearances.count() == 3


def test_the_same_row_twice_in_a_file_goes_in_once(bring: Bring) -> None:
    brought = bring(row(), row())
    assert (brought.tally.imported, brought.tally.already_there) == (1, 1)
    assert Child.objects.count() == 1


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("2A", "school"),
        ("2B", "education"),
        ("3E", "health"),
        ("4", "housing"),
        ("5B", "council"),
        ("5D", "early_help"),
        ("6", "police"),
        ("7", "legal"),
        ("8", "voluntary"),
        ("1A", "voluntary"),
    ],
)
def test_an_agency_that_is_missing_is_added_with_its_kind(bring: Bring, source: str, kind: str) -> None:
    bring(row(source=source))
    assert Agency.objects.get(name="Oak High").kind == kind


def test_a_batch_takes_as_many_queries_for_thirty_rows_as_for_three(bring: Bring) -> None:
    User.objects.system()
    with CaptureQueriesContext(connection) as few:
        bring(*(another(agency="Few") for _ in range(3)))
    with CaptureQueriesContext(connection) as many:
        bring(*(another(agency="Many") for _ in range(30)))
    assert len(many) == len(few)
