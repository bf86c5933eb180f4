"""What nobody acknowledges goes up: to the deputy's manager, once for each rung, never to somebody who is away."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import Role
from mash_portal.audit.models import Event
from referrals.escalation import actions
from referrals.escalation.sweep import sweep
from referrals.models import Absence, Contact, Escalation, Notice, Partnership, Telling, Turn
from referrals.triage import actions as triage
from referrals.vocabulary import Rag
from tests import build, restricting
from tests.actions.ladders import MINUTE, decision_only, names, notices, step
from tests.build import FRIDAY_AT_FOUR, hours

HALF = FRIDAY_AT_FOUR + hours(12)


@pytest.fixture
def unclaimed(rosa: User, maya: User, helen: User) -> Contact:
    """Half of the time has gone and nobody has claimed it: Maya was told at four in the morning."""
    contact = decision_only(build.received(rosa, at=FRIDAY_AT_FOUR))
    contact.escalations.exclude(step="half").delete()
    sweep(HALF)
    return contact


def away(person: User, start: datetime, deputy: User | None = None, days: int = 2) -> Absence:
    return Absence.objects.create(
        person=person,
        starts_at=start,
        ends_at=start + timedelta(days=days),
        deputy=deputy,
        noted_by=person,
        noted_at=start,
    )


def test_what_nobody_acknowledges_in_two_hours_goes_up_to_the_head_once(unclaimed: Contact, helen: User) -> None:
    half = step(unclaimed, "half")
    assert (half.goes_up_at, half.went_up_at) == (HALF + hours(2), None)
    assert sweep(HALF + hours(2) - MINUTE).went_up == 0
    now = HALF + hours(2)
    assert [sweep(now + MINUTE * minute).went_up for minute in range(3)] == [1, 0, 0]
    half.refresh_from_db()
    assert names(half) == {"Maya Shah", "Helen Okoro"}
    assert (half.went_up_at, Telling.objects.get(escalation=half, user=helen).at) == (now, now)
    assert notices() == [
        ("escalation", unclaimed.reference, "Helen Okoro"),
        ("escalation", unclaimed.reference, "Maya Shah"),
    ]
    line = Event.objects.get(verb="went_up")
    assert (line.reference, line.details) == (unclaimed.reference, {"step": "half", "told": [helen.pk]})


def test_what_somebody_acknowledges_in_time_does_not_go_up(unclaimed: Contact, maya: User) -> None:
    actions.acknowledge(unclaimed.reference, step(unclaimed, "half").pk, by=maya)
    assert sweep(HALF + hours(100)).went_up == 0
    assert names(step(unclaimed, "half")) == {"Maya Shah"}


def test_what_has_been_claimed_or_decided_since_does_not_go_up(unclaimed: Contact, grace: User) -> None:
    triage.claim(unclaimed.reference, by=grace)
    assert sweep(HALF + hours(3)).went_up == 0
    half = step(unclaimed, "half")
    assert (names(half), half.goes_up_at) == ({"Maya Shah"}, None)


def test_at_the_top_every_manager_who_is_there_is_told_and_then_nobody_again(unclaimed: Contact, ivan: User) -> None:
    nadia = User.objects.create_user("n@hub.example", full_name="Nadia Ray", role=Role.TEAM_MANAGER, agency=ivan.agency)
    away(nadia, HALF)
    went = [sweep(HALF + hours(2) * turn).went_up for turn in range(1, 6)]
    assert went == [1, 1, 0, 0, 0]
    half = step(unclaimed, "half")
    assert names(half) == {"Maya Shah", "Helen Okoro", "Ivan Petrov"}
    assert half.goes_up_at is None


def test_a_red_contact_goes_up_after_half_an_hour_or_as_long_as_the_partnership_says(
    rosa: User, grace: User, maya: User, helen: User
) -> None:
    contact = decision_only(build.claimed(rosa, worker=grace))
    build.rated(contact, Rag.RED, by=grace)
    due = step(contact, "due")
    contact.escalations.exclude(pk=due.pk).delete()
    Escalation.objects.filter(pk=due.pk).update(roles=["owner"])
    sweep(due.due_at)
    assert names(due) == {"Grace Lin"}
    sweep(due.due_at + 30 * MINUTE)
    assert names(due) == {"Grace Lin", "Maya Shah"}
    Partnership.objects.update_or_create(id=1, defaults={"goes_up_red_minutes": 10})
    sweep(due.due_at + 60 * MINUTE)
    assert names(due) == {"Grace Lin", "Maya Shah", "Helen Okoro"}
    due.refresh_from_db()
    assert due.goes_up_at == due.due_at + 70 * MINUTE


def test_a_step_of_the_ladder_may_have_a_wait_of_its_own(rosa: User, maya: User, helen: User) -> None:
    contact = decision_only(build.received(rosa, at=FRIDAY_AT_FOUR))
    contact.escalations.filter(step="half").update(goes_up_minutes=15)
    sweep(HALF)
    assert step(contact, "half").goes_up_at == HALF + 15 * MINUTE


def test_of_one_deadline_only_the_latest_step_goes_up(rosa: User, maya: User, helen: User) -> None:
    contact = decision_only(build.received(rosa, at=FRIDAY_AT_FOUR))
    sweep(FRIDAY_AT_FOUR + hours(20))
    assert contact.escalations.fired().count() == 2
    assert sweep(FRIDAY_AT_FOUR + hours(22)).went_up == 1
    assert names(step(contact, "half")) == {"Maya Shah"}
    assert names(step(contact, "five_sixths")) == {"Maya Shah", "Helen Okoro"}


def test_a_reminder_to_an_agency_alone_does_not_go_up(rosa: User, grace: User, maya: User, helen: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    contact.escalations.filter(step="half").update(roles=["agency"], only_if_unclaimed=False)
    contact.escalations.exclude(step="half").delete()
    sweep(contact.received_at + hours(12))
    assert step(contact, "half").goes_up_at is None
    assert sweep(contact.received_at + hours(100)).went_up == 0


def test_the_deputy_is_told_while_the_manager_is_away_and_the_head_after_that(
    rosa: User, maya: User, ivan: User, helen: User
) -> None:
    nadia = User.objects.create_user("n@hub.example", full_name="Nadia Ray", role=Role.TEAM_MANAGER, agency=ivan.agency)
    away(maya, FRIDAY_AT_FOUR, deputy=nadia)
    Turn.objects.create(
        role=Role.TEAM_MANAGER, person=maya, starts_at=FRIDAY_AT_FOUR, ends_at=FRIDAY_AT_FOUR + hours(24)
    )
    contact = decision_only(build.received(rosa, at=FRIDAY_AT_FOUR))
    sweep(HALF)
    assert names(step(contact, "half")) == {"Nadia Ray"}
    sweep(HALF + hours(2))
    assert names(step(contact, "half")) == {"Nadia Ray", "Helen Okoro"}


def test_the_deputy_of_whoever_holds_it_is_told_in_their_place(rosa: User, grace: User, maya: User) -> None:
    jo = User.objects.create_user("jo@hub.example", full_name="Jo Ba", role=Role.SOCIAL_WORKER, agency=grace.agency)
    contact = decision_only(build.claimed(rosa, worker=grace, at=FRIDAY_AT_FOUR))
    away(grace, FRIDAY_AT_FOUR, deputy=jo)
    sweep(FRIDAY_AT_FOUR + hours(20))
    assert names(step(contact, "five_sixths")) == {"Jo Ba", "Maya Shah"}


def test_somebody_on_leave_is_told_rather_than_nobody_where_every_manager_is_away(rosa: User, maya: User) -> None:
    away(maya, FRIDAY_AT_FOUR)
    contact = decision_only(build.received(rosa, at=FRIDAY_AT_FOUR))
    sweep(HALF)
    assert names(step(contact, "half")) == {"Maya Shah"}


def test_a_step_that_reached_nobody_looks_for_somebody_until_there_is_one(rosa: User) -> None:
    contact = decision_only(build.received(rosa, at=FRIDAY_AT_FOUR))
    contact.escalations.exclude(step="half").delete()
    build.player("Kit")
    sweep(HALF)
    assert notices() == [("nobody_on_duty", "", "Kit Wells")]
    assert sweep(HALF + hours(2)).went_up == 0
    build.player("Maya")
    assert sweep(HALF + hours(4)).went_up == 1
    assert names(step(contact, "half")) == {"Maya Shah"}


def test_a_restricted_record_goes_up_only_to_people_who_are_named_on_it(
    rosa: User, grace: User, maya: User, ivan: User, helen: User
) -> None:
    contact = restricting.restricted(build.received(rosa), by=maya, people=[ivan])
    decision_only(contact)
    contact.escalations.exclude(step="due").delete()
    due = step(contact, "due")
    sweep(due.due_at)
    assert names(due) == {"Maya Shah"}
    sweep(due.due_at + hours(2))
    assert names(due) == {"Maya Shah", "Ivan Petrov"}, "Helen is not named"
    assert sweep(due.due_at + hours(4)).went_up == 0


def test_a_person_is_sent_one_message_when_a_night_of_steps_goes_up(rosa: User, maya: User, helen: User) -> None:
    for _ in range(12):
        contact = decision_only(build.received(rosa, at=FRIDAY_AT_FOUR))
        contact.escalations.exclude(step="half").delete()
    sweep(HALF, batch=5)
    assert sweep(HALF + hours(9), batch=5).went_up == 12
    assert notices() == [("escalations", "", "Helen Okoro"), ("escalations", "", "Maya Shah")]


def test_a_row_that_cannot_go_up_holds_up_no_other(
    rosa: User, maya: User, helen: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    contacts = [decision_only(build.received(rosa, at=FRIDAY_AT_FOUR)) for _ in range(3)]
    sweep(HALF)
    bad, usual = step(contacts[1], "half").pk, Telling.objects.bulk_create

    def breaks(rows: Any) -> Any:
        rows = list(rows)
        if any(one.escalation_id == bad for one in rows):
            raise ValueError("a row that is wrong")
        return usual(rows)

    monkeypatch.setattr(Telling.objects, "bulk_create", breaks)
    assert sweep(HALF + hours(2)).went_up == 2
    monkeypatch.undo()
    assert names(step(contacts[1], "half")) == {"Maya Shah"}
    assert sweep(HALF + hours(2) + MINUTE).went_up == 1


@pytest.mark.parametrize("waiting", [1, 20])
def test_going_up_takes_as_many_statements_for_twenty_steps_as_for_one(
    rosa: User, maya: User, helen: User, waiting: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(waiting):
        decision_only(build.received(rosa, at=FRIDAY_AT_FOUR))
    sweep(HALF)
    Notice.objects.all().delete()
    with django_assert_max_num_queries(20):
        assert sweep(HALF + hours(2)).went_up == waiting
