"""The escalation board, and the button on it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from mash_portal.door import case, declares, roles, visitor
from referrals.rules import permissions
from referrals.vocabulary import Verb

from . import actions, late, queries, untold
from .filters import DONE, Filters
from .rows import rows


@declares(roles(permissions.QUEUE))
def board(request: HttpRequest) -> HttpResponse:
    """Steps that have fired and that nobody has put their name to; mine first, then the longest waiting."""
    user, now, filters = visitor(request), timezone.now(), Filters.read(request.GET)
    page = queries.board(user, filters, now, request.GET.get("page", "1"))
    context = {
        "filters": filters,
        "filter_form": filters.form(),
        "rows": rows(page, user, now),
        "total": page.paginator.count,
        "acknowledged": filters.state == DONE,
        "undelivered": untold.listed(user, now).count(),
        "newer_url": filters.page_url(page.previous_page_number()) if page.has_previous() else "",
        "older_url": filters.page_url(page.next_page_number()) if page.has_next() else "",
    }
    return render(request, "escalation/board.html", context)


@declares(roles(permissions.RUNS_THE_QUEUE))
@require_safe
def late_now(request: HttpRequest) -> HttpResponse:
    """Everything that is late at this moment, for managers: right with every timer stopped."""
    user, now, filters = visitor(request), timezone.now(), late.Filters.read(request.GET)
    page, workers = late.page_of(user, filters, now, request.GET.get("page", "1")), late.workers(user, now)
    context = {
        "tiles": late.tiles(user, filters, now),
        "filter_form": late.FilterForm(workers, filters),
        "selected": filters.chosen(workers),
        "rows": late.rows(page, user, now),
        "total": page.paginator.count,
        "newer_url": filters.page_url(page.previous_page_number()) if page.has_previous() else "",
        "older_url": filters.page_url(page.next_page_number()) if page.has_next() else "",
    }
    return render(request, "escalation/late.html", context)


@declares(case(Verb.ACKNOWLEDGE))
@require_POST
def acknowledge(request: HttpRequest, reference: str, step: int) -> HttpResponse:
    escalation = actions.acknowledge(reference, step, by=visitor(request))
    messages.success(request, f"You have acknowledged “{escalation.label}” on {reference}.")
    back = request.POST.get("back", "")
    ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if ours else "escalation:board")


@declares(roles(permissions.QUEUE))
def not_told(request: HttpRequest) -> HttpResponse:
    """People whom no message reached, the longest waiting first."""
    page = untold.page_of(visitor(request), timezone.now(), request.GET.get("page", "1"))
    context = {
        "rows": untold.rows(page),
        "total": page.paginator.count,
        "newer_url": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "older_url": f"?page={page.next_page_number()}" if page.has_next() else "",
    }
    return render(request, "escalation/untold.html", context)


@declares(roles(permissions.QUEUE))
@require_POST
def told(request: HttpRequest, notice: int) -> HttpResponse:
    """Somebody has rung."""
    first = untold.note_told(notice, by=visitor(request))
    messages.success(request, f"Noted: you have told {first.to.full_name}.")
    return redirect("escalation:untold")
