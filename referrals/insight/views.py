"""The dashboard, and the list behind each of its numbers."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from mash_portal.door import declares, roles, visitor
from referrals import access
from referrals.rules import permissions

from . import dashboard as figures
from . import dashboard_tables, exporting, links, listing, narrowing, queries
from .forms import ContactsForm, PeriodForm


@declares(roles(permissions.INSIGHT))
def dashboard(request: HttpRequest) -> HttpResponse:
    """What came in during a period, from whom, and what became of it. The heading says what was found."""
    user, now = visitor(request), timezone.now()
    form = PeriodForm.asked(request.GET, now)
    chosen = form.period if form.is_valid() else None
    context: dict[str, Any] = {"form": form, "quick": figures.quick_periods(timezone.localdate(now), chosen)}
    if chosen:
        said = links.said(chosen, form.filters)
        if exporting.asked_for(request.GET):
            tables = dashboard_tables.tables(user, chosen, form.filters, now)
            return exporting.answer(request, user, "dashboard", tables, said)
        context["files"] = exporting.links(request.path, said, dashboard_tables.TABLES)
        every = request.GET.get("agencies") == "all"
        context |= figures.context(user, chosen, form.filters, now, every_agency=every)
    return render(request, "insight/dashboard.html", context)


@declares(roles(permissions.INSIGHT))
def contacts(request: HttpRequest) -> HttpResponse:
    """The child rows that a number counts: the same filters, so the same count."""
    user, now = visitor(request), timezone.now()
    form = ContactsForm.asked(request.GET, now)
    if not form.is_valid():
        return render(request, "insight/contacts.html", {"form": form, "heading": "Contacts"})
    period, filters = form.period, form.filters
    here, kept = links.contacts(period, filters), narrowing.tells_too_much(user, filters)
    chosen = queries.counted(access.countable_by(user), period, now, filters)
    page = None if kept else listing.page(chosen, user, listing.Place.read(request.GET.get("after", "")))
    context = {
        "form": form,
        "heading": page.heading if page else "This list is not shown",
        "days": figures.days_of(period),
        "page": page,
        "kept": kept,
        "selected": listing.chosen_filters(period, filters, str(form.cleaned_data["agency"] or "")),
        "clear_url": links.contacts(period),
        "back_url": narrowing.back(period, filters),
        "first_url": here if "after" in request.GET else "",
        "next_url": f"{here}&after={page.following}" if page and page.following else "",
    }
    return render(request, "insight/contacts.html", context)
