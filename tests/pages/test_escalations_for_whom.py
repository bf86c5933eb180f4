"""Whose a step on the board is: an agency's alone, a manager's who was told in its place, or the reviewers'."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from mash_portal.accounts.models import Agency, User
from mash_portal.accounts.roles import Role
from referrals.enquiries import actions
from referrals.escalation.sweep import sweep
from referrals.models import Absence, Check, Contact, Deadline, Escalation
from referrals.vocabulary import Clock
from tests import build, checking, restricting
from tests.actions.ladders import MINUTE, decision_only, names, step
from tests.build import FRIDAY_AT_FOUR, hours
from tests.pages.browsing import words

pytestmark = pytest.mark.django_db
BOARD, LATE = "/escalations/", "/late/"
NOT_REVIEWED = "Nobody has reviewed it"


def see(client: Client, who: User, path: str = BOARD) -> str:
    client.force_login(who)
    answer = client.get(path)
    assert answer.status_code == 200
    return words(answer.content.decode())


def half_way(check: Check) -> Escalation:
    """Half of the time for the answer has gone; nothing else is on the board."""
    found = check.contact.escalations.get(deadline__about=check.about, step="half")
    Escalation.objects.exclude(pk=found.pk).delete()
    sweep(found.due_at)
    return found


def test_a_manager_told_in_place_of_an_agency_without_accounts_acknowledges_it(
    client: Client, rosa: User, grace: User, maya: User, helen: User
) -> None:
    housing = Agency.objects.create(name="Accord Housing", kind="housing", source="4")
    contact = build.claimed(rosa, worker=grace)
    [check] = actions.ask(contact.reference, checking.request(contact, housing), by=grace)
    half = half_way(check)
    assert names(half) == {"Maya Shah"}
    page = see(client, maya, f"{BOARD}?whose=mine")
    assert contact.reference in page
    assert "Goes up to Helen Okoro" in page
    client.post(f"{BOARD}{contact.reference}/{half.pk}/acknowledge/")
    assert "0 escalations to acknowledge" in see(client, maya)
    assert sweep(half.due_at + hours(9)).went_up == 0


def test_what_a_manager_told_in_place_of_an_agency_leaves_unread_goes_up(
    client: Client, rosa: User, grace: User, maya: User, helen: User
) -> None:
    housing = Agency.objects.create(name="Accord Housing", kind="housing", source="4")
    contact = build.claimed(rosa, worker=grace)
    [check] = actions.ask(contact.reference, checking.request(contact, housing), by=grace)
    half = half_way(check)
    assert sweep(half.due_at + hours(2)).went_up == 1
    assert names(half) == {"Maya Shah", "Helen Okoro"}
    assert contact.reference in see(client, helen, f"{BOARD}?whose=mine")


def test_what_an_agency_was_reminded_of_is_on_no_board_and_goes_up_to_nobody(
    client: Client, rosa: User, omar: User, grace: User, maya: User
) -> None:
    half = half_way(checking.one_asked(rosa, omar, worker=grace))
    assert names(half) == {"Omar Khan"}
    assert half.contact.reference not in see(client, maya)
    assert sweep(half.due_at + hours(9)).went_up == 0


def reviewed_late(contact: Contact, by: User) -> Escalation:
    """A glass that was broken, and that nobody has reviewed; nothing else is late."""
    restricting.broken(contact, by=by)
    clock = Deadline.objects.get(clock=Clock.BREAK_REVIEW)
    Deadline.objects.exclude(pk=clock.pk).delete()
    ago = clock.due_at - timezone.now() + MINUTE
    Deadline.objects.update(opened_at=clock.opened_at - ago, due_at=clock.due_at - ago)
    Escalation.objects.update(due_at=clock.due_at - ago)
    sweep()
    return clock.escalations.get(step="due")


def test_the_review_of_a_broken_glass_is_late_for_its_reviewers_alone(
    client: Client, rosa: User, maya: User, helen: User, ivan: User
) -> None:
    contact = restricting.restricted(build.received(rosa), by=maya, people=[helen])
    review = reviewed_late(contact, by=ivan)
    url = f"{BOARD}{contact.reference}/{review.pk}/acknowledge/"
    for person, refused in ((maya, 404), (ivan, 403)):
        assert contact.reference not in see(client, person)
        assert contact.reference not in see(client, person, LATE)
        assert NOT_REVIEWED not in see(client, person, f"/contacts/{contact.reference}/")
        assert client.post(url).status_code == refused
    review.refresh_from_db()
    assert (review.acknowledged_at, names(review)) == (None, {"Helen Okoro"})
    assert contact.reference in see(client, helen, LATE)
    assert NOT_REVIEWED in see(client, helen, f"/contacts/{contact.reference}/")
    assert contact.reference in see(client, helen)
    assert client.post(url).status_code == 302
    review.refresh_from_db()
    assert review.acknowledged_by == helen


def test_a_reviewer_on_leave_is_told_of_a_late_review_rather_than_a_manager_who_may_not_review(
    rosa: User, maya: User, helen: User, ivan: User
) -> None:
    now = timezone.now()
    Absence.objects.create(
        person=helen, starts_at=now - hours(1), ends_at=now + hours(99), noted_by=helen, noted_at=now
    )
    contact = restricting.restricted(build.received(rosa), by=maya)
    assert names(reviewed_late(contact, by=ivan)) == {"Helen Okoro"}


def test_every_reviewer_is_told_of_a_late_review_be_one_of_them_who_broke_the_glass(
    rosa: User, maya: User, helen: User
) -> None:
    other = User.objects.create_user(
        "una@hub.example", full_name="Una Ford", role=Role.SERVICE_MANAGER, agency=helen.agency
    )
    contact = restricting.restricted(build.received(rosa), by=maya)
    assert names(reviewed_late(contact, by=helen)) == {"Helen Okoro", other.full_name}


def test_a_late_review_that_there_is_nobody_to_review_waits_for_a_reviewer_and_reaches_nobody_else(
    rosa: User, maya: User, ivan: User
) -> None:
    contact = restricting.restricted(build.received(rosa), by=maya)
    late = reviewed_late(contact, by=ivan)
    assert names(late) == set()
    assert late.fired_at is not None
    assert late.goes_up_at is not None
    again = late.goes_up_at
    assert sweep(again).went_up == 0
    helen = build.player("Helen")
    assert sweep(again + hours(3)).went_up == 1
    assert names(late) == {helen.full_name}


def test_of_two_steps_at_one_minute_the_board_says_of_one_that_it_goes_up_and_so_it_does(
    client: Client, rosa: User, maya: User, helen: User
) -> None:
    contact = decision_only(build.received(rosa, at=FRIDAY_AT_FOUR))
    at = FRIDAY_AT_FOUR + timedelta(hours=20)
    contact.escalations.filter(step="half").update(due_at=at)
    sweep(at)
    assert contact.escalations.fired().count() == 2
    assert see(client, maya).count("Should have gone up to Helen Okoro") == 1
    assert sweep(at + hours(2)).went_up == 1


def test_whoever_acknowledges_one_of_two_steps_at_one_minute_acknowledges_what_came_before_it(
    client: Client, rosa: User, maya: User, helen: User
) -> None:
    contact = decision_only(build.received(rosa, at=FRIDAY_AT_FOUR))
    at = FRIDAY_AT_FOUR + timedelta(hours=20)
    contact.escalations.filter(step="half").update(due_at=at)
    sweep(at)
    first, second = step(contact, "half"), step(contact, "five_sixths")
    client.force_login(maya)
    client.post(f"{BOARD}{contact.reference}/{first.pk}/acknowledge/")
    second.refresh_from_db()
    assert second.acknowledged_at is None
    client.post(f"{BOARD}{contact.reference}/{second.pk}/acknowledge/")
    assert not contact.escalations.unacknowledged().exists()
