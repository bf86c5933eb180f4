"""The two pages of times, and the lists behind the numbers of the second."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.door import declares, roles, visitor
from referrals import access
from referrals.codes import SOURCE_LABELS
from referrals.insight import dashboard, exporting, grids
from referrals.insight.forms import PeriodForm
from referrals.models.partnership import clock_rules
from referrals.rules import permissions

from . import behind, decided, links, words, working
from .decisions import decisions
from .sections import Section
from .work import Cohort

#: A page's name, its heading and its parts.
Made = tuple[str, list[Section]]


class TimesForm(PeriodForm):
    """A year, so that there are months enough to see a change by."""

    usual_months = 12


@declares(roles(permissions.INSIGHT))
def timeliness(request: HttpRequest) -> HttpResponse:
    """How many decisions were in time, and how long they took."""

    def made(cohort: Cohort) -> Made:
        found = decisions(cohort.children, cohort.period, cohort.now, cohort.filters)
        parts = decided.sections(found, cohort.period, cohort.filters, cohort.now, clock_rules())
        return words.headline(found), parts if found.total.contacts else []

    return _page(request, links.DECISIONS, made)


@declares(roles(permissions.INSIGHT))
def work(request: HttpRequest) -> HttpResponse:
    """How long the work behind the decisions took: stages, checks, strategy discussions, feedback."""

    def made(cohort: Cohort) -> Made:
        return "The work behind decisions", working.sections(cohort)

    return _page(request, links.WORK, made)


@declares(roles(permissions.INSIGHT))
def rows(request: HttpRequest, what: str) -> HttpResponse:
    """The list behind a number of the work: as many rows as the number says."""
    user, now = visitor(request), timezone.now()
    narrowed = behind.narrowing(what, request.GET)
    form = TimesForm.asked(request.GET, now)
    context: dict[str, Any] = {"form": form, "heading": behind.KINDS[what].many.capitalize()}
    if form.is_valid():
        cohort = _cohort(form, user, now)
        listed = behind.listing(what, cohort, narrowed, user, behind.page_asked(request.GET.get("page", "")))
        here = links.behind(what, cohort.period, cohort.filters)
        context |= {
            "listing": listed,
            "heading": listed.heading,
            "days": dashboard.days_of(cohort.period),
            "back_url": links.page(links.WORK, cohort.period, cohort.filters),
            "newer_url": here(**narrowed, page=listed.newer) if listed.newer else "",
            "older_url": here(**narrowed, page=listed.older) if listed.older else "",
        }
    return render(request, "insight/timeliness_list.html", context)


def _cohort(form: PeriodForm, user: User, now: datetime) -> Cohort:
    return Cohort(access.countable_by(user), form.period, now, form.filters)


def _page(request: HttpRequest, name: str, made: Callable[[Cohort], Made]) -> HttpResponse:
    """The page with its tables, or the file of them that the address asks for."""
    user, now = visitor(request), timezone.now()
    form = TimesForm.asked(request.GET, now)
    context: dict[str, Any] = {"form": form, "heading": "Timeliness"}
    if form.is_valid():
        cohort = _cohort(form, user, now)
        heading, sections = made(cohort)
        said = links.said_of(cohort.period, cohort.filters)
        tables = grids.downloads(section.grid for section in sections)
        if exporting.asked_for(request.GET):
            return exporting.answer(request, user, name.partition(":")[2], tables, said)
        context |= {
            "heading": heading,
            "days": dashboard.days_of(cohort.period),
            "source": SOURCE_LABELS.get(cohort.filters.source, ""),
            "sections": sections,
            "pages": [(label, links.page(page, cohort.period, cohort.filters), page == name) for label, page in PAGES],
            "files": exporting.links(reverse(name), said, [(one.name, one.title) for one in tables]),
        }
    return render(request, "insight/timeliness.html", context)


PAGES = (("Decisions", links.DECISIONS), ("The work behind them", links.WORK))
