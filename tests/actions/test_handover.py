"""Hand-overs: who is offered a child at sign-off, and who accepts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.http import Http404

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import Role
from mash_portal.audit.models import Event
from referrals import access
from referrals.decision import actions as decisions
from referrals.escalation.sweep import sweep
from referrals.handover import actions
from referrals.models import Referral
from referrals.refusals import NotYours, Refused
from referrals.vocabulary import Outcome
from tests import build
from tests.handing import TWO, clock_of, handed, only, state_of

pytestmark = pytest.mark.django_db


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
