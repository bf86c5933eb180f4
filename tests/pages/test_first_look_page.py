"""The page of the first look: history first, nothing chosen, nothing lost."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals.models import Adult, Contact, FirstLook, Person
from referrals.restricted import actions as restricting
from referrals.vocabulary import Outcome, Rag
from tests import build
from tests.pages.browsing import words
from tests.pages.casework import LATE, UNKNOWN, held, look, send, text, url, without_token

pytestmark = pytest.mark.django_db

PAGE = "first-look/"
CALM = {"history_read": "yes", "in_danger_now": "no", "open_elsewhere": "no", "is_ours": "yes", "rag": "green"}


def asked(contact: Contact, **answers: Any) -> dict[str, Any]:
    return {**CALM, "version": contact.version, **answers}


def test_the_worker_reads_the_history_of_the_family_before_anything_is_asked_and_nothing_is_chosen(
    client: Client, rosa: User, grace: User
) -> None:
    noor, sami = Person.objects.create(), Person.objects.create()
    both = [{"given_names": "Noor", "person": noor}, {"given_names": "Sami", "person": sami}]
    before = build.received(rosa, at=timezone.now() - build.hours(48), children=both)
    contact = held(rosa, grace, LATE, children=both[:1])
    for one in (before, contact):
        Adult.objects.create(
            contact=one, given_names="Dean", family_name="Aziz", date_of_birth=date(1990, 2, 1), is_source_of_risk=True
        )
    page = look(client, grace, contact, PAGE)
    said = words(page)
    order = (
        "Read the history before agreement to support is discussed with the parents.",
        "This is contact number 2 about Noor in 12 months.",
        "Brothers and sisters from earlier contacts Sami",
        "Named on 1 earlier contact:",
        "alleged source of risk: Noor – not decided yet; Sami – not decided yet",
        "Green , because: Nothing on record asks for more urgency.",
        "Have you read the history above before agreement is discussed with the parents?",
        "Which priority do you set?",
    )
    places = [said.find(sentence) for sentence in order]
    assert -1 not in places
    assert places == sorted(places)
    assert " checked" not in page
    assert page.count(f'href="{url(before)}"') == 3, "for the child, the sister and the adult"
    assert "Decision due" in said


def test_the_worker_keeps_a_first_look_and_the_overview_says_it_in_words(
    client: Client, rosa: User, grace: User
) -> None:
    contact = held(rosa, grace, LATE)
    assert "Nobody has kept a first look at this contact yet." in look(client, grace, contact)
    typed = asked(contact, in_danger_now="yes", done_about_danger="Police at the door", rag="red")
    client.force_login(grace)
    done = client.post(url(contact, PAGE), typed, follow=True)
    assert done.redirect_chain == [(url(contact), 302)]
    said = words(text(done))
    assert "The first look is kept. The decision was due " in said
    assert "Yes. Police at the door" in said
    assert "Read before agreement was discussed with the parents" in said
    contact.refresh_from_db()
    assert contact.rag == Rag.RED
    again = look(client, grace, contact, PAGE)
    assert "Police at the door" in again
    assert " checked" not in again
    assert "as it is now" in again


def test_an_unfinished_first_look_says_everything_that_is_missing_and_keeps_what_was_typed(
    client: Client, rosa: User, grace: User
) -> None:
    contact = held(rosa, grace, LATE)
    typed = {"open_elsewhere": "yes", "whose": "Typed at length", "version": contact.version}
    page = text(send(client, grace, contact, PAGE, **typed))
    for sentence in (
        "Say whether the history was read before agreement was discussed.",
        "Say whether anybody is in immediate danger.",
        "Say with whom the case is open.",
        "Say whether it is ours or another authority’s.",
        "Choose the priority.",
    ):
        assert page.count(sentence) == 2, "in the summary and at the field"
    assert "Typed at length</textarea>" in page
    assert "<title>Error: " in page
    assert FirstLook.objects.count() == 0
    assert send(client, grace, contact, PAGE, **asked(contact)).status_code == 302
    assert FirstLook.objects.count() == 1


def test_the_worker_can_ask_what_the_rules_make_of_the_answers_and_nothing_is_kept(
    client: Client, rosa: User, grace: User
) -> None:
    contact = held(rosa, grace, LATE)
    typed = {"in_danger_now": "yes", "done_about_danger": "Half a", "version": contact.version, "propose": "1"}
    page = text(send(client, grace, contact, PAGE, **typed))
    assert "Red , because: Somebody is in immediate danger." in words(page)
    assert "There is a problem" not in page
    assert "Half a</textarea>" in page
    assert FirstLook.objects.count() == 0


def test_another_priority_than_the_rules_propose_asks_why_at_the_box_for_it(
    client: Client, rosa: User, grace: User
) -> None:
    contact = held(rosa, grace, LATE)
    page = text(send(client, grace, contact, PAGE, **asked(contact, rag="amber")))
    assert 'href="#id_reason">The rules propose green. Say why you judge it to be amber.' in page
    assert FirstLook.objects.count() == 0
    assert send(client, grace, contact, PAGE, **asked(contact, rag="amber", reason="Cold house")).status_code == 302


def test_a_first_look_at_a_contact_that_has_changed_says_who_changed_it_and_loses_nothing(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    contact = held(rosa, grace, LATE)
    seen = contact.version
    build.rated(contact, Rag.GREEN, by=maya)
    answers = asked(contact, version=seen, open_elsewhere="yes", open_with="Early help")
    page = text(send(client, grace, contact, PAGE, **answers))
    assert "Maya Shah set the priority at " in page
    assert "Early help</textarea>" in page
    assert FirstLook.objects.count() == 0
    contact.refresh_from_db()
    assert send(client, grace, contact, PAGE, **{**answers, "version": contact.version}).status_code == 302


def test_whoever_does_not_hold_it_reads_the_page_without_a_form_and_a_stranger_nothing(
    client: Client, rosa: User, grace: User, tom: User
) -> None:
    maya, sam = build.player("Maya"), build.player("Sam")
    contact = held(rosa, grace, LATE)
    send(client, grace, contact, PAGE, **asked(contact, open_elsewhere="yes", open_with="Early help, Dev Patel"))
    contact.refresh_from_db()
    for who in (sam, maya):
        page = look(client, who, contact, PAGE)
        assert "Early help, Dev Patel" in page
        assert 'name="in_danger_now"' not in page
    assert send(client, sam, contact, PAGE, **asked(contact)).status_code == 403
    answer = send(client, maya, contact, PAGE, **asked(contact))
    assert "Only the person who holds this contact can do this. It is held by Grace Lin." in text(answer)
    client.force_login(rosa)
    assert client.get(url(contact, PAGE)).status_code == 403
    client.force_login(tom)
    known, unknown = client.get(url(contact, PAGE)), client.get(f"/contacts/{UNKNOWN}/{PAGE}")
    assert (known.status_code, without_token(known)) == (404, without_token(unknown))
    assert FirstLook.objects.count() == 1


def test_what_may_not_be_opened_is_not_hinted_at(
    client: Client, rosa: User, grace: User, helen: User, dev: User
) -> None:
    child = [{"given_names": "Noor", "family_name": "Aziz", "person": Person.objects.create()}]
    unseen = build.received(rosa, at=timezone.now() - build.hours(72), children=child)
    contact = build.decided(
        rosa, worker=grace, manager=build.player("Maya"), outcome=Outcome.EARLY_HELP, children=child
    )
    assert unseen.reference in look(client, grace, contact, PAGE)
    restricting.restrict(unseen.reference, reason="Staff", people=[helen], by=helen, version=unseen.version)
    for who in (dev, grace):
        page = look(client, who, contact, PAGE)
        assert unseen.reference not in page
        assert "No earlier contact about Noor Aziz is known to the hub." in page
    assert unseen.reference in look(client, helen, contact, PAGE)


def test_the_page_asks_as_much_about_a_large_family_with_a_long_past_as_about_one_child(
    client: Client, rosa: User, grace: User
) -> None:
    def family(size: int, past: int) -> Contact:
        people = [Person.objects.create() for _ in range(size)]
        children = [{"given_names": f"Child {number}", "person": person} for number, person in enumerate(people)]
        at = [timezone.now() - build.hours(48 + number) for number in range(past)]
        contacts = [build.received(rosa, at=moment, children=children) for moment in at]
        contact = held(rosa, grace, LATE, children=children[: max(size - 2, 1)])
        for one in (*contacts, contact):
            for number in range(size):
                Adult.objects.create(
                    contact=one, given_names=f"A{number}", family_name="Aziz", date_of_birth=date(1990, 2, 1)
                )
        return contact

    small, large = family(1, 1), family(6, 5)
    client.force_login(grace)

    def queries(contact: Contact) -> int:
        client.get(url(contact, PAGE))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url(contact, PAGE)).status_code == 200
        return len(asked)

    assert queries(large) == queries(small) <= 25
