"""Hand-overs: who is offered a child at sign-off, who accepts, who sends back, and what a later decision changes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import Role
from mash_portal.audit.models import Event
from referrals import access
from referrals.decision import actions as decisions
from referrals.escalation.sweep import sweep
from referrals.handover import actions
from referrals.models import Contact, Deadline, Handover, Notice, Referral
from referrals.refusals import NotYours, Refused
from referrals.vocabulary import Clock, Outcome
from tests import build

pytestmark = pytest.mark.django_db

TWO = [{"given_names": name, "family_name": "Aziz"} for name in ("Noor", "Sami")]


def handed(by: User, worker: User, manager: User, outcome: Outcome = Outcome.SECTION_17, **facts: Any) -> Contact:
    return build.decided(by, worker=worker, manager=manager, outcome=outcome, **facts)


def only(contact: Contact) -> Handover:
    return contact.handovers.select_related("team").get()


def clock_of(handover: Handover) -> Deadline:
    return Deadline.objects.filter(clock=Clock.HANDOVER, about=handover.about).latest("id")


def decided_anew(contact: Contact, outcome: Outcome, *, worker: User, manager: User) -> None:
    """Reopened, and a new decision with this outcome for every child."""
    decisions.reopen(contact.reference, reason="The mother has changed her mind", by=manager)
    build.assess(contact, by=worker)
    build.recommend(contact, outcome, by=worker)
    contact.refresh_from_db()
    decisions.sign_off(contact.reference, by=manager, version=contact.version)
    contact.refresh_from_db()


def state_of(contact: Contact) -> tuple[object, ...]:
    """Everything that a hand-over could have changed."""
    contact.refresh_from_db()
    rows = contact.handovers.order_by("pk").values_list("pk", "team", "accepted_at", "declined_at", "ended_at")
    live = contact.deadlines.live().order_by("pk").values_list("pk", "about")
    return contact.version, list(rows), list(live), Notice.objects.count(), contact.steps.count()


def test_a_team_is_offered_each_child_whose_outcome_it_receives_in_the_transaction_of_the_sign_off(
    rosa: User, grace: User, maya: User, zofia: User
) -> None:
    contact = handed(rosa, grace, maya, children=TWO)
    rows = list(contact.handovers.order_by("pk"))
    assert [row.child.given_names for row in rows] == ["Noor", "Sami"]
    for row in rows:
        assert (row.team, row.outcome, row.offered_by) == (zofia.agency, Outcome.SECTION_17, maya)
        clock = clock_of(row)
        assert (clock.agency, clock.due_at, clock.met_at) == (zofia.agency, row.due_at, None)
        assert row.due_at > row.offered_at
    assert zofia.notices.filter(template="handed_over", reference=contact.reference).count() == 1
    assert Event.objects.filter(verb="handed_over", reference=contact.reference, by=maya).count() == 2


def test_a_child_for_whom_nobody_takes_over_is_handed_to_nobody(rosa: User, grace: User, maya: User) -> None:
    contact = handed(rosa, grace, maya, Outcome.SIGNPOST)
    assert not contact.handovers.exists()
    assert not Referral.objects.filter(child__contact=contact).exists()


def test_a_decision_with_two_outcomes_for_a_child_is_offered_to_both_teams(
    rosa: User, grace: User, maya: User, zofia: User, dev: User
) -> None:
    contact = build.assessed(rosa, worker=grace)
    child = contact.children.get()
    said = build.recommendation(contact)
    said.outcomes[child.pk].append(Outcome.EARLY_HELP)  # type: ignore[attr-defined]  # build makes it a list
    contact.refresh_from_db()
    decisions.recommend(contact.reference, said, by=grace, version=contact.version)
    contact.refresh_from_db()
    decisions.sign_off(contact.reference, by=maya, version=contact.version)
    assert {(row.outcome, row.team) for row in contact.handovers.all()} == {
        (Outcome.SECTION_17, zofia.agency),
        (Outcome.EARLY_HELP, dev.agency),
    }


@pytest.mark.parametrize("number", [0, 2])
def test_where_no_team_or_more_than_one_receives_an_outcome_the_hub_chooses_and_the_clock_runs_all_the_same(
    number: int, rosa: User, grace: User, maya: User, helen: User
) -> None:
    for nth in range(number):
        team = build.agency(f"Locality {nth}")
        team.receives = [Outcome.SECTION_17]
        team.save(update_fields=["receives"])
    contact = handed(rosa, grace, maya)
    handover = only(contact)
    assert handover.team is None
    clock = clock_of(handover)
    assert clock.agency is None
    sweep(clock.due_at + timedelta(minutes=1))
    fired = clock.escalations.fired().get()
    assert set(fired.told.all()) == {grace, maya}
    assert not rosa.notices.filter(template="reminder").exists()


def test_a_team_that_has_not_accepted_in_time_is_told_with_the_holder_and_the_manager(
    rosa: User, grace: User, maya: User, zofia: User
) -> None:
    contact = handed(rosa, grace, maya)
    clock = clock_of(only(contact))
    sweep(clock.due_at - timedelta(minutes=1))
    assert not clock.escalations.fired().exists()
    sweep(clock.due_at + timedelta(minutes=1))
    assert set(clock.escalations.fired().get().told.all()) == {zofia, grace, maya}
    assert zofia.notices.filter(template="handover_late", reference=contact.reference).count() == 1


def test_a_teams_worker_accepts_a_child_and_a_second_one_cannot(
    rosa: User, grace: User, maya: User, zofia: User
) -> None:
    contact = handed(rosa, grace, maya)
    handover = only(contact)
    actions.accept(contact.reference, handover.pk, by=zofia)
    handover.refresh_from_db()
    assert (handover.accepted_by, handover.accepted_for, handover.declined_at) == (zofia, "", None)
    assert clock_of(handover).met_at == handover.accepted_at
    before = state_of(contact)
    attempts: list[Callable[[], object]] = [
        lambda: actions.accept(contact.reference, handover.pk, by=zofia),
        lambda: actions.decline(contact.reference, handover.pk, reason="Not ours", by=zofia),
    ]
    for again in attempts:
        with pytest.raises(Refused, match="Zofia Nowak has accepted this child already"):
            again()
    with pytest.raises(Refused, match="Zofia Nowak has accepted this child already"):
        actions.offer(contact.reference, handover.pk, team=build.agency("Early Help Hub"), note="", by=maya)
    assert state_of(contact) == before


def test_a_worker_of_another_team_cannot_see_or_accept_what_is_not_theirs(
    rosa: User, grace: User, maya: User, zofia: User, dev: User
) -> None:
    contact = handed(rosa, grace, maya)
    handover = only(contact)
    before = state_of(contact)
    assert not access.visible_to(dev).filter(pk=contact.pk).exists()
    with pytest.raises(Http404):
        actions.accept(contact.reference, handover.pk, by=dev)
    assert state_of(contact) == before
    assert access.visible_to(zofia).filter(pk=contact.pk).exists()
    actions.accept(contact.reference, handover.pk, by=zofia)


def test_a_team_that_has_one_child_of_a_contact_cannot_accept_the_one_of_another_team(
    rosa: User, grace: User, maya: User, zofia: User, dev: User
) -> None:
    contact = handed(rosa, grace, maya, children=TWO)
    first, second = contact.handovers.order_by("pk")
    actions.offer(contact.reference, second.pk, team=build.agency("Early Help Hub"), note="", by=maya)
    theirs = contact.handovers.get(team=dev.agency)
    before = state_of(contact)
    with pytest.raises(NotYours, match="handed over to Early Help Hub, not to your team"):
        actions.accept(contact.reference, theirs.pk, by=zofia)
    assert state_of(contact) == before
    actions.accept(contact.reference, theirs.pk, by=dev)
    actions.accept(contact.reference, first.pk, by=zofia)


def test_a_worker_without_a_team_sees_nothing_even_of_what_has_no_team_yet(rosa: User, grace: User, maya: User) -> None:
    contact = handed(rosa, grace, maya)
    assert only(contact).team is None
    nobody = User.objects.create_user("x@alderbrook.example", full_name="X", agency=None, role=Role.TEAM_WORKER)
    assert not access.visible_to(nobody).exists()


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
