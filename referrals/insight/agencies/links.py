"""Addresses of the pages about agencies, and of the lists behind their numbers."""

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from referrals.insight import links
from referrals.insight.dashboard import QUICK
from referrals.insight.filters import NO_FILTERS, Filters
from referrals.insight.period import Month, Period, months_back

#: The two halves of what is said of agencies.
DECISIONS, TOLD = "decisions", "told"


def said(period: Period, filters: Filters, **more: str) -> dict[str, str]:
    """What narrows a page about agencies, as its address has it."""
    chosen = {"source": filters.source, "kind": filters.kind, **more}
    return {**days(period), **{name: value for name, value in chosen.items() if value}}


def days(period: Period) -> dict[str, str]:
    return {"start": period.first.isoformat(), "end": period.last.isoformat()}


def everybody(period: Period, filters: Filters, **more: str) -> str:
    return f"{reverse('agencies:list')}?{urlencode(said(period, filters, **more))}"


def one(agency: int, period: Period) -> str:
    return f"{reverse('agencies:agency', args=[agency])}?{urlencode(days(period))}"


def paper(agency: int, period: Period) -> str:
    return f"{reverse('agencies:paper', args=[agency])}?{urlencode(days(period))}"


def usual(today: date, chosen: Period | None, filters: Filters, **more: str) -> list[tuple[str, str, bool]]:
    """(label, address, whether it is the one shown) for the usual periods, narrowed as the page is."""
    periods = [(label, months_back(today, months)) for label, months in QUICK]
    return [(label, everybody(period, filters, **more), period == chosen) for label, period in periods]


def of_one(agency: int, period: Period, *, as_the_agency: bool) -> dict[str, str]:
    """Where the page of one agency leads to."""
    here = one(agency, period)
    return {
        "back_url": everybody(period, NO_FILTERS),
        "paper_url": paper(agency, period),
        "as_agency_url": "" if as_the_agency else f"{here}&as=agency",
        "as_hub_url": here if as_the_agency else "",
    }


@dataclass(frozen=True, slots=True)
class Behind:
    """Called with what narrows a number, it gives the address of the list behind that number."""

    period: Period
    filters: Filters

    def __call__(self, **more: str) -> str:
        return links.contacts(self.period, self.filters, **more)

    def of(self, month: Month) -> "Behind":
        return Behind(Period(month.first, month.last), self.filters)

    def sent_by(self, agency: int) -> "Behind":
        return Behind(self.period, replace(self.filters, agency=agency))
