"""A row that is wrong is fired on time all the same, and holds up no other."""

from typing import Any

import pytest
from django.db import DatabaseError

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.escalation import sweep as module
from referrals.escalation.steps import Armed
from referrals.escalation.sweep import GENERIC, sweep
from referrals.models import Escalation
from tests import build
from tests.actions.ladders import MINUTE, decision_only, names, notices, step
from tests.build import FRIDAY_AT_FOUR, hours


@pytest.mark.parametrize(
    "damage",
    [
        {"roles": ["ghost"]},
        {"roles": []},
        {"repeats_every_hours": float("nan")},
        {"repeats_every_hours": -4.0},
        {"step": "s" * 30, "repeats_every_hours": 4.0},
        {"step": "due-1", "repeats_every_hours": 4.0},
    ],
    ids=["role nobody knows", "no role", "repeat that is no number", "negative repeat", "key too long", "key taken"],
)
def test_the_portal_fires_a_bad_row_on_time_and_every_good_one_beside_it(
    rosa: User, maya: User, helen: User, damage: dict[str, Any]
) -> None:
    contacts = [decision_only(build.received(rosa, at=FRIDAY_AT_FOUR)) for _ in range(4)]
    bad = step(contacts[1], "half")
    if damage.get("step") == "due-1":
        contacts[1].escalations.filter(step="due").update(step="due-2")
    Escalation.objects.filter(pk=bad.pk).update(**damage)
    now = FRIDAY_AT_FOUR + hours(12)
    result = sweep(now)
    assert result.fired == 4
    assert [one.fired_at for one in Escalation.objects.fired()] == [now] * 4
    bad.refresh_from_db()
    assert names(bad) == {"Maya Shah"}
    assert notices() == [("escalations", "", "Maya Shah")]
    assert Event.objects.filter(verb="escalated").count() == 4
    repeats = bad.deadline.escalations.filter(due_at=now + hours(4), repeats_every_hours=4)
    assert repeats.exists() is ("repeats_every_hours" in damage)


def test_the_portal_leaves_a_row_that_cannot_be_fired_at_all_and_goes_on_with_the_rest(
    rosa: User, maya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    contacts = [decision_only(build.received(rosa, at=FRIDAY_AT_FOUR)) for _ in range(3)]
    bad = step(contacts[0], "half")
    usual = module._Sweep._mark

    def breaks(self: Any, told: dict[Armed, Any], **how: Any) -> Any:
        if any(one.pk == bad.pk for one in told):
            raise DatabaseError("a row that the database refuses")
        return usual(self, told, **how)

    monkeypatch.setattr(module._Sweep, "_mark", breaks)
    now = FRIDAY_AT_FOUR + hours(12)
    result = sweep(now, batch=1)
    assert (result.fired, result.poisoned) == (2, 1)
    assert set(Escalation.objects.due(now)) == {bad}
    monkeypatch.undo()
    assert sweep(now + MINUTE).fired == 1


def test_the_portal_says_a_generic_word_of_a_row_that_it_could_not_read(rosa: User, maya: User) -> None:
    contact = decision_only(build.received(rosa, at=FRIDAY_AT_FOUR))
    Escalation.objects.filter(pk=step(contact, "half").pk).update(roles=["ghost"])
    result = sweep(FRIDAY_AT_FOUR + hours(12))
    assert (result.fired, result.poisoned) == (1, 1)
    assert step(contact, "half").label == GENERIC
    assert Event.objects.get(verb="escalated").details["poisoned"] is True
