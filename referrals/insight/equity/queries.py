"""What was decided and how long it took, by each characteristic of the children: of the contacts that are decided.

The outcomes of a row add up to its contacts, and so do those decided in time and not in time.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Case, F, IntegerField, Value, When
from django.db.models.functions import Collate

from referrals.insight import promises
from referrals.insight.characteristics import CHARACTERISTICS
from referrals.insight.filters import NO_FILTERS, SEVERAL, Filters
from referrals.insight.period import Period
from referrals.insight.promises import Promise
from referrals.insight.queries import Hours, counted
from referrals.models.people import ChildQuerySet
from referrals.vocabulary import Outcome

#: In the order of the table: what the list behind a number is narrowed to.
OUTCOMES = ("referral", str(Outcome.EARLY_HELP), "nfa", "other")
#: Whether the decision was made within 24 hours.
KEPT, BROKEN = range(2)


@dataclass(slots=True)
class Group:
    """The children of one row. `outcomes` as in OUTCOMES, `times` as kept and not kept: each adds up to contacts."""

    outcomes: tuple[int, ...] = (0,) * len(OUTCOMES)
    times: tuple[int, ...] = (0, 0)
    median: float | None = None

    @property
    def contacts(self) -> int:
        return sum(self.outcomes)


@dataclass(slots=True)
class Equity:
    """Everybody, the groups of each characteristic by its key and their own, and how many are not decided yet."""

    total: Group = field(default_factory=Group)
    groups: dict[str, dict[str, Group]] = field(default_factory=dict)
    undecided: int = 0


_SETS = ", ".join(f"({key}_of)" for key in CHARACTERISTICS)
_NAMES = ", ".join(f"{key}_of" for key in CHARACTERISTICS)
#: A bit of GROUPING is 1 for what a row does not tell apart.
ADD_UP = f"""
WITH decided AS MATERIALIZED ({{decided}})
SELECT GROUPING({_NAMES}), {_NAMES},
       {", ".join(f"count(*) FILTER (WHERE became = {place})" for place in range(len(OUTCOMES)))},
       {", ".join(f"count(*) FILTER (WHERE in_time = {place})" for place in (KEPT, BROKEN))},
       percentile_cont(0.5) WITHIN GROUP (ORDER BY took)
FROM decided
GROUP BY GROUPING SETS ((), {_SETS})
"""  # noqa: S608 - names of our own, and a place for a query of Django's


def equity(children: ChildQuerySet, period: Period, now: datetime, filters: Filters = NO_FILTERS) -> Equity:
    """Two statements, however much was received."""
    chosen = counted(children, period, now, filters).order_by()
    found = Equity(undecided=chosen.filter(decided_at=None).count())
    # told apart byte by byte: sorting words as a dictionary does would take most of the time
    names = {f"{one.key}_of": Collate(one.expression, "C") for one in CHARACTERISTICS.values()}
    took = Hours(F("decided_at"), F("received_at"))
    decided = chosen.exclude(decided_at=None).annotate(**names, became=_became(), in_time=_in_time(), took=took)
    sql, parameters = decided.values(*names, "became", "in_time", "took").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(ADD_UP.format(decided=sql), parameters)
        for row in cursor.fetchall():
            group, counts = _group(found, row)
            group.outcomes, group.times = tuple(counts[: len(OUTCOMES)]), tuple(counts[len(OUTCOMES) : -1])
            group.median = counts[-1]
    return found


def _group(found: Equity, row: Sequence[Any]) -> tuple[Group, Sequence[Any]]:
    """The group that a line is about, and what the line says of it."""
    bits, *rest = row
    names, said = rest[: len(CHARACTERISTICS)], rest[len(CHARACTERISTICS) :]
    for place, key in enumerate(CHARACTERISTICS):
        if not bits >> (len(CHARACTERISTICS) - 1 - place) & 1:
            return found.groups.setdefault(key, {}).setdefault(names[place], Group()), said
    return found.total, said


def _became() -> Case:
    """The place in OUTCOMES."""
    named = [SEVERAL["referral"][0], {Outcome.EARLY_HELP}, SEVERAL["nfa"][0]]
    known = [When(outcome__in=sorted(outcomes), then=Value(place)) for place, outcomes in enumerate(named)]
    return Case(*known, default=Value(len(named)), output_field=IntegerField())


def _in_time() -> Case:
    kept = When(promises.kept(Promise.HOURS_24), then=Value(KEPT))
    return Case(kept, default=Value(BROKEN), output_field=IntegerField())
