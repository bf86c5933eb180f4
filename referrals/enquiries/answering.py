"""Agency checks on the other side: what a practitioner's agency is asked, and the page on which they answer it."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from mash_portal.door import declares, drafting, roles, visitor
from referrals import access, casefile
from referrals.refusals import Refused
from referrals.rules import permissions

from . import actions, pages, queries
from .filters import Filters
from .forms import AnswerForm


@declares(roles(permissions.ANSWERERS))
def to_answer(request: HttpRequest) -> HttpResponse:
    """Every check that the person's agency was asked for: what is open first, the soonest due first."""
    user, now, filters = visitor(request), timezone.now(), Filters.of_the_agency(request.GET)
    page = queries.page_of(access.checks_of(user), filters.condition(user, now), request.GET.get("page", "1"))
    context = {
        "heading": pages.heading(page.paginator.count, filters.what),
        "rows": pages.rows(page, now, for_the_agency=True),
        "filters": filters,
        "filter_form": filters.form(),
        "selected": filters.chosen(),
        "newer_url": filters.url(page=str(page.previous_page_number())) if page.has_previous() else "",
        "older_url": filters.url(page=str(page.next_page_number())) if page.has_next() else "",
    }
    return render(request, "enquiries/to_answer.html", context)


@declares(drafting(permissions.ANSWERERS))
def answer(request: HttpRequest, check: int) -> HttpResponse:
    """What is asked, about whom, and the answer; once answered, the same form takes a correction."""
    user, now = visitor(request), timezone.now()
    found = access.read_check(user, check)
    form = AnswerForm(found, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.answer(check, form.answer(), seen=form.cleaned_data["seen"], by=user)
        except Refused as refusal:
            casefile.add_refusal(form, refusal)
            found.refresh_from_db()
            form.data = {**request.POST.dict(), "seen": str(len(found.answers))}
        else:
            messages.success(request, "Sent. The social worker has been told.")
            return redirect("enquiries:answer", check)
    context = {"check": found, "form": form} | pages.for_the_agency(found, now, settings.MASH_PHONE)
    return render(request, "enquiries/answer.html", context)
