"""A disagreement as the hub sees it: every one, one contact's, the answer, the settlement."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from mash_portal.door import case, declares, roles, visitor
from referrals import access, casefile
from referrals.models import Contact
from referrals.rules import permissions
from referrals.vocabulary import Verb

from . import answering, offers, pages, queries
from .forms import AnswerForm, SettleForm, StateForm
from .views import posted


@declares(roles(permissions.DISAGREEMENTS))
def every(request: HttpRequest) -> HttpResponse:
    """Every disagreement, those that wait longest first, with how long each stage took."""
    user, filters = visitor(request), queries.Filters.read(request.GET)
    page = queries.page_of(user, filters, request.GET.get("page", "1"))
    context = {
        "heading": pages.heading(page.paginator.count, filters.state),
        "rows": pages.list_rows(page, user, timezone.now()),
        "empty": pages.EMPTY.get(filters.state, "Nobody has disagreed with a decision yet"),
        "filter_form": StateForm(initial={"state": filters.state, "stage": filters.stage or ""}),
        "selected": pages.chosen(filters),
        "newer_url": f"{filters.query}&page={page.previous_page_number()}" if page.has_previous() else "",
        "older_url": f"{filters.query}&page={page.next_page_number()}" if page.has_next() else "",
    }
    return render(request, "disagreement/list.html", context)


@declares(case(Verb.READ))
def contact(request: HttpRequest, reference: str) -> HttpResponse:
    """The whole of every disagreement about this contact, as the agency reads it."""
    user, now = visitor(request), timezone.now()
    found = access.read(user, reference)
    every_one = queries.of_contact(found)
    shown = {
        "disagreements": [pages.shown(one, now) for one in every_one],
        **offers.to_the_hub(every_one, user, now),
    }
    return _page(request, "disagreement/contact.html", found, **shown)


@declares(case(Verb.RESPOND))
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    user = visitor(request)
    found = access.read(user, reference, Verb.RESPOND)
    here = offers.open_one(found)
    form = AnswerForm(posted(request), initial={"stage": here.stage})
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("stage", "who_met")}
        text = form.cleaned_data["answer"]
        if casefile.taken(form, answering.answer, reference, text=text, met_at=form.moment(), by=user, **said):
            messages.success(request, "Sent. The agency has been told.")
            return redirect("disagreement:contact", reference)
    shown = pages.shown(here, timezone.now())
    return _page(request, "disagreement/answer.html", found, form=form, disagreement=shown)


@declares(case(Verb.SETTLE))
def settle(request: HttpRequest, reference: str) -> HttpResponse:
    user, now = visitor(request), timezone.now()
    found = access.read(user, reference, Verb.SETTLE)
    here = offers.open_one(found)
    form = SettleForm(offers.endings_for_the_hub(here, now), posted(request), initial={"stage": here.stage})
    if form.is_valid() and casefile.taken(form, answering.settle, reference, by=user, **form.cleaned_data):
        messages.success(request, "Settled. The agency has been told.")
        return redirect("disagreement:contact", reference)
    return _page(request, "disagreement/settle.html", found, form=form, disagreement=pages.shown(here, now))


def _page(request: HttpRequest, template: str, contact: Contact, **shown: object) -> HttpResponse:
    frame = casefile.frame(contact, visitor(request), timezone.now(), current="disagreement")
    return render(request, template, {**frame, **shown})
