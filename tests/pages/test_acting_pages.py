"""Immediate danger, as people meet it on the pages of a contact."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals.models import Contact, EmergencyAct
from referrals.vocabulary import Clock, Stage
from tests import build
from tests.actions.test_emergency import TEXTS, acted, looked_at

from .casework import look, send, text, url

pytestmark = pytest.mark.django_db

PAGE, CONFIRM, LINK = "act-now/", "act-now/confirm/", "Immediate danger: act now"


def typed(contact: Contact, **changed: object) -> dict[str, Any]:
    return {**TEXTS, "children": [str(child.pk) for child in contact.children.all()], **changed}


@pytest.mark.parametrize("page", ["", "referral/", "assessment/", "decision/", "known/"])
def test_it_is_one_click_away_from_every_page_of_an_open_contact_for_social_workers_and_managers(
    client: Client, rosa: User, page: str
) -> None:
    contact = build.received(rosa)
    for name, finds_it in (("Grace", True), ("Maya", True), ("Sam", False)):
        seen = look(client, build.player(name), contact, page)
        assert (f'href="{url(contact, PAGE)}">{LINK}' in seen) is finds_it


def test_it_is_not_offered_where_the_contact_is_decided(client: Client, rosa: User, grace: User, maya: User) -> None:
    contact = build.decided(rosa, worker=grace, manager=maya)
    assert LINK not in look(client, grace, contact)
    client.force_login(grace)
    assert client.get(url(contact, PAGE)).status_code == 409


def test_what_was_done_is_on_the_overview_and_the_timeline_and_whoever_did_it_holds_the_contact(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    contact = build.received(rosa)
    assert "you take it by saving" in look(client, grace, contact, PAGE)
    answer = send(client, grace, contact, PAGE, **typed(contact))
    assert answer.headers["Location"] == url(contact)
    page = look(client, maya, contact)
    assert "Acted at once because of immediate danger" in page
    assert page.count(TEXTS["done"]) == 2, "once as it stands, once in the timeline"
    assert "minutes left" in page
    assert f'href="{url(contact, CONFIRM)}"' in page
    contact.refresh_from_db()
    assert (contact.owner, contact.stage) == (grace, Stage.TRIAGE)


def test_a_refusal_keeps_every_word_and_leads_to_its_box(client: Client, rosa: User, grace: User) -> None:
    contact = build.received(rosa)
    page = text(send(client, grace, contact, PAGE, **typed(contact, told="", protected_time="25:70")))
    assert "Enter a time such as 14:05 or 2:05pm" in page
    page = text(send(client, grace, contact, PAGE, **typed(contact, told="")))
    assert 'href="#id_told"' in page
    assert TEXTS["danger"] in page
    assert not EmergencyAct.objects.exists()


DAY = {"protected_on_day": "20", "protected_on_month": "nov", "protected_on_year": "2025"}


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"protected_time": "14:05"}, "Enter the day on which police protection was taken"),
        (DAY, "Enter the time at which police protection was taken"),
        ({**DAY, "protected_time": "2.05 pm"}, ""),
        ({**DAY, "protected_time": "14:05"}, ""),
    ],
)
def test_police_protection_is_a_day_and_a_time(
    client: Client, rosa: User, grace: User, said: dict[str, str], sentence: str
) -> None:
    contact = build.received(rosa)
    page = text(send(client, grace, contact, PAGE, **typed(contact, **said)))
    assert sentence in page
    assert EmergencyAct.objects.exists() is (not sentence)
    if not sentence:
        ends = contact.deadlines.get(clock=Clock.POLICE_PROTECTION)
        assert ends.opened_at.isoformat() == "2025-11-20T14:05:00+00:00"
        assert "It ends Sunday 23 November 2025, 2:05pm at the latest." in look(client, grace, contact)


def test_an_unregistered_worker_is_refused_with_a_sentence_that_says_what_to_do(
    client: Client, rosa: User, grace: User
) -> None:
    contact = build.received(rosa)
    User.objects.filter(pk=grace.pk).update(registered_until=timezone.localdate() - timedelta(days=1))
    client.force_login(User.objects.get(pk=grace.pk))
    for answer in (client.get(url(contact, PAGE)), client.post(url(contact, PAGE), typed(contact))):
        assert "ring 999, and tell a manager now" in text(answer)
    assert not EmergencyAct.objects.exists()


def test_a_manager_says_whether_it_was_right_and_nothing_is_preselected(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    contact = build.received(rosa)
    acted(contact, grace)
    assert " checked" not in look(client, maya, contact, CONFIRM)
    bare = text(send(client, maya, contact, CONFIRM, words="Ring the grandmother"))
    assert "Say whether what was done was right." in bare
    assert "Ring the grandmother" in bare
    send(client, maya, contact, CONFIRM, was_right="no", words="Ring the grandmother")
    page = look(client, grace, contact)
    assert "Something must be put right. Ring the grandmother" in page
    assert url(contact, CONFIRM) not in page
    assert "A manager has looked at what was done." in look(client, maya, contact, CONFIRM)


def test_a_manager_who_acted_is_told_that_another_must_look(client: Client, rosa: User, maya: User, ivan: User) -> None:
    contact = build.received(rosa)
    acted(contact, maya)
    page = look(client, maya, contact, CONFIRM)
    assert "another manager must look at it" in page
    assert "What else must happen?" not in page
    assert "another manager must look at it" in text(
        send(client, maya, contact, CONFIRM, was_right="yes", words="Fine")
    ), "by the address too"
    assert EmergencyAct.objects.get().confirmed_at is None
    assert "What else must happen?" in look(client, ivan, contact, CONFIRM)


def test_a_second_worker_reads_the_first_act_and_whom_to_tell(
    client: Client, rosa: User, grace: User, ivan: User
) -> None:
    contact = build.received(rosa)
    acted(contact, grace)
    page = look(client, ivan, contact, PAGE)
    assert "Tell that manager now what you did" in page
    assert "What is the danger?" not in page
    kept = text(send(client, ivan, contact, PAGE, **typed(contact, done="I drove there")))
    assert "Grace Lin wrote down at" in kept
    assert "I drove there" in kept
    assert EmergencyAct.objects.count() == 1


def test_the_overview_takes_the_same_queries_however_many_acts_there_were(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    def queries() -> int:
        look(client, grace, contact)
        with CaptureQueriesContext(connection) as counted:
            client.get(url(contact))
        return len(counted)

    contact = build.received(rosa)
    acted(contact, grace, police_protection_at=timezone.now())
    looked_at(contact, maya)
    once = queries()
    for _ in range(3):
        acted(contact, grace, police_protection_at=timezone.now())
        looked_at(contact, maya)
    assert queries() == once
