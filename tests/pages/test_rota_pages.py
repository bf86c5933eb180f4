"""The duty rota: who answers now and over two weeks, turns, gaps in words, and how long a message waits."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import Role
from referrals.models import Absence, Partnership, Turn
from referrals.rota import actions
from tests.build import FRIDAY_AT_FOUR, hours
from tests.pages.browsing import words

NOON = FRIDAY_AT_FOUR.replace(hour=12)
ROTA = "/rota/"
pytestmark = pytest.mark.usefixtures("at_noon")


@pytest.fixture
def at_noon(db: None) -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def see(client: Client, who: User, url: str = ROTA) -> str:
    client.force_login(who)
    answer = client.get(url)
    assert answer.status_code == 200
    return words(answer.content.decode())


def send(client: Client, who: User, url: str, **typed: Any) -> str:
    client.force_login(who)
    return words(client.post(url, typed, follow=True).content.decode())


def typed(person: User, start: str, end: str) -> dict[str, str]:
    """Such as "20 11 2026 17:00"."""
    said = {"person": str(person.pk)}
    for name, text in (("starts", start), ("ends", end)):
        if text:
            day, month, year, time = text.split()
            said |= {f"{name}_on_day": day, f"{name}_on_month": month, f"{name}_on_year": year, f"{name}_at": time}
    return said


def away(person: User, start: float, end: float, deputy: User | None = None) -> Absence:
    times = {"starts_at": NOON + hours(start), "ends_at": NOON + hours(end)}
    return Absence.objects.create(person=person, deputy=deputy, noted_by=person, noted_at=NOON, **times)


def test_a_manager_gives_somebody_a_turn_and_reads_it(client: Client, maya: User, ivan: User, helen: User) -> None:
    empty = see(client, maya)
    assert "No turn is set" in empty
    assert "From now to Fri 4 Dec, 12:00pm no turn is set as team manager: Maya Shah answers." in empty
    page = send(client, maya, "/rota/add/", **typed(ivan, "20 11 2026 17:00", "21 nov 2026 8:30am"))
    assert "Ivan Petrov is on duty until Saturday 21 November 2026, 8:30am" in page
    assert "1 turn" in page
    assert "From now to Fri 20 Nov, 5:00pm no turn is set as team manager: Maya Shah answers." in page
    assert "Ivan Petrov By the rota" in page
    found = Turn.objects.get()
    assert (found.person, found.starts_at, found.ends_at) == (ivan, NOON + hours(5), NOON + hours(20.5))


def test_a_manager_who_types_what_cannot_be_reads_why_and_loses_nothing(client: Client, maya: User, ivan: User) -> None:
    actions.add_turn(maya, starts=NOON, ends=NOON + hours(8), by=maya)
    taken = send(client, maya, "/rota/add/", **typed(ivan, "20 11 2026 17:00", "21 11 2026 08:00"))
    assert "Maya Shah has the turn from Fri 20 Nov, 12:00pm to Fri 20 Nov, 8:00pm" in taken
    nonsense = send(client, maya, "/rota/add/", **typed(ivan, "31 2 2026 25:00", "21 11 2026 5pm"))
    assert "First day must be a real date" in nonsense
    assert "Enter the time as hours and minutes, such as 17:00 or 5:00pm" in nonsense
    assert "Choose who is on duty" in send(client, maya, "/rota/add/", person="")
    assert Turn.objects.count() == 1


def test_a_manager_reads_who_answers_for_whoever_is_away_and_where_nobody_does(
    client: Client, maya: User, ivan: User, helen: User
) -> None:
    actions.add_turn(maya, starts=NOON, ends=NOON + hours(24), by=maya)
    away(maya, 2, 6, deputy=ivan)
    away(helen, 0, 48)
    page = see(client, helen)
    assert "Ivan Petrov By the rota, for Maya Shah, who is away" in page
    assert "From now to Sun 22 Nov, 12:00pm nobody answers as head of safeguarding: everybody is away." in page


def test_a_manager_changes_and_cancels_turns_that_are_not_over(client: Client, maya: User, ivan: User) -> None:
    planned = actions.add_turn(maya, starts=NOON + hours(4), ends=NOON + hours(8), by=maya)
    url = f"/rota/{planned.pk}/"
    assert "Cancel this turn" in see(client, maya, url)
    page = send(client, maya, url, **typed(ivan, "20 11 2026 18:00", "20 11 2026 22:00"))
    assert "Changed: Ivan Petrov is on duty until Friday 20 November 2026, 10:00pm" in page
    assert "turn is off the rota" in send(client, maya, f"{url}cancel/")
    assert not Turn.objects.exists()
    client.force_login(maya)
    assert client.get(url).status_code == client.post(f"{url}cancel/").status_code == 404
    assert client.get(f"{url}cancel/").status_code == 405


def test_a_turn_that_has_begun_keeps_its_beginning(client: Client, maya: User, ivan: User) -> None:
    running = actions.add_turn(maya, starts=NOON, ends=NOON + hours(8), by=maya)
    with time_machine.travel(NOON + hours(1), tick=False):
        page = see(client, maya, f"/rota/{running.pk}/")
        assert "Maya Shah has been on duty since Fri 20 Nov, 12:00pm" in page
        assert "On which day does it start?" not in page
        send(client, maya, f"/rota/{running.pk}/", **typed(ivan, "", "20 11 2026 22:00"))
        assert [(one.person, one.ends_at) for one in Turn.objects.all()] == [
            (maya, NOON + hours(1)),
            (ivan, NOON + hours(10)),
        ]
        assert "End this turn now" in see(client, maya, f"/rota/{Turn.objects.get(person=ivan).pk}/")


def test_an_administrator_keeps_the_rota_and_says_how_long_a_message_waits(
    client: Client, kit: User, maya: User
) -> None:
    assert "after 30 minutes about a red contact, after 120 minutes about any other" in see(client, kit)
    page = send(client, kit, "/rota/waits/", red="15", other="60")
    assert "after 15 minutes about a red contact, after 60 minutes about any other" in page
    for wrong, sentence in (("4", "from 5 to 1440"), ("61", "cannot wait longer"), ("soon", "a whole number")):
        assert sentence in send(client, kit, "/rota/waits/", red=wrong, other="60")
    assert Partnership.objects.get().goes_up_red_minutes == 15
    client.force_login(maya)
    assert client.get("/rota/waits/").status_code == 404
    assert "Standing duty" in see(client, kit)


def test_the_rota_is_for_managers_and_administrators(client: Client, grace: User, sam: User, rosa: User) -> None:
    for person in (grace, sam, rosa):
        client.force_login(person)
        assert client.get(ROTA).status_code == client.post("/rota/add/").status_code == 404


def test_the_rota_asks_no_more_for_thirty_turns_than_for_two(client: Client, maya: User, ivan: User) -> None:
    counts = []
    see(client, maya)
    for wanted in (2, 30):
        for number in range(Turn.objects.count(), wanted):
            times = {"starts_at": NOON + hours(8 * number), "ends_at": NOON + hours(8 * number + 8)}
            Turn.objects.create(role=Role.TEAM_MANAGER, person=(maya, ivan)[number % 2], **times)
            Absence.objects.create(person=ivan, deputy=maya, noted_by=ivan, noted_at=NOON, **times)
        with CaptureQueriesContext(connection) as queries:
            client.get(ROTA)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14
