"""The dashboard as ready words: tiles, and sections whose headings say what was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from mash_portal.accounts.models import Agency, User
from mash_portal.govuk import words
from referrals.codes import SOURCE_LABELS

from . import findings, links, tables
from .filters import NOT_DECIDED, OUTCOMES, TIMES, Filters
from .findings import percent
from .period import Month, Period, months_back
from .queries import BAND_KEYS, Figures, Summary
from .rolled import Whole

#: Agencies shown before "all agencies" is asked for.
MOST = 15
QUICK = (("Last month", 1), ("Last 3 months", 3), ("Last 6 months", 6), ("Last 12 months", 12))


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person wants to see, and what was found."""

    period: Period
    filters: Filters
    found: Summary
    median: float | None
    months: Sequence[Month]
    agencies: Mapping[int, str]


def days_of(period: Period) -> str:
    """ "1 September 2017 to 28 February 2018" """
    first, last = words.long_date(period.first), words.long_date(period.last)
    return first if first == last else f"{first} to {last}"


def quick_periods(today: date, chosen: Period | None) -> list[tuple[str, str, bool]]:
    """(label, address, whether it is the one shown) for the usual periods."""
    usual = [(label, months_back(today, months)) for label, months in QUICK]
    return [(label, links.dashboard(period), period == chosen) for label, period in usual]


def context(user: User, period: Period, filters: Filters, now: datetime, *, every_agency: bool) -> dict[str, Any]:
    """Everything on the page, in as many queries however long the period."""
    whole = Whole.seen_by(user, period, now, filters)
    found, median = whole.summary(), whole.median_hours()
    shown = list(found.agencies) if every_agency else list(found.agencies)[:MOST]
    names = dict(Agency.objects.filter(pk__in=shown).values_list("pk", "name"))
    months = [month for month in period.months() if month.key in found.months]
    asked = Asked(period, filters, found, median, months, {key: names[key] for key in shown})
    return {
        "heading": findings.headline(found, SOURCE_LABELS),
        "days": days_of(period),
        "source": SOURCE_LABELS.get(filters.source, ""),
        "tiles": _tiles(asked) if found.total.contacts else [],
        "sections": _sections(asked) if found.total.contacts else [],
        "number_headings": tables.HEADINGS,
        "more_agencies": len(found.agencies) if len(found.agencies) > len(shown) else 0,
        "more_agencies_url": f"{links.dashboard(period, filters)}&agencies=all#agencies",
    }


def _tiles(asked: Asked) -> list[dict[str, str]]:
    total = asked.found.total
    half = f"Half within {findings.hours(asked.median)}" if asked.median is not None else ""
    in_time = f"{percent(total.decided_in_24h_rate, 1)} of those decided or due"
    facts: tuple[tuple[int, str, str, dict[str, str]], ...] = (
        (total.contacts, "contacts", "Counted per child", {}),
        (total.nfa, "no further action", f"{percent(total.nfa_rate, 1)} of contacts", {"outcome": "nfa"}),
        (
            total.pushback,
            "of these returned with advice",
            f"{percent(total.pushback_rate, 1)} of contacts",
            {"outcome": "nfa_pushback"},
        ),
        (total.in_24h, "decided within 24 hours", in_time, {"time": "in_24h"}),
        (total.decided, "decided", half, {"time": "decided"}),
        (total.contacts - total.decided, "not decided yet", "", {"outcome": NOT_DECIDED}),
    )
    return [
        {
            "number": f"{number:,}",
            "label": label,
            "note": note,
            "url": links.contacts(asked.period, asked.filters, **own),
        }
        for number, label, note, own in facts
    ]


def _sections(asked: Asked) -> list[dict[str, Any]]:
    """Lines have several numbers a row, bars have one."""
    found, filters, months = asked.found, asked.filters, asked.months
    here = partial(links.contacts, asked.period, filters)
    moved = findings.pushback_source(found, months)
    return [
        {
            "id": "sources",
            "heading": findings.by_source(found, SOURCE_LABELS),
            "caption": "Contacts by source",
            "label_heading": "Source",
            "lines": tables.lines(
                ((SOURCE_LABELS.get(key, key), row, partial(here, source=key)) for key, row in found.sources.items()),
                of=found.total.contacts,
            ),
        },
        {
            "id": "pushback",
            "heading": findings.pushback(found, months, moved, SOURCE_LABELS),
            "caption": f"Returned with advice by month: {SOURCE_LABELS.get(moved or filters.source, 'every source')}",
            "label_heading": "Month",
            "number_heading": "Returned with advice",
            "bars": tables.pushbacks(_moved_rows(asked, moved) if moved else _month_rows(asked)),
        },
        {
            "id": "months",
            "heading": findings.by_month(found, months),
            "caption": "Contacts by month",
            "label_heading": "Month",
            "lines": tables.lines(_month_rows(asked)),
        },
        {
            "id": "outcomes",
            "heading": findings.outcomes(found),
            "caption": "Contacts by outcome",
            "label_heading": "Outcome",
            "number_heading": "Contacts",
            "bars": tables.counts(
                (OUTCOMES[key or NOT_DECIDED], number, partial(here, outcome=key or NOT_DECIDED))
                for key, number in found.outcomes.items()
            ),
        },
        {
            "id": "times",
            "heading": findings.times(found, asked.median),
            "caption": "Contacts by time from receipt to decision",
            "label_heading": "Time",
            "number_heading": "Contacts",
            "bars": tables.counts(
                (TIMES[key], found.times[key], partial(here, time=key)) for key in BAND_KEYS if key in found.times
            ),
        },
        {
            "id": "agencies",
            "heading": findings.by_agency(found, asked.agencies),
            "caption": "Contacts by agency",
            "label_heading": "Agency",
            "lines": tables.lines(
                ((name, found.agencies[key], partial(here, agency=key)) for key, name in asked.agencies.items()),
                of=found.total.contacts,
            ),
        },
    ]


def _month_rows(asked: Asked) -> list[tables.Row]:
    return [
        (month.name, asked.found.months[month.key], partial(links.of_month, month, asked.filters))
        for month in asked.months
    ]


def _moved_rows(asked: Asked, source: str) -> list[tables.Row]:
    monthly = asked.found.source_months[source]
    return [
        (month.name, monthly.get(month.key, Figures()), partial(links.of_month, month, asked.filters, source=source))
        for month in asked.months
    ]
