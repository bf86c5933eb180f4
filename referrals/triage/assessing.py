"""The threshold assessment: the referrer's view and the hub's, side by side against one matrix (front-door.md 3.4)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from mash_portal.door import case, declares, roles, visitor
from referrals import access, casefile
from referrals.models import Contact
from referrals.refusals import Refused
from referrals.rules import permissions
from referrals.vocabulary import Verb
from thresholds.matrix import Suggestion

from . import actions, chronology
from .assessment_form import AssessForm
from .findings import alert_words, compared, grids, level_names, side, summed_up
from .pages import explain, opened, page
from .sides import Sides, search


@declares(case(Verb.READ, post=Verb.ASSESS))
def assess(request: HttpRequest, reference: str) -> HttpResponse:
    """Everybody who may read the contact sees both sides; who holds it assesses."""
    if request.method == "POST":
        return _assessed(request, reference)
    user = visitor(request)
    contact = access.read(user, reference)
    sides = Sides.of(contact)
    may = Verb.ASSESS in casefile.possible(contact, user)
    form = AssessForm(sides) if may else None
    return _page(request, contact, sides, form)


def _assessed(request: HttpRequest, reference: str) -> HttpResponse:
    user = visitor(request)
    contact = opened(request, reference, Verb.ASSESS)
    sides = Sides.of(contact)
    form = AssessForm(sides, request.POST)
    view = form.view()
    suggestion = actions.suggest(sides.matrix, view)
    if "find" in request.POST:
        form = AssessForm(sides, initial=form.typed())
        return _page(request, contact, sides, form, q=request.POST.get("q", ""))
    if "suggest" in request.POST:
        return _page(request, contact, sides, AssessForm(sides, initial=form.typed()), suggestion)
    if form.is_valid():
        try:
            assessment = actions.assess(reference, view, by=user, version=form.cleaned_data["version"])
        except Refused as refusal:
            explain(refusal, form, contact, _field_of(view, suggestion))
        else:
            messages.success(request, f"The assessment is saved: level {assessment.level}.")
            return redirect("triage:contact", reference)
    return _page(request, contact, sides, form, suggestion)


def _field_of(view: actions.View, suggestion: Suggestion) -> str:
    """Where the answer to a refusal belongs: the rationale while it is wanted and empty, else the level."""
    return "rationale" if view.level != suggestion.level and not view.rationale else "level"


def _page(
    request: HttpRequest,
    contact: Contact,
    sides: Sides,
    form: AssessForm | None,
    suggestion: Suggestion | None = None,
    *,
    q: str = "",
) -> HttpResponse:
    stories = chronology.of(contact, visitor(request))
    shown = _views(sides) | {"form": form, "stories": [chronology.levels(story) for story in stories]}
    if form is not None:
        form.initial.setdefault("version", contact.version)
        found = [one for one in search(q, sides.matrix) if one.code not in form.codes]
        groups = sides.without([*form.codes, *(one.code for one in found)])
        shown |= {"form_rows": list(form.rows()), "groups": groups, "q": q, "found": found}
    if suggestion is not None:
        shown |= {"suggestion": suggestion, "alerts": alert_words(suggestion.alerts)}
    return page(request, "triage/assessment.html", contact, timezone.now(), current="assessment", **shown)


def _views(sides: Sides) -> dict[str, Any]:
    """Both sides, indicator by indicator, and every earlier assessment by the hub with its grids."""
    names = level_names(sides.all)
    rows = compared(sides.referrer, sides.hub)
    earlier = [{**(side(one, names) or {}), "grids": grids(one)} for one in sides.earlier]
    hub = {**latest, "grids": grids(sides.hub)} if (latest := side(sides.hub, names)) else None
    return {
        "referrer": side(sides.referrer, names),
        "hub": hub,
        "rows": rows,
        "summed_up": summed_up(rows),
        "earlier": earlier,
    }


@declares(roles(permissions.QUEUE))
@require_safe
def find_indicators(request: HttpRequest) -> JsonResponse:
    """`?q=`: the indicators that fit everyday words, best first, while somebody types. No case is looked at."""
    found = search(request.GET.get("q", ""))
    return JsonResponse({"found": [{"code": one.code, "level": one.level, "text": one.text} for one in found]})
