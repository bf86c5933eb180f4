"""Every clock of a kind that runs, computed again at once."""

from typing import Any

import pytest
from django.test import Client

from mash_portal.accounts.models import User
from referrals.models import Contact
from referrals.vocabulary import Clock, Unit
from tests import build
from tests.pages.browsing import words
from tests.pages.test_clocks_page import hidden
from tests.ticking import REASON, everything, ruled, running

pytestmark = pytest.mark.django_db


def test_an_administrator_reads_numbers_and_the_head_of_safeguarding_what_is_behind_them(
    client: Client, rosa: User, grace: User, kit: User, maya: User
) -> None:
    helen = build.player("Helen")
    contact = build.claimed(rosa, worker=grace)
    shut = build.claimed(rosa, worker=grace)
    Contact.objects.filter(pk=shut.pk).update(is_restricted=True)
    ruled(Clock.DECISION, 12)
    for person, names in ((kit, False), (helen, True)):
        client.force_login(person)
        assert "1: see what computing it again would change" in words(client.get("/clocks/").content.decode())
        page = client.get("/clocks/decision/").content.decode()
        assert "Decision: 1 clock under an earlier rule" in words(page)
        assert "1 would be due earlier than now" in words(page)
        assert (contact.reference in page) is names
        assert shut.reference not in page
    client.force_login(maya)
    assert [client.get(path).status_code for path in ("/clocks/", "/clocks/decision/")] == [404, 404]


def test_an_administrator_computes_all_again_with_a_reason(client: Client, rosa: User, grace: User, kit: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    ruled(Clock.DECISION, 12)
    client.force_login(kit)
    page = client.get("/clocks/decision/").content.decode()
    empty = client.post("/clocks/decision/", {**hidden(page), "because": ""}).content.decode()
    assert "Write why they are computed again" in words(empty)
    done = client.post("/clocks/decision/", {**hidden(page), "because": REASON}, follow=True)
    assert "1 clock computed again, 1 of them earlier." in words(done.content.decode())
    assert running(contact).rebased_because == REASON
    assert "Every open clock of this kind runs under today’s rule" in words(
        client.get("/clocks/decision/").content.decode()
    )
    for path in ("/clocks/lunch/", "/clocks/police_protection/", "/clocks/break_glass_review/"):
        assert client.get(path).status_code == 404


def test_the_list_of_running_clocks_takes_as_many_queries_however_many_run(
    client: Client, rosa: User, kit: User, django_assert_max_num_queries: Any
) -> None:
    client.force_login(kit)
    assert "No clock runs" in words(client.get("/clocks/").content.decode())
    for _ in range(3):
        build.received(rosa)
    ruled(Clock.STATUTORY, 2, Unit.WORKING_DAYS)
    with django_assert_max_num_queries(8):
        client.get("/clocks/")
    with django_assert_max_num_queries(10):
        client.get("/clocks/statutory/")
    assert everything(kit, Clock.STATUTORY).number == 3
