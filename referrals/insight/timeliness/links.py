"""The addresses of these pages and of the lists behind their numbers."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from referrals.insight import links
from referrals.insight.filters import Filters
from referrals.insight.grids import Address
from referrals.insight.period import Period

DECISIONS, WORK = "insight:timeliness", "insight:timeliness_work"


def page(name: str, period: Period, filters: Filters) -> str:
    return f"{reverse(name)}?{links.query(period, filters)}"


def said_of(period: Period, filters: Filters) -> dict[str, str]:
    """What the page is narrowed by, as its address says it."""
    first, last = period.first.isoformat(), period.last.isoformat()
    return {"start": first, "end": last, **({"source": filters.source} if filters.source else {})}


def contacts(period: Period, filters: Filters) -> Address:
    return partial(links.contacts, period, filters)


def behind(what: str, period: Period, filters: Filters) -> Address:
    """The list of stages, checks, discussions or invitations; see behind.py for what narrows each."""

    def address(**more: Any) -> str:
        return f"{reverse('insight:timeliness_list', args=[what])}?{urlencode({**said_of(period, filters), **more})}"

    return address
