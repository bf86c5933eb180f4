"""The administrator's pages: clocks, who is on duty, messages, deliveries, agencies. They show no case."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from mash_portal.door import declares, roles, visitor
from mash_portal.govuk.words import count
from referrals.refusals import Refused
from referrals.rules import permissions
from referrals.vocabulary import AgencyKind

from . import actions, deliveries, outbox, places, queries
from .forms import AgencyForm, DutyForm, ReceivesForm


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
def messages_sent(request: HttpRequest) -> HttpResponse:
    """The outbox, what has to be put right before anything else."""
    filters, now = outbox.Filters.read(request.GET), timezone.now()
    page = outbox.page_of(filters, now, request.GET.get("page", "1"))
    return _page(
        request,
        "messages",
        filters=filters,
        filter_form=filters.form(),
        rows=outbox.rows(page, now),
        tiles=outbox.tiles(now),
        total=page.paginator.count,
        newer_url=filters.page_url(page.previous_page_number()) if page.has_previous() else "",
        older_url=filters.page_url(page.next_page_number()) if page.has_next() else "",
    )


@declares(roles(permissions.ADMINISTRATION))
@require_POST
def retry(request: HttpRequest, notice: int) -> HttpResponse:
    again = outbox.retry(notice, by=visitor(request))
    messages.success(request, f"The message to {again.to.full_name} will be sent again.")
    return redirect("settings:messages")


@declares(roles(permissions.ADMINISTRATION))
@require_POST
def retry_all(request: HttpRequest) -> HttpResponse:
    number = outbox.retry_all(outbox.Filters.read(request.POST), by=visitor(request))
    messages.success(request, f"{count(number, 'message')} will be sent again.")
    return redirect("settings:messages")


@declares(roles(permissions.ADMINISTRATION))
def delivered(request: HttpRequest) -> HttpResponse:
    """Deliveries to the case management system: references only."""
    state = request.GET.get("state", "")
    page = deliveries.page_of(state, request.GET.get("page", "1"))
    asked = f"state={state}&" if state in deliveries.STATES else ""
    tiles = deliveries.tiles(timezone.now(), request.path)
    return _page(
        request,
        "deliveries",
        address=settings.CASE_SYSTEM_URL,
        rows=deliveries.rows(page),
        state=deliveries.STATES.get(state, ""),
        tiles=tiles,
        failed=tiles[-1]["state"],
        total=page.paginator.count,
        newer_url=f"?{asked}page={page.previous_page_number()}" if page.has_previous() else "",
        older_url=f"?{asked}page={page.next_page_number()}" if page.has_next() else "",
    )


@declares(roles(permissions.ADMINISTRATION))
@require_POST
def retry_delivery(request: HttpRequest, delivery: int) -> HttpResponse:
    again = deliveries.retry(delivery, by=visitor(request))
    messages.success(request, f"Contact {again.contact.reference} will be sent again.")
    return redirect("settings:deliveries")


@declares(roles(permissions.ADMINISTRATION))
@require_POST
def retry_deliveries(request: HttpRequest) -> HttpResponse:
    number = deliveries.retry_all(by=visitor(request))
    messages.success(request, f"{count(number, 'delivery', 'deliveries')} will be sent again.")
    return redirect("settings:deliveries")


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
def agency(request: HttpRequest, agency: int) -> HttpResponse:
    """How large an agency is, and what a team is offered after a decision."""
    found = queries.agency(agency)
    form = ReceivesForm(request.POST or None, initial={"receives": found.receives, "size": found.size})
    if request.method == "POST" and form.is_valid():
        actions.set_size(agency, form.cleaned_data["size"], by=visitor(request))
        actions.set_receives(agency, form.chosen(), by=visitor(request))
        offered = f"{found.name} is offered children from the next decision on." if form.chosen() else ""
        messages.success(request, f"Saved. {offered}".strip())
        return redirect("settings:agencies")
    return _page(request, "agency", agency=found, form=form)


@declares(roles(permissions.ADMINISTRATION))
@require_POST
def set_agency_active(request: HttpRequest, agency: int) -> HttpResponse:
    active = request.POST.get("active") == "1"
    found = actions.set_agency_active(agency, active=active, by=visitor(request))
    messages.success(request, f"{found.name} is now {'active' if active else 'inactive'}.")
    return redirect("settings:agencies")


def _page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    return render(request, f"administration/{template}.html", {"pages": places.of(request), **context})
