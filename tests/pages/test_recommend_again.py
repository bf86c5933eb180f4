"""A recommendation that is made again: the words are there, and nothing is chosen for anybody."""

from collections.abc import Callable

import pytest
from django.test import Client

from mash_portal.accounts.models import User
from referrals.decision import actions
from referrals.following import actions as following
from referrals.models import ChildOutcome, Contact, Decision
from referrals.triage import actions as triage
from tests import build

from .browsing import words
from .test_decision_pages import chosen, form_for, text, url
from .test_recommend_pages import FIRST, RECORD, look

pytestmark = pytest.mark.django_db


def returned_by_the_worker(contact: Contact, grace: User, maya: User) -> None:
    actions.take_back(contact.reference, by=grace)


def returned_by_the_manager(contact: Contact, grace: User, maya: User) -> None:
    actions.send_back(contact.reference, reason="What did health say?", by=maya)


def returned_because_it_was_stale(contact: Contact, grace: User, maya: User) -> None:
    following.add(contact.reference, text="A bruise today", by=contact.referrer)
    actions.send_back(contact.reference, reason="Rosa has added a bruise", by=maya)


@pytest.mark.parametrize("goes_back", [returned_by_the_worker, returned_by_the_manager, returned_because_it_was_stale])
def test_what_was_written_is_there_again_and_what_was_chosen_is_chosen_again_by_one_button(
    client: Client, rosa: User, grace: User, maya: User, goes_back: Callable[..., None]
) -> None:
    contact = build.assessed(rosa, worker=grace)
    chosen(client, contact, grace)
    client.post(url(contact, RECORD), form_for(contact, facts="Seen on Friday", side_routes=["marac"]))
    goes_back(contact, grace, maya)
    page = look(client, contact)
    assert " checked" not in page, "nothing is preselected, not even what they chose themselves"
    assert "Chosen before by Grace Lin" in page
    assert "Assessment (section 17)" in words(page).split("Chosen before by Grace Lin")[1]
    answer = client.post(url(contact, FIRST), {"again": "1"})
    assert answer.headers["Location"] == url(contact, RECORD)
    record = look(client, contact, RECORD)
    for kept in ("Seen on Friday", "Visit", "Assessment team", 'value="2026"'):
        assert kept in record
    contact.refresh_from_db()
    client.post(url(contact, RECORD), form_for(contact, side_routes=["marac"]))
    assert Decision.objects.count() == 2
    assert ChildOutcome.objects.filter(decision=Decision.objects.latest("id")).get().outcome == "section_17"


def test_the_words_are_there_again_though_other_outcomes_are_chosen(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    contact = build.recommended(rosa, worker=grace, texts={"facts": "Seen on Friday"})
    actions.send_back(contact.reference, reason="Ask for early help instead", by=maya)
    client.force_login(grace)
    assert "Ask for early help instead" in look(client, contact)
    chosen(client, contact, grace, "early_help")
    page = look(client, contact, RECORD)
    assert "Seen on Friday" in page
    assert "Early help" in page


def test_whoever_takes_over_reads_the_words_and_chooses_for_themselves(
    client: Client, rosa: User, grace: User, ivan: User, maya: User
) -> None:
    contact = build.assessed(rosa, worker=grace)
    chosen(client, contact, grace)
    client.post(url(contact, RECORD), form_for(contact, facts="Seen by Grace", later="1"))
    contact.refresh_from_db()
    triage.assign(contact.reference, to=ivan, by=maya, version=contact.version)
    typed = text(client.post(url(contact, RECORD), form_for(contact, facts="Too late, but not lost")))
    assert "Only the person who holds this contact can do this. It is held by Ivan Petrov." in typed
    assert "Too late, but not lost" in typed
    client.force_login(ivan)
    page = look(client, contact)
    assert " checked" not in page
    assert "Chosen before by Grace Lin" in page
    client.post(url(contact, FIRST), {"again": "1"})
    assert "Seen by Grace" in look(client, contact, RECORD)


def test_a_new_decision_after_reopening_starts_from_nothing(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    contact = build.told(rosa, worker=grace, manager=maya)
    actions.reopen(contact.reference, reason="The hospital rang", by=maya)
    client.force_login(grace)
    page = look(client, contact)
    assert "Chosen before" not in page
    assert " checked" not in page


def test_taking_back_leads_to_the_page_where_it_goes_on(client: Client, rosa: User, grace: User) -> None:
    contact = build.recommended(rosa, worker=grace)
    client.force_login(grace)
    assert client.post(url(contact, "take-back/")).headers["Location"] == url(contact, FIRST)
