"""What an early help worker sees of the contacts that are routed to them."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mash_portal.accounts.models import User
from referrals.models import Contact
from referrals.vocabulary import Outcome
from tests import build

pytestmark = pytest.mark.django_db


def routed(by: User, worker: User, manager: User, **facts: Any) -> Contact:
    return build.decided(by, worker=worker, manager=manager, outcome=Outcome.EARLY_HELP, **facts)


def test_an_early_help_worker_sees_what_is_routed_to_them_and_nothing_else(
    client: Client, rosa: User, grace: User, maya: User, dev: User
) -> None:
    theirs = routed(
        rosa, grace, maya, children=[{"given_names": name, "family_name": "Aziz"} for name in ("Noor", "Sami")]
    )
    another = build.decided(rosa, worker=grace, manager=maya)
    client.force_login(dev)
    page = client.get("/routed/").content.decode()
    assert "1 contact routed to early help" in page
    assert f'href="/contacts/{theirs.reference}/"' in page
    assert "Noor Aziz (10): Early help, Sami Aziz (10): Early help" in page
    assert another.reference not in page
    assert client.get(f"/contacts/{theirs.reference}/").status_code == 200
    assert client.get(f"/contacts/{another.reference}/").status_code == 404


def test_an_early_help_worker_with_nothing_routed_reads_that(client: Client, dev: User, grace: User) -> None:
    client.force_login(dev)
    assert "Nothing is routed to early help" in client.get("/routed/").content.decode()
    client.force_login(grace)
    assert client.get("/routed/").status_code == 404


def test_the_list_of_what_is_routed_asks_as_many_questions_for_two_as_for_eight(
    client: Client, rosa: User, grace: User, maya: User, dev: User
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/routed/")
        return len(queries)

    for _ in range(2):
        routed(rosa, grace, maya)
    client.force_login(dev)
    client.get("/routed/")
    few = asked()
    for _ in range(6):
        routed(rosa, grace, maya)
    assert asked() == few
