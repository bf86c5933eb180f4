"""The administrator's pages: clocks, who is on duty, agencies. No case is shown on any of them."""

from typing import Any

import pytest
from django.test import Client

from mash_portal.accounts.models import Agency, User
from mash_portal.accounts.roles import Role
from mash_portal.audit.models import Event
from referrals.models import ClockSetting, Duty
from referrals.models.partnership import clock_rules, on_duty
from referrals.rules.clocks import DEFAULTS
from referrals.vocabulary import Clock, Unit
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


def test_an_administrator_sees_every_clock_with_its_length(client: Client, kit: User) -> None:
    client.force_login(kit)
    page = text(client.get("/settings/clocks/"))
    for clock in Clock:
        assert clock.label in page
    assert "24 hours" in page
    assert "1 working day" in page
    assert "Our own" not in page


def test_an_administrator_gives_a_clock_a_length_of_its_own_and_takes_it_back(
    client: Client, kit: User, rosa: User
) -> None:
    client.force_login(kit)
    before = build.received(rosa)
    assert 'value="24"' in text(client.get("/settings/clocks/green/"))
    saved = client.post("/settings/clocks/green/", {"amount": "72", "unit": "hours"}, follow=True)
    assert "The green priority clock now runs for 72 hours" in text(saved)
    assert "Our own" in text(saved)
    rule = clock_rules()[Clock.GREEN]
    assert (rule.amount, rule.unit, rule.ladder) == (72, Unit.HOURS, DEFAULTS[Clock.GREEN].ladder)
    line = Event.objects.get(verb="clock_changed")
    assert (line.by, line.details) == (kit, {"clock": "green", "from": [24, "hours"], "to": [72, "hours"]})
    due = before.due_at
    before.refresh_from_db()
    assert before.due_at == due
    client.post("/settings/clocks/green/default/")
    assert clock_rules()[Clock.GREEN] == DEFAULTS[Clock.GREEN]
    assert Event.objects.filter(verb="clock_reset", by=kit).count() == 1


def test_an_administrator_keeps_the_ladder_when_the_length_changes(client: Client, kit: User) -> None:
    client.force_login(kit)
    client.post("/settings/clocks/decision/", {"amount": "12", "unit": "hours"})
    assert clock_rules()[Clock.DECISION].ladder == DEFAULTS[Clock.DECISION].ladder


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"amount": "", "unit": "hours"}, "Enter how long the clock runs"),
        ({"amount": "a day", "unit": "hours"}, "Enter how long the clock runs as a number, such as 24 or 1.5"),
        ({"amount": "nan", "unit": "hours"}, "Enter how long the clock runs as a number, such as 24 or 1.5"),
        ({"amount": "0", "unit": "hours"}, "must be more than 0 and at most 1000"),
        ({"amount": "-4", "unit": "hours"}, "must be more than 0 and at most 1000"),
        ({"amount": "1e300", "unit": "hours"}, "must be more than 0 and at most 1000"),
        ({"amount": "24"}, "Choose what is counted"),
        ({"amount": "24", "unit": "fortnights"}, "Choose hours, working hours or working days"),
    ],
)
def test_an_administrator_who_types_no_length_is_told_what_to_type(
    client: Client, kit: User, typed: dict[str, str], sentence: str
) -> None:
    client.force_login(kit)
    page = text(client.post("/settings/clocks/decision/", typed))
    assert sentence in page
    assert "Error:" in page
    assert f'value="{typed["amount"]}"' in page or not typed["amount"]
    assert not ClockSetting.objects.exists()
    assert not Event.objects.filter(verb="clock_changed").exists()


def test_an_administrator_cannot_change_a_clock_that_there_is_not_or_reset_a_default(client: Client, kit: User) -> None:
    client.force_login(kit)
    assert client.get("/settings/clocks/lunch/").status_code == 404
    refused = client.post("/settings/clocks/green/default/")
    assert refused.status_code == 409
    assert "at its default already" in text(refused)


def test_an_administrator_says_who_is_on_duty(client: Client, kit: User, maya: User, ivan: User, helen: User) -> None:
    client.force_login(kit)
    assert "Longest-serving: Maya Shah" in text(client.get("/settings/duty/"))
    assert on_duty(Role.TEAM_MANAGER) == maya
    client.post("/settings/duty/", {"team_manager": str(ivan.pk), "service_manager": ""})
    assert on_duty(Role.TEAM_MANAGER) == ivan
    assert Event.objects.get(verb="duty_changed").details == {"role": "team_manager", "person": ivan.pk}
    client.post("/settings/duty/", {"team_manager": "", "service_manager": ""})
    assert on_duty(Role.TEAM_MANAGER) == maya
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
