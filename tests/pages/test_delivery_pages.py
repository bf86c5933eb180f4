"""The administrator's deliveries and what a team receives; the export that a person takes away. References only."""

import json
from datetime import timedelta

import jsonschema_rs
import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.models import Contact, Delivery, Restriction
from referrals.vocabulary import Outcome
from tests import build
from tests.actions.test_delivering import SCHEMA
from tests.pages.casework import text

pytestmark = pytest.mark.django_db

HERE = "/settings/deliveries/"


@pytest.fixture
def decided(rosa: User, grace: User, maya: User, settings: Settings) -> Contact:
    settings.CASE_SYSTEM_URL = "https://cases.example.gov.uk/in"
    return build.decided(rosa, worker=grace, manager=maya)


def give_up() -> Delivery:
    Delivery.objects.update(failed_at=timezone.now(), attempts=8, last_error="HTTP 500")
    return Delivery.objects.get()


def test_an_administrator_sees_what_waits_was_sent_and_failed_by_reference_alone(
    client: Client, decided: Contact, kit: User
) -> None:
    client.force_login(kit)
    page = text(client.get(HERE))
    assert decided.reference in page
    assert "Waiting to be sent" in page
    assert "Aziz" not in page
    assert f"/contacts/{decided.reference}" not in page
    give_up()
    page = text(client.get(f"{HERE}?state=failed"))
    assert "HTTP 500" in page
    assert "There is none in this state" in text(client.get(f"{HERE}?state=sent"))
    assert decided.reference in text(client.get(f"{HERE}?state=nonsense&page=z"))


def test_an_administrator_sends_a_failed_one_again_under_the_same_name(
    client: Client, decided: Contact, kit: User
) -> None:
    client.force_login(kit)
    waiting = Delivery.objects.get()
    assert client.post(f"{HERE}{waiting.pk}/retry/").status_code == 404, "what has not failed is not tried again"
    failed = give_up()
    answer = client.post(f"{HERE}{failed.pk}/retry/", follow=True)
    assert f"Contact {decided.reference} will be sent again." in text(answer)
    again = Delivery.objects.get()
    assert (again.key, again.attempts, again.failed_at, again.last_error) == (failed.key, 0, None, "")
    assert Event.objects.filter(verb="delivery_retried", by=kit, reference=decided.reference).count() == 1
    give_up()
    assert "1 delivery will be sent again." in text(client.post(f"{HERE}retry/", follow=True))
    assert not Delivery.objects.failed().exists()


def test_an_administrator_reads_that_there_is_no_case_system_and_nothing_was_queued(
    client: Client, kit: User, settings: Settings
) -> None:
    settings.CASE_SYSTEM_URL = ""
    client.force_login(kit)
    page = text(client.get(HERE))
    assert "No case management system is set up" in page
    assert "Nothing has been queued yet" in page


def test_a_restricted_record_is_in_nobodys_list_of_deliveries(
    client: Client, decided: Contact, kit: User, maya: User
) -> None:
    client.force_login(kit)
    failed = give_up()
    assert decided.reference in text(client.get(HERE))
    Restriction.objects.create(contact=decided, reason="Staff family", by=maya, at=timezone.now())
    Contact.objects.update(is_restricted=True)
    assert decided.reference not in text(client.get(HERE))
    assert client.post(f"{HERE}{failed.pk}/retry/").status_code == 404
    assert "0 deliveries will be sent again." in text(client.post(f"{HERE}retry/", follow=True))


def test_the_list_of_deliveries_asks_as_many_questions_for_one_as_for_twenty(
    client: Client, decided: Contact, kit: User
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(HERE)
        return len(queries)

    client.force_login(kit)
    client.get(HERE)
    few, now = asked(), timezone.now()
    Delivery.objects.bulk_create(
        Delivery(key=f"decision:x{n}", contact=decided, created_at=now, next_attempt_at=now) for n in range(20)
    )
    assert asked() == few


@pytest.mark.parametrize("who", ["Maya", "Helen", "Rosa", "Priya"])
def test_nobody_else_sees_the_deliveries_or_sends_one_again(client: Client, decided: Contact, who: str) -> None:
    client.force_login(build.player(who))
    failed = give_up()
    assert client.get(HERE).status_code == 404
    assert client.post(f"{HERE}{failed.pk}/retry/").status_code == 404
    assert client.post(f"{HERE}retry/").status_code == 404
    assert Delivery.objects.failed().count() == 1


# the export


def taken(client: Client, who: User, contact: Contact) -> HttpResponse:
    client.force_login(who)
    answer: HttpResponse = client.get(f"/contacts/{contact.reference}/export.json")  # type: ignore[assignment]  # no redirect
    return answer


def test_the_hub_and_the_team_take_a_contact_away_as_json_and_each_time_is_recorded(
    client: Client, rosa: User, grace: User, maya: User, zofia: User
) -> None:
    contact = build.decided(rosa, worker=grace, manager=maya)
    for person in (grace, zofia):
        answer = taken(client, person, contact)
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{contact.reference}.json"'
        jsonschema_rs.validator_for(SCHEMA).validate(json.loads(answer.content))
        verbs = set(Event.objects.filter(by=person, reference=contact.reference).values_list("verb", flat=True))
        assert {"exported", "viewed:read"} <= verbs


def test_nobody_takes_away_what_they_may_not_read(
    *, client: Client, rosa: User, grace: User, maya: User, tom: User, kit: User, dev: User
) -> None:
    contact = build.decided(rosa, worker=grace, manager=maya)
    assert taken(client, rosa, contact).status_code == 403
    for person in (tom, kit, dev):
        assert taken(client, person, contact).status_code == 404
    restriction = Restriction.objects.create(contact=contact, reason="Staff family", by=maya, at=timezone.now())
    restriction.named.set([maya])
    Contact.objects.update(is_restricted=True, owner=maya)
    assert taken(client, grace, contact).status_code == 404
    assert taken(client, maya, contact).status_code == 200
    assert Event.objects.filter(verb="exported").count() == 1


def test_the_hub_reads_on_the_contact_what_became_of_its_delivery(
    client: Client, decided: Contact, grace: User
) -> None:
    def said() -> str:
        client.force_login(grace)
        return text(client.get(f"/contacts/{decided.reference}/handover/"))

    assert "waiting to be sent." in said()
    Delivery.objects.update(attempts=1, last_error="HTTP 500")
    assert "It was tried 1 time: HTTP 500." in said()
    give_up()
    assert "It could not be sent (HTTP 500): an administrator can try again." in said()
    Delivery.objects.update(failed_at=None, sent_at=timezone.now() + timedelta(seconds=1))
    assert ", sent " in said()


# teams


def test_an_administrator_says_what_a_team_receives(client: Client, kit: User, zofia: User, rosa: User) -> None:
    client.force_login(kit)
    assert zofia.agency is not None
    page = f"/settings/agencies/{zofia.agency.pk}/"
    assert "Receives: Assessment (section 17)" in text(client.get("/settings/agencies/"))
    refused = client.post(page, {"receives": ["nfa_information"]})
    assert "Choose outcomes from the list" in text(refused)
    zofia.agency.refresh_from_db()
    assert zofia.agency.receives == [Outcome.SECTION_17, Outcome.STRATEGY]
    answer = client.post(page, {"receives": [Outcome.DISABILITIES]}, follow=True)
    assert "Saved. Assessment Team is offered children from the next decision on." in text(answer)
    zofia.agency.refresh_from_db()
    assert zofia.agency.receives == [Outcome.DISABILITIES]
    assert Event.objects.filter(verb="agency_receives", by=kit).count() == 1
    assert client.get("/settings/agencies/999999/").status_code == 404
    client.force_login(rosa)
    assert client.get(page).status_code == 404


def test_an_administrator_says_how_large_a_school_is(client: Client, kit: User, tom: User) -> None:
    client.force_login(kit)
    assert tom.agency is not None
    page = f"/settings/agencies/{tom.agency.pk}/"
    for wrong in ("many", "0", "-4"):
        assert "Enter how many children it works with as a whole number" in text(client.post(page, {"size": wrong}))
    assert not Event.objects.filter(verb="agency_size").exists()
    assert "Saved." in text(client.post(page, {"size": "640"}, follow=True))
    assert 'value="640"' in client.get(page).content.decode()
    client.post(page, {"size": ""})
    assert 'value="640"' not in client.get(page).content.decode()
    changes = [event.details for event in Event.objects.filter(verb="agency_size", by=kit).order_by("id")]
    assert [(change["from"], change["to"]) for change in changes] == [(None, 640), (640, None)]
