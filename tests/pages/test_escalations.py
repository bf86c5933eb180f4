"""The escalation board: what has fired and nobody has put their name to, and the button that does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mash_portal import watch
from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.escalation.sweep import sweep
from referrals.models import Contact, Escalation, Heartbeat, Notice
from referrals.vocabulary import Clock
from tests import build
from tests.build import hours

BOARD = "/escalations/"


@pytest.fixture
def escalated(rosa: User, grace: User, maya: User, helen: User) -> Callable[..., Contact]:
    """A contact whose decision clock has reached its last quarter, or has passed: what was due has fired."""

    def make(*, late: bool = False, claimed: bool = True) -> Contact:
        at = timezone.now() - hours(25 if late else 21)
        contact = build.claimed(rosa, worker=grace, at=at) if claimed else build.received(rosa, at=at)
        contact.escalations.exclude(deadline__clock=Clock.DECISION).delete()
        sweep()
        return contact

    return make


def text(response: Any) -> str:
    return str(response.content.decode())


def url_of(step: Escalation) -> str:
    return f"{BOARD}{step.contact.reference}/{step.pk}/acknowledge/"


def test_a_team_manager_reads_what_has_fired_and_acknowledges_it(
    client: Client, escalated: Callable[..., Contact], maya: User
) -> None:
    contact = escalated()
    [step] = contact.escalations.fired()
    client.force_login(maya)
    page = text(client.get(BOARD))
    assert "1 escalation to acknowledge" in page
    assert contact.reference in page
    assert "Five sixths of the time have gone" in page
    assert "<div>Grace Lin, " in page
    assert "<div>Maya Shah, " in page
    after = client.post(url_of(step), {"back": BOARD}, follow=True)
    assert after.redirect_chain == [(BOARD, 302)]
    assert "You have acknowledged" in text(after)
    assert "0 escalations to acknowledge" in text(after)
    step.refresh_from_db()
    assert step.acknowledged_by == maya
    line = Event.objects.get(verb="acknowledge")
    assert (line.by, line.reference, line.details) == (maya, contact.reference, {"steps": ["five_sixths"]})
    shown = text(client.get(f"{BOARD}?state=acknowledged"))
    assert "1 escalation acknowledged" in shown
    assert "Maya Shah acknowledged it" in shown


def test_a_second_person_who_acknowledges_reads_who_was_first_and_changes_nothing(
    client: Client, escalated: Callable[..., Contact], maya: User, grace: User
) -> None:
    [step] = escalated().escalations.fired()
    client.force_login(grace)
    assert client.post(url_of(step)).status_code == 302
    first = Escalation.objects.get(pk=step.pk)
    client.force_login(maya)
    second = client.post(url_of(step))
    assert second.status_code == 409
    assert "Grace Lin acknowledged this already" in text(second)
    step.refresh_from_db()
    assert (step.acknowledged_by, step.acknowledged_at) == (grace, first.acknowledged_at)
    assert Event.objects.filter(verb="acknowledge").count() == 1


def test_a_contact_officer_reads_the_board_and_cannot_acknowledge(
    client: Client, escalated: Callable[..., Contact], sam: User
) -> None:
    [step] = escalated().escalations.fired()
    client.force_login(sam)
    page = text(client.get(BOARD))
    assert step.contact.reference in page
    assert "acknowledge/" not in page
    assert client.post(url_of(step)).status_code == 403
    step.refresh_from_db()
    assert step.acknowledged_at is None


def test_a_referrer_cannot_find_the_board_or_a_step(
    client: Client, escalated: Callable[..., Contact], rosa: User, tom: User
) -> None:
    [step] = escalated().escalations.fired()
    for person in (rosa, tom):
        client.force_login(person)
        assert client.get(BOARD).status_code == 404
    client.force_login(tom)
    assert client.post(url_of(step)).status_code == 404
    step.refresh_from_db()
    assert step.acknowledged_at is None


def test_a_manager_cannot_acknowledge_what_has_not_fired_or_is_another_contacts(
    client: Client, escalated: Callable[..., Contact], maya: User
) -> None:
    contact, other = escalated(), escalated()
    [fired] = contact.escalations.fired()
    armed = contact.escalations.filter(fired_at=None).latest("id")
    client.force_login(maya)
    for reference, pk in ((contact.reference, armed.pk), (other.reference, fired.pk), (contact.reference, 10**20)):
        assert client.post(f"{BOARD}{reference}/{pk}/acknowledge/").status_code == 404
    assert client.get(url_of(fired)).status_code == 405
    assert not Escalation.objects.exclude(acknowledged_at=None).exists()


def test_a_manager_sees_their_own_first_and_can_narrow_the_board(
    client: Client, escalated: Callable[..., Contact], grace: User, maya: User, helen: User
) -> None:
    unclaimed = escalated(claimed=False)
    late = escalated(late=True)
    client.force_login(helen)
    page = text(client.get(BOARD))
    assert page.index(late.reference) < page.index(unclaimed.reference)
    mine = text(client.get(f"{BOARD}?whose=mine"))
    assert late.reference in mine
    assert unclaimed.reference not in mine
    overdue = text(client.get(f"{BOARD}?late=1"))
    assert late.reference in overdue
    assert unclaimed.reference not in overdue
    client.force_login(grace)
    assert unclaimed.reference not in text(client.get(f"{BOARD}?whose=mine"))


def test_a_manager_with_nothing_to_acknowledge_is_told_so(client: Client, maya: User) -> None:
    client.force_login(maya)
    assert "Nothing to acknowledge" in text(client.get(BOARD))
    assert "Nothing here fits the filters" in text(client.get(f"{BOARD}?late=1"))


def test_a_manager_who_types_nonsense_into_the_address_sees_the_board(
    client: Client, escalated: Callable[..., Contact], maya: User
) -> None:
    contact = escalated()
    client.force_login(maya)
    response = client.get(f"{BOARD}?whose=%00&state=x&late=maybe&page=99999999999999999999")
    assert response.status_code == 200
    assert contact.reference in text(response)


def test_a_manager_is_not_sent_away_from_the_portal_after_acknowledging(
    client: Client, escalated: Callable[..., Contact], maya: User
) -> None:
    [step] = escalated().escalations.fired()
    client.force_login(maya)
    response = client.post(url_of(step), {"back": "https://elsewhere.example/"})
    assert response["Location"] == BOARD


def test_the_board_asks_no_more_of_the_database_for_twelve_steps_than_for_two(
    client: Client, escalated: Callable[..., Contact], maya: User
) -> None:
    counts = []
    client.force_login(maya)
    client.get(BOARD)
    for wanted in (2, 12):
        while Escalation.objects.fired().count() < wanted:
            escalated()
        with CaptureQueriesContext(connection) as queries:
            client.get(BOARD)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_board_says_when_messages_could_not_be_delivered(client: Client, maya: User) -> None:
    now = timezone.now()
    Notice.objects.create(key="one", template="update", to=maya, created_at=now, next_attempt_at=now, failed_at=now)
    client.force_login(maya)
    assert "1 message could not be delivered" in text(client.get(BOARD))


def heard(ago: timedelta) -> None:
    Heartbeat.objects.update_or_create(name="timers", defaults={"at": timezone.now() - ago})


def test_staff_are_warned_and_healthz_fails_when_the_timers_stop(client: Client, maya: User, rosa: User) -> None:
    heard(timedelta(seconds=5))
    client.force_login(maya)
    assert watch.STOPPED not in text(client.get(BOARD))
    assert client.get("/healthz").status_code == 200
    heard(timedelta(seconds=100))
    assert watch.STOPPED in text(client.get(BOARD))
    health = client.get("/healthz")
    assert (health.status_code, health.json()) == (503, {"ok": False, "troubles": [watch.STOPPED]})


def test_staff_are_warned_when_a_step_is_due_and_nobody_fires_it(client: Client, rosa: User, maya: User) -> None:
    heard(timedelta(seconds=5))
    build.received(rosa, at=timezone.now() - hours(12) - timedelta(seconds=30))
    Notice.objects.all().delete()
    assert watch.troubles(timezone.now()) == []
    assert watch.troubles(timezone.now() + timedelta(seconds=60)) == [watch.STUCK]


def test_staff_are_warned_when_messages_are_not_sent(rosa: User) -> None:
    heard(timedelta(seconds=5))
    build.received(rosa)
    assert watch.troubles(timezone.now()) == []
    later = timezone.now() + timedelta(seconds=125)
    Heartbeat.objects.update(at=later)
    assert watch.troubles(later) == [watch.WAITING]


def test_a_heartbeat_is_written_at_most_every_five_seconds(db: None) -> None:
    watch.beat("timers")
    first = Heartbeat.objects.get(name="timers").at
    watch.beat("timers")
    assert Heartbeat.objects.get(name="timers").at == first
    Heartbeat.objects.update(at=first - timedelta(seconds=6))
    watch.beat("timers")
    assert Heartbeat.objects.get(name="timers").at > first


def test_who_acknowledges_that_it_is_late_has_acknowledged_that_it_was_due(
    client: Client, rosa: User, maya: User
) -> None:
    contact = build.received(rosa, at=timezone.now() - timedelta(hours=29))
    sweep(timezone.now())
    late = contact.escalations.fired().get(step="late")
    client.force_login(maya)
    client.post(f"{BOARD}{contact.reference}/{late.pk}/acknowledge/")
    assert not contact.escalations.unacknowledged().exists()
    assert set(contact.escalations.fired().values_list("acknowledged_by", flat=True)) == {maya.pk}
