"""What an administrator saves of clocks and working hours, after a look at what it would change. No case, ever.

A change holds for clocks that open after it. Whoever saves at the same time as somebody else is told, and looks again.
"""

from django.db import IntegrityError, transaction

from mash_portal.accounts.models import User
from mash_portal.audit import trail
from referrals.models import ClockSetting, Partnership
from referrals.models.partnership import clock_rules, working_week
from referrals.refusals import Refused
from referrals.rules.clocks import DEFAULTS, Rule, WorkingWeek
from referrals.rules.kept import week_to_dict
from referrals.vocabulary import Clock

from . import changes


@transaction.atomic
def save_rule(after: Rule, *, seen: str, by: User) -> Rule:
    """The partnership's own rule for a clock; one that is the default again needs no row."""
    clock = after.clock
    row, before = _locked(clock)
    if seen != changes.stamp_of_rule(before):
        raise changes.changed_meanwhile(before)
    if after == before:
        raise Refused(changes.NOTHING)
    if before.ladder and not after.ladder:
        raise Refused("Keep at least one step: a clock that tells nobody passes unseen.")
    if row is None:
        _create(after)
    elif after == DEFAULTS[clock]:
        row.delete()
    else:
        row.rule = after.to_dict()
        row.save(update_fields=["rule"])
    trail.record("clock_changed", by=by, details=_details(before, after))
    return after


@transaction.atomic
def reset_rule(clock: Clock, *, seen: str, by: User) -> Rule:
    """Back to the default of front-door.md 3.3, its ladder too."""
    row, before = _locked(clock)
    if row is None:
        raise Refused("This clock is at its default already.")
    if seen != changes.stamp_of_rule(before):
        raise changes.changed_meanwhile(before)
    row.delete()
    trail.record("clock_reset", by=by, details=_details(before, DEFAULTS[clock]))
    return DEFAULTS[clock]


@transaction.atomic
def save_week(after: WorkingWeek, *, seen: str, by: User) -> WorkingWeek:
    """Working hours and closures, for clocks that open from now on."""
    Partnership.objects.get_or_create(pk=1)
    row = Partnership.objects.select_for_update().get(pk=1)
    before = working_week()
    if seen != changes.stamp_of_week(before):
        raise changes.hours_changed_meanwhile(before)
    row.day_starts, row.day_ends, row.closures = after.start, after.end, sorted(after.closures)
    row.save(update_fields=["day_starts", "day_ends", "closures"])
    trail.record("hours_changed", by=by, details={"from": week_to_dict(before), "to": week_to_dict(after)})
    return after


def _locked(clock: Clock) -> tuple[ClockSetting | None, Rule]:
    """The partnership's own row, held until the end; and the rule that holds."""
    row = ClockSetting.objects.select_for_update().filter(clock=clock).first()
    return row, Rule.from_dict(row.rule) if row else DEFAULTS[clock]


def _create(rule: Rule) -> None:
    """Nothing can be locked that is not there yet: of two who write the first row, one is told."""
    try:
        with transaction.atomic():
            ClockSetting.objects.create(clock=rule.clock, rule=rule.to_dict())
    except IntegrityError as taken:
        raise changes.changed_meanwhile(clock_rules()[rule.clock]) from taken


def _details(before: Rule, after: Rule) -> dict[str, object]:
    said: dict[str, object] = {
        "clock": after.clock,
        "from": [before.amount, before.unit],
        "to": [after.amount, after.unit],
    }
    if before.ladder != after.ladder:
        said["ladder"] = {
            "from": [step.to_dict() for step in before.ladder],
            "to": [step.to_dict() for step in after.ladder],
        }
    return said
