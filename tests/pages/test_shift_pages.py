"""The pages of a duty day: workers and absences, sharing out, notes, the night, the queue on paper."""

import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.models import Absence, ShiftNote
from referrals.rules.period import midnight
from referrals.shift import actions, supervision
from referrals.triage import actions as triage
from referrals.vocabulary import Clock
from tests import build

pytestmark = pytest.mark.django_db
PAGES = (
    "/workers/",
    "/workers/absence/",
    "/queue/notes/",
    "/queue/notes/write/",
    "/queue/out-of-hours/",
    "/queue/on-paper/",
)


def see(client: Client, who: User, url: str) -> str:
    client.force_login(who)
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def send(client: Client, who: User, url: str, **typed: Any) -> str:
    client.force_login(who)
    return client.post(url, typed, follow=True).content.decode()


def days(first: str, last: str) -> dict[str, str]:
    parts = zip(("first_day", "last_day"), (first, last), strict=True)
    names = ("day", "month", "year")
    return {f"{day}_{name}": value for day, text in parts for name, value in zip(names, text.split(), strict=True)}


@pytest.mark.parametrize("url", PAGES)
def test_every_list_of_a_duty_day_has_an_empty_state_and_is_for_the_hub_alone(
    client: Client, sam: User, rosa: User, url: str
) -> None:
    see(client, sam, url)
    client.force_login(rosa)
    assert client.get(url).status_code == 404


@pytest.mark.parametrize(
    "url", ["/workers/", "/queue/out-of-hours/", "/queue/on-paper/", "/queue/share-out/?from=nobody"]
)
def test_the_lists_of_a_duty_day_ask_as_much_of_twelve_contacts_as_of_two(
    client: Client, rosa: User, grace: User, maya: User, url: str
) -> None:
    def asked() -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            see(client, maya, url)
        return [query["sql"][:200] for query in queries]

    for _ in range(2):
        build.received(rosa)
        build.claimed(rosa, worker=grace)
    see(client, maya, url)
    few = asked()
    for _ in range(5):
        build.received(rosa)
        build.claimed(rosa, worker=grace)
    assert len(more := asked()) == len(few), more


def test_an_absence_typed_wrong_keeps_what_was_typed_and_typed_right_is_noted(
    client: Client, grace: User, maya: User
) -> None:
    year = timezone.localdate().year + 1
    typed = {"person": str(grace.pk), "reason": "Leave"}
    wrong = send(client, maya, "/workers/absence/", **typed, **days(f"9 3 {year}", f"2 3 {year}"))
    assert "The last day must not be before the first." in wrong
    assert f'value="{year}"' in wrong
    assert not Absence.objects.exists()
    right = send(client, maya, "/workers/absence/", **typed, **days(f"2 3 {year}", f"9 mar {year}"))
    assert "Grace Lin is away until" in right
    assert "Take it back" in see(client, grace, "/workers/")
    ended = send(client, grace, f"/workers/absence/{Absence.objects.get().pk}/end/")
    assert "Grace Lin is back." in ended
    assert "Nobody is noted as away" in ended


def test_contacts_of_somebody_away_are_pointed_out_and_shared_out(
    client: Client, rosa: User, grace: User, ivan: User, maya: User
) -> None:
    mine, taken = build.claimed(rosa, worker=grace), build.claimed(rosa, worker=grace)
    today = timezone.localdate()
    actions.note_absence(grace, first_day=today, last_day=today, reason="Illness", by=maya)
    assert "2 open contacts held by somebody who is away" in see(client, maya, "/workers/")
    page = see(client, maya, "/queue/share-out/?from=away")
    ticks = re.findall(r'name="contact" value="([^"]+)"', page)
    assert {tick.split("@")[0] for tick in ticks} == {mine.reference, taken.reference}
    nothing = send(client, maya, "/queue/share-out/?from=away", to_person=str(ivan.pk))
    assert "Tick at least one contact" in nothing
    triage.release(taken.reference, reason="Back to the queue", by=grace)
    done = send(client, maya, "/queue/share-out/?from=away", to_person=str(ivan.pk), contact=ticks)
    assert "Ivan Petrov holds 1 more contact now." in done
    assert f"{taken.reference}: This contact has changed since you opened the page" in done
    mine.refresh_from_db()
    assert mine.owner == ivan


def test_only_a_manager_shares_out(client: Client, grace: User, maya: User) -> None:
    assert "Share out" in see(client, maya, "/queue/")
    assert "Share out" not in see(client, grace, "/queue/")
    client.force_login(grace)
    assert client.get("/queue/share-out/").status_code == 404


def test_a_view_is_kept_from_the_queue_and_leads_back_to_it(client: Client, grace: User) -> None:
    page = send(client, grace, "/queue/views/keep/", name="My red ones", query="rag=red&nonsense=1")
    assert "Kept as “My red ones”." in page
    assert 'href="/queue/?rag=red">My red ones</a>' in page
    assert "Give the view a name." in send(client, grace, "/queue/views/keep/", name=" ", query="")
    view = grace.saved_filters.get()
    assert "You have kept no view yet" in send(client, grace, f"/queue/views/{view.pk}/forget/")


def test_a_note_for_the_next_shift_stands_over_the_queue_until_it_is_taken_over(
    client: Client, rosa: User, grace: User, ivan: User
) -> None:
    contact = build.claimed(rosa, worker=grace)
    page = see(client, grace, "/queue/notes/write/")
    assert f"{contact.reference}: Noor Aziz (10)" in page
    assert "Write what the next shift should know" in send(client, grace, "/queue/notes/write/", text="")
    send(
        client,
        grace,
        "/queue/notes/write/",
        **{"text": "Quiet day", f"line_{contact.reference}": "School rings at nine"},
    )
    assert "1 note of an earlier shift waits" in see(client, ivan, "/queue/")
    read = see(client, ivan, "/queue/notes/")
    assert "School rings at nine" in read
    assert "I have taken this over" in read
    note = ShiftNote.objects.get()
    assert "You have taken over Grace Lin" in send(client, ivan, f"/queue/notes/{note.pk}/take/")
    assert "of an earlier shift" not in see(client, ivan, "/queue/")


def test_a_word_in_passing_is_noted_in_one_line_and_stands_in_the_timeline(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    contact = build.claimed(rosa, worker=grace)
    url = f"/contacts/{contact.reference}/discussion/"
    assert f'href="{url}"' in see(client, grace, f"/contacts/{contact.reference}/")
    wrong = send(client, grace, url, line="x" * 301, with_person=str(maya.pk))
    assert "Keep it to one line of 300 characters or fewer" in wrong
    assert "x" * 301 in wrong
    page = send(client, grace, url, line="Aunt stays until Monday", with_person=str(maya.pk))
    assert "Noted. It is in the timeline." in page
    assert "With Maya Shah: Aunt stays until Monday" in page
    assert "Grace Lin with Maya Shah" in see(client, maya, url)


def test_the_night_page_shows_what_came_since_the_office_shut_and_what_is_due_before_it_opens(
    client: Client, rosa: User, sam: User, grace: User
) -> None:
    now = timezone.now()
    came = build.received(rosa, at=now)
    due = build.claimed(rosa, worker=grace, at=now - build.hours(23.9))
    page = see(client, sam, "/queue/out-of-hours/")
    assert came.reference in page
    assert due.reference in page
    assert "/calls/out-of-hours/" in page


def test_the_queue_on_paper_says_whom_to_ring_and_printing_it_is_in_the_trail(
    client: Client, rosa: User, grace: User
) -> None:
    contact = build.claimed(rosa, worker=grace)
    page = see(client, grace, "/queue/on-paper/")
    assert contact.reference in page
    assert "Rosa Bell" in page
    assert Event.objects.filter(verb="printed:queue").get().details == {"contacts": 1}


def test_supervision_is_gathered_from_what_was_written_down_at_the_time(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    late = build.decided(rosa, worker=grace, manager=maya, at=timezone.now() - build.hours(26))
    held = build.claimed(rosa, worker=grace)
    actions.note_discussion(held.reference, line="Ring the aunt first", with_person=maya, by=grace)
    today = timezone.localdate()
    actions.note_absence(grace, first_day=today, last_day=today, reason="Leave", by=grace)
    page = see(client, maya, f"/workers/{grace.pk}/supervision/")
    for said in ("Ring the aunt first", "1 of 1 decision on contacts they hold", late.reference, held.reference):
        assert said in page, said
    assert "Recommended a decision" in page
    assert "1 open contact, 0 of them late" in page
    assert "contacts taken in" in page
    own = see(client, grace, "/workers/me/supervision/")
    assert "Ring the aunt first" in own
    client.force_login(grace)
    assert client.get(f"/workers/{maya.pk}/supervision/").status_code == 404
    assert client.get(f"/workers/{rosa.pk}/supervision/").status_code == 404


def test_supervision_of_another_time_is_asked_for_in_the_address(client: Client, rosa: User, grace: User) -> None:
    build.claimed(rosa, worker=grace)
    year = timezone.localdate().year
    before = see(client, grace, f"/workers/me/supervision/?{urlencode(days(f'1 1 {year - 1}', f'31 1 {year - 1}'))}")
    assert f"1 January {year - 1} to 31 January {year - 1}" in before
    assert "Nothing was written down in this time" in before
    wrong = see(client, grace, f"/workers/me/supervision/?{urlencode(days(f'2 1 {year}', f'1 1 {year}'))}")
    assert "The last day must not be before the first" in wrong


def test_working_days_away_are_counted_and_weekends_are_not(rosa: User, grace: User, maya: User) -> None:
    friday = date(2026, 11, 20)
    Absence.objects.create(
        person=grace,
        starts_at=midnight(friday),
        ends_at=midnight(friday + timedelta(days=4)),
        noted_by=maya,
        noted_at=timezone.now(),
    )
    found = supervision.summary(grace, reader=maya, first_day=friday, last_day=friday + timedelta(days=10))
    assert found.days_away == 2, "Friday and Monday"
    assert found.days_there == 5, "Tuesday to Friday, and Monday"


def test_what_fell_due_while_a_worker_was_away_is_told_apart(rosa: User, grace: User, maya: User) -> None:
    late = [build.decided(rosa, worker=grace, manager=maya, at=timezone.now() - build.hours(h)) for h in (26, 50)]
    due = [one.deadlines.get(clock=Clock.DECISION).due_at for one in late]
    Absence.objects.create(
        person=grace,
        starts_at=due[0] - timedelta(minutes=5),
        ends_at=due[0] + timedelta(minutes=5),
        noted_by=maya,
        noted_at=timezone.now(),
    )
    today = timezone.localdate()
    found = supervision.summary(grace, reader=maya, first_day=today, last_day=today)
    assert {one.contact for one in found.late} == set(late)
    assert [one.contact for one in found.late if one.pk in found.late_away] == [late[0]]
