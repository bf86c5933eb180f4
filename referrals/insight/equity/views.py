"""The page of equity, and its tables as files."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from mash_portal.door import declares, roles, visitor
from referrals import access
from referrals.codes import SOURCE_LABELS
from referrals.insight import dashboard, exporting, grids
from referrals.insight.forms import PeriodForm
from referrals.insight.timeliness.links import said_of
from referrals.rules import permissions

from . import page
from .queries import equity as counted


class EquityForm(PeriodForm):
    """A year, as small groups need one."""

    usual_months = 12


@declares(roles(permissions.INSIGHT))
def equity(request: HttpRequest) -> HttpResponse:
    """What was decided for children and how long they waited, by what is recorded about them."""
    user, now = visitor(request), timezone.now()
    form = EquityForm.asked(request.GET, now)
    context: dict[str, Any] = {"form": form, "heading": "Equity"}
    if form.is_valid():
        period, filters = form.period, form.filters
        found = counted(access.countable_by(user), period, now, filters)
        sections = page.sections(found, period, filters, listed=not exporting.leaves_the_mash(user))
        said = said_of(period, filters)
        tables = grids.downloads(section.grid for section in sections)
        if exporting.asked_for(request.GET):
            return exporting.answer(request, user, "equity", tables, said)
        context |= {
            "heading": page.headline(found),
            "days": dashboard.days_of(period),
            "source": SOURCE_LABELS.get(filters.source, ""),
            "sections": sections,
            "undecided": found.undecided,
            "files": exporting.links(reverse("insight:equity"), said, [(one.name, one.title) for one in tables]),
        }
    return render(request, "insight/equity.html", context)
