"""The forms by which a contact changes hands or priority."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals.triage import actions
from referrals.vocabulary import Rag, Stage
from tests import build
from tests.pages.casework import held, look, send, text, url

pytestmark = pytest.mark.django_db


def test_the_holder_puts_it_back_with_a_reason_and_without_one_the_page_asks(
    client: Client, rosa: User, grace: User
) -> None:
    contact = held(rosa, grace)
    asked = text(send(client, grace, contact, "release/", reason=" "))
    assert asked.count("Give the reason: it stays with the record") == 2
    contact.refresh_from_db()
    assert contact.owner == grace
    done = send(client, grace, contact, "release/", reason="Called to court")
    assert done["Location"] == "/queue/"
    contact.refresh_from_db()
    assert (contact.owner_id, contact.stage) == (None, Stage.RECEIVED)


def test_a_worker_who_lost_the_contact_meanwhile_is_told_and_keeps_what_they_typed(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    contact = held(rosa, grace)
    actions.assign(contact.reference, to=maya, by=maya, version=contact.version)
    answer = send(client, grace, contact, "release/", reason="Called to court")
    assert "It is held by Maya Shah." in text(answer)
    assert "Called to court</textarea>" in text(answer)
    contact.refresh_from_db()
    assert contact.owner == maya


def test_a_manager_sees_how_much_everybody_holds_and_assigns(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    ivan = build.player("Ivan")
    contact = build.received(rosa)
    held(rosa, grace)
    held(rosa, grace, at=timezone.now() - build.hours(30))
    page = look(client, maya, contact, "assign/")
    assert "Social worker, holds 2 contacts, 1 overdue" in page
    assert "Assistant team manager, holds nothing" in page
    assert " checked" not in page
    assert page.index("Ivan Petrov") < page.index("Grace Lin"), "who holds least is first"
    nobody = send(client, maya, contact, "assign/", version=contact.version)
    assert "Choose who takes this contact" in text(nobody)
    done = send(client, maya, contact, "assign/", to=ivan.pk, version=contact.version)
    assert done["Location"] == url(contact)
    contact.refresh_from_db()
    assert contact.owner == ivan


def test_a_manager_is_told_who_was_quicker_keeps_the_choice_and_can_then_go_on(
    client: Client, rosa: User, grace: User, maya: User, ivan: User
) -> None:
    contact = build.received(rosa)
    actions.claim(contact.reference, by=grace)
    answer = send(client, maya, contact, "assign/", to=ivan.pk, version=contact.version)
    page = text(answer)
    assert "This contact has changed since you opened the page: Grace Lin took the contact at " in page
    assert re.search(rf'value="{ivan.pk}" checked', page)
    contact.refresh_from_db()
    assert contact.owner == grace
    assert f'name="version" value="{contact.version}"' in page
    assert send(client, maya, contact, "assign/", to=ivan.pk, version=contact.version).status_code == 302


def test_somebody_who_cannot_hold_a_contact_is_not_on_the_list(
    client: Client, rosa: User, sam: User, maya: User
) -> None:
    contact = build.received(rosa)
    page = text(send(client, maya, contact, "assign/", to=sam.pk, version=contact.version))
    assert "Choose somebody from the list" in page
    contact.refresh_from_db()
    assert contact.owner is None


def test_the_priority_page_says_what_each_colour_does_to_the_due_time(client: Client, rosa: User, grace: User) -> None:
    contact = held(rosa, grace, at=timezone.now() - build.hours(1))
    page = look(client, grace, contact, "priority/")
    assert "The contact is not yet rated, and the decision is due" in page
    assert len(re.findall(r"Decision due (?:today|tomorrow)", page)) == 3
    assert " checked" not in page
    done = send(client, grace, contact, "priority/", rag="red", reason="A bruise", version=contact.version)
    assert done["Location"] == url(contact)
    contact.refresh_from_db()
    assert contact.rag == Rag.RED
    assert contact.due_at == contact.received_at + build.hours(4)


def test_a_priority_without_a_reason_or_the_same_again_comes_back_with_what_was_typed(
    client: Client, rosa: User, grace: User
) -> None:
    contact = build.rated(held(rosa, grace), Rag.AMBER, by=grace)
    bare = text(send(client, grace, contact, "priority/", rag="red", reason="", version=contact.version))
    assert "Give the reason: it stays with the record" in bare
    assert 'value="red" checked' in bare
    again = send(client, grace, contact, "priority/", rag="amber", reason="As before", version=contact.version)
    assert text(again).count("The priority is already amber.") == 2, "in the summary and at the field"
    assert "As before</textarea>" in text(again)
    nonsense = text(send(client, grace, contact, "priority/", rag="purple", reason="x", version="x"))
    assert "Choose red, amber or green" in nonsense
    assert "The page has lost its place. Open it again." in nonsense
    contact.refresh_from_db()
    assert (contact.rag, contact.ratings.count()) == (Rag.AMBER, 1)


def test_a_form_for_a_step_that_cannot_be_taken_now_says_why(client: Client, rosa: User, grace: User) -> None:
    contact = build.recommended(rosa, worker=grace)
    client.force_login(grace)
    refused = client.get(url(contact, "priority/"))
    assert refused.status_code == 409
    assert "take it back before you change the priority" in text(refused)
