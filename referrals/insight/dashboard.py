"""The dashboard's figures as ready words and links, so that its template only prints."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mash_portal.accounts.models import Agency
from mash_portal.govuk import words
from mash_portal.govuk.bars import Bar, bars
from referrals.codes import SOURCE_LABELS
from referrals.models.people import ChildQuerySet

from . import findings, links, queries
from .filters import NOT_DECIDED, OUTCOMES, TIMES, Filters
from .findings import percent
from .period import Month, Period, months_back
from .queries import Figures, Summary, share

#: Agencies shown before "all agencies" is asked for.
MOST = 15
QUICK = (("Last month", 1), ("Last 3 months", 3), ("Last 6 months", 6), ("Last 12 months", 12))


@dataclass(frozen=True, slots=True)
class Cell:
    """A number as text, the list behind it, and whose row it is in, for those who hear the link alone."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    contacts: Cell
    nfa: Cell
    pushback: Cell
    in_24h: Cell
    width: str


def quick_periods(today: date, chosen: Period | None) -> list[tuple[str, str, bool]]:
    """(label, address, whether it is the one shown) for the usual periods."""
    usual = [(label, months_back(today, months)) for label, months in QUICK]
    return [(label, links.dashboard(period), period == chosen) for label, period in usual]


def context(
    children: ChildQuerySet, period: Period, filters: Filters, now: datetime, *, every_agency: bool
) -> dict[str, Any]:
    """Everything on the page, in three queries."""
    found = queries.summary(children, period, now, filters)
    median = queries.median_hours(children, period, now, filters)
    shown = list(found.agencies) if every_agency else list(found.agencies)[:MOST]
    names = dict(Agency.objects.filter(pk__in=shown).values_list("pk", "name"))
    months = [month for month in period.months() if month.key in found.months]
    return {
        "heading": findings.headline(found, SOURCE_LABELS),
        "period": f"{words.long_date(period.first)} to {words.long_date(period.last)}",
        "source": SOURCE_LABELS.get(filters.source, ""),
        "tiles": tiles(found, median, period, filters),
        "sections": _sections(found, median, months, names, period, filters) if found.total.contacts else [],
        "all_agencies": len(found.agencies) if len(found.agencies) > len(shown) else 0,
        "all_agencies_url": f"{links.dashboard(period, filters)}&agencies=all#agencies",
    }


def tiles(found: Summary, median: float | None, period: Period, filters: Filters) -> list[dict[str, str]]:
    total = found.total

    def tile(number: str, label: str, note: str = "", **narrowed: Any) -> dict[str, str]:
        return {"number": number, "label": label, "note": note, "url": links.contacts(period, filters, **narrowed)}

    undecided = total.contacts - total.decided
    return [
        tile(f"{total.contacts:,}", "contacts", "Counted per child"),
        tile(f"{total.nfa:,}", "no further action", _of_contacts(total.nfa_rate), outcome="nfa"),
        tile(f"{total.pushback:,}", "returned with advice", _of_contacts(total.pushback_rate), outcome="nfa_pushback"),
        tile(
            f"{total.in_24h:,}",
            "decided within 24 hours",
            f"{percent(total.decided_in_24h_rate, 1)} of those decided or due" if total.due else "",
            time="in_24h",
        ),
        tile(
            f"{total.decided:,}",
            "decided",
            f"Half within {findings.hours(median)}" if median is not None else "",
            time="decided",
        ),
        tile(f"{undecided:,}", "not decided yet", outcome=NOT_DECIDED),
    ]


def _of_contacts(rate: float | None) -> str:
    return f"{percent(rate, 1)} of contacts" if rate is not None else ""


def _sections(
    found: Summary,
    median: float | None,
    months: Sequence[Month],
    names: Mapping[int, str],
    period: Period,
    filters: Filters,
) -> list[dict[str, Any]]:
    """Each with the finding as its heading, and either lines (several numbers a row) or bars (one)."""
    by_source = [(SOURCE_LABELS.get(key, key), row, {"source": key}) for key, row in found.sources.items()]
    by_agency = [(names[key], found.agencies[key], {"agency": key}) for key in found.agencies if key in names]
    moved = findings.pushback_source(found, months)
    return [
        {
            "id": "sources",
            "heading": "Where contacts came from",
            "caption": "Contacts by source",
            "label_heading": "Source",
            "lines": _lines(by_source, period, filters),
        },
        {
            "id": "pushback",
            "heading": findings.pushback(found, months, moved, SOURCE_LABELS),
            "caption": f"Returned with advice by month, {SOURCE_LABELS[moved] if moved else 'every source'}",
            "label_heading": "Month",
            "number_heading": "Returned with advice",
            "bars": _pushback_bars(found, months, moved, filters),
        },
        {
            "id": "months",
            "heading": findings.by_month(found, months),
            "caption": "Contacts by month",
            "label_heading": "Month",
            "lines": _month_lines(found, months, filters),
        },
        {
            "id": "outcomes",
            "heading": findings.outcomes(found),
            "caption": "Contacts by outcome",
            "label_heading": "Outcome",
            "number_heading": "Contacts",
            "bars": _outcome_bars(found, period, filters),
        },
        {
            "id": "times",
            "heading": findings.times(found, median),
            "caption": "Contacts by time from receipt to decision",
            "label_heading": "Time",
            "number_heading": "Contacts",
            "bars": _time_bars(found, period, filters),
        },
        {
            "id": "agencies",
            "heading": findings.by_agency(found, names),
            "caption": "Contacts by agency",
            "label_heading": "Agency",
            "lines": _lines(by_agency, period, filters),
        },
    ]


def _lines(rows: Iterable[tuple[str, Figures, dict[str, Any]]], period: Period, filters: Filters) -> list[Line]:
    rows = list(rows)
    most = max((row.contacts for _, row, _ in rows), default=0)
    return [_line(label, row, most, lambda more: links.contacts(period, filters, **more), own) for label, row, own in rows]


def _month_lines(found: Summary, months: Sequence[Month], filters: Filters) -> list[Line]:
    return []


def _number(number: int, rate: float | None) -> str:
    return f"{number:,} ({percent(rate, 1)})" if rate is not None else f"{number:,}"


def _pushback_bars(found: Summary, months: Sequence[Month], source: str, filters: Filters) -> list[Bar]:
    return []
