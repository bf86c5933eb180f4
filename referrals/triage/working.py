"""Pages on which a contact changes hands or priority: take it, put it back, give it to somebody, say how urgent."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from mash_portal.door import case, declares, visitor
from mash_portal.govuk.words import long_moment
from referrals.refusal_page import way_back
from referrals.refusals import NotYours, Refused
from referrals.vocabulary import Rag, Verb

from . import actions, queries
from .forms import AssignForm, RateForm, ReleaseForm
from .pages import explain, opened, page


@declares(case(Verb.CLAIM))
@require_POST
def claim(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a contact, from the queue or from its page. Who comes second is told who was first."""
    try:
        actions.claim(reference, by=visitor(request))
    except NotYours:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(way_back(request))
    messages.success(request, f"You hold contact {reference} now.")
    return redirect("triage:contact", reference)


@declares(case(Verb.RELEASE))
def release(request: HttpRequest, reference: str) -> HttpResponse:
    user, now = visitor(request), timezone.now()
    contact = opened(request, reference, Verb.RELEASE)
    form = ReleaseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.release(reference, reason=form.cleaned_data["reason"], by=user)
        except Refused as refusal:
            explain(refusal, form, contact, "reason")
        else:
            messages.success(request, f"Contact {reference} is back in the queue.")
            return redirect("triage:queue")
    return page(request, "triage/release.html", contact, now, form=form)


@declares(case(Verb.ASSIGN))
def assign(request: HttpRequest, reference: str) -> HttpResponse:
    user, now = visitor(request), timezone.now()
    contact = opened(request, reference, Verb.ASSIGN)
    workers = [one for one in queries.workers(user, now) if one.person.pk != contact.owner_id]
    sent = request.POST if request.method == "POST" else None
    form = AssignForm(workers, sent, initial={"version": contact.version})
    if form.is_valid():
        to = next(one.person for one in workers if str(one.person.pk) == form.cleaned_data["to"])
        try:
            actions.assign(reference, to=to, by=user, version=form.cleaned_data["version"])
        except Refused as refusal:
            explain(refusal, form, contact, "to")
        else:
            messages.success(request, f"{to.full_name} holds contact {reference} now.")
            return redirect("triage:contact", reference)
    return page(request, "triage/assign.html", contact, now, form=form)


@declares(case(Verb.RATE))
def rate(request: HttpRequest, reference: str) -> HttpResponse:
    user, now = visitor(request), timezone.now()
    contact = opened(request, reference, Verb.RATE)
    sent = request.POST if request.method == "POST" else None
    form = RateForm(queries.due_by_rag(contact), now, sent, initial={"version": contact.version})
    if form.is_valid():
        said = form.cleaned_data
        try:
            rating = actions.rate(
                reference, rag=Rag(said["rag"]), reason=said["reason"], by=user, version=said["version"]
            )
        except Refused as refusal:
            explain(refusal, form, contact, "rag")
        else:
            due = long_moment(rating.due_after)
            messages.success(request, f"The priority is {Rag(rating.rag).label.lower()}. The decision is due {due}.")
            return redirect("triage:contact", reference)
    return page(request, "triage/rate.html", contact, now, form=form)
