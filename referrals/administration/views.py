"""The administrator's pages: clocks, who is on duty, messages. They show no case."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from mash_portal.door import declares, roles, visitor
from mash_portal.govuk.words import count
from referrals.refusals import Refused
from referrals.rules import permissions
from referrals.vocabulary import AgencyKind, Clock, Unit

from . import actions, queries
from .forms import AgencyForm, ClockForm, DutyForm

PAGES = (
    ("Clocks", "settings:clocks"),
    ("On duty", "settings:duty"),
    ("Messages", "settings:messages"),
    ("Agencies", "settings:agencies"),
)


@declares(roles(permissions.ADMINISTRATION))
def clocks(request: HttpRequest) -> HttpResponse:
    return _page(request, "clocks", rows=queries.clock_rows())


@declares(roles(permissions.ADMINISTRATION))
def clock(request: HttpRequest, name: str) -> HttpResponse:
    kind = _clock(name)
    shown = queries.described(kind)
    form = ClockForm(request.POST or None, initial=queries.as_typed(kind))
    if request.method == "POST" and form.is_valid():
        try:
            rule = actions.set_clock(
                kind, amount=form.cleaned_data["amount"], unit=Unit(form.cleaned_data["unit"]), by=visitor(request)
            )
        except Refused as refusal:
            form.add_error("amount", str(refusal))
        else:
            messages.success(request, f"The {kind.label.lower()} clock now runs for {queries.length(rule)}.")
            return redirect("settings:clocks")
    return _page(request, "clock", form=form, **shown)


@declares(roles(permissions.ADMINISTRATION))
@require_POST
def reset_clock(request: HttpRequest, name: str) -> HttpResponse:
    rule = actions.reset_clock(_clock(name), by=visitor(request))
    messages.success(request, f"The {rule.clock.label.lower()} clock is back at {queries.length(rule)}.")
    return redirect("settings:clocks")


@declares(roles(permissions.ADMINISTRATION))
def duty(request: HttpRequest) -> HttpResponse:
    before = queries.duties()
    form = DutyForm(queries.holders(), request.POST or None, initial=before)
    if request.method == "POST" and form.is_valid():
        for role, person in form.chosen().items():
            if before.get(role, "") != (str(person.pk) if person else ""):
                actions.set_duty(role, person, by=visitor(request))
        messages.success(request, "Saved. Whoever is named is told from now on.")
        return redirect("settings:duty")
    return _page(request, "duty", form=form)


@declares(roles(permissions.ADMINISTRATION))
def outbox(request: HttpRequest) -> HttpResponse:
    page = queries.failed_page(request.GET.get("page", "1"))
    return _page(
        request,
        "messages",
        rows=queries.message_rows(page),
        tiles=queries.message_tiles(page.paginator.count, timezone.now()),
        total=page.paginator.count,
        newer_url=f"?page={page.previous_page_number()}" if page.has_previous() else "",
        older_url=f"?page={page.next_page_number()}" if page.has_next() else "",
    )


@declares(roles(permissions.ADMINISTRATION))
@require_POST
def retry(request: HttpRequest, notice: int) -> HttpResponse:
    again = actions.retry(notice, by=visitor(request))
    messages.success(request, f"The message to {again.to.full_name} will be sent again.")
    return redirect("settings:messages")


@declares(roles(permissions.ADMINISTRATION))
@require_POST
def retry_all(request: HttpRequest) -> HttpResponse:
    number = actions.retry_all(by=visitor(request))
    messages.success(request, f"{count(number, 'message')} will be sent again.")
    return redirect("settings:messages")


@declares(roles(permissions.ADMINISTRATION))
def agencies(request: HttpRequest) -> HttpResponse:
    return _page(request, "agencies", rows=queries.agency_rows())


@declares(roles(permissions.ADMINISTRATION))
def add_agency(request: HttpRequest) -> HttpResponse:
    form = AgencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            agency = actions.add_agency(
                given["name"], kind=AgencyKind(given["kind"]), source=given["source"], by=visitor(request)
            )
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, f"{agency.name} has been added.")
            return redirect("settings:agencies")
    return _page(request, "add_agency", form=form)


@declares(roles(permissions.ADMINISTRATION))
@require_POST
def set_agency_active(request: HttpRequest, agency: int) -> HttpResponse:
    active = request.POST.get("active") == "1"
    found = actions.set_agency_active(agency, active=active, by=visitor(request))
    messages.success(request, f"{found.name} is now {'active' if active else 'inactive'}.")
    return redirect("settings:agencies")


def _clock(name: str) -> Clock:
    found = next((kind for kind in Clock if kind == name), None)
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    pages = [(label, reverse(name), request.path.startswith(reverse(name))) for label, name in PAGES]
    return render(request, f"administration/{template}.html", {"pages": pages, **context})
