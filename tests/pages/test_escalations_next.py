"""What the board says beside each step: who was told and when, what comes next, and where it can be done."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals.decision import emergency
from referrals.decision.emergency import Act
from referrals.escalation import places
from referrals.escalation.sweep import sweep
from referrals.feedback import asking
from referrals.models import Absence, Contact, Deadline, Escalation, Turn
from referrals.rules.clocks import DEFAULTS
from referrals.vocabulary import Clock, Outcome
from tests import build, restricting, ringing
from tests.actions.ladders import MINUTE, decision_only, step
from tests.build import FRIDAY_AT_FOUR, hours
from tests.pages.browsing import words

pytestmark = pytest.mark.django_db
BOARD = "/escalations/"
HALF = FRIDAY_AT_FOUR + hours(12)


def told(rosa: User) -> Contact:
    contact = decision_only(build.received(rosa, at=FRIDAY_AT_FOUR))
    contact.escalations.exclude(step="half").delete()
    sweep(HALF)
    return contact


def board(client: Client, who: User, at: Any, query: str = "") -> str:
    with time_machine.travel(at, tick=False):
        client.force_login(who)
        answer = client.get(f"{BOARD}{query}")
    assert answer.status_code == 200
    return words(answer.content.decode())


def test_a_manager_reads_who_was_told_when_and_to_whom_it_goes_up(
    client: Client, rosa: User, maya: User, helen: User
) -> None:
    told(rosa)
    page = board(client, maya, HALF + MINUTE)
    assert "Maya Shah, Sat 21 Nov, 4:00am" in page
    assert "Goes up to Helen Okoro at 6:00am unless acknowledged" in page
    sweep(HALF + hours(2))
    page = board(client, helen, HALF + hours(2), "?whose=mine")
    assert "Helen Okoro, Sat 21 Nov, 6:00am" in page
    assert "Everybody above has been told" in page


def test_a_manager_reads_that_it_should_have_gone_up_where_the_timers_have_stopped(
    client: Client, rosa: User, maya: User, helen: User
) -> None:
    told(rosa)
    assert "Should have gone up to Helen Okoro on Sat 21 Nov, 6:00am" in board(client, maya, HALF + hours(30))


def test_whom_it_goes_up_to_is_whoever_is_on_duty_then(
    client: Client, rosa: User, maya: User, helen: User, ivan: User
) -> None:
    una = User.objects.create_user("una@hub.example", full_name="Una Fry", role="service_manager", agency=ivan.agency)
    told(rosa)
    Turn.objects.create(role="service_manager", person=una, starts_at=HALF + hours(1), ends_at=HALF + hours(9))
    assert "Goes up to Una Fry at 6:00am" in board(client, maya, HALF + MINUTE)
    Absence.objects.create(
        person=una, starts_at=HALF, ends_at=HALF + hours(3), deputy=helen, noted_by=una, noted_at=HALF
    )
    assert "Goes up to Helen Okoro at 6:00am" in board(client, maya, HALF + MINUTE)


def test_what_is_acknowledged_says_by_whom_and_that_nothing_comes_next(
    client: Client, rosa: User, maya: User, helen: User
) -> None:
    contact = told(rosa)
    client.force_login(maya)
    client.post(f"{BOARD}{contact.reference}/{step(contact, 'half').pk}/acknowledge/")
    page = board(client, maya, HALF + MINUTE, "?state=acknowledged")
    assert "Maya Shah acknowledged it" in page
    assert "Goes up to" not in page


def test_of_a_restricted_record_the_board_names_only_who_may_hear_of_it(
    client: Client, rosa: User, maya: User, ivan: User, helen: User
) -> None:
    contact = restricting.restricted(build.received(rosa), by=maya, people=[ivan])
    due = step(contact, "due")
    contact.escalations.exclude(pk=due.pk).delete()
    sweep(due.due_at)
    page = board(client, maya, due.due_at + MINUTE)
    assert "Goes up to Ivan Petrov" in page
    assert "Helen" not in page


def act_of(contact: Contact, by: User) -> None:
    children = [child.pk for child in contact.children.all()]
    emergency.act_now(contact.reference, Act("A knife", "Rang 999", "Police, log 1204", children=children), by=by)


@pytest.fixture
def waiting_for(rosa: User, grace: User, maya: User, ivan: User) -> Callable[[Clock], Deadline]:
    """A contact at which that clock runs, as it comes to run: by what people did, or as a row where it runs anyhow."""

    def make(clock: Clock) -> Deadline:
        if clock == Clock.WRITTEN_CONFIRMATION:
            contact = ringing.contact_of(ringing.call_of(build.player("Tom"), build.player("Sam")))
        elif clock == Clock.FEEDBACK:
            contact = build.decided(rosa, worker=grace, manager=maya)
        elif clock in (Clock.FEEDBACK_READ, Clock.QUESTION_BACK, Clock.HANDOVER):
            contact = build.told(rosa, worker=grace, manager=maya, outcome=Outcome.SECTION_17)
        elif clock == Clock.BREAK_REVIEW:
            contact = restricting.restricted(build.received(rosa), by=maya)
            restricting.broken(contact, by=ivan)
        else:
            contact = build.claimed(rosa, worker=grace)
        if clock == Clock.EMERGENCY:
            act_of(contact, grace)
        if clock == Clock.QUESTION_BACK:
            asking.ask(contact.reference, text="Who comes?", by=rosa)
        running = contact.deadlines.live().filter(clock=clock).first()
        return running or contact.deadlines.create(
            clock=clock,
            rule=DEFAULTS[clock].to_dict(),
            opened_at=contact.received_at,
            due_at=contact.received_at + hours(1),
        )

    return make


@pytest.mark.parametrize("clock", Clock)
def test_every_clock_leads_to_a_page_where_it_can_be_done(
    client: Client, maya: User, helen: User, waiting_for: Callable[[Clock], Deadline], clock: Clock
) -> None:
    deadline = waiting_for(clock)
    for person in (maya, helen):
        link = places.link_for(person, deadline, deadline.contact)
        client.force_login(person)
        if clock == Clock.BREAK_REVIEW and person == helen:
            assert link.words == "Review it"
        assert client.get(link.url).status_code == 200, link.url
    place = places.PLACES[clock]
    wanted = {Clock.WRITTEN_CONFIRMATION: "/calls/", Clock.FEEDBACK_READ: "/feedback/phone/"}
    assert wanted.get(clock, "") in places.link_for(maya, deadline, deadline.contact).url
    deadline.met_at = timezone.now()
    assert places.link_for(maya, deadline, deadline.contact).words == places.OVERVIEW.words
    assert place.words


def test_unread_feedback_leads_from_the_board_to_where_the_telephone_call_is_recorded(
    client: Client, rosa: User, grace: User, maya: User
) -> None:
    contact = build.told(rosa, worker=grace, manager=maya)
    sweep(timezone.now() + timedelta(hours=97))
    client.force_login(maya)
    page = client.get(BOARD).content.decode()
    phone = f"/contacts/{contact.reference}/feedback/phone/"
    assert f'href="{phone}"' in page
    assert "Ring the referrer, and record the call" in page
    assert client.get(phone).status_code == 200


def test_a_contact_officer_who_may_not_record_the_call_is_led_to_the_contact(
    client: Client, rosa: User, grace: User, maya: User, sam: User
) -> None:
    contact = build.told(rosa, worker=grace, manager=maya)
    sweep(timezone.now() + timedelta(hours=97))
    client.force_login(sam)
    page = client.get(BOARD).content.decode()
    assert contact.reference in page
    assert "/feedback/phone/" not in page


def test_the_board_asks_no_more_for_twenty_steps_that_go_up_than_for_two(
    client: Client, rosa: User, maya: User, helen: User
) -> None:
    counts = []
    client.force_login(maya)
    client.get(BOARD)
    for wanted in (2, 20):
        while Escalation.objects.fired().count() < wanted:
            told(rosa)
        with CaptureQueriesContext(connection) as queries:
            client.get(BOARD)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20
