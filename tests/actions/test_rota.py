"""Turns of duty: who answers for a role, and what cannot be planned."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import Role
from mash_portal.audit.models import Event
from referrals.models import Absence, Duty, Partnership, Turn
from referrals.models.partnership import patience
from referrals.models.rota import answers_for, manager_on_duty, on_duty, there_first
from referrals.refusals import Refused
from referrals.rota import actions
from tests.build import FRIDAY_AT_FOUR, hours

NOON = FRIDAY_AT_FOUR.replace(hour=12)
MANAGER = Role.TEAM_MANAGER
pytestmark = pytest.mark.usefixtures("at_noon")


@pytest.fixture
def at_noon(db: None) -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def turn(person: User, start: float, end: float, by: User | None = None) -> Turn:
    return actions.add_turn(person, starts=NOON + hours(start), ends=NOON + hours(end), by=by or person)


def away(person: User, start: float, end: float, deputy: User | None = None) -> Absence:
    return Absence.objects.create(
        person=person,
        starts_at=NOON + hours(start),
        ends_at=NOON + hours(end),
        deputy=deputy,
        noted_by=person,
        noted_at=NOON,
    )


def on_duty_at(hour: float) -> str:
    return str(on_duty(MANAGER, NOON + hours(hour)))


def test_whoever_has_the_turn_answers_before_the_standing_duty(maya: User, ivan: User, kit: User) -> None:
    Duty.objects.create(role=MANAGER, person=maya)
    turn(ivan, 1, 9, by=kit)
    assert [on_duty_at(hour) for hour in (0, 1, 8.99, 9)] == ["Maya Shah", "Ivan Petrov", "Ivan Petrov", "Maya Shah"]
    line = Event.objects.get(verb="turn:add")
    assert (line.by, line.details["person"], line.details["role"]) == (kit, ivan.pk, MANAGER)


def test_the_deputy_answers_while_whoever_has_the_turn_is_away(maya: User, ivan: User, helen: User) -> None:
    turn(maya, 0, 10)
    away(maya, 2, 4, deputy=ivan)
    assert [on_duty_at(hour) for hour in (1, 3, 5)] == ["Maya Shah", "Ivan Petrov", "Maya Shah"]


def test_the_head_stands_in_where_no_team_manager_is_there_and_whoever_is_away_where_nobody_is(
    maya: User, helen: User
) -> None:
    away(maya, 0, 10)
    assert on_duty(MANAGER, NOON) is None
    assert manager_on_duty(NOON) == helen
    away(helen, 0, 10)
    assert manager_on_duty(NOON) == maya
    User.objects.filter(pk__in=[maya.pk, helen.pk]).update(is_active=False)
    assert manager_on_duty(NOON) is None


def test_a_turn_of_somebody_who_has_left_or_has_another_role_now_counts_for_nothing(
    maya: User, ivan: User, helen: User
) -> None:
    turn(ivan, 0, 10)
    User.objects.filter(pk=ivan.pk).update(role=Role.SOCIAL_WORKER)
    assert on_duty_at(1) == "Maya Shah"
    User.objects.filter(pk=ivan.pk).update(role=MANAGER, is_active=False)
    assert on_duty_at(1) == "Maya Shah"


def test_whoever_holds_a_contact_is_answered_for_by_their_deputy_while_they_are_away(
    grace: User, maya: User, ivan: User
) -> None:
    assert answers_for(grace, NOON) == grace
    away(grace, 0, 5)
    assert answers_for(grace, NOON) is None
    Absence.objects.update(deputy=maya)
    assert answers_for(grace, NOON) == maya
    assert there_first([grace, ivan], NOON) == [ivan, grace]


def test_two_people_cannot_have_the_turn_of_one_role_at_one_time(maya: User, ivan: User, helen: User) -> None:
    turn(maya, 0, 8)
    with pytest.raises(Refused, match="Maya Shah has the turn from"):
        turn(ivan, 7, 12)
    assert Turn.objects.count() == 1
    turn(ivan, 8, 12)
    turn(helen, 0, 12)
    assert Turn.objects.count() == 3


def test_nobody_has_a_turn_who_is_no_manager_is_away_alone_or_in_the_past(maya: User, ivan: User, grace: User) -> None:
    away(maya, 4, 8)
    refused: list[tuple[Callable[[], object], str]] = [
        (lambda: turn(maya, 0, 6), "Maya Shah is away from"),
        (lambda: turn(grace, 0, 6), "not an active manager"),
        (lambda: turn(ivan, -9, -1), "over already"),
        (lambda: turn(ivan, 9, 9), "must end after"),
        (lambda: turn(ivan, 0, 24 * 32), "31 days"),
    ]
    for attempt, sentence in refused:
        with pytest.raises(Refused, match=sentence):
            attempt()
    assert not Turn.objects.exists()
    Absence.objects.update(deputy=ivan)
    turn(maya, 0, 6)
    assert Turn.objects.get().starts_at == NOON


def test_nobody_has_a_turn_of_which_a_part_in_the_middle_is_left_to_nobody(maya: User, ivan: User, grace: User) -> None:
    away(maya, 4, 8, deputy=ivan)
    deputy_is_away = away(ivan, 5, 6)
    with pytest.raises(Refused, match="Maya Shah is away from Fri 20 Nov, 5:00pm to Fri 20 Nov, 6:00pm, and nobody"):
        turn(maya, 0, 10)
    Absence.objects.filter(pk=deputy_is_away.pk).update(deputy=grace)
    with pytest.raises(Refused, match="and nobody answers"):
        turn(maya, 0, 10)
    assert not Turn.objects.exists()
    Absence.objects.filter(pk=deputy_is_away.pk).delete()
    turn(maya, 0, 10)
    assert on_duty_at(5.5) == "Ivan Petrov"


def test_a_turn_that_has_not_begun_can_be_changed_or_taken_off(maya: User, ivan: User) -> None:
    planned = turn(maya, 4, 8)
    changed = actions.change_turn(planned.pk, person=ivan, starts=NOON + hours(5), ends=NOON + hours(9), by=maya)
    assert (changed.pk, changed.person, changed.starts_at) == (planned.pk, ivan, NOON + hours(5))
    actions.cancel_turn(planned.pk, by=maya)
    assert not Turn.objects.exists()
    assert set(Event.objects.values_list("verb", flat=True)) >= {"turn:add", "turn:change", "turn:cancel"}


def test_of_a_turn_that_has_begun_what_has_been_stays(maya: User, ivan: User) -> None:
    running = turn(maya, 0, 8)
    with time_machine.travel(NOON + hours(2), tick=False):
        rest = actions.change_turn(running.pk, person=ivan, starts=NOON - hours(5), ends=NOON + hours(9), by=maya)
        assert (rest.starts_at, rest.ends_at) == (NOON + hours(2), NOON + hours(9))
        running.refresh_from_db()
        assert (running.person, running.starts_at, running.ends_at) == (maya, NOON, NOON + hours(2))
    with time_machine.travel(NOON + hours(3), tick=False):
        actions.cancel_turn(rest.pk, by=maya)
        assert Turn.objects.get(pk=rest.pk).ends_at == timezone.now()
        with pytest.raises(Refused, match="This turn is over"):
            actions.cancel_turn(rest.pk, by=maya)
        with pytest.raises(Refused, match="This turn is over"):
            actions.change_turn(rest.pk, person=ivan, starts=None, ends=NOON + hours(9), by=maya)


def test_a_turn_cannot_go_to_somebody_of_another_role(maya: User, helen: User) -> None:
    planned = turn(maya, 4, 8)
    with pytest.raises(Refused, match="Choose a team manager"):
        actions.change_turn(planned.pk, person=helen, starts=None, ends=NOON + hours(9), by=maya)
    planned.refresh_from_db()
    assert (planned.person, planned.ends_at) == (maya, NOON + hours(8))


def test_an_administrator_says_how_long_a_message_waits(kit: User) -> None:
    actions.set_waits(red=20, other=60, by=kit)
    assert (patience().red, patience().other) == (20, 60)
    for red, other, sentence in ((4, 60, "from 5 to 1440"), (20, 1441, "from 5 to 1440"), (90, 60, "cannot wait")):
        with pytest.raises(Refused, match=sentence):
            actions.set_waits(red=red, other=other, by=kit)
    assert (Partnership.objects.get().goes_up_red_minutes, patience().other) == (20, 60)


def test_the_person_on_duty_is_found_in_two_queries(
    maya: User, ivan: User, helen: User, django_assert_num_queries: object
) -> None:
    for number in range(5):
        turn(maya, number, number + 1)
    away(maya, 0, 10, deputy=ivan)
    with django_assert_num_queries(2):  # type: ignore[operator]  # pytest-django's fixture
        assert on_duty(MANAGER, NOON) == ivan
