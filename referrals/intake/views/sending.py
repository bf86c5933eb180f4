"""Check your answers, declare, send."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from mash_portal.door import visitor
from referrals import papers
from referrals.intake import actions, queries, words
from referrals.intake.forms import DeclareForm
from referrals.models import Draft
from referrals.refusals import NotReady, Refused
from referrals.rules import marf

from .doors import of_draft, today


@of_draft
def check(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Everything on one page. What stops the form is at the top, each with a link; sending twice sends once."""
    form = DeclareForm(request.POST if request.method == "POST" else None)
    gaps: list[marf.Gap] | None = None
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            contact = actions.submit(draft.key, by=visitor(request))
        except NotReady as not_ready:
            gaps = [gap for gap in not_ready.gaps if isinstance(gap, marf.Gap)]
        except Refused as refused:
            refusal = str(refused)
        else:
            return redirect("intake:sent", contact.reference)
    return _checked(request, draft, form, queries.gaps_of(draft, today()) if gaps is None else gaps, refusal)


def _checked(request: HttpRequest, draft: Draft, form: DeclareForm, gaps: list[marf.Gap], refusal: str) -> HttpResponse:
    texts = {code: indicator.text for code, indicator in queries.ticked_in(draft.answers).items()}
    context: dict[str, Any] = {
        "draft": draft,
        "form": form,
        "refusal": refusal,
        "missing": words.missing_links(draft, gaps),
        "files": papers.of_draft(draft),
        "sections": words.sections_to_check(marf.sheet(draft.answers, texts, gaps), draft),
    }
    return render(request, "intake/check.html", context, status=422 if request.method == "POST" and gaps else 200)
