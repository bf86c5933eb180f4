"""Pages of the monthly dip sample: drawn, given out, drawn again to prove it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from mash_portal.door import declares, roles, visitor
from mash_portal.govuk.words import count
from referrals import casefile
from referrals.rules import permissions

from . import cases, drawing, pages, queries
from .forms import DrawForm, GiveForm
from .views import posted

ALL, WAITING, AUDITED = "all", "waiting", "audited"
_STATES = ((ALL, "All"), (WAITING, "Not audited yet"), (AUDITED, "Audited"))


@declares(roles(permissions.AUDITS))
def every(request: HttpRequest) -> HttpResponse:
    """Every month's sample, with how much of it is audited."""
    user = visitor(request)
    found = queries.samples(user)
    context = {
        "heading": count(len(found), "dip sample"),
        "rows": [pages.sample_row(*one) for one in found],
        "undrawn": [f"{month:%B %Y}" for month in queries.undrawn(timezone.localdate())][:3],
        "may_draw": pages.may(user)["draws"],
    }
    return render(request, "assurance/samples.html", context)


@declares(roles(permissions.DRAWS))
def draw(request: HttpRequest) -> HttpResponse:
    """A month that is over, so many children, and who audits them."""
    months = queries.undrawn(timezone.localdate())
    form = DrawForm(months, queries.auditors(), posted(request))
    if form.is_valid() and casefile.taken(form, drawing.draw, **form.wanted(), by=visitor(request)):
        messages.success(request, "The sample is drawn. Whoever audits has been told.")
        return redirect("assurance:samples")
    return render(request, "assurance/draw.html", {"form": form, "months": months})


@declares(roles(permissions.AUDITS))
def one(request: HttpRequest, sample: int) -> HttpResponse:
    """The cases of a sample, by stratum, and the proof that its seed draws them."""
    user, found = visitor(request), queries.sample(sample)
    there = queries.cases_of(user, found)
    rows = [pages.case_row(case, user) for case in there]
    asked = request.GET.get("state", ALL)
    shown = [row for row in rows if asked not in (WAITING, AUDITED) or row["is_done"] is (asked == AUDITED)]
    context: dict[str, Any] = {
        "sample": found,
        "heading": f"{found.month:%B %Y}: {count(len(shown), 'case')}",
        "rows": shown,
        "strata": pages.strata_rows(found, there),
        "states": [(label, f"?state={key}", key == asked) for key, label in _STATES],
        "again": pages.again_words([case.child_id for case in there], drawing.drawn_again(found)),
    }
    return render(request, "assurance/sample.html", context)


@declares(roles(permissions.DRAWS))
def give(request: HttpRequest, case: int) -> HttpResponse:
    """Give a case to other auditors."""
    user = visitor(request)
    found = cases.read_case(user, case)
    initial = {"auditor": found.auditor_id, "second": found.second_auditor_id}
    form = GiveForm(queries.auditors(), posted(request), initial=initial)
    if form.is_valid() and casefile.taken(form, drawing.give, case, **form.chosen(), by=user):
        messages.success(request, "The case is theirs. They have been told.")
        return redirect("assurance:case", case)
    return render(request, "assurance/give.html", {"form": form, "case": pages.case_row(found, user), "sampled": found})
