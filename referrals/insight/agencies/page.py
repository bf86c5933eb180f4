"""The page of all agencies as ready words: every heading says what was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mash_portal.govuk.words import count
from referrals.codes import SOURCE_LABELS
from referrals.insight import dashboard
from referrals.insight.exporting import Count, Offered
from referrals.insight.figures import Figures
from referrals.insight.findings import percent
from referrals.insight.period import Month
from referrals.insight.signs import KINDS

from . import comparing, lines, links, queries, sections
from .comparing import MEASURES, PLACES, Group, Measure
from .counts import Decided, Told
from .queries import Body, Scope

#: Agencies shown before all of them are asked for.
MOST = 50


@dataclass(frozen=True)
class Found:
    """What was asked for, and what the page says of it. Each part is asked of the database once, when it is needed."""

    scope: Scope
    measure: Measure
    hidden: Sequence[int]

    @cached_property
    def bodies(self) -> Mapping[int, Body]:
        return queries.bodies()

    @cached_property
    def rows(self) -> Mapping[int, Decided]:
        found = queries.decided(self.scope)
        return dict(sorted(found.items(), key=lambda item: (-item[1].contacts, self.bodies[item[0]].name)))

    @cached_property
    def total(self) -> Decided:
        total = Decided()
        for row in self.rows.values():
            total += row
        return total

    @cached_property
    def told(self) -> Mapping[int, Told]:
        return queries.told_and_back(self.scope)

    @cached_property
    def groups(self) -> Mapping[str, Group]:
        return comparing.groups(self.rows, self.bodies, self.measure)

    @property
    def group(self) -> Group | None:
        """Of the kind that was asked for, else of the kind that most agencies are of."""
        return self.groups.get(self.scope.filters.kind or comparing.largest(self.rows, self.bodies))

    @cached_property
    def months(self) -> Sequence[tuple[Month, Figures]]:
        months = self.scope.period.months()
        found = queries.by_month(self.scope, months)
        return [(month, found[month.key]) for month in months if month.starts <= self.scope.now]

    @property
    def has_months(self) -> bool:
        """Months are of one kind of agency, or of one source: over all of them they are on the dashboard."""
        return bool(self.scope.filters.kind or self.scope.filters.source)

    @property
    def who(self) -> tuple[str, str]:
        return comparing.named(self.scope.filters.kind)

    @cached_property
    def silent(self) -> Sequence[lines.Silent]:
        """Who would be waited for, and sent nothing: the largest first, then those whose size nobody knows."""
        filters = self.scope.filters
        quiet = [
            body
            for body in self.bodies.values()
            if body.refers
            and body.pk not in self.rows
            and filters.kind in ("", body.kind)
            and filters.source in ("", body.source)
        ]
        last = queries.last_heard([body.pk for body in quiet], self.hidden)
        found = [lines.Silent(body, last.get(body.pk), self._usual(body)) for body in quiet]
        return sorted(found, key=lambda one: (-(one.body.size or 0), one.body.name))

    def _usual(self, body: Body) -> float | None:
        rate = self._rates.get(body.kind)
        return None if body.size is None or rate is None else body.size * rate

    @cached_property
    def _rates(self) -> Mapping[str, float]:
        """Contacts for each child that agencies of a kind work with, where their sizes are known."""
        contacts: dict[str, int] = {}
        children: dict[str, int] = {}
        for body in self.bodies.values():
            if body.size and body.refers:
                row = self.rows.get(body.pk)
                contacts[body.kind] = contacts.get(body.kind, 0) + (row.contacts if row else 0)
                children[body.kind] = children.get(body.kind, 0) + body.size
        return {kind: contacts[kind] / children[kind] for kind in children}


def context(found: Found, view: str, *, everybody: bool) -> dict[str, Any]:
    """Everything on the page but the form."""
    shown = list(found.rows)[: None if everybody else MOST]
    more = len(found.rows) > len(shown)
    period, filters = found.scope.period, found.scope.filters
    asked = {"view": view, "measure": found.measure.key}
    make = sections.told if view == links.TOLD else sections.decisions
    return {
        "heading": _headline(found),
        "days": dashboard.days_of(period),
        "narrowed": [one for one in (KINDS.get(filters.kind), SOURCE_LABELS.get(filters.source)) if one],
        "sections": make(found, shown) if found.rows else [],
        "silent": _silent(found),
        "more": len(found.rows) if more else 0,
        "more_url": f"{links.everybody(period, filters, agencies='all', **asked)}#agencies",
        "views": _views(found, view),
    }


def names(found: Found) -> list[tuple[str, str]]:
    """The tables that can be taken away, by name and title, without counting anything."""
    months = [("months", "Months")] if found.has_months else []
    return [
        ("agencies", "Agencies and decisions"),
        ("levels", "Level believed and level decided"),
        ("told", "Agencies and what they are told"),
        *months,
        ("silent", "Agencies that sent nothing"),
    ]


def tables(found: Found) -> list[Offered]:
    """Every table of both halves of the page."""
    places = {
        point.body.pk: PLACES[point.place]
        for group in found.groups.values()
        for point in group.points
        if group.points[1:]
    }
    named = [(found.bodies[agency], row) for agency, row in found.rows.items()]
    told = [(found.bodies[pk], found.told.get(pk, Told()), row.contacts) for pk, row in found.rows.items()]
    made = [lines.decided_file(named, places), lines.levels_file(found.total), lines.told_file(told)]
    if found.has_months:
        made.append(months_file(found.months))
    return [*made, lines.silent_file(found.silent)]


def months_file(months: Sequence[tuple[Month, Figures]]) -> Offered:
    cells = [[month.name, Count(row.contacts), Count(row.nfa), Count(row.pushback)] for month, row in months]
    return Offered("months", "Months", ["Month", "Contacts", "No further action", "Returned with advice"], cells)


def _headline(found: Found) -> str:
    total = found.total
    if not total.contacts:
        return f"No contacts from {found.who[1]} in this period"
    sent = f"{count(len(found.rows), *found.who)} sent {count(total.contacts, 'contact')}"
    return f"{sent}; {percent(total.nfa_rate)} needed no further action"


def _views(found: Found, view: str) -> list[tuple[str, str, bool]]:
    named = ((links.DECISIONS, "What was decided"), (links.TOLD, "Agreement, feedback and who came back"))
    asked = {"measure": found.measure.key} if found.measure.key != next(iter(MEASURES)) else {}
    return [
        (label, links.everybody(found.scope.period, found.scope.filters, view=key, **asked), key == view)
        for key, label in named
    ]


def _silent(found: Found) -> dict[str, Any]:
    quiet = found.silent
    waited = len(quiet) + sum(found.bodies[pk].refers for pk in found.rows)
    some = f"{len(quiet)} of {count(waited, *found.who)} sent nothing"
    rows = [
        {
            "name": one.body.name,
            "url": links.one(one.body.pk, found.scope.period),
            "size": one.size,
            "usual": one.words,
            "heard": one.heard,
        }
        for one in quiet
    ]
    return {"heading": some if quiet else f"Every one of the {found.who[1]} sent something", "rows": rows}
