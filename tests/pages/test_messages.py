"""The administrator's list of messages, and the list of people whom no message reached."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.administration.subjects import SUBJECTS
from referrals.models import Notice
from referrals.models.outbox import LATE
from referrals.restricted import actions as restricted
from referrals.vocabulary import CallResult
from tests import build, ringing

PAGE, UNTOLD = "/settings/messages/", "/escalations/untold/"
REFERENCE = "MF7K-3QPX"


def text(response: Any) -> str:
    return str(response.content.decode())


def now() -> datetime:
    return timezone.now()


def message(to: User, key: str = "one", template: str = "update", reference: str = REFERENCE, **facts: Any) -> Notice:
    return Notice.objects.create(
        key=key, template=template, to=to, reference=reference, created_at=now(), next_attempt_at=now(), **facts
    )


def failed(to: User, key: str = "one", **facts: Any) -> Notice:
    return message(to, key, failed_at=now(), attempts=6, last_error="TimeoutError", **facts)


STATES: dict[str, dict[str, Any]] = {
    "waiting": {},
    "sent": {"sent_at": now()},
    "delivered": {"sent_at": now(), "delivered_at": now(), "provider_id": "p"},
    "failed": {"failed_at": now()},
    "bounced": {"sent_at": now(), "bounced_at": now(), "provider_id": "p"},
}


def test_an_administrator_sees_what_could_not_be_sent_and_tries_again(client: Client, kit: User, rosa: User) -> None:
    notice = failed(rosa)
    client.force_login(kit)
    page = text(client.get(PAGE))
    assert "1 message to put right" in page
    for words in ("Rosa Bell", REFERENCE, "TimeoutError", "Update for the referrer", "update", "E-mail"):
        assert words in page
    after = client.post(f"{PAGE}{notice.pk}/retry/", follow=True)
    assert "will be sent again" in text(after)
    assert "Every message has been sent or is on its way" in text(after)
    assert list(Notice.objects.waiting(now())) == [notice]
    assert Event.objects.get(verb="message_retried").reference == REFERENCE


def test_an_administrator_sends_again_what_bounced(client: Client, kit: User, rosa: User) -> None:
    notice = message(rosa, **STATES["bounced"])
    client.force_login(kit)
    client.post(f"{PAGE}{notice.pk}/retry/")
    notice.refresh_from_db()
    assert (notice.sent_at, notice.bounced_at, notice.provider_id) == (None, None, "")
    assert list(Notice.objects.waiting(now())) == [notice]


@pytest.mark.parametrize("state", ["waiting", "sent", "delivered"])
def test_an_administrator_cannot_retry_what_has_not_failed(client: Client, kit: User, rosa: User, state: str) -> None:
    notice = message(rosa, **STATES[state])
    client.force_login(kit)
    assert client.post(f"{PAGE}{notice.pk}/retry/").status_code == 404
    again = Notice.objects.get(pk=notice.pk)
    assert (again.sent_at, again.delivered_at) == (notice.sent_at, notice.delivered_at)
    assert not Event.objects.filter(verb="message_retried").exists()


def test_an_administrator_tries_all_of_one_kind_again(client: Client, kit: User, rosa: User, tom: User) -> None:
    for person in (rosa, tom):
        failed(person, key=person.email)
    other = failed(rosa, key="other", template="question")
    client.force_login(kit)
    again = client.post(f"{PAGE}retry/", {"state": "", "about": "update"}, follow=True)
    assert "2 messages will be sent again" in text(again)
    assert list(Notice.objects.failed()) == [other]
    assert "1 message will be sent again" in text(client.post(f"{PAGE}retry/", follow=True))
    assert Notice.objects.waiting(now()).count() == 3


@pytest.mark.parametrize("state", STATES)
def test_an_administrator_finds_a_message_under_its_state_and_no_other(
    client: Client, kit: User, rosa: User, state: str
) -> None:
    message(rosa, **STATES[state])
    client.force_login(kit)
    for one in STATES:
        assert ("Rosa Bell" in text(client.get(f"{PAGE}?state={one}"))) is (one == state)
    assert "Rosa Bell" in text(client.get(f"{PAGE}?state=every&about=update"))
    assert "No message fits the filters" in text(client.get(f"{PAGE}?state=every&about=question"))


def test_an_administrator_who_types_nonsense_into_the_address_sees_what_is_to_be_put_right(
    client: Client, kit: User, rosa: User
) -> None:
    failed(rosa)
    client.force_login(kit)
    assert "1 message to put right" in text(client.get(f"{PAGE}?state=%00&about=x&page=99999999999999999999"))


def test_an_administrator_reads_no_reference_of_a_restricted_record(
    client: Client, kit: User, rosa: User, maya: User, helen: User
) -> None:
    contact = build.received(rosa)
    Notice.objects.all().delete()
    failed(rosa, reference=contact.reference)
    client.force_login(kit)
    assert contact.reference in text(client.get(PAGE))
    restricted.restrict(
        contact.reference, reason="Staff family", people=[maya, helen], by=helen, version=contact.version
    )
    page = text(client.get(PAGE))
    assert "Rosa Bell" in page
    assert contact.reference not in page


def test_every_message_is_called_something_in_the_list() -> None:
    assert {path.stem for path in Path("templates/notices").glob("*.txt")} == set(SUBJECTS)


def test_staff_see_whom_no_message_reached_ring_and_note_it(client: Client, maya: User, rosa: User) -> None:
    User.objects.filter(pk=rosa.pk).update(phone="01632 960001")
    contact = build.received(rosa)
    Notice.objects.all().delete()
    notice = failed(rosa, reference=contact.reference)
    client.force_login(maya)
    assert "1 message could not be delivered" in text(client.get("/escalations/"))
    page = text(client.get(UNTOLD))
    for words in ("Rosa Bell", "01632 960001", rosa.email, contact.reference, "It could not be sent"):
        assert words in page
    after = text(client.post(f"{UNTOLD}{notice.pk}/told/", follow=True))
    assert "you have told Rosa Bell" in after
    assert "Everybody has been told" in after
    assert "could not be delivered" not in text(client.get("/escalations/"))
    line = Event.objects.get(verb="told_by_telephone")
    assert (line.by, line.reference, line.details) == (maya, contact.reference, {"template": "update", "to": rosa.pk})


def test_a_second_person_who_rings_is_told_that_it_is_done(client: Client, maya: User, grace: User, rosa: User) -> None:
    notice = failed(rosa)
    client.force_login(maya)
    client.post(f"{UNTOLD}{notice.pk}/told/")
    client.force_login(grace)
    second = client.post(f"{UNTOLD}{notice.pk}/told/")
    assert second.status_code == 409
    assert "Rosa Bell has been told already" in text(second)
    assert Event.objects.filter(verb="told_by_telephone").count() == 1


@pytest.mark.parametrize(
    ("second", "is_listed"),
    [
        ({}, False),
        ({"sent_at": now(), "provider_id": "p", "delivered_at": now()}, False),
        ({"failed_at": now()}, True),
        ({"sent_at": now(), "provider_id": "p", "bounced_at": now()}, True),
    ],
)
def test_a_person_is_listed_until_a_text_is_on_its_way_or_has_arrived(
    rosa: User, second: dict[str, Any], is_listed: bool
) -> None:
    first = failed(rosa)
    message(rosa, "two", channel="text", instead_of=first, **second)
    assert list(Notice.objects.untold(now())) == ([first] if is_listed else [])
    Notice.objects.filter(key="two").update(created_at=now() - LATE - timedelta(seconds=1))
    assert Notice.objects.untold(now()).exists() is ("delivered_at" not in second)


def test_staff_do_not_see_who_was_not_told_of_a_record_that_is_kept_from_them(
    client: Client, rosa: User, maya: User, helen: User, sam: User
) -> None:
    call = ringing.rings(rosa, taken_by=sam, result=CallResult.CONTACT)
    contact = ringing.contact_of(call)
    Notice.objects.all().delete()
    notice = failed(rosa, reference=contact.reference)
    failed(rosa, key="of the call", reference=call.reference)
    restricted.restrict(
        contact.reference, reason="Staff family", people=[maya, helen], by=helen, version=contact.version
    )
    client.force_login(maya)
    page = text(client.get(UNTOLD))
    assert (contact.reference in page, call.reference in page) == (True, True)
    client.force_login(sam)
    assert "Everybody has been told" in text(client.get(UNTOLD))
    assert client.post(f"{UNTOLD}{notice.pk}/told/").status_code == 404
    assert not Notice.objects.filter(instead_of=notice).exists()


def test_a_list_asks_no_more_of_the_database_for_twelve_messages_than_for_two(
    client: Client, kit: User, maya: User, rosa: User
) -> None:
    for person, page in ((kit, PAGE), (maya, UNTOLD)):
        client.force_login(person)
        counts = []
        for wanted in (2, 12):
            while Notice.objects.failed().count() < wanted:
                failed(rosa, key=f"{page}{Notice.objects.count()}")
            client.get(page)
            with CaptureQueriesContext(connection) as queries:
                client.get(page)
            counts.append(len(queries))
        assert counts[0] == counts[1]
        Notice.objects.all().delete()
