"""A browser that was put on a wall screen: what it shows, what ends it, and how long it lives without anybody."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import Role
from mash_portal.audit.models import Event
from referrals.triage import actions as triage
from referrals.vocabulary import Rag
from tests import build
from tests.pages.browsing import signed_in
from tests.pages.casework import text
from tests.restricting import restricted

pytestmark = pytest.mark.django_db

#: A Thursday.
MORNING = datetime(2026, 11, 19, 8, 0, tzinfo=UTC)
NOW, WALL, LOGIN = "/dashboard/now/", "/dashboard/now/wall/", "/accounts/login/"
BUTTON = "Put this on a wall screen"
#: What the page asks for by itself.
BY_ITSELF = {"X-Background": "1"}


@pytest.fixture(autouse=True)
def clock() -> object:
    with time_machine.travel(MORNING, tick=False) as travelling:
        yield travelling


def on_the_wall(person: User) -> Client:
    client = signed_in(person)
    client.get(NOW)
    assert client.post(WALL).headers["Location"] == NOW
    return client


def refreshes(client: Client) -> int:
    return client.get(NOW, headers=BY_ITSELF).status_code


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("name", ["maya", "ivan", "helen"])
def test_a_manager_can_put_the_figures_on_a_wall_screen_and_it_is_on_the_trail(
    name: str, request: pytest.FixtureRequest
) -> None:
    manager = request.getfixturevalue(name)
    client = signed_in(manager)
    assert BUTTON in text(client.get(NOW))
    before = client.session.session_key
    client.post(WALL)
    assert client.session.session_key != before
    assert Event.objects.get(verb="wall:open").by == manager
    assert BUTTON not in text(client.get(NOW))


@pytest.mark.parametrize("name", ["grace", "sam"])
def test_who_does_not_run_the_queue_cannot_put_it_on_a_wall_screen(name: str, request: pytest.FixtureRequest) -> None:
    client = signed_in(request.getfixturevalue(name))
    assert BUTTON not in text(client.get(NOW))
    assert client.post(WALL).status_code == 404
    assert client.get("/queue/").status_code == 200
    assert not Event.objects.filter(verb="wall:open").exists()


def test_a_wall_screen_cannot_be_opened_by_a_link(maya: User) -> None:
    client = signed_in(maya)
    assert client.get(WALL).status_code == 405
    assert client.get("/queue/").status_code == 200


def test_a_wall_screen_shows_figures_and_leads_nowhere_and_names_nobody(rosa: User, grace: User, maya: User) -> None:
    held = build.received(rosa, at=MORNING - timedelta(hours=30))
    taken = triage.claim(held.reference, by=grace)
    triage.rate(held.reference, rag=Rag.AMBER, reason="From what it says", by=grace, version=taken.version)
    build.received(rosa, at=MORNING - timedelta(hours=2))
    client = signed_in(maya)
    before = text(client.get(NOW))
    client.post(WALL)
    page = text(client.get(NOW))
    body = page[page.index("<body") :]
    for one in ("/queue/", grace.full_name, 'aria-label="Menu"', "session-warning", "data-idle-seconds"):
        assert one in before, one
        assert one not in body, one
    assert maya.full_name not in body
    assert set(re.findall(r'(?:href|action)="([^"#][^"]*)"', body)) - {NOW} <= {"/accounts/logout/", *telephones(body)}
    assert "1 of 2 open contacts is late</h1>" in body
    assert re.search(r"Amber</th><td[^>]*><span>1</span></td><td[^>]*><span class=[^>]*overdue[^>]*>1</span>", body)


def telephones(page: str) -> list[str]:
    return re.findall(r'href="(tel:[^"]*)"', page)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/"),
        ("get", "/queue/"),
        ("get", "/queue/changes"),
        ("get", "/dashboard/"),
        ("get", "/accessibility/"),
        ("post", NOW),
        ("post", WALL),
        ("post", "/session/extend"),
        ("post", "/accounts/reauthenticate/"),
        ("get", "/api/v1/openapi.json"),
    ],
)
def test_anything_else_ends_a_wall_screen(method: str, path: str, maya: User) -> None:
    client = on_the_wall(maya)
    assert client.get(NOW).status_code == 200
    answer = getattr(client, method)(path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"{LOGIN}?next=%2F")
    assert not is_signed_in(client)
    assert client.get(NOW).status_code == 302


def test_a_contact_asked_for_on_a_wall_screen_is_not_shown_and_not_read(rosa: User, maya: User) -> None:
    contact = build.received(rosa, at=MORNING)
    client = on_the_wall(maya)
    answer = client.get(f"/contacts/{contact.reference}/", follow=True)
    assert "put on a wall screen and opens nothing else" in text(answer)
    assert contact.reference not in text(answer).replace(f'value="/contacts/{contact.reference}/"', "")
    assert not Event.objects.filter(verb__startswith="viewed", reference=contact.reference).exists()


def test_who_wants_more_signs_in_again_and_gets_there(maya: User) -> None:
    from_wall = on_the_wall(maya)
    answer = from_wall.get(f"{LOGIN}?next=/queue/")
    assert answer.headers["Location"] == f"{LOGIN}?next=%2Fqueue%2F&ended=wall"
    from_wall.force_login(maya)
    assert from_wall.get("/queue/").status_code == 200


def test_a_wall_screen_is_signed_out_by_its_button_and_not_by_what_a_browser_asks_for_by_itself(maya: User) -> None:
    client = on_the_wall(maya)
    for path in ("/favicon.ico", "/theme.css", "/healthz"):
        client.get(path)
    assert client.get(NOW).status_code == 200
    client.post("/accounts/logout/")
    assert not is_signed_in(client)


def test_a_wall_screen_lives_for_hours_while_it_refreshes_itself_and_ends_after_twelve(
    maya: User, clock: time_machine.Traveller
) -> None:
    client = on_the_wall(maya)
    for _ in range(12 * 6):
        clock.shift(timedelta(minutes=10))
        assert refreshes(client) == 200
    clock.shift(timedelta(seconds=1))
    assert refreshes(client) == 302
    assert not is_signed_in(client)


def test_a_wall_screen_lives_no_longer_than_whoever_put_it_up_would_have_been_signed_in(
    maya: User, clock: time_machine.Traveller
) -> None:
    client = signed_in(maya)
    for _ in range(11 * 6):
        client.get(NOW)
        clock.shift(timedelta(minutes=10))
    client.post(WALL)
    for _ in range(6):
        assert refreshes(client) == 200
        clock.shift(timedelta(minutes=10))
    clock.shift(timedelta(seconds=1))
    assert refreshes(client) == 302


def test_a_wall_screen_that_stops_refreshing_ends_after_fifteen_minutes(
    maya: User, clock: time_machine.Traveller
) -> None:
    client = on_the_wall(maya)
    clock.shift(timedelta(minutes=14))
    assert refreshes(client) == 200
    clock.shift(timedelta(minutes=15, seconds=1))
    assert refreshes(client) == 302
    assert not is_signed_in(client)


def test_figures_that_are_not_on_a_wall_screen_keep_nobody_signed_in(maya: User, clock: time_machine.Traveller) -> None:
    client = signed_in(maya)
    answers = []
    for _ in range(16):
        answers.append(refreshes(client))
        clock.shift(timedelta(minutes=1))
    assert (answers[0], refreshes(client)) == (200, 302)


def test_a_restricted_contact_is_not_counted_on_a_wall_screen_whoever_has_put_it_up(
    rosa: User, maya: User, helen: User
) -> None:
    build.received(rosa, at=MORNING - timedelta(hours=2))
    secret = build.received(rosa, at=MORNING - timedelta(hours=30))
    restricted(secret, by=maya, people=[helen])
    for manager in (maya, helen):
        client = signed_in(manager)
        assert "1 of 2 open contacts is late</h1>" in text(client.get(NOW)), "who restricts it and who is named see it"
        client.post(WALL)
        assert "Nothing is late; 1 contact is open</h1>" in text(client.get(NOW))


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": Role.ANALYST}], ids=["disabled", "another role"])
def test_a_wall_screen_of_somebody_who_may_no_longer_see_it_ends_at_once(maya: User, change: dict[str, object]) -> None:
    client = on_the_wall(maya)
    assert refreshes(client) == 200
    User.objects.filter(pk=maya.pk).update(**change)
    assert refreshes(client) == 302
    assert client.get("/queue/").headers["Location"].startswith(LOGIN)
