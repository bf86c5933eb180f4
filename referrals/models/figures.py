"""Figures added up by day and by month of receipt, and the days for which they have to be added up again.

A sum is right exactly as long as nothing marks its day: the database marks it in the transaction of whatever changes a
row that is counted, by triggers on children and restrictions. Marks are only ever added, each a row of
its own, so that no two who send wait for one another; whoever adds up takes away those that it has seen.
Restricted records are in no sum.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from mash_portal.accounts.models import Agency
from referrals.vocabulary import Outcome


class StaleDay(models.Model):
    """A mark: what was received on this day has changed since it was added up."""

    day = models.DateField(help_text="Day of receipt, in London.")

    class Meta:
        indexes = (models.Index(fields=("day",), name="stale_days"),)

    def __str__(self) -> str:
        return str(self.day)


class RolledMonth(models.Model):
    """A month that is over and has been added up whole: as right as its days are unmarked."""

    first = models.DateField(primary_key=True)

    def __str__(self) -> str:
        return f"{self.first:%B %Y}"


class Rolled(models.Model):
    """The children received from one source in one day, or in one month, who were referred."""

    is_month = models.BooleanField()
    first = models.DateField(help_text="The day, or the first day of the month, of receipt in London.")
    source = models.CharField(max_length=2)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.source} {self.first}"


class AgencyFigure(Rolled):
    """How many an agency sent, and what became of them."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    contacts = models.PositiveIntegerField()
    nfa = models.PositiveIntegerField()
    pushback = models.PositiveIntegerField()
    decided = models.PositiveIntegerField()
    in_24_hours = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("is_month", "first", "source", "agency"), name="an_agency_added_up_once"),
        )


class OutcomeFigure(Rolled):
    """How many had this outcome; "" for none yet."""

    outcome = models.CharField(max_length=20, choices=Outcome.choices(), blank=True)
    contacts = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("is_month", "first", "source", "outcome"), name="an_outcome_added_up_once"),
        )


class TimeFigure(Rolled):
    """How many were decided in this hour after receipt: 1 for up to 60 minutes, 2 for up to 120, and so on.

    `counts` says for each of `minutes`, begun ones counted as whole, how many took so long: for the exact median.
    """

    hours = models.IntegerField()
    contacts = models.PositiveIntegerField()
    minutes = ArrayField(models.IntegerField())
    counts = ArrayField(models.PositiveIntegerField())

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("is_month", "first", "source", "hours"), name="an_hour_added_up_once"),
        )
