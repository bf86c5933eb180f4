"""The threshold section: ticking indicators, writing the evidence for each, choosing the level."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.forms import ChoiceField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from mash_portal.door import visitor
from referrals.intake import actions, queries, records
from referrals.intake.forms import EvidenceForm, PageForm, SavedForm
from referrals.intake.links import page_url, tasks_url
from referrals.intake.matrix_page import shown_levels
from referrals.models import Draft
from referrals.refusals import Stale
from referrals.rules import marf
from referrals.rules.marf.values import clean_text, evidence
from thresholds.matrix import ALERTS


def indicators(request: HttpRequest, draft: Draft, section: marf.Section) -> HttpResponse:
    """All indicators of the published matrix by level, factor and domain. `?q=` searches without JavaScript."""
    posted = request.POST if request.method == "POST" else None
    version = actions.version_of(draft, "threshold", "indicators")
    form = SavedForm(posted, version=version)
    ticked = list(evidence(draft.answers))
    stale = ""
    if posted is not None:
        ticked = list(dict.fromkeys(posted.getlist("indicators")))
        try:
            if answer := _save_ticks(request, draft, section, form, ticked):
                return answer
        except Stale as refusal:
            stale = str(refusal)
            form.shows_version(version)
    sought = clean_text(request.GET.get("q"))[:100]
    context = {"draft": draft, "section": section, "form": form, "stale": stale, "q": sought, "ticked": len(ticked)}
    context |= {"levels": shown_levels(queries.current_matrix().grouped(), ticked, sought)}
    context |= {"back_url": tasks_url(draft)}
    return render(request, "intake/indicators.html", context, status=409 if stale else 200)


def _save_ticks(
    request: HttpRequest, draft: Draft, section: marf.Section, form: SavedForm, chosen: list[str]
) -> HttpResponse | None:
    """Keep the ticks and whatever evidence there is for them; None where nothing is ticked and something should be."""
    saved = actions.tick(draft.key, chosen, by=visitor(request), version=form.seen_version)
    if "find" in request.POST:
        return redirect(f"{page_url(draft, section)}?{urlencode({'q': clean_text(request.POST.get('q'))[:100]})}")
    if form.is_for_later:
        return redirect(tasks_url(draft))
    if chosen:
        return redirect(page_url(draft, section, "evidence"))
    form.add_error(None, "Tick at least one indicator. If none fits, choose “Save and come back later”")
    form.shows_version(actions.version_of(saved, "threshold", "indicators"))
    return None


def evidence_page(request: HttpRequest, draft: Draft, section: marf.Section) -> HttpResponse:
    """One box for each ticked indicator."""
    ticked = queries.ticked_in(draft.answers)
    if not ticked:
        return redirect(page_url(draft, section))
    posted = request.POST if request.method == "POST" else None
    version = actions.version_of(draft, "threshold", "indicators")
    form = EvidenceForm(ticked.values(), evidence(draft.answers), data=posted, version=version)
    stale = ""
    if posted is not None:
        try:
            if _save_evidence(request, draft, form):
                return redirect(tasks_url(draft) if form.is_for_later else page_url(draft, section, "level"))
        except Stale as refusal:
            stale = str(refusal)
            form.shows_version(version)
    context = {"draft": draft, "section": section, "form": form, "stale": stale}
    context |= {"title": "What is the evidence?", "back_url": page_url(draft, section)}
    return render(request, "intake/evidence.html", context, status=409 if stale else 200)


def _save_evidence(request: HttpRequest, draft: Draft, form: EvidenceForm) -> bool:
    if not form.is_for_later:
        form.ask_evidence()
    saved = actions.save_section(
        draft.key,
        "threshold",
        {"indicators": evidence(draft.answers) | form.written()},
        by=visitor(request),
        version=form.seen_version,
        page="indicators",
    )
    form.shows_version(actions.version_of(saved, "threshold", "indicators"))
    return form.is_for_later or form.is_valid()


def guidance(draft: Draft, form: PageForm) -> dict[str, Any]:
    """Beside the choice of a level: what each level means and leads to, and what the evidence points to and why."""
    matrix = queries.current_matrix()
    levels = list(matrix.levels.all())
    field = form.fields["level"]
    if isinstance(field, ChoiceField):
        field.choices = [(str(level.number), f"Level {level.number}: {level.name}") for level in levels]
    hints = {str(level.number): f"{level.need}. Leads to: {level.intervention}" for level in levels}
    form.looks["level"] = replace(form.looks["level"], item_hints=hints)
    suggestion = records.Ticked.of(draft.answers, matrix).suggestion(*records.tools_of(draft.answers))
    return {
        "levels": levels,
        "suggestion": suggestion,
        "alerts": [ALERTS[alert] for alert in suggestion.alerts],
    }


PAGES: dict[str, Callable[[HttpRequest, Draft, marf.Section], HttpResponse]] = {
    "": indicators,
    "indicators": indicators,
    "evidence": evidence_page,
}
