"""Two managers plan the same hours at once: one has the turn, the other is told who. On real connections."""

from datetime import timedelta

from django.utils import timezone

from referrals.models import Turn
from referrals.rota import actions
from tests import build

from .together import DONE, at_once


def test_of_two_who_plan_the_same_hours_at_once_one_is_told_who_has_them(committed: str) -> None:
    maya, ivan, now = build.player("Maya"), build.player("Ivan"), timezone.now()

    def plans(person: object) -> object:
        return actions.add_turn(person, starts=now, ends=now + timedelta(hours=8), by=maya)  # type: ignore[arg-type]

    answers = at_once(lambda: plans(maya), lambda: plans(ivan))
    assert sorted(answer == DONE for answer in answers) == [False, True]
    assert "has the turn from" in next(answer for answer in answers if answer != DONE)
    assert Turn.objects.count() == 1
