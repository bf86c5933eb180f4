"""The parts of the page of all agencies: each a finding as its heading, with the table that shows it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mash_portal.govuk.bars import bars
from mash_portal.govuk.words import count
from referrals.insight.figures import Figures
from referrals.insight.findings import ends, percent
from referrals.insight.period import Month
from referrals.insight.signs import LEVELS

from . import lines, links, picture
from .counts import Decided, Told

if TYPE_CHECKING:
    from .page import Found

Section = dict[str, Any]


def decisions(found: "Found", shown: Sequence[int]) -> list[Section]:
    scope = found.scope
    here = links.Behind(scope.period, scope.filters)
    group = found.group
    made: list[Section] = []
    if group is not None:
        made.append({"id": "funnel", "heading": group.heading, "picture": picture.of_group(group)})
    made.append(_agencies(found, shown, here))
    made.append(levels(found.total, here))
    if found.has_months:
        made.append(months(found.months, here))
    return made


def _agencies(found: "Found", shown: Sequence[int], here: links.Behind) -> Section:
    return {
        "id": "agencies",
        "heading": agencies_heading(found, shown),
        "caption": f"Agencies, most contacts first. Beside its kind: {found.measure.label.lower()}",
        "headings": [*lines.DECIDED, lines.COMPARED],
        "lines": [
            lines.decided(
                found.bodies[pk],
                found.rows[pk],
                found.groups.get(found.bodies[pk].kind),
                links.one(pk, found.scope.period),
                here.sent_by(pk),
            )
            for pk in shown
        ],
    }


def agencies_heading(found: "Found", shown: Sequence[int]) -> str:
    """Who sent most, where somebody sent more than everybody else."""
    most = found.rows[shown[0]].contacts
    if len(shown) == 1:
        return f"{found.bodies[shown[0]].name} sent every contact"
    if found.rows[shown[1]].contacts == most:
        return f"{count(found.total.contacts, 'contact')} from {count(len(found.rows), 'agency', 'agencies')}"
    return f"{found.bodies[shown[0]].name} sent most: {most:,} of {count(found.total.contacts, 'contact')}"


def told(found: "Found", shown: Sequence[int]) -> list[Section]:
    scope, total = found.scope, Told()
    here = links.Behind(scope.period, scope.filters)
    for row in found.told.values():
        total += row
    return [
        {
            "id": "agencies",
            "heading": told_heading(total),
            "caption": "Agencies, most contacts first: each number of those it can be said of",
            "headings": ["Contacts", *lines.TOLD],
            "lines": [
                lines.told(
                    found.bodies[pk],
                    found.told.get(pk, Told()),
                    found.rows[pk].contacts,
                    links.one(pk, scope.period),
                    here.sent_by(pk),
                )
                for pk in shown
            ],
            "note": "told",
        }
    ]


def told_heading(total: Told) -> str:
    said = []
    if total.owed:
        said.append(f"feedback was on time for {percent(total.in_time / total.owed)}")
    if total.could_come_back:
        rate = percent(total.came_back / total.could_come_back)
        said.append(f"{rate} of those closed with no further action more than 90 days ago came back within 90 days")
    words = "; ".join(said) or "nothing is decided yet"
    return words[:1].upper() + words[1:]


def levels(total: Decided, here: links.Behind) -> Section:
    """Believed down, decided across: on the diagonal both saw the same."""
    return {
        "id": "levels",
        "heading": levels_heading(total),
        "grid": [
            {
                "label": f"Level {believed} believed",
                "cells": [
                    (
                        f"Level {level} decided",
                        f"{total.levels[believed, level]:,}",
                        here(believed=str(believed), level=str(level)),
                        {True: "same", False: "over" if believed > level else "under"}[believed == level],
                    )
                    for level in LEVELS
                ],
            }
            for believed in LEVELS
        ],
        "columns": [f"Level {level} decided" for level in LEVELS],
        "summary": [
            (label, f"{number:,}", here(sign=sign))
            for label, number, sign in (
                ("believed higher than decided", total.over, "over"),
                ("believed lower than decided", total.under, "under"),
                ("believed as decided", total.same, "same"),
            )
        ],
    }


def levels_heading(total: Decided) -> str:
    known = total.both_known
    if not known:
        return "No contact has both a level believed and a level decided"
    return (
        f"{percent(total.same / known)} were believed at the level decided, {percent(total.over / known)} higher "
        f"and {percent(total.under / known)} lower"
    )


def months(rows: Sequence[tuple[Month, Figures]], here: links.Behind) -> Section:
    """Returned with advice by month, with the contacts they are of."""
    return {
        "id": "months",
        "heading": months_heading(rows),
        "caption": "Returned with advice by month",
        "bars": bars(
            (
                month.name,
                row.pushback,
                f"{row.pushback:,} of {row.contacts:,}",
                here.of(month)(outcome="nfa_pushback"),
            )
            for month, row in rows
        ),
    }


def months_heading(rows: Sequence[tuple[Month, Figures]]) -> str:
    compared = ends([month for month, _ in rows], {month.key: row for month, row in rows})
    if compared is None:
        return f"{sum(row.pushback for _, row in rows):,} were returned with advice"
    (first, before), (last, after) = compared
    return f"{before.pushback:,} were returned with advice in {first.name}, {after.pushback:,} in {last.name}"
