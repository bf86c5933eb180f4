"""The address behind every number, and back. A filter that says nothing is left out of it."""

from dataclasses import asdict, replace
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from .filters import NO_FILTERS, Filters
from .period import Month, Period


def contacts(period: Period, filters: Filters = NO_FILTERS, **more: Any) -> str:
    """The list of exactly what a number counts."""
    return f"{reverse('insight:contacts')}?{query(period, replace(filters, **more))}"


def of_month(month: Month, filters: Filters = NO_FILTERS, **more: Any) -> str:
    return contacts(Period(month.first, month.last), filters, **more)


def dashboard(period: Period, filters: Filters = NO_FILTERS) -> str:
    return f"{reverse('insight:dashboard')}?{query(period, Filters(source=filters.source))}"


def query(period: Period, filters: Filters) -> str:
    return urlencode(said(period, filters))


def said(period: Period, filters: Filters) -> dict[str, str]:
    """What figures are narrowed by, as their address has it."""
    found = {name: str(value) for name, value in asdict(filters).items() if value not in ("", None)}
    return {"start": period.first.isoformat(), "end": period.last.isoformat(), **found}
