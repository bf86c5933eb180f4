"""Agency checks in the hub: all that are open, those of one contact, asking, authorising, closing, putting together."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from mash_portal.door import case, declares, roles, visitor
from mash_portal.govuk.words import count
from referrals import access, casefile
from referrals.models import Contact
from referrals.refusals import Refused, Stale
from referrals.rules import journey, permissions
from referrals.rules.permissions import Relation
from referrals.vocabulary import Verb

from . import actions, pages, queries
from .asking import ask_form, authorise_form, authority, close_form
from .filters import Filters
from .forms import SynthesisForm


@declares(roles(permissions.QUEUE))
def checks(request: HttpRequest) -> HttpResponse:
    """What agencies have been asked and have not answered, the soonest due first, and how long each takes."""
    user, now, filters = visitor(request), timezone.now(), Filters.of_the_hub(request.GET)
    seen = access.checks_of(user)
    page = queries.page_of(seen, filters.condition(user, now), request.GET.get("page", "1"))
    agencies = queries.agencies_with_checks(user)
    context = {
        "heading": pages.heading(page.paginator.count, filters.what),
        "rows": pages.rows(page, now, for_the_agency=False),
        "filters": filters,
        "filter_form": filters.form(agencies),
        "selected": filters.chosen(agencies),
        "turnaround": pages.turnaround_rows(queries.turnaround(seen, now - queries.RECENT, now)),
        "days": queries.RECENT.days,
        "newer_url": filters.url(page=str(page.previous_page_number())) if page.has_previous() else "",
        "older_url": filters.url(page=str(page.next_page_number())) if page.has_next() else "",
    }
    return render(request, "enquiries/list.html", context)


@declares(case(Verb.READ))
def contact(request: HttpRequest, reference: str) -> HttpResponse:
    """Every check about one contact: what is open, what was answered, and what it means together."""
    found = access.read(visitor(request), reference)
    return _page(request, "enquiries/contact.html", found)


@declares(case(Verb.CHECK))
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    user = visitor(request)
    found = _opened(request, reference, Verb.CHECK)
    standing = queries.standing_of(found)
    form = ask_form(found, user, standing, _posted(request))
    if form.is_valid() and (made := _done(request, found, form, actions.ask, reference, form.request())):
        messages.success(request, _asked(made))
        return redirect("enquiries:contact", reference)
    return _page(request, "enquiries/ask.html", found, form=form, standing=standing)


@declares(case(Verb.CHECK))
def authorise(request: HttpRequest, reference: str) -> HttpResponse:
    found = _opened(request, reference, Verb.CHECK)
    form = authorise_form(found, _posted(request))
    if form.is_valid():
        because = form.cleaned_data["because"]
        if done := _done(request, found, form, actions.authorise, reference, form.numbers, because=because):
            messages.success(request, f"{count(len(done), 'check')} authorised. The agency has been told.")
            return redirect("enquiries:contact", reference)
    return _page(request, "enquiries/authorise.html", found, form=form, standing=queries.standing_of(found))


@declares(case(Verb.CLOSE_CHECK))
def close(request: HttpRequest, reference: str) -> HttpResponse:
    found = _opened(request, reference, Verb.CLOSE_CHECK)
    form = close_form(found, _posted(request))
    if form.is_valid():
        because = form.cleaned_data["because"]
        if done := _done(request, found, form, actions.close, reference, form.numbers, because=because):
            messages.success(request, f"{count(len(done), 'check')} closed.")
            return redirect("enquiries:contact", reference)
    return _page(request, "enquiries/close.html", found, form=form)


@declares(case(Verb.SYNTHESISE))
def synthesise(request: HttpRequest, reference: str) -> HttpResponse:
    found = _opened(request, reference, Verb.SYNTHESISE)
    form = SynthesisForm(_posted(request), initial={"version": found.version})
    if form.is_valid() and _done(request, found, form, actions.synthesise, reference, **form.cleaned_data):
        messages.success(request, "What the answers mean together is saved.")
        return redirect("enquiries:contact", reference)
    return _page(request, "enquiries/together.html", found, form=form)


def _asked(made: list[Any]) -> str:
    names = ", ".join(check.agency.name for check in made)
    if made[0].waits_for_authority:
        return f"Prepared: {names}. A manager has been told, and nothing is sent before they authorise it."
    return f"Asked: {names}. Whoever answers for them has been told."


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _done(
    request: HttpRequest, found: Contact, form: forms.Form, act: Callable[..., Any], *said: Any, **more: Any
) -> Any:
    """What the action made; None where it refused, with its sentences beside what was typed."""
    try:
        return act(*said, by=visitor(request), **more)
    except Refused as refusal:
        casefile.add_refusal(form, refusal)
        found.refresh_from_db()
        if isinstance(refusal, Stale) and hasattr(form.data, "dict"):
            # the person has now been told of the change: what they send next is meant for this version
            form.data = {**form.data.dict(), "version": str(found.version)}
        return None


def _opened(request: HttpRequest, reference: str, verb: Verb) -> Contact:
    """The contact, for a form. Who could use it a moment ago is refused by the action, words kept."""
    user = visitor(request)
    if request.method == "POST" and verb in permissions.allowed(user.as_role, frozenset(Relation)):
        return access.read(user, reference)
    found = access.read(user, reference, verb)
    journey.step(found.as_stage, verb)
    return found


def _page(request: HttpRequest, template: str, found: Contact, **more: object) -> HttpResponse:
    user, now = visitor(request), timezone.now()
    frame = casefile.frame(found, user, now, current="checks")
    return render(request, template, {**frame, **pages.of_contact(found, user, now), **authority(user, now), **more})
