"""Taking a call, the list of calls, each one in the hub, and what the caller's agency reads of its own."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from mash_portal.door import declares, drafting, roles, visitor
from mash_portal.govuk.words import long_date
from referrals import access, casefile, telephone
from referrals.refusals import NotYours, Refused
from referrals.rules import permissions

from . import actions, queries, words
from .filters import HEADINGS, Filters
from .forms import CallForm


@declares(roles(permissions.CALLS))
def calls(request: HttpRequest) -> HttpResponse:
    """Every call, the newest first."""
    filters = Filters.read(request.GET)
    before = request.GET.get("before", "")
    page = queries.page_of(visitor(request), filters, before)
    context = {
        "heading": words.heading(page.count, HEADINGS[filters.show]),
        "rows": words.rows(page.calls, timezone.now(), page="calls:call"),
        "filters": filters,
        "filter_form": filters.form(),
        "selected": filters.chosen,
        "older_url": filters.url(before=page.older) if page.older else "",
        "newer_url": filters.url() if before else "",
    }
    return render(request, "calls/list.html", context)


@declares(roles(permissions.CALLS))
def record(request: HttpRequest) -> HttpResponse:
    return _record(request, is_out_of_hours=False)


@declares(roles(permissions.CALLS))
def out_of_hours(request: HttpRequest) -> HttpResponse:
    """The same page for the emergency duty team, who have a telephone in one hand and this one in the other."""
    return _record(request, is_out_of_hours=True)


def _record(request: HttpRequest, *, is_out_of_hours: bool) -> HttpResponse:
    form = CallForm(request.POST if request.method == "POST" else None, agencies=queries.agencies())
    if form.is_adding:
        return render(request, "calls/record.html", {"entry": form, "out_of_hours": is_out_of_hours})
    if request.method == "POST" and form.is_valid():
        try:
            call = actions.record(form.told(), by=visitor(request), out_of_hours=is_out_of_hours)
        except NotYours:
            raise
        except Refused as refusal:
            casefile.add_refusal(form, refusal)
        else:
            messages.success(request, f"The call is recorded. Its reference is {call.reference}.")
            return redirect("calls:call", call.reference)
    return render(request, "calls/record.html", {"entry": form, "form": form, "out_of_hours": is_out_of_hours})


@declares(roles(permissions.CALLS))
@require_safe
def call(request: HttpRequest, call: str) -> HttpResponse:
    """One call as the hub reads it, with the forms that may be the one it waits for."""
    user = visitor(request)
    found = access.read_call(user, call)
    context = {
        "call": found,
        "rows": words.call_rows(found),
        "clock": telephone.form_clock(found, timezone.now()),
        "candidates": words.candidate_rows(queries.may_be_the_form(user, found)),
    }
    return render(request, "calls/call.html", context)


@declares(roles(permissions.CALLS))
@require_safe
def letter(request: HttpRequest, call: str) -> HttpResponse:
    """The advice as a letter to print, for a caller who has no account."""
    found = access.read_call(visitor(request), call)
    return render(request, "calls/letter.html", {"call": found, "day": long_date(found.taken_at)})


@declares(drafting(permissions.DRAFTING))
@require_safe
def our_calls(request: HttpRequest) -> HttpResponse:
    """The calls of the person's own agency."""
    before = request.GET.get("before", "")
    filters = Filters(page="calls:our_list")
    page = queries.page_of(visitor(request), filters, before)
    context = {
        "heading": words.heading(page.count, "with the MASH"),
        "rows": words.rows(page.calls, timezone.now(), page="calls:ours"),
        "older_url": filters.url(before=page.older) if page.older else "",
        "newer_url": filters.url() if before else "",
    }
    return render(request, "calls/our_list.html", context)


@declares(drafting(permissions.DRAFTING))
@require_safe
def our_call(request: HttpRequest, call: str) -> HttpResponse:
    """What the MASH wrote down. Reading it is recorded: the hub knows that the agency has the advice."""
    user, now = visitor(request), timezone.now()
    found = access.read_call(user, call)
    actions.read(found, by=user)
    context = {
        "call": found,
        "rows": words.own_rows(found),
        "clock": telephone.form_clock(found, now),
        "is_waiting": found.confirm_by is not None and found.confirmed_at is None,
    }
    return render(request, "calls/our_call.html", context)
