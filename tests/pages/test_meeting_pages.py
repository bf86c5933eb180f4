"""The daily domestic abuse meeting as people meet it in a browser."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals import access
from referrals.models import AbuseMeeting, Contact
from referrals.models.contact import ContactQuerySet
from referrals.rules.meetings import AGENCIES
from tests import build, discussing, policing
from tests.pages.browsing import words
from tests.pages.casework import look, text

pytestmark = pytest.mark.django_db

OTHER = policing.row(police_reference="PN/26/118378", given_names="Ali", family_name="Khan")
DECIDED = {
    "child_focus": "She hides under the bed",
    "decision": "strategy",
    "reason": "A knife was shown",
    "action": "Call it at once",
    "action_owner": "Grace Lin",
}


def page(client: Client, who: User, url: str) -> str:
    client.force_login(who)
    answer = client.get(url)
    assert answer.status_code == 200, url
    return words(text(answer))


def send(client: Client, who: User, url: str, **typed: Any) -> Any:
    client.force_login(who)
    return client.post(url, typed)


def opening(chair: User) -> dict[str, Any]:
    today = timezone.localdate()
    parts = {"day": today.day, "month": today.month, "year": today.year}
    return {"chair": chair.pk} | {f"held_on_{part}": value for part, value in parts.items()}


def test_a_meeting_from_opening_to_its_minutes(client: Client, omar: User, maya: User, grace: User, sam: User) -> None:
    [contact] = discussing.notified(omar)
    assert "No meeting has been held yet" in page(client, maya, "/meetings/")
    assert "Choose who chairs" in text(send(client, maya, "/meetings/open/", **(opening(maya) | {"chair": ""})))
    send(client, maya, "/meetings/open/", **opening(maya))
    meeting = AbuseMeeting.objects.get()
    url, item = f"/meetings/{meeting.pk}/", meeting.items.get()
    assert "1 child on the list, 1 without a decision" in page(client, grace, url)
    assert " checked" not in text(client.get(f"{url}children/{item.pk}/")), "nothing is ticked"

    refused = text(send(client, grace, f"{url}children/{item.pk}/", **(DECIDED | {"child_focus": ""})))
    assert refused.count("Write what it is like for Zara Hussain") == 2
    assert "A knife was shown" in refused
    send(client, grace, f"{url}children/{item.pk}/", **DECIDED)
    said = page(client, grace, url)
    for line in ("She hides under the bed", "Strategy discussion is called", "Call the strategy discussion"):
        assert line in said
    assert "Recorded what the domestic abuse meeting decided" in words(look(client, grace, contact))

    unfinished = send(client, maya, f"{url}close/")
    assert unfinished.status_code == 409
    assert "Record who came, or why not, for children’s social care, the police" in words(text(unfinished))
    came = {f"came_{kind}": "yes" for kind in AGENCIES} | {f"who_{kind}": f"Somebody of {kind}" for kind in AGENCIES}
    send(client, maya, f"{url}attendance/", **(came | {"came_housing": "no", "absent_housing": "On leave"}))
    send(client, maya, f"{url}close/")
    minutes = page(client, sam, url)
    for line in ("Somebody of police", "Did not come: On leave", "She hides under the bed", "This meeting is closed"):
        assert line in minutes
    assert "Closed" in page(client, sam, "/meetings/")
    for form in (f"children/{item.pk}/", "attendance/", "add/"):
        assert "It can be read, not changed" in page(client, maya, f"{url}{form}")


def test_a_contact_officer_reads_and_is_offered_nothing_to_write(
    client: Client, omar: User, maya: User, sam: User
) -> None:
    discussing.notified(omar)
    meeting = discussing.opened(maya)
    url = f"/meetings/{meeting.pk}/"
    assert "Close the meeting" in page(client, maya, url)
    seen = page(client, sam, url)
    assert "Zara Hussain" in seen
    for offer in ("Close the meeting", "Decide", "Add a contact"):
        assert offer not in seen
    for form in ("open/", f"{meeting.pk}/add/", f"{meeting.pk}/attendance/", f"{meeting.pk}/close/"):
        assert send(client, sam, f"/meetings/{form}").status_code == 404


def test_who_is_not_of_the_hub_finds_no_meeting(client: Client, omar: User, maya: User, rosa: User, kit: User) -> None:
    discussing.notified(omar)
    meeting = discussing.opened(maya)
    for who in (omar, rosa, kit):
        client.force_login(who)
        for url in ("/meetings/", f"/meetings/{meeting.pk}/"):
            assert client.get(url).status_code == 404
    assert "Zara Hussain" in page(client, maya, f"/meetings/{meeting.pk}/")


def test_a_child_whom_somebody_may_not_see_is_on_no_list_and_in_no_count_of_theirs(
    client: Client, omar: User, maya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden, seen = discussing.notified(omar, policing.ROW, OTHER)
    meeting = discussing.opened(maya)
    item = meeting.items.get(child__contact=hidden)
    assert "2 children" in page(client, maya, "/meetings/")

    def without(_: User) -> ContactQuerySet:
        return Contact.objects.exclude(pk=hidden.pk)

    monkeypatch.setattr(access, "visible_to", without)
    assert "1 child " in page(client, maya, "/meetings/")
    listed = page(client, maya, f"/meetings/{meeting.pk}/")
    assert seen.reference in listed
    assert hidden.reference not in listed
    assert "Zara" not in listed
    assert client.get(f"/meetings/{meeting.pk}/children/{item.pk}/").status_code == 404


def test_contacts_with_domestic_abuse_are_offered_and_any_other_is_named_by_its_reference(
    client: Client, omar: User, rosa: User, maya: User
) -> None:
    meeting = discussing.opened(maya)
    url = f"/meetings/{meeting.pk}/add/"
    [offered] = discussing.notified(omar)
    late = build.received(rosa)
    seen = page(client, maya, url)
    assert f"Zara Hussain ({offered.reference}, Regional Police" in seen
    assert late.reference not in seen
    refused = text(send(client, maya, url, reference=late.reference))
    assert refused.count("speaks of domestic abuse") == 2
    assert f'value="{late.reference}"' in refused
    send(client, maya, url, contacts=[offered.reference])
    assert meeting.items.get().child.contact == offered
    assert offered.reference not in page(client, maya, url)


def test_the_pages_ask_as_much_about_many_children_as_about_one(client: Client, omar: User, maya: User) -> None:
    def asked(url: str) -> int:
        client.force_login(maya)
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    discussing.notified(omar)
    small = discussing.opened(maya, on=timezone.localdate() - discussing.later(24))
    rows = [policing.row(police_reference=f"PN/26/2000{nth}", given_names=f"Child{nth}") for nth in range(5)]
    discussing.notified(omar, *rows)
    large = discussing.opened(maya)
    for item in large.items.all():
        discussing.decided(item, by=maya)
    assert large.items.count() == 5
    assert asked(f"/meetings/{large.pk}/") == asked(f"/meetings/{small.pk}/") <= 6
    assert asked("/meetings/") <= 4
    assert asked(f"/meetings/{large.pk}/add/") <= 8
