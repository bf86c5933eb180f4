"""Breaking the glass of a restricted record, giving it back, and the reviews of what was broken."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from mash_portal.door import case, declares, roles, visitor
from referrals import access, casefile
from referrals.refusals import NotYours, Refused
from referrals.rules import permissions
from referrals.vocabulary import Verb

from . import breaking, pages, queries
from .forms import BreakForm, ReviewForm


@declares(roles(permissions.BREAKS_GLASS))
def break_glass(request: HttpRequest) -> HttpResponse:
    """Open a restricted record: its reference and why. What is absent and what is nobody's business answer alike."""
    form = BreakForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            contact = breaking.break_glass(by=visitor(request), **form.cleaned_data)
        except NotYours:
            raise
        except Refused as refusal:
            casefile.add_refusal(form, refusal)
        else:
            return redirect("triage:contact", contact.reference)
    return render(request, "restricted/open.html", {"form": form, "hours": breaking.OPEN_FOR.seconds // 3600})


@declares(case(Verb.BREAK_GLASS))
@require_POST
def give_back(request: HttpRequest, reference: str) -> HttpResponse:
    """The reader has seen enough."""
    breaking.give_back(reference, by=visitor(request))
    messages.success(request, f"You have given {reference} back. That you opened it is still reviewed.")
    return redirect("restricted:records")


@declares(roles(permissions.REVIEWS_GLASS))
def broken(request: HttpRequest) -> HttpResponse:
    """Every broken glass, those that nobody has reviewed first shown."""
    state = pages.state_of(request.GET.get("state", ""))
    page = queries.broken(pages.narrow(access.glass_of(visitor(request)), state), request.GET.get("page", "1"))
    context = {
        **pages.broken(state, page.paginator.count),
        "rows": pages.broken_rows(page, timezone.now()),
        "newer_url": f"?state={state}&page={page.previous_page_number()}" if page.has_previous() else "",
        "older_url": f"?state={state}&page={page.next_page_number()}" if page.has_next() else "",
    }
    return render(request, "restricted/broken.html", context)


@declares(roles(permissions.REVIEWS_GLASS))
def review(request: HttpRequest, glass: int) -> HttpResponse:
    """Who opened it, when, why and which pages: not the record itself. Then whether it was right."""
    user = visitor(request)
    found = access.read_glass(user, glass)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            breaking.review(glass, was_right=said["was_right"] == "yes", words=said["review"], by=user)
        except Refused as refusal:
            casefile.add_refusal(form, refusal)
        else:
            messages.success(request, "The review is saved.")
            return redirect("restricted:broken")
    return render(request, "restricted/review.html", {**pages.review(found, user, timezone.now()), "form": form})
