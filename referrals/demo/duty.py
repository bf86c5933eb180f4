"""Who is on duty this week in the demonstration, who is away, and what became of the night's escalations."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from mash_portal.accounts.models import User
from referrals.escalation import actions as escalation
from referrals.escalation.sweep import sweep
from referrals.models import Escalation
from referrals.rota import actions as rota
from referrals.rules.period import midnight
from referrals.shift import actions as shift

DAY = timedelta(days=1)


def of_this_week(people: Mapping[str, User]) -> None:
    """Maya and Ivan take turns, Helen answers all week. Ivan is at a training on a day of his: Maya deputises."""
    maya, ivan, helen = (people[name] for name in ("Maya", "Ivan", "Helen"))
    now = timezone.now()
    first = midnight(timezone.localdate(now) + DAY)
    rota.add_turn(maya, starts=now, ends=first, by=maya)
    for number, person in enumerate((maya, ivan, maya, ivan)):
        rota.add_turn(person, starts=first + DAY * number, ends=first + DAY * (number + 1), by=maya)
    rota.add_turn(helen, starts=now, ends=first + 7 * DAY, by=helen)
    training = timezone.localdate(now) + 2 * DAY
    shift.note_absence(ivan, first_day=training, last_day=training, reason="Training", deputy=maya, by=ivan)


def of_the_night(people: Mapping[str, User], now: datetime) -> None:
    """The timers ran: what nobody acknowledged has gone up, and of what came due later Maya has acknowledged one."""
    for hours in (4, 2):
        sweep(now=now - timedelta(hours=hours))
    seen = Escalation.objects.unacknowledged().filter(fired_at=now - timedelta(hours=2), told=people["Maya"])
    for step in seen.select_related("contact")[:1]:
        escalation.acknowledge(step.contact.reference, step.pk, by=people["Maya"])
    sweep(now=now)
