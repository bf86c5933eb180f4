"""Hand-overs that go on: sent back, offered again, accepted on paper, and what a later decision changes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals import access
from referrals.decision import actions as decisions
from referrals.escalation.sweep import sweep
from referrals.handover import actions
from referrals.models import Notice, Referral
from referrals.refusals import NotYours, Refused
from referrals.vocabulary import Clock, Outcome
from tests import build
from tests.handing import TWO, clock_of, decided_anew, handed, only, state_of

pytestmark = pytest.mark.django_db


def test_a_team_sends_a_child_back_with_a_reason_and_the_hub_owes_it_a_place_from_then_on(
    rosa: User, grace: User, maya: User, zofia: User
) -> None:
    contact = handed(rosa, grace, maya)
    handover = only(contact)
    before = state_of(contact)
    with pytest.raises(Refused, match="Say why you cannot take this child"):
        actions.decline(contact.reference, handover.pk, reason="  ", by=zofia)
    assert state_of(contact) == before
    actions.decline(contact.reference, handover.pk, reason="The family has moved away", by=zofia)
    handover.refresh_from_db()
    assert (handover.declined_by, handover.declined_because) == (zofia, "The family has moved away")
    told = Notice.objects.filter(template="handover_sent_back", reference=contact.reference)
    assert {notice.to for notice in told} == {grace, maya}
    hubs = clock_of(handover)
    assert (hubs.agency, hubs.met_at, hubs.cancelled_at) == (None, None, None)
    assert not access.visible_to(zofia).filter(pk=contact.pk).exists()
    sweep(hubs.due_at + timedelta(minutes=1))
    assert set(hubs.escalations.fired().get().told.all()) == {grace, maya}


def test_the_hub_offers_a_child_that_came_back_to_another_team(
    rosa: User, grace: User, maya: User, zofia: User, dev: User
) -> None:
    contact = handed(rosa, grace, maya)
    first = only(contact)
    actions.decline(contact.reference, first.pk, reason="Early help is right", by=zofia)
    second = actions.offer(
        contact.reference, first.pk, team=build.agency("Early Help Hub"), note="They are expecting you", by=grace
    )
    first.refresh_from_db()
    assert first.ended_at is not None
    assert not contact.deadlines.live().filter(about=first.about).exists()
    assert (second.team, second.outcome, second.note) == (dev.agency, first.outcome, "They are expecting you")
    assert clock_of(second).agency == dev.agency
    assert dev.notices.filter(template="handed_over").count() == 1
    actions.accept(contact.reference, second.pk, by=dev)


def test_a_child_on_offer_to_a_team_is_not_offered_to_the_same_team_again(
    rosa: User, grace: User, maya: User, zofia: User
) -> None:
    contact = handed(rosa, grace, maya)
    handover, team = only(contact), build.agency("Assessment Team")
    before = state_of(contact)
    with pytest.raises(Refused, match="Assessment Team has this child on offer already"):
        actions.offer(contact.reference, handover.pk, team=team, note="", by=maya)
    closed = build.agency("Early Help Hub")
    closed.is_active = False
    with pytest.raises(Refused, match="is not an active team"):
        actions.offer(contact.reference, handover.pk, team=closed, note="", by=maya)
    assert state_of(contact) == before
    actions.decline(contact.reference, handover.pk, reason="No room today", by=zofia)
    actions.offer(contact.reference, handover.pk, team=team, note="Room now", by=maya)


def test_the_hub_writes_down_who_accepted_for_an_open_case(rosa: User, grace: User, maya: User) -> None:
    contact = handed(rosa, grace, maya, Outcome.OPEN_CASE)
    handover, at = only(contact), timezone.now()
    before = state_of(contact)
    for who, when, sentence in (
        (" ", at, "Write who accepted"),
        ("Ann Lee", at + timedelta(hours=1), "cannot be in the future"),
        ("Ann Lee", handover.offered_at - timedelta(hours=1), "before the child was handed over"),
    ):
        with pytest.raises(Refused, match=sentence):
            actions.record_acceptance(contact.reference, handover.pk, who=who, at=when, by=grace)
    assert state_of(contact) == before
    who = "Ann Lee, allocated worker, Children in Care"
    actions.record_acceptance(contact.reference, handover.pk, who=who, at=at, by=grace)
    handover.refresh_from_db()
    assert (handover.accepted_for, handover.accepted_by, handover.accepted_at) == (who, grace, at)
    assert clock_of(handover).met_at == at


def test_the_hub_cannot_answer_for_a_team_that_answers_itself(rosa: User, grace: User, maya: User, zofia: User) -> None:
    contact = handed(rosa, grace, maya)
    handover = only(contact)
    before = state_of(contact)
    with pytest.raises(Refused, match="Assessment Team answers this in the portal"):
        actions.record_acceptance(contact.reference, handover.pk, who="Ann", at=timezone.now(), by=maya)
    with pytest.raises(Refused, match="Assessment Team answers this in the portal"):
        actions.decline(contact.reference, handover.pk, reason="They rang", by=maya)
    User.objects.filter(pk=zofia.pk).update(is_active=False)
    with pytest.raises(Refused, match="Write down who accepted"):
        actions.accept(contact.reference, handover.pk, by=maya)
    assert state_of(contact) == before
    actions.record_acceptance(contact.reference, handover.pk, who="Ann Lee", at=timezone.now(), by=maya)


@pytest.mark.parametrize("who", ["Sam", "Tom", "Rosa", "Priya", "Ana", "Kit"])
def test_nobody_else_accepts_sends_back_or_hands_over(who: str, rosa: User, grace: User, maya: User) -> None:
    contact = handed(rosa, grace, maya)
    handover, other = only(contact), build.player(who)
    before = state_of(contact)
    attempts: list[Callable[[], object]] = [
        lambda: actions.record_acceptance(contact.reference, handover.pk, who="A", at=timezone.now(), by=other),
        lambda: actions.decline(contact.reference, handover.pk, reason="Because", by=other),
        lambda: actions.offer(contact.reference, handover.pk, team=build.agency("B"), note="", by=other),
    ]
    for attempt in attempts:
        with pytest.raises((NotYours, Http404)):
            attempt()
    build.agency("B")
    assert state_of(contact) == before


def test_a_child_of_another_contact_is_not_there(rosa: User, grace: User, maya: User, zofia: User) -> None:
    first, second = handed(rosa, grace, maya), handed(rosa, grace, maya)
    with pytest.raises(Http404):
        actions.accept(first.reference, only(second).pk, by=zofia)
    assert only(second).is_waiting


def test_a_later_decision_ends_what_it_changes_and_keeps_what_it_confirms(
    rosa: User, grace: User, maya: User, zofia: User, dev: User
) -> None:
    contact = handed(rosa, grace, maya)
    first = only(contact)
    actions.accept(contact.reference, first.pk, by=zofia)
    decided_anew(contact, Outcome.SECTION_17, worker=grace, manager=maya)
    assert only(contact).pk == first.pk
    decided_anew(contact, Outcome.EARLY_HELP, worker=grace, manager=maya)
    first.refresh_from_db()
    assert first.ended_at is not None
    assert [row.team for row in contact.handovers.filter(ended_at=None)] == [dev.agency]
    assert not access.visible_to(zofia).filter(pk=contact.pk).exists()


def test_a_team_may_answer_while_the_hub_has_opened_the_contact_again(
    rosa: User, grace: User, maya: User, zofia: User
) -> None:
    contact = handed(rosa, grace, maya)
    handover = only(contact)
    decisions.reopen(contact.reference, reason="New bruises", by=maya)
    actions.accept(contact.reference, handover.pk, by=zofia)
    before = state_of(contact)
    with pytest.raises(Refused):
        actions.offer(contact.reference, handover.pk, team=build.agency("Early Help Hub"), note="", by=maya)
    assert state_of(contact) == before


def test_a_child_that_came_back_is_offered_anew_by_the_decision_that_confirms_its_outcome(
    rosa: User, grace: User, maya: User, zofia: User
) -> None:
    contact = handed(rosa, grace, maya)
    first = only(contact)
    actions.decline(contact.reference, first.pk, reason="Tell us more", by=zofia)
    decided_anew(contact, Outcome.SECTION_17, worker=grace, manager=maya)
    assert [row.is_waiting for row in contact.handovers.order_by("pk")] == [False, True]
    assert contact.deadlines.live().filter(clock=Clock.HANDOVER).count() == 1


def test_a_contact_becomes_a_referral_for_each_child_and_a_later_decision_takes_it_back_without_guessing(
    rosa: User, grace: User, maya: User
) -> None:
    contact = handed(rosa, grace, maya, children=TWO)
    rows = Referral.objects.filter(child__contact=contact)
    assert {row.child.given_names for row in rows} == {"Noor", "Sami"}
    first = rows[0]
    assert (first.decision, first.outcome, first.ended_at) == (contact.decisions.get(), Outcome.SECTION_17, None)
    decided_anew(contact, Outcome.DISABILITIES, worker=grace, manager=maya)
    kept = Referral.objects.get(pk=first.pk)
    assert (kept.outcome, kept.referred_at, kept.ended_at) == (Outcome.DISABILITIES, first.referred_at, None)
    decided_anew(contact, Outcome.EARLY_HELP, worker=grace, manager=maya)
    ended = Referral.objects.get(pk=first.pk)
    assert ended.ended_at is not None
    decided_anew(contact, Outcome.SECTION_17, worker=grace, manager=maya)
    again = Referral.objects.get(pk=first.pk)
    assert again.ended_at is None
    assert again.referred_at > first.referred_at
    assert rows.count() == 2
