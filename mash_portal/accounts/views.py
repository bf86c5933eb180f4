"""Pages of people for the administrator, and the page where somebody sets their first password."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from mash_portal.door import anyone, declares, roles, visitor

from . import actions, people, registration
from .actions import NotPossible
from .forms import PersonForm, SetPasswordForm
from .roles import Role

ADMINISTRATION = frozenset({Role.ADMINISTRATOR})


@declares(roles(ADMINISTRATION))
def people_list(request: HttpRequest) -> HttpResponse:
    filters = people.Filters.read(request.GET)
    page = people.listed(filters, request.GET.get("page", "1"))
    context = {
        "filters": filters,
        "filter_form": people.FilterForm(filters),
        "people": page.object_list,
        "total": page.paginator.count,
        "newer_url": filters.page_url(page.previous_page_number()) if page.has_previous() else "",
        "older_url": filters.page_url(page.next_page_number()) if page.has_next() else "",
    }
    return render(request, "accounts/people.html", context)


@declares(roles(ADMINISTRATION))
def add(request: HttpRequest) -> HttpResponse:
    form = PersonForm(people.agencies_for(None), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = actions.add(form.facts(), by=visitor(request))
        except NotPossible as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, f"{person.full_name} has been added, and can do nothing without a password.")
            return redirect("accounts:person", person.pk)
    return render(request, "accounts/person_form.html", {"form": form, "heading": "Add a person"})


@declares(roles(ADMINISTRATION))
def change(request: HttpRequest, person: int) -> HttpResponse:
    before = people.one(person)
    form = PersonForm(people.agencies_for(before), request.POST or None, person=before)
    if request.method == "POST" and form.is_valid():
        try:
            after = actions.change(person, form.facts(), by=visitor(request))
        except NotPossible as refusal:
            form.add_error("role" if "role" in str(refusal) else "email", str(refusal))
        else:
            messages.success(request, f"{after.full_name} has been changed.")
            return redirect("accounts:person", person)
    heading = f"Change {before.full_name}"
    return render(request, "accounts/person_form.html", {"form": form, "heading": heading, "person": before})


@declares(roles(ADMINISTRATION))
def person(request: HttpRequest, person: int) -> HttpResponse:
    return _person(request, person)


@declares(roles(ADMINISTRATION))
@require_POST
def set_active(request: HttpRequest, person: int) -> HttpResponse:
    active = request.POST.get("active") == "1"
    try:
        found = actions.set_active(person, active=active, by=visitor(request))
    except NotPossible as refusal:
        return _person(request, person, refusal=str(refusal), status=409)
    messages.success(request, f"{found.full_name} is now {'active' if active else 'inactive'}.")
    return redirect("accounts:person", person)


@declares(roles(ADMINISTRATION))
@require_POST
def password_link(request: HttpRequest, person: int) -> HttpResponse:
    """Shown on this page once and kept nowhere: the administrator hands it over."""
    try:
        parts = actions.password_link(person, by=visitor(request))
    except NotPossible as refusal:
        return _person(request, person, refusal=str(refusal), status=409)
    link = settings.BASE_URL + reverse("accounts:set_password", args=parts)
    return _person(request, person, link=link)


@declares(roles(ADMINISTRATION))
@require_POST
def clear_password(request: HttpRequest, person: int) -> HttpResponse:
    try:
        found = actions.clear_password(person, by=visitor(request))
    except NotPossible as refusal:
        return _person(request, person, refusal=str(refusal), status=409)
    messages.success(request, f"{found.full_name} has no password now. Make a link so that they can set a new one.")
    return redirect("accounts:person", person)


@declares(anyone)
@never_cache
@sensitive_post_parameters("password")
def set_password(request: HttpRequest, uidb64: str, token: str) -> HttpResponse:
    """Opening the link changes nothing; setting the password uses it up."""
    found = actions.person_of_link(uidb64, token)
    if found is None:
        return render(request, "accounts/link_used.html", status=410)
    form = SetPasswordForm(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_password(uidb64, token, form.cleaned_data["password"])
        except NotPossible:
            return render(request, "accounts/link_used.html", status=410)
        return redirect("account_login")
    return render(request, "accounts/set_password.html", {"form": form, "person": found})


def _person(request: HttpRequest, pk: int, *, status: int = 200, **context: Any) -> HttpResponse:
    found = people.one(pk)
    facts = [
        ("E-mail", found.email),
        ("Job", found.job),
        ("Telephone", found.phone),
        ("Agency", found.agency.name if found.agency else ""),
        ("Role", found.as_role.label),
        ("Registration number", found.registration_number),
        ("Registered until", registration.state(found, timezone.localdate())),
    ]
    rows = [{"key": key, "value": value or "None"} for key, value in facts]
    context |= {"person": found, "rows": rows, "is_self": found.pk == visitor(request).pk}
    context["has_password"] = found.has_usable_password()
    return render(request, "accounts/person.html", context, status=status)
