"""A registration with Social Work England: asked for with its last day, and said in good time that it runs out."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mash_portal.accounts import registration
from mash_portal.accounts.models import User
from tests import build

pytestmark = pytest.mark.django_db

TODAY = date(2026, 10, 1)


def text(response: Any) -> str:
    return str(response.content.decode())


def answers(**changed: object) -> dict[str, object]:
    return {
        "full_name": "Beth Nwosu",
        "email": "beth@alderbrook.example",
        "job": "Social worker",
        "phone": "",
        "agency": str(build.agency("Alderbrook MASH").pk),
        "role": "social_worker",
        "registration_number": "SW104999",
        "registered_until_day": "30",
        "registered_until_month": "nov",
        "registered_until_year": "2027",
        **changed,
    }


NO_DAY = dict.fromkeys(("registered_until_day", "registered_until_month", "registered_until_year"), "")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"registration_number": "", **NO_DAY}, "Enter the social worker’s registration number"),
        (NO_DAY, "Enter the day on which the registration runs out"),
        (
            {"role": "team_manager", "registration_number": ""},
            "Enter the registration number that runs out on that day",
        ),
        ({"registered_until_month": "13"}, "Last day of the registration must be a real date"),
    ],
)
def test_an_administrator_is_asked_for_number_and_last_day_together(
    client: Client, kit: User, typed: dict[str, str], sentence: str
) -> None:
    client.force_login(kit)
    assert sentence in text(client.post("/people/add/", answers(**typed)))
    assert not User.objects.filter(email="beth@alderbrook.example").exists()
    client.post("/people/add/", answers())
    beth = User.objects.get(email="beth@alderbrook.example")
    assert (beth.registration_number, beth.registered_until) == ("SW104999", date(2027, 11, 30))


def test_an_administrator_sees_and_changes_the_last_day_and_somebody_without_a_number_needs_none(
    client: Client, kit: User
) -> None:
    client.force_login(kit)
    page = text(client.post("/people/add/", answers(), follow=True))
    assert "30 November 2027" in page
    beth = User.objects.get(email="beth@alderbrook.example")
    assert 'value="2027"' in text(client.get(f"/people/{beth.pk}/change/"))
    client.post(f"/people/{beth.pk}/change/", answers(registered_until_year="2028"))
    beth.refresh_from_db()
    assert beth.registered_until == date(2028, 11, 30)
    client.post(f"/people/{beth.pk}/change/", answers(role="contact_officer", registration_number="", **NO_DAY))
    cleared = User.objects.get(pk=beth.pk)
    assert (cleared.registration_number, cleared.registered_until) == ("", None)


@pytest.mark.parametrize(
    ("number", "until", "is_qualified"),
    [
        ("SW1", TODAY, True),
        ("SW1", TODAY + timedelta(days=1), True),
        ("SW1", TODAY - timedelta(days=1), False),
        ("SW1", None, True),
        ("", TODAY, False),
        ("", None, False),
    ],
)
def test_a_registration_holds_to_the_end_of_its_last_day(
    number: str, until: date | None, *, is_qualified: bool
) -> None:
    person = User(registration_number=number, registered_until=until)
    assert person.is_qualified(TODAY) is is_qualified


@pytest.mark.parametrize(
    ("days", "own", "managers"),
    [
        (61, None, None),
        (60, "runs out in 60 days, on 30 November 2026", "Grace Lin’s registration runs out in 60 days"),
        (1, "runs out in 1 day", "Grace Lin’s registration runs out in 1 day"),
        (0, "runs out today", "Grace Lin’s registration runs out today"),
        (-1, "ran out on 30 September 2026", "Grace Lin’s registration ran out on 30 September 2026"),
    ],
)
def test_60_days_before_it_runs_out_the_person_and_their_managers_are_told(
    grace: User, maya: User, days: int, own: str | None, managers: str | None
) -> None:
    grace.registered_until = TODAY + timedelta(days=days)
    grace.save(update_fields=["registered_until"])
    for person, sentence in ((grace, own), (maya, managers)):
        lines = registration.warnings_for(person, TODAY)
        assert len(lines) == (sentence is not None)
        assert sentence is None or sentence in lines[0]


def test_nobody_is_told_of_somebody_who_has_left_or_works_elsewhere_and_no_colleague_is(
    grace: User, maya: User, nell: User, sam: User
) -> None:
    soon = TODAY + timedelta(days=5)
    User.objects.filter(pk=nell.pk).update(registration_number="RN1", registered_until=soon)
    User.objects.filter(pk=grace.pk).update(registered_until=soon)
    assert len(registration.warnings_for(maya, TODAY)) == 1
    assert registration.warnings_for(sam, TODAY) == []
    User.objects.filter(pk=grace.pk).update(is_active=False)
    assert registration.warnings_for(maya, TODAY) == []


def test_the_queue_shows_it_to_the_person_and_the_manager_and_the_administrator_sees_it_on_their_page(
    client: Client, grace: User, maya: User, kit: User
) -> None:
    grace.registered_until = timezone.localdate() + timedelta(days=30)
    grace.save(update_fields=["registered_until"])
    client.force_login(grace)
    assert "Your registration with Social Work England runs out in 30 days" in text(client.get("/queue/"))
    client.force_login(maya)
    assert "Grace Lin’s registration runs out in 30 days" in text(client.get("/queue/"))
    client.force_login(kit)
    assert "runs out in 30 days" in text(client.get(f"/people/{grace.pk}/"))
