"""The inspection lists, their files, and what a census validator would find in them. No page names a child."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from mash_portal.door import case, declares, roles, visitor
from referrals import access, casefile, sheets
from referrals.rules import permissions
from referrals.sheets import Kind
from referrals.vocabulary import Verb

from . import actions, words
from .forms import CheckForm, LastDayForm, NeedsForm
from .lists import LISTS

PAGE = 50


@declares(roles(permissions.RETURNS))
def lists(request: HttpRequest) -> HttpResponse:
    """The three lists for the six months up to a day, with how many rows each has."""
    form = LastDayForm.asked(request.GET, timezone.now())
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        period = form.period
        context |= {
            "days": words.days_of(period),
            "offers": words.offers(access.countable(), period),
            "check_url": words.check_url(period),
        }
    return render(request, "returns/lists.html", context)


@declares(roles(permissions.RETURNS))
@require_safe
def file(request: HttpRequest, listed: str, kind: str) -> HttpResponse:
    """One list as a file; back to the page where the day cannot be read."""
    if listed not in LISTS or kind not in {*Kind}:
        raise Http404
    form = LastDayForm.asked(request.GET, timezone.now())
    if not form.is_valid():
        return redirect(f"{reverse('returns:lists')}?{request.GET.urlencode()}")
    chosen, period = LISTS[listed], form.period
    content = actions.take(chosen, period, Kind(kind), by=visitor(request))
    return sheets.attached(content, chosen.file_name(period), Kind(kind))


@declares(roles(permissions.RETURNS))
def check(request: HttpRequest) -> HttpResponse:
    """Every row that breaks a rule of the census, with the record it is in."""
    user, form = visitor(request), CheckForm.asked(request.GET, timezone.now())
    if not form.is_valid():
        return render(request, "returns/check.html", {"form": form, "heading": "Checks"})
    period, rule = form.period, form.cleaned_data["rule"]
    found = actions.check(period, by=user)
    shown = [one for one in found.broken if rule in ("", one.rule)]
    page = Paginator(shown, PAGE).get_page(request.GET.get("page", "1"))
    number = page.number
    context = {
        "form": form,
        "heading": words.heading(found),
        "days": words.days_of(period),
        "rules": words.by_rule(found, period),
        "lines": words.lines(page, user),
        "total": f"{len(shown):,}",
        "selected": [(words.RULE_NAMES[rule], words.check_url(period))] if rule else [],
        "clear_url": words.check_url(period),
        "back_url": words.lists_url(period),
        "newer_url": words.check_url(period, rule, number - 1) if page.has_previous() else "",
        "older_url": words.check_url(period, rule, number + 1) if page.has_next() else "",
    }
    return render(request, "returns/check.html", context)


@declares(case(Verb.SIGN_OFF))
def needs(request: HttpRequest, reference: str) -> HttpResponse:
    """The primary need of each child who was referred, where the decision left it out."""
    user = visitor(request)
    contact = access.read(user, reference, Verb.SIGN_OFF)
    referred = actions.referrals_of(contact)
    form = NeedsForm(referred, request.POST or None)
    if referred and form.is_valid():
        actions.record_needs(reference, form.needs(), by=user)
        messages.success(request, "The primary need is recorded.")
        return redirect("triage:contact", reference)
    frame = casefile.frame(contact, user, timezone.now(), current="decision")
    return render(request, "returns/needs.html", {**frame, "form": form, "referred": referred})
