"""What this partnership has chosen: lengths of clocks, ladders, the working week, who is on duty."""

from collections.abc import Mapping
from datetime import date, time

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from mash_portal.accounts.roles import Role
from referrals.rules.clocks import DEFAULTS, Rule
from referrals.rules.duty import Patience
from referrals.rules.working_time import WorkingWeek
from referrals.vocabulary import Clock


class Partnership(models.Model):
    """The one row of settings that are not about a single clock."""

    day_starts = models.TimeField(default=time(8, 30))
    day_ends = models.TimeField(default=time(17, 0))
    closures = ArrayField(
        models.DateField(), default=list, blank=True, help_text="Days the office is shut besides bank holidays."
    )
    goes_up_red_minutes = models.PositiveIntegerField(
        default=30, help_text="How long a message about a red contact waits to be acknowledged before it goes up."
    )
    goes_up_minutes = models.PositiveIntegerField(default=120, help_text="The same about any other contact.")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(id=1), name="one_partnership"),
            models.CheckConstraint(
                condition=models.Q(day_ends__gt=models.F("day_starts")), name="day_ends_after_it_starts"
            ),
        )

    def __str__(self) -> str:
        return "The partnership's settings"


class ClockSetting(models.Model):
    """A clock whose length or ladder differs from the default; without a row the default holds."""

    clock = models.CharField(max_length=24, choices=Clock.choices(), unique=True)
    rule = models.JSONField()

    def __str__(self) -> str:
        return self.clock


class Duty(models.Model):
    """Who answers for a role when no turn of the rota says otherwise; else its longest-serving active holder does."""

    role = models.CharField(max_length=20, choices=[(role.value, role.label) for role in Role], unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="duties")

    class Meta:
        verbose_name_plural = "duties"

    def __str__(self) -> str:
        return f"{self.role}: {self.person}"


class Turn(models.Model):
    """One turn of the duty rota: who answers for a role from when to when. It goes before the standing Duty."""

    role = models.CharField(max_length=20, choices=[(role.value, role.label) for role in Role])
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="turns")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ("starts_at", "id")
        indexes = (models.Index(fields=("role", "ends_at"), name="turns_of_role"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="a_turn_ends_after_it_starts"
            ),
        )

    def __str__(self) -> str:
        return f"{self.role}: {self.person}"


def clock_rules() -> Mapping[Clock, Rule]:
    """The partnership's rule for every clock: its own where it has one, else the default. One query."""
    own = {Clock(row.clock): Rule.from_dict(row.rule) for row in ClockSetting.objects.all()}
    return {**DEFAULTS, **own}


def working_week() -> WorkingWeek:
    """The hours and closures that working time is counted in. One query."""
    row = Partnership.objects.first() or Partnership()
    closures: frozenset[date] = frozenset(row.closures)
    return WorkingWeek(start=row.day_starts, end=row.day_ends, closures=closures)


def patience() -> Patience:
    """How long a message waits to be acknowledged before it goes up. One query."""
    row = Partnership.objects.first() or Partnership()
    return Patience(row.goes_up_red_minutes, row.goes_up_minutes)
