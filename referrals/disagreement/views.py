"""A disagreement as the agency sees it: raise it, follow it, take it further, end it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from mash_portal.door import case, declares, visitor
from referrals import access, casefile
from referrals.models import Contact
from referrals.vocabulary import Verb

from . import actions, offers, pages, queries
from .forms import AcceptForm, DisagreeForm, TakeUpForm


@declares(case(Verb.DISAGREE))
def ours(request: HttpRequest, reference: str) -> HttpResponse:
    """Every disagreement of the agency with a decision on this referral, and what it can do next."""
    contact, now = access.read(visitor(request), reference, Verb.DISAGREE), timezone.now()
    found = queries.of_contact(contact)
    context = {
        "disagreements": [pages.shown(one, now) for one in found],
        **offers.to_the_agency(contact, found, now),
    }
    return _page(request, "disagreement/ours.html", contact, **context)


@declares(case(Verb.DISAGREE))
def disagree(request: HttpRequest, reference: str) -> HttpResponse:
    user = visitor(request)
    contact = access.read(user, reference, Verb.DISAGREE)
    form = DisagreeForm(posted(request), initial={"speaks": offers.speaker(user), "stage": 1})
    if form.is_valid() and casefile.taken(
        form, actions.disagree, reference, actions.Raised(**form.cleaned_data), by=user
    ):
        messages.success(request, "Sent. Whoever answers for the MASH has been told, and the clock runs.")
        return redirect("disagreement:ours", reference)
    return _page(request, "disagreement/raise.html", contact, form=form)


@declares(case(Verb.TAKE_UP))
def take_up(request: HttpRequest, reference: str) -> HttpResponse:
    user = visitor(request)
    contact = access.read(user, reference, Verb.TAKE_UP)
    here = offers.open_one(contact)
    form = TakeUpForm(posted(request), initial={"stage": here.stage, "speaks": offers.speaker(user)})
    if form.is_valid() and casefile.taken(form, actions.take_up, reference, by=user, **form.cleaned_data):
        messages.success(request, "Taken to the next stage. Whoever answers there has been told.")
        return redirect("disagreement:ours", reference)
    return _page(request, "disagreement/take_up.html", contact, form=form, next=offers.next_level(here))


@declares(case(Verb.DISAGREE))
def accept(request: HttpRequest, reference: str) -> HttpResponse:
    user = visitor(request)
    contact = access.read(user, reference, Verb.DISAGREE)
    here = offers.open_one(contact)
    form = AcceptForm(offers.endings_for_the_agency(here), posted(request), initial={"stage": here.stage})
    if form.is_valid() and casefile.taken(form, actions.accept, reference, by=user, **form.cleaned_data):
        messages.success(request, "The disagreement has ended. The MASH has been told.")
        return redirect("disagreement:ours", reference)
    return _page(request, "disagreement/accept.html", contact, form=form)


def posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _page(request: HttpRequest, template: str, contact: Contact, **shown: object) -> HttpResponse:
    return render(request, template, {"contact": contact, "reference": contact.reference, **shown})
