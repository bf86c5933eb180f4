"""The list of people, as the administrator keeps it, and the page where somebody sets their first password."""

from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.test import Client
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import Role
from mash_portal.audit.models import Event
from tests import build

GOOD = "lantern quarry violet 71"


def text(response: Any) -> str:
    return str(response.content.decode())


def answers(**changed: object) -> dict[str, object]:
    return {
        "full_name": "Beth O’Hara-Nwosu",
        "email": "Beth@alder-primary.example",
        "job": "Class teacher",
        "phone": "",
        "agency": str(build.agency("Alder Primary").pk),
        "role": "referrer",
        "registration_number": "",
        **changed,
    }


def added(client: Client, kit: User) -> User:
    client.force_login(kit)
    client.post("/people/add/", answers())
    return User.objects.get(email="beth@alder-primary.example")


def link_for(client: Client, person: User) -> str:
    page = text(client.post(f"/people/{person.pk}/link/"))
    start = page.index("/people/set-password/")
    return page[start : page.index("<", start)]


def test_an_administrator_adds_a_person_who_sets_their_own_password_and_signs_in(client: Client, kit: User) -> None:
    person = added(client, kit)
    assert (person.full_name, person.as_role, person.has_usable_password()) == (
        "Beth O’Hara-Nwosu",
        Role.REFERRER,
        False,
    )
    link = link_for(client, person)
    client.logout()
    assert "Beth O’Hara-Nwosu, choose a password" in text(client.get(link))
    assert client.post(link, {"password": GOOD})["Location"] == "/accounts/login/"
    client.post("/accounts/login/", {"login": person.email, "password": GOOD})
    assert client.session["_auth_user_id"] == str(person.pk)
    verbs = list(Event.objects.order_by("id").values_list("verb", "by__full_name"))
    assert verbs[:3] == [
        ("person_added", "Kit Wells"),
        ("password_link_made", "Kit Wells"),
        ("password_set", "Beth O’Hara-Nwosu"),
    ]


def test_a_link_works_once(client: Client, kit: User) -> None:
    person = added(client, kit)
    link = link_for(client, person)
    client.logout()
    client.post(link, {"password": GOOD})
    before = User.objects.get(pk=person.pk).password
    for response in (client.get(link), client.post(link, {"password": "another good password 9"})):
        assert response.status_code == 410
        assert "does not work any more" in text(response)
    assert User.objects.get(pk=person.pk).password == before


def test_a_link_cannot_be_used_when_it_is_old_another_persons_or_of_somebody_inactive(
    client: Client, kit: User, rosa: User
) -> None:
    person = added(client, kit)
    link = link_for(client, person)
    client.logout()
    assert client.get(link).status_code == 200
    in_four_days = timezone.now().replace(tzinfo=None) + timedelta(days=4)
    with mock.patch.object(default_token_generator, "_now", return_value=in_four_days):
        assert client.get(link).status_code == 410
    token = link.rstrip("/").rsplit("/", 1)[1]
    for wrong in ("MQ", "%00", "!!!!", "_" * 400):
        assert client.get(f"/people/set-password/{wrong}/{token}/").status_code == 410
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert client.post(link, {"password": GOOD}).status_code == 410
    person.refresh_from_db()
    assert not person.has_usable_password()


@pytest.mark.parametrize("password", ["", "short", "password1234", "beth@alder-primary.example"])
def test_a_person_cannot_set_a_weak_password(client: Client, kit: User, password: str) -> None:
    person = added(client, kit)
    link = link_for(client, person)
    client.logout()
    response = client.post(link, {"password": password})
    assert response.status_code == 200
    assert "Error:" in text(response)
    person.refresh_from_db()
    assert not person.has_usable_password()


def test_an_administrator_cannot_make_a_link_for_somebody_with_a_password(
    client: Client, kit: User, grace: User
) -> None:
    client.force_login(kit)
    refused = client.post(f"/people/{grace.pk}/link/")
    assert refused.status_code == 409
    assert "Grace Lin has a password already" in text(refused)
    assert "set-password" not in text(refused)
    assert not Event.objects.filter(verb="password_link_made").exists()


def test_an_administrator_takes_a_forgotten_password_away_which_signs_the_person_out(
    client: Client, kit: User, grace: User
) -> None:
    theirs = Client()
    theirs.force_login(grace)
    assert theirs.get("/escalations/").status_code == 200
    client.force_login(kit)
    client.post(f"/people/{grace.pk}/clear-password/")
    grace.refresh_from_db()
    assert not grace.has_usable_password()
    assert theirs.get("/escalations/").status_code == 302
    assert Event.objects.get(verb="password_cleared").details == {"person": grace.pk}
    assert client.post(f"/people/{kit.pk}/clear-password/").status_code == 409


def test_an_administrator_makes_a_person_inactive_from_their_next_request_and_active_again(
    client: Client, kit: User, grace: User
) -> None:
    theirs = Client()
    theirs.force_login(grace)
    client.force_login(kit)
    client.post(f"/people/{grace.pk}/active/", {"active": "0"})
    assert theirs.get("/escalations/").status_code == 302
    assert "Grace Lin is now inactive" in text(client.get("/people/"))
    assert "Grace Lin" not in text(client.get("/people/"))
    assert "Grace Lin" in text(client.get("/people/?state=inactive"))
    client.post(f"/people/{grace.pk}/active/", {"active": "1"})
    grace.refresh_from_db()
    assert grace.is_active
    assert list(Event.objects.filter(verb__startswith="person_").order_by("id").values_list("verb", flat=True)) == [
        "person_deactivated",
        "person_activated",
    ]


def test_an_administrator_cannot_make_themselves_inactive_or_something_else(client: Client, kit: User) -> None:
    client.force_login(kit)
    refused = client.post(f"/people/{kit.pk}/active/", {"active": "0"})
    assert refused.status_code == 409
    assert "You cannot make yourself inactive" in text(refused)
    own = answers(email=kit.email, agency=str(kit.agency_id), role="auditor")
    assert "You cannot change your own role" in text(client.post(f"/people/{kit.pk}/change/", own))
    kit.refresh_from_db()
    assert (kit.is_active, kit.as_role) == (True, Role.ADMINISTRATOR)


def test_an_administrator_changes_a_person(client: Client, kit: User) -> None:
    person = added(client, kit)
    page = text(client.get(f"/people/{person.pk}/change/"))
    assert "Beth O’Hara-Nwosu" in page
    client.post(f"/people/{person.pk}/change/", answers(job="Deputy head", role="safeguarding_lead"))
    person.refresh_from_db()
    assert (person.job, person.as_role) == ("Deputy head", Role.SAFEGUARDING_LEAD)
    assert Event.objects.get(verb="person_changed").details == {"person": person.pk, "fields": ["job", "role"]}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"full_name": " "}, "Enter the person’s full name"),
        ({"email": "beth at school"}, "Enter an e-mail address in the right format"),
        ({"email": "ROSA@alder-primary.example"}, "Rosa Bell has this e-mail address already"),
        ({"job": ""}, "Enter the person’s job"),
        ({"agency": ""}, "Choose the person’s agency"),
        ({"agency": "999999"}, "Choose an agency from the list"),
        ({"role": ""}, "Choose the person’s role"),
        ({"role": "system"}, "Choose a role from the list"),
        ({"role": "team_manager"}, "A team manager works in the hub"),
        ({"role": "social_worker"}, "Enter the social worker’s registration number"),
    ],
)
def test_an_administrator_who_leaves_something_out_is_told_what(
    client: Client, kit: User, rosa: User, changed: dict[str, object], sentence: str
) -> None:
    client.force_login(kit)
    known = User.objects.count()
    page = text(client.post("/people/add/", answers(**changed)))
    assert sentence in page
    assert "Error:" in page
    assert User.objects.count() == known
    assert not Event.objects.filter(verb="person_added").exists()


def test_an_administrator_finds_people_by_agency_and_role(
    client: Client, kit: User, rosa: User, tom: User, maya: User
) -> None:
    client.force_login(kit)
    alder = build.agency("Alder Primary").pk
    page = text(client.get(f"/people/?agency={alder}"))
    assert "Rosa Bell" in page
    assert "Tom Reyes" not in page
    assert "1 person" in page
    assert "1 person" in text(client.get("/people/?role=team_manager"))
    assert "Nobody fits the filters" in text(client.get(f"/people/?agency={alder}&role=team_manager"))
    assert client.get("/people/?agency=%00&role=king&state=x&page=-1").status_code == 200


def test_the_portals_own_account_is_nobodys_to_see_or_change(client: Client, kit: User) -> None:
    system = User.objects.system()
    client.force_login(kit)
    assert "The portal" not in text(client.get("/people/?state=all"))
    assert client.get(f"/people/{system.pk}/").status_code == 404
    assert client.post(f"/people/{system.pk}/active/", {"active": "1"}).status_code in {404, 409}
    system.refresh_from_db()
    assert not system.is_active


@pytest.mark.parametrize("page", ["", "add/", "{pk}/", "{pk}/change/"])
def test_nobody_but_an_administrator_finds_the_pages_of_people(
    client: Client, kit: User, rosa: User, maya: User, page: str
) -> None:
    url = f"/people/{page.format(pk=rosa.pk)}"
    client.force_login(kit)
    assert client.get(url).status_code == 200
    for person in (rosa, maya):
        client.force_login(person)
        assert client.get(url).status_code == 404
        assert client.post(f"/people/{rosa.pk}/active/", {"active": "0"}).status_code == 404
    rosa.refresh_from_db()
    assert rosa.is_active
