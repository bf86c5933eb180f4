"""The administrator's pages: clocks, who is on duty, agencies. No case is shown on any of them."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mash_portal.accounts.models import Agency, User
from mash_portal.accounts.roles import Role
from mash_portal.audit.models import Event
from referrals.models import Duty
from referrals.models.rota import on_duty
from tests import build

PAGES = (
    "/settings/clocks/",
    "/settings/clocks/decision/",
    "/settings/duty/",
    "/settings/messages/",
    "/settings/agencies/",
    "/settings/agencies/add/",
)


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.mark.parametrize("page", PAGES)
def test_an_administrator_opens_a_page_of_settings_and_nobody_else_finds_it(
    client: Client, kit: User, maya: User, priya: User, page: str
) -> None:
    client.force_login(kit)
    assert client.get(page).status_code == 200
    for person in (maya, priya):
        client.force_login(person)
        assert client.get(page).status_code == 404


def test_an_administrator_says_who_is_on_duty(client: Client, kit: User, maya: User, ivan: User, helen: User) -> None:
    client.force_login(kit)
    assert "Longest-serving: Maya Shah" in text(client.get("/settings/duty/"))
    assert on_duty(Role.TEAM_MANAGER, timezone.now()) == maya
    client.post("/settings/duty/", {"team_manager": str(ivan.pk), "service_manager": ""})
    assert on_duty(Role.TEAM_MANAGER, timezone.now()) == ivan
    assert Event.objects.get(verb="duty_changed").details == {"role": "team_manager", "person": ivan.pk}
    client.post("/settings/duty/", {"team_manager": "", "service_manager": ""})
    assert on_duty(Role.TEAM_MANAGER, timezone.now()) == maya
    assert Event.objects.filter(verb="duty_changed").count() == 2


def test_an_administrator_cannot_put_somebody_of_another_role_on_duty(
    client: Client, kit: User, maya: User, sam: User
) -> None:
    client.force_login(kit)
    page = text(client.post("/settings/duty/", {"team_manager": str(sam.pk)}))
    assert "Choose an active team manager from the list" in page
    assert not Duty.objects.exists()


def test_an_administrator_adds_an_agency_and_makes_it_inactive(client: Client, kit: User) -> None:
    client.force_login(kit)
    saved = client.post(
        "/settings/agencies/add/", {"name": "Cedar Nursery", "kind": "school", "source": "2A"}, follow=True
    )
    assert "Cedar Nursery has been added" in text(saved)
    agency = Agency.objects.get(name="Cedar Nursery")
    assert (agency.kind, agency.source, agency.is_hub, agency.is_active) == ("school", "2A", False, True)
    client.post(f"/settings/agencies/{agency.pk}/active/", {"active": "0"})
    agency.refresh_from_db()
    assert not agency.is_active
    assert list(Event.objects.filter(verb__startswith="agency_").order_by("id").values_list("verb", flat=True)) == [
        "agency_added",
        "agency_deactivated",
    ]


def test_an_administrator_cannot_add_an_agency_twice_or_without_its_kind(client: Client, kit: User) -> None:
    build.agency("Alder Primary")
    client.force_login(kit)
    known = Agency.objects.count()
    typed = {"name": "ALDER primary", "kind": "school", "source": "2A"}
    assert "There is an agency called ALDER primary already" in text(client.post("/settings/agencies/add/", typed))
    bare = text(client.post("/settings/agencies/add/", {"name": " "}))
    for sentence in ("Enter the name of the agency", "Choose the kind of agency", "Choose the contact source"):
        assert sentence in bare
    assert Agency.objects.count() == known


def test_an_administrator_cannot_make_their_own_agency_inactive(client: Client, kit: User) -> None:
    client.force_login(kit)
    assert client.post(f"/settings/agencies/{kit.agency_id}/active/", {"active": "0"}).status_code == 409
    assert kit.agency is not None
    kit.agency.refresh_from_db()
    assert kit.agency.is_active
