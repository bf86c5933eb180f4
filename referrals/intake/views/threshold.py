"""The threshold section: finding and ticking indicators, writing the evidence for each, choosing the level.

`find` and `suggest` answer static/matrix.js while somebody types and ticks; without it the buttons on the pages do the
same. Neither saves anything.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.forms import ChoiceField
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from mash_portal.door import visitor
from referrals.intake import actions, queries, records, versions
from referrals.intake.forms import EvidenceForm, PageForm, SavedForm
from referrals.intake.forms.threshold import ask_tools
from referrals.intake.links import page_url, tasks_url
from referrals.intake.matrix_page import found_ticks, shown_levels
from referrals.models import Draft
from referrals.refusals import Stale
from referrals.rules import marf
from referrals.rules.marf.values import Answers, clean_text, evidence, part
from thresholds.finding import find
from thresholds.matrix import ALERTS
from thresholds.models import Level, Matrix

from .keeping import clash_words, saved_line, shown_now

EVIDENCE = "evidence_"


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
    context = {"draft": draft, "section": section, "form": form, "stale": stale, "ticked": len(ticked)}
    context |= {"back_url": tasks_url(draft), "saved": saved_line(draft, "threshold", "indicators")}
    context |= _matrix_of(request, draft, ticked)
    return render(request, "intake/indicators.html", context, status=409 if stale else 200)


def _matrix_of(request: HttpRequest, draft: Draft, ticked: list[str]) -> dict[str, Any]:
    """The whole matrix; or what fits the words sought, best first, and below it whatever else is ticked."""
    matrix = queries.current_matrix()
    sought = _sought(request.GET.get("q"))
    found = found_ticks(find(sought, matrix=matrix), ticked) if sought else []
    shown = shown_levels(matrix.grouped(), ticked, without=[one.code for one in found] if sought else None)
    asked = {"threshold": {**part(draft.answers, "threshold"), "indicators": dict.fromkeys(ticked, "ticked")}}
    return {"q": sought, "found": found, "levels": shown, **_suggested(asked, matrix, list(matrix.levels.all()))}


def _sought(typed: object) -> str:
    return clean_text(typed)[:100]


def _save_ticks(
    request: HttpRequest, draft: Draft, section: marf.Section, form: SavedForm, chosen: list[str]
) -> HttpResponse | None:
    """Keep the ticks and whatever evidence there is for them; None where nothing is ticked and something should be."""
    saved = actions.tick(draft.key, chosen, by=visitor(request), version=form.seen_version)
    if "find" in request.POST:
        return redirect(f"{page_url(draft, section)}?{urlencode({'q': _sought(request.POST.get('q'))})}")
    if "suggest" in request.POST:
        return redirect(f"{page_url(draft, section)}#suggestion")
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
    if posted is None:
        return _evidence(request, draft, section, form)
    try:
        return _save_evidence(request, draft, section, form)
    except Stale as refusal:
        return _evidence(request, draft, section, form, stale=str(refusal))


def _evidence(
    request: HttpRequest, draft: Draft, section: marf.Section, form: EvidenceForm, stale: str = ""
) -> HttpResponse:
    if stale:
        form.shows_version(*shown_now(draft, "threshold", "indicators", _written(draft, form), form, both=True))
    matrix = queries.current_matrix()
    context = {
        "draft": draft,
        "section": section,
        "form": form,
        "stale": stale,
        "title": "What is the evidence?",
        "back_url": page_url(draft, section),
        "saved": saved_line(draft, "threshold", "indicators"),
        "versions": versions.shown(draft, "threshold", "indicators"),
        **_suggested(draft.answers, matrix, list(matrix.levels.all())),
    }
    return render(request, "intake/evidence.html", context, status=409 if stale else 200)


def _save_evidence(request: HttpRequest, draft: Draft, section: marf.Section, form: EvidenceForm) -> HttpResponse:
    """Save box by box beside what colleagues write, then go on, unless there is something to say on this page first."""
    suggest, typed, by = "suggest" in request.POST, _written(draft, form), visitor(request)
    if not form.is_for_later and not suggest:
        form.ask_evidence()
    version, seen = form.seen_version, form.seen_answers
    saved = actions.save_section(draft.key, "threshold", typed, by=by, version=version, page="indicators", seen=seen)
    if suggest:
        return redirect(f"{page_url(draft, section, 'evidence')}#suggestion")
    if form.is_for_later:
        return redirect(tasks_url(draft))
    if clash := clash_words(saved, "threshold", "indicators", by):
        return _evidence(request, saved, section, form, stale=clash)
    if form.is_valid():
        return redirect(page_url(draft, section, "level"))
    form.shows_version(*shown_now(saved, "threshold", "indicators", typed, form))
    return _evidence(request, saved, section, form)


def _written(draft: Draft, form: EvidenceForm) -> dict[str, Any]:
    """The boxes of the page; with all other evidence where the page does not say what it showed."""
    others = {} if form.seen_answers else evidence(draft.answers)
    return {"indicators": {**others, **form.written()}}


def guidance(draft: Draft, form: PageForm) -> dict[str, Any]:
    """Beside the choice of a level: what each level means and leads to, and what the evidence points to and why."""
    matrix = queries.current_matrix()
    levels = list(matrix.levels.all())
    field = form.fields["level"]
    if isinstance(field, ChoiceField):
        field.choices = [(str(level.number), f"Level {level.number}: {level.name}") for level in levels]
    hints = {str(level.number): f"{level.need}. Leads to: {level.intervention}" for level in levels}
    form.looks["level"] = replace(form.looks["level"], item_hints=hints)
    grades = {grade: level.number for level in levels for grade in level.care_profile_grades}
    scales = {scale: row.level.number for row in queries.with_scales(matrix) for scale in row.dv_scales}
    places = {"care_profile_grade": _places("Grade", grades), "dvrim_scale": _places("Scale", scales)}
    ask_tools(form, queries.ticked_in(draft.answers).values(), places)
    return _suggested(draft.answers, matrix, levels)


def _places(word: str, levels: dict[int, int]) -> str:
    """Where the matrix puts the grades or scales of a tool: "Grade 3: level 2. Grade 4: level 3."."""
    return " ".join(f"{word} {number}: level {levels[number]}." for number in sorted(levels))


def _suggested(answers: Answers, matrix: Matrix, levels: list[Level]) -> dict[str, Any]:
    """What the evidence points to, with the reasons; a word of which indicators still wait for theirs."""
    ticked = records.Ticked.of(answers, matrix)
    suggestion = ticked.suggestion(*records.tools_of(answers))
    alerts = [ALERTS[alert] for alert in suggestion.alerts]
    waiting = sum(not words for words in ticked.evidence.values())
    return {"suggestion": suggestion, "alerts": alerts, "levels_of_need": levels, "waiting": waiting}


def find_page(request: HttpRequest, draft: Draft, section: marf.Section) -> HttpResponse:
    """`?q=`: the indicators that fit, best first, for a page that asks while somebody types."""
    found = find(_sought(request.GET.get("q")), matrix=queries.current_matrix())
    return JsonResponse({"found": [{"code": one.code, "level": one.level, "text": one.text} for one in found]})


def suggest_page(request: HttpRequest, draft: Draft, section: marf.Section) -> HttpResponse:
    """What the page as it stands points to: its ticks, its evidence, or its tools with the evidence that is saved."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    matrix, posted = queries.current_matrix(), request.POST
    threshold = {**part(draft.answers, "threshold"), **{tool: posted[tool] for tool in records.TOOLS if tool in posted}}
    if request.GET.get("by") == "ticks":
        threshold["indicators"] = dict.fromkeys(posted.getlist("indicators"), "ticked")
    written = {name.removeprefix(EVIDENCE): posted[name] for name in posted if name.startswith(EVIDENCE)}
    if written:
        threshold["indicators"] = {**evidence(draft.answers), **written}
    suggested = _suggested({"threshold": threshold}, matrix, list(matrix.levels.all()))
    return render(request, "intake/_suggestion.html", suggested | {"ticks": request.GET.get("by") == "ticks"})


PAGES: dict[str, Callable[[HttpRequest, Draft, marf.Section], HttpResponse]] = {
    "": indicators,
    "indicators": indicators,
    "evidence": evidence_page,
    "find": find_page,
    "suggest": suggest_page,
}
