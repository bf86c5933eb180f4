"""Agencies beside one another, and the page of one that a manager takes to the meeting with it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.door import declares, roles, visitor
from referrals import access
from referrals.insight import exporting
from referrals.rules import permissions

from . import links, one, page, paper
from .forms import AgenciesForm, AgencyForm
from .queries import Scope


@declares(roles(permissions.INSIGHT))
def everybody(request: HttpRequest) -> HttpResponse:
    """Every agency that sent something and every one that did not, like beside like."""
    user, now = visitor(request), timezone.now()
    form = AgenciesForm.asked(request.GET, now)
    chosen = form.period if form.is_valid() else None
    if chosen is None:
        return render(request, "insight/agencies/list.html", {"form": form, "heading": "Agencies"})
    if form.chosen is not None:
        return redirect(links.one(form.chosen.pk, chosen))
    scope = Scope(access.countable_by(user), chosen, now, form.filters)
    found = page.Found(scope, form.measure_chosen, access.hidden_from(user))
    said = links.said(chosen, form.filters, measure=form.measure_chosen.key)
    if exporting.asked_for(request.GET):
        return exporting.answer(request, user, "agencies", page.tables(found), said)
    context = page.context(found, form.view_chosen, everybody=request.GET.get("agencies") == "all")
    context["quick"] = links.usual(timezone.localdate(now), chosen, form.filters, view=form.view_chosen)
    context["files"] = exporting.links(request.path, said, page.names(found))
    return render(request, "insight/agencies/list.html", {"form": form, **context})


@declares(roles(permissions.INSIGHT | permissions.OWN_FIGURES))
def agency(request: HttpRequest, agency: int) -> HttpResponse:
    """The figures of one agency: for who sees all of them, and for its own safeguarding lead."""
    return _one(request, visitor(request), agency)


@declares(roles(permissions.OWN_FIGURES))
def ours(request: HttpRequest) -> HttpResponse:
    """The figures of the person's own agency."""
    user = visitor(request)
    if user.agency_id is None:
        raise Http404
    return _one(request, user, user.agency_id)


@declares(roles(permissions.INSIGHT | permissions.OWN_FIGURES))
def paper_of(request: HttpRequest, agency: int) -> HttpResponse:
    """The same on paper, as the agency may have it."""
    user, now = visitor(request), timezone.now()
    found, form = one.seen_by(user, agency), AgencyForm.asked(request.GET, now)
    if not form.is_valid():
        return redirect("agencies:agency", agency)
    made = paper.of(one.Page(found, one.countable(user, leaves=True), form.period, now, leaves=True), by=user)
    answer = HttpResponse(made.content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return answer


def _one(request: HttpRequest, user: User, number: int) -> HttpResponse:
    found, now = one.seen_by(user, number), timezone.now()
    form = AgencyForm.asked(request.GET, now)
    context: dict[str, Any] = {"form": form, "agency": found, "sees_all": one.sees_all(user)}
    if not form.is_valid():
        return render(request, "insight/agencies/agency.html", context)
    wants_file = exporting.asked_for(request.GET) is not None
    leaves = one.leaves(user, as_the_agency=request.GET.get("as") == "agency", in_a_file=wants_file)
    shown = one.Page(found, one.countable(user, leaves=leaves), form.period, now, leaves=leaves)
    said = links.days(form.period) | ({"as": "agency"} if request.GET.get("as") == "agency" else {})
    if wants_file:
        narrowed = said | {"agency": str(found.pk)}
        return exporting.answer(request, user, "agency", one.tables(shown), narrowed, leaves=leaves)
    context |= one.context(shown) | links.of_one(found.pk, form.period, as_the_agency="as" in said)
    context["files"] = exporting.links(request.path, said, one.TABLES)
    return render(request, "insight/agencies/agency.html", context)
