"""Restricted records: the list of those a person is named on, and the page on which one is restricted or lifted."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from mash_portal.door import case, declares, roles, visitor
from mash_portal.govuk.words import count
from referrals import access, casefile
from referrals.models import Contact
from referrals.refusals import NotYours, Refused, Stale
from referrals.rules import permissions
from referrals.vocabulary import Verb

from . import actions, pages, queries
from .forms import LiftForm, RestrictionForm


@declares(roles(permissions.BREAKS_GLASS))
def records(request: HttpRequest) -> HttpResponse:
    """What this person is named on, and the way to what they are not."""
    user = visitor(request)
    page = queries.records_of(user, request.GET.get("page", "1"))
    context = {
        "heading": count(page.paginator.count, "restricted record"),
        "rows": pages.record_rows(page, timezone.now()),
        "newer_url": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "older_url": f"?page={page.next_page_number()}" if page.has_next() else "",
    }
    return render(request, "restricted/records.html", context)


@declares(case(Verb.RESTRICT))
def restriction(request: HttpRequest, reference: str) -> HttpResponse:
    """Restrict a record, or change who is named on it; below, who has broken its glass."""
    user = visitor(request)
    contact = access.read(user, reference, Verb.RESTRICT)
    form = _restriction_form(request, contact)
    if form.is_valid():
        act = actions.name if contact.is_restricted else actions.restrict
        said = form.cleaned_data
        try:
            act(reference, reason=said["reason"], people=form.chosen(), by=user, version=said["version"])
        except NotYours:
            raise
        except Refused as refusal:
            _explain(refusal, form, contact)
        else:
            messages.success(request, "Saved. The record is there for the people named on it, and for nobody else.")
            return redirect("restricted:restriction", reference)
    return _page(request, "restricted/restriction.html", contact, form=form, **pages.restriction(contact, user))


def _restriction_form(request: HttpRequest, contact: Contact) -> RestrictionForm:
    user, now_named = visitor(request), queries.in_force(contact)
    people = [person for person in queries.may_be_named(contact) if person != user]
    first = {"version": contact.version, "reason": now_named.reason if now_named else ""}
    first["people"] = [str(person.pk) for person in now_named.named.all()] if now_named else []
    sent = request.POST if request.method == "POST" else None
    return RestrictionForm(people, "Nobody’s agency", sent, initial=first, is_new=not contact.is_restricted)


@declares(case(Verb.LIFT))
def lift(request: HttpRequest, reference: str) -> HttpResponse:
    user = visitor(request)
    contact = access.read(user, reference, Verb.LIFT)
    form = LiftForm(request.POST if request.method == "POST" else None, initial={"version": contact.version})
    if form.is_valid():
        try:
            actions.lift(reference, by=user, **form.cleaned_data)
        except NotYours:
            raise
        except Refused as refusal:
            _explain(refusal, form, contact)
        else:
            messages.success(request, "The restriction is lifted.")
            return redirect("triage:contact", reference)
    return _page(request, "restricted/lift.html", contact, form=form)


def _explain(refusal: Refused, form: RestrictionForm | LiftForm, contact: Contact) -> None:
    casefile.add_refusal(form, refusal)
    contact.refresh_from_db()
    if isinstance(refusal, Stale):
        form.catch_up(contact.version)


def _page(request: HttpRequest, template: str, contact: Contact, **shown: object) -> HttpResponse:
    frame = casefile.frame(contact, visitor(request), timezone.now(), current="restriction")
    return render(request, template, frame | shown)
