"""Immediate danger: a qualified worker acts now, a manager who did not looks at it within the hour."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.decision import actions as decisions
from referrals.decision import emergency
from referrals.decision.emergency import Act
from referrals.escalation.sweep import sweep
from referrals.models import Contact, Deadline, EmergencyAct, Notice, StageChange
from referrals.refusals import NotYours, Refused, Stale
from referrals.vocabulary import Clock, Stage, Verb
from tests import build

from .ladders import names, step

pytestmark = pytest.mark.django_db

TEXTS = {
    "danger": "The father is at the door with a knife",
    "done": "Rang 999 at 2:05pm and stayed on the line until they came at 2:16pm",
    "told": "Police, log 1204 of today; Dr Ahmed at the hospital",
}


def an_act(contact: Contact, **facts: Any) -> Act:
    return Act(**{**TEXTS, "children": [child.pk for child in contact.children.all()], **facts})


def acted(contact: Contact, by: User, **facts: Any) -> EmergencyAct:
    return emergency.act_now(contact.reference, an_act(contact, **facts), by=by)


def looked_at(
    contact: Contact, by: User, *, was_right: bool | None = True, words: str = "Nothing else"
) -> EmergencyAct:
    return emergency.confirm_act(contact.reference, was_right=was_right, words=words, by=by)


def told() -> list[tuple[str, str]]:
    rows = Notice.objects.filter(template__in=("acted_now", "act_looked_at")).order_by("id")
    return [(row.template, row.to.full_name) for row in rows]


def test_whoever_acts_on_a_contact_that_nobody_holds_takes_it_and_the_manager_on_duty_is_told(
    rosa: User, grace: User, maya: User
) -> None:
    contact = build.received(rosa)
    act = acted(contact, grace)
    contact.refresh_from_db()
    assert (contact.stage, contact.owner) == (Stage.TRIAGE, grace)
    assert list(contact.steps.order_by("id").values_list("verb", flat=True)) == ["receive", "claim", "act_now"]
    assert "Rang 999 at 2:05pm" in contact.steps.get(verb=Verb.ACT_NOW).reason
    assert told() == [("acted_now", "Maya Shah")]
    clock = contact.deadlines.live().get(clock=Clock.EMERGENCY)
    assert clock.due_at == act.at + timedelta(hours=1)
    assert Event.objects.filter(verb=Verb.ACT_NOW, by=grace, reference=contact.reference).exists()
    assert not contact.decisions.exists(), "it decides nothing"


def test_another_worker_acts_on_a_contact_that_somebody_holds_who_is_told_and_keeps_it(
    rosa: User, grace: User, maya: User, ivan: User
) -> None:
    contact = build.claimed(rosa, worker=grace)
    acted(contact, ivan)
    contact.refresh_from_db()
    assert contact.owner == grace
    assert told() == [("acted_now", "Maya Shah"), ("acted_now", "Grace Lin")]


def test_the_manager_on_duty_who_acts_cannot_be_the_one_who_looks_so_another_is_told(
    rosa: User, maya: User, helen: User
) -> None:
    acted(build.received(rosa), maya)
    assert told() == [("acted_now", "Helen Okoro")]


def test_the_head_of_safeguarding_acts_and_leaves_the_contact_in_the_queue(rosa: User, helen: User, maya: User) -> None:
    contact = build.received(rosa)
    acted(contact, helen)
    contact.refresh_from_db()
    assert (contact.stage, contact.owner) == (Stage.RECEIVED, None)
    assert told() == [("acted_now", "Maya Shah")]


@pytest.mark.parametrize(
    "registration",
    [{"registration_number": ""}, {"registered_until": timezone.localdate() - timedelta(days=1)}],
    ids=["none", "run out"],
)
def test_nobody_without_a_registration_in_force_acts(rosa: User, grace: User, registration: dict[str, Any]) -> None:
    contact = build.received(rosa)
    User.objects.filter(pk=grace.pk).update(**registration)
    with pytest.raises(NotYours, match="ring 999, and tell a manager now"):
        acted(contact, User.objects.get(pk=grace.pk))
    contact.refresh_from_db()
    assert (contact.version, EmergencyAct.objects.count(), told()) == (1, 0, [])
    acted(contact, grace)
    assert EmergencyAct.objects.count() == 1


def test_a_contact_officer_does_not_act_and_a_stranger_meets_nothing(rosa: User, sam: User, tom: User) -> None:
    contact = build.received(rosa)
    with pytest.raises(NotYours):
        acted(contact, sam)
    with pytest.raises(Http404):
        acted(contact, tom)
    assert not EmergencyAct.objects.exists()


@pytest.mark.parametrize("name", [*TEXTS, "children"])
def test_an_act_says_what_was_dangerous_what_was_done_who_was_told_and_for_whom(
    rosa: User, grace: User, name: str
) -> None:
    contact = build.received(rosa)
    missing: dict[str, Any] = {name: [] if name == "children" else "  "}
    with pytest.raises(Refused) as refused:
        acted(contact, grace, **missing)
    assert [getattr(reason, "field", "") for reason in refused.value.reasons] == [name]
    contact.refresh_from_db()
    assert (contact.version, contact.owner, EmergencyAct.objects.count()) == (1, None, 0)


def test_a_child_of_another_contact_is_not_in_an_act(rosa: User, grace: User) -> None:
    contact, other = build.received(rosa), build.received(rosa)
    with pytest.raises(Refused, match="Choose the children"):
        acted(contact, grace, children=[other.children.get().pk])
    assert not EmergencyAct.objects.exists()


def test_police_protection_ends_after_72_hours_counted_from_when_it_was_taken(rosa: User, grace: User) -> None:
    contact = build.received(rosa)
    taken = timezone.now() - timedelta(minutes=20)
    with pytest.raises(Refused, match="cannot have been taken in the future"):
        acted(contact, grace, police_protection_at=timezone.now() + timedelta(minutes=5))
    act = acted(contact, grace, police_protection_at=taken)
    clock = Deadline.objects.get(contact=contact, clock=Clock.POLICE_PROTECTION)
    assert (clock.opened_at, clock.due_at, clock.about) == (taken, taken + timedelta(hours=72), act.about)
    assert not clock.escalations.exists(), "for information: it tells nobody"


def test_an_act_waits_for_a_manager_who_did_not_act_by_rule_and_in_the_database(
    rosa: User, grace: User, maya: User, ivan: User
) -> None:
    contact = build.claimed(rosa, worker=grace)
    acted(contact, maya)
    with pytest.raises(Refused, match="another manager must look at it"):
        looked_at(contact, maya)
    with pytest.raises(IntegrityError, match="an_act_needs_four_eyes"), transaction.atomic():
        EmergencyAct.objects.update(confirmed_by=maya, confirmed_at=timezone.now())
    assert EmergencyAct.objects.get().confirmed_at is None
    assert contact.deadlines.live().filter(clock=Clock.EMERGENCY).exists()
    act = looked_at(contact, ivan, was_right=False, words="Ring the grandmother before six")
    assert (act.confirmed_by, act.was_right, act.managers_words) == (ivan, False, "Ring the grandmother before six")
    assert contact.deadlines.get(clock=Clock.EMERGENCY).met_at == act.confirmed_at
    assert [row for row in told() if row[0] == "act_looked_at"] == [
        ("act_looked_at", "Maya Shah"),
        ("act_looked_at", "Grace Lin"),
    ]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [({"was_right": None}, "Say whether what was done was right"), ({"words": " "}, "Write what else must happen")],
)
def test_a_manager_says_whether_it_was_right_and_what_else_must_happen(
    rosa: User, grace: User, maya: User, said: dict[str, Any], sentence: str
) -> None:
    contact = build.received(rosa)
    acted(contact, grace)
    with pytest.raises(Refused, match=sentence):
        looked_at(contact, maya, **said)
    assert EmergencyAct.objects.get().confirmed_at is None
    looked_at(contact, maya)
    assert EmergencyAct.objects.get().confirmed_by == maya
    with pytest.raises(Refused, match="a manager has done so already"):
        looked_at(contact, maya)


def test_a_social_worker_does_not_look_at_an_act(rosa: User, grace: User, maya: User) -> None:
    contact = build.received(rosa)
    acted(contact, maya)
    with pytest.raises(NotYours):
        looked_at(contact, grace)
    assert EmergencyAct.objects.get().confirmed_at is None


def test_a_second_act_waits_until_a_manager_has_looked_at_the_first(
    rosa: User, grace: User, ivan: User, maya: User
) -> None:
    contact = build.received(rosa)
    acted(contact, grace)
    with pytest.raises(Refused, match=r"Grace Lin wrote down at .* Tell that manager now what you did"):
        acted(contact, ivan)
    assert EmergencyAct.objects.count() == 1
    with pytest.raises(IntegrityError, match="one_act_to_confirm"), transaction.atomic():
        EmergencyAct.objects.create(contact=contact, by=ivan, at=timezone.now(), **TEXTS)
    looked_at(contact, maya)
    acted(contact, ivan)
    assert EmergencyAct.objects.count() == 2


def test_an_act_that_nobody_looks_at_within_the_hour_goes_to_manager_and_head(
    rosa: User, grace: User, maya: User, helen: User
) -> None:
    contact = build.received(rosa)
    act = acted(contact, grace)
    sweep(now=act.at + timedelta(minutes=59))
    assert step(contact, "due", Clock.EMERGENCY).fired_at is None
    sweep(now=act.at + timedelta(minutes=61))
    assert names(step(contact, "due", Clock.EMERGENCY)) == {"Maya Shah", "Helen Okoro"}


def test_an_act_that_was_looked_at_in_time_escalates_to_nobody(rosa: User, grace: User, maya: User) -> None:
    contact = build.received(rosa)
    act = acted(contact, grace)
    looked_at(contact, maya)
    sweep(now=act.at + timedelta(minutes=61))
    assert step(contact, "due", Clock.EMERGENCY).fired_at is None


def test_an_act_while_a_recommendation_waits_makes_it_wait_for_another_look(
    rosa: User, grace: User, ivan: User, maya: User
) -> None:
    contact = build.recommended(rosa, worker=grace)
    acted(contact, ivan)
    contact.refresh_from_db()
    assert contact.stage == Stage.SIGN_OFF
    with pytest.raises(Stale):
        decisions.sign_off(contact.reference, by=maya, version=contact.version)


@pytest.mark.parametrize("decide", [build.decided, build.told], ids=["decided", "closed"])
def test_nobody_acts_at_once_on_a_contact_that_is_decided_but_an_act_is_still_looked_at(
    rosa: User, grace: User, maya: User, decide: Callable[..., Contact]
) -> None:
    contact = decide(rosa, worker=grace, manager=maya)
    steps = StageChange.objects.count()
    with pytest.raises(Refused, match="This cannot be done now"):
        acted(contact, grace)
    assert StageChange.objects.count() == steps
    EmergencyAct.objects.create(contact=contact, by=grace, at=timezone.now(), **TEXTS)
    assert looked_at(contact, maya).confirmed_by == maya
