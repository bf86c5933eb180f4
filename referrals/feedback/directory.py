"""The directory of services that feedback points to. Kept by managers and administrators; no child is in it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from mash_portal.door import declares, roles, visitor
from mash_portal.govuk.words import count
from referrals import casefile
from referrals.rules import permissions

from . import keeping, pages, queries
from .forms import ServiceForm


@declares(roles(permissions.KEEPS_SERVICES))
def services(request: HttpRequest) -> HttpResponse:
    found = queries.services(active=False)
    rows = [pages.service_row(one) for one in found]
    return render(request, "feedback/services.html", {"rows": rows, "heading": count(len(rows), "service")})


@declares(roles(permissions.KEEPS_SERVICES))
def add(request: HttpRequest) -> HttpResponse:
    return _form(request, None, {"is_active": True})


@declares(roles(permissions.KEEPS_SERVICES))
def edit(request: HttpRequest, service: int) -> HttpResponse:
    found = keeping.one(service)
    if found is None:
        raise Http404
    first = {name: getattr(found, name) for name in ("name", "what", "how", "is_active")}
    return _form(request, service, {**first, "levels": [str(level) for level in found.levels]})


def _form(request: HttpRequest, service: int | None, first: dict[str, Any]) -> HttpResponse:
    form = ServiceForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_valid() and casefile.taken(form, keeping.save, service, by=visitor(request), **form.cleaned_data):
        messages.success(request, "The directory is saved.")
        return redirect("feedback:services")
    return render(request, "feedback/service.html", {"form": form, "is_new": service is None})
