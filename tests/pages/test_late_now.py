"""Late now: everything that should have been done, by how late it is, whether or not any timer runs."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals.escalation import late
from referrals.models import Contact, Deadline, Escalation
from referrals.rules.clocks import DEFAULTS
from referrals.vocabulary import Clock
from tests import build, checking, restricting
from tests.build import hours
from tests.pages.browsing import words

pytestmark = pytest.mark.django_db
LATE = "/late/"


def overdue(contact: Contact, late_by: float, clock: Clock = Clock.DECISION) -> Contact:
    """That clock of the contact, and no other, is late by so many hours."""
    due = timezone.now() - hours(late_by)
    contact.deadlines.exclude(clock=clock).delete()
    if not contact.deadlines.filter(clock=clock).update(opened_at=due - hours(24), due_at=due):
        rule = DEFAULTS[clock].to_dict()
        contact.deadlines.create(clock=clock, rule=rule, opened_at=due - hours(24), due_at=due)
    return contact


def see(client: Client, who: User, query: str = "") -> str:
    client.force_login(who)
    answer = client.get(f"{LATE}{query}")
    assert answer.status_code == 200
    return words(answer.content.decode())


def references(client: Client, who: User, query: str, contacts: list[Contact]) -> list[str]:
    page = see(client, who, query)
    return [one.reference for one in contacts if one.reference in page]


def test_a_manager_reads_everything_that_is_late_although_no_timer_has_run(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    contact = overdue(build.claimed(rosa, worker=grace), 3)
    in_time = build.received(rosa)
    page = see(client, maya)
    assert not Escalation.objects.fired().exists()
    assert "1 thing late now" in page
    assert contact.reference in page
    assert in_time.reference not in page
    assert "3 hours overdue" in page
    assert "Held by Grace Lin" in page
    assert "Go to the decision" in page


def test_a_manager_counts_and_narrows_by_how_late_by_what_and_by_who_holds_it(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    found = [
        overdue(build.claimed(rosa, worker=grace), 0.5),
        overdue(build.received(rosa), 2),
        overdue(build.received(rosa), 5, Clock.STATUTORY),
        overdue(build.claimed(rosa, worker=grace), 30),
    ]
    tiles = late.tiles(maya, late.Filters(), timezone.now())
    assert [(one["label"], one["number"]) for one in tiles] == [
        ("Up to 1 hour", 1),
        ("1 to 4 hours", 1),
        ("4 to 24 hours", 1),
        ("More than a day", 1),
    ]
    wanted = {
        "": [0, 1, 2, 3],
        "?band=hour": [0],
        "?band=hours": [1],
        "?band=day": [2],
        "?band=days": [3],
        "?clock=statutory": [2],
        f"?worker={grace.pk}": [0, 3],
        "?worker=nobody": [1, 2],
        f"?worker={grace.pk}&band=days": [3],
        "?band=%00&clock=assessment&worker=%E2%85%A7&page=99999999999999999999": [0, 1, 2, 3],
    }
    for query, numbers in wanted.items():
        assert references(client, maya, query, found) == [found[one].reference for one in numbers], query
    page = see(client, maya, "?clock=statutory&worker=nobody")
    assert "Remove this filter: Statutory response" in page
    assert "Remove this filter: Held by Nobody" in page
    empty = see(client, maya, f"?clock=statutory&worker={grace.pk}")
    assert "Nothing here fits the filters" in empty


def test_bands_leave_nothing_out_and_count_nothing_twice(client: Client, rosa: User, maya: User) -> None:
    now = timezone.now()
    for late_by in (0, 0.25, 1, 1.5, 4, 6, 24, 100):
        overdue(build.received(rosa), late_by)
    Deadline.objects.filter(due_at__gte=now).update(due_at=now - timedelta(microseconds=1))
    numbers = [one["number"] for one in late.tiles(maya, late.Filters(), now)]
    assert sum(numbers) == late.late(maya, now).count() == 8


def test_what_another_agency_owes_is_said_to_be_theirs(
    client: Client, rosa: User, omar: User, grace: User, maya: User
) -> None:
    check = checking.one_asked(rosa, omar, worker=grace)
    Deadline.objects.filter(about=check.about).update(
        opened_at=timezone.now() - hours(9), due_at=timezone.now() - hours(2)
    )
    page = see(client, maya)
    assert "Regional Police" in page
    assert "Go to the checks" in page


def test_what_is_met_or_for_information_is_not_late(client: Client, rosa: User, maya: User) -> None:
    met = overdue(build.received(rosa), 5)
    met.deadlines.update(met_at=timezone.now())
    overdue(build.received(rosa), 5, Clock.POLICE_PROTECTION)
    assert "Nothing is late" in see(client, maya)


def test_a_restricted_record_is_late_for_whoever_is_named_alone(
    client: Client, rosa: User, maya: User, helen: User
) -> None:
    contact = overdue(restricting.restricted(build.received(rosa), by=maya), 5)
    assert contact.reference in see(client, maya)
    assert "Nothing is late" in see(client, helen)
    assert sum(one["number"] for one in late.tiles(helen, late.Filters(), timezone.now())) == 0


def test_only_managers_see_what_is_late(client: Client, maya: User, helen: User, grace: User, rosa: User) -> None:
    for person in (maya, helen):
        assert "Nothing is late" in see(client, person)
    for person in (grace, rosa):
        client.force_login(person)
        assert client.get(LATE).status_code == 404


def test_late_now_asks_no_more_for_sixty_than_for_two_and_turns_its_pages(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    counts: list[Any] = []
    client.force_login(maya)
    client.get(LATE)
    for wanted in (2, 60):
        while late.late(maya, timezone.now()).count() < wanted:
            overdue(build.received(rosa), 3)
        with CaptureQueriesContext(connection) as queries:
            client.get(LATE)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 16
    assert "page=2" in client.get(LATE).content.decode()
    assert "60 things late now" in see(client, maya, "?page=2")
