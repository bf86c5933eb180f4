"""Starting a draft, its task list, and the pages of its sections."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from mash_portal.accounts.models import User
from mash_portal.door import declares, drafting, visitor
from referrals import papers
from referrals.intake import actions, queries, records, versions, words
from referrals.intake.arrival import Arrival
from referrals.intake.forms import PageForm
from referrals.intake.links import back_url, next_url
from referrals.models import Draft
from referrals.refusals import Refused, Stale
from referrals.rules import marf, permissions
from referrals.rules.marf.values import part

from . import people, threshold
from .doors import of_draft, section_of, today
from .keeping import clash_words, keeping_of, saved_line, shown_now


@declares(drafting(permissions.DRAFTING))
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """The stop page: 999, the telephone, an existing social worker, the matrix. Then the task list."""
    call = request.GET.get("call", "")
    if request.method == "POST":
        try:
            by = visitor(request)
            draft = actions.start_for_call(call, by=by) if call else actions.start_draft(by=by)
        except Refused as refusal:
            return render(request, "intake/start.html", {"refusal": refusal}, status=refusal.status)
        return redirect("intake:tasks", draft.key)
    return render(request, "intake/start.html", {"call": queries.expected_call(visitor(request), call)})


@of_draft
def tasks(request: HttpRequest, draft: Draft) -> HttpResponse:
    gaps = queries.gaps_of(draft, today())
    shown = words.tasks_of(draft, gaps)
    context = {
        "draft": draft,
        "children": words.children_words(draft.answers),
        "tasks": [*shown, papers.task(draft)],
        "sections": len(shown),
        "done": sum(task["status"] == "completed" for task in shown),
        "missing": len(gaps),
        "versions": versions.shown(draft),
    }
    return render(request, "intake/tasks.html", context | keeping_of(draft, visitor(request)))


@of_draft
def section(request: HttpRequest, draft: Draft, section: str, page: str = "") -> HttpResponse:
    """One page of a section. What was typed is saved whatever it is; what is wrong is said afterwards."""
    found = section_of(section)
    if found.is_people and not page:
        return people.overview(request, draft, found)
    if found.slug == "threshold" and page in threshold.PAGES:
        return threshold.PAGES[page](request, draft, found)
    shown = next((one for one in found.pages if one.slug == (page or found.pages[0].slug)), None)
    if shown is None or found.is_people:
        raise Http404
    form = form_of(request, draft, found, shown)
    stale = ""
    if request.method == "POST":
        try:
            return _save(request, draft, found, form) or _page(request, draft, found, form)
        except Stale as refusal:
            stale = str(refusal)
    return _page(request, draft, found, form, stale=stale)


def form_of(request: HttpRequest, draft: Draft, section: marf.Section, page: marf.Page) -> PageForm:
    said = part(draft.answers, section.slug)
    if section.slug == "about" and not said:
        said = known_of(visitor(request))
    last = page is section.pages[-1]
    return PageForm(
        page,
        said,
        data=request.POST if request.method == "POST" else None,
        version=actions.version_of(draft, section.slug, page.slug),
        completed=section.slug in draft.completed if last else None,
        today=today(),
    )


def _save(request: HttpRequest, draft: Draft, section: marf.Section, form: PageForm) -> HttpResponse | None:
    """Save, then go on; None where there is something to say on this page first."""
    answers = form.answers()
    merged = draft.answers | {section.slug: {**part(draft.answers, section.slug), **answers}}
    if not form.is_for_later:
        form.show(_gaps_on_page(draft, section, form.page, merged))
        form.ask_completed()
    saved = actions.save_section(
        draft.key,
        section.slug,
        answers,
        by=visitor(request),
        completed=form.completed,
        version=form.seen_version,
        page=form.page.slug,
        seen=form.seen_answers,
    )
    if not form.is_for_later and (clash := clash_words(saved, section.slug, form.page.slug, visitor(request))):
        return _page(request, saved, section, form, stale=clash)
    if form.is_for_later:
        messages.success(request, f"“{section.title}” is saved.")
        return redirect("intake:tasks", draft.key)
    if form.is_valid():
        return redirect(next_url(draft, section, form.page.slug))
    form.shows_version(*shown_now(saved, section.slug, form.page.slug, answers, form))
    return None


def _gaps_on_page(draft: Draft, section: marf.Section, page: marf.Page, answers: Mapping[str, Any]) -> list[marf.Gap]:
    """What stops the form and is asked here; a level without agreement is said where the level is chosen, too."""
    found = [*Arrival.of(draft).gaps(answers, today()), *records.contradictions(answers)]
    if page.slug == "level":
        refused = [gap for gap in found if gap.name.startswith("agreement is required")]
        found = [*found, *[replace(gap, section="threshold", field="level") for gap in refused]]
    return [gap for gap in found if gap.section == section.slug]


def _page(request: HttpRequest, draft: Draft, section: marf.Section, form: PageForm, stale: str = "") -> HttpResponse:
    context: dict[str, Any] = {
        "draft": draft,
        "section": section,
        "page": form.page,
        "form": form,
        "back_url": back_url(draft, section, form.page.slug),
        "saved": saved_line(draft, section.slug, form.page.slug),
        "versions": versions.shown(draft, section.slug, form.page.slug),
    }
    if form.page.slug == "level":
        context |= threshold.guidance(draft, form)
    if stale:
        form.shows_version(*shown_now(draft, section.slug, form.page.slug, form.answers(), form, both=True))
        context |= {"stale": stale, "theirs": theirs(draft, section, form.page)}
    return render(request, "intake/section.html", context, status=409 if stale else 200)


def theirs(draft: Draft, section: marf.Section, page: marf.Page) -> list[dict[str, Any]]:
    """What a colleague has saved on this page, for comparison."""
    [card] = [card for card in marf.sheet(draft.answers, {}) if card.section is section]
    asked = {question.name for question in page.questions}
    return [{"key": row.question.heading, "value": row.words} for row in card.rows if row.question.name in asked]


def known_of(user: User) -> dict[str, str]:
    """What the portal knows of the referrer, so that it is never asked twice."""
    agency = user.agency.name if user.agency else ""
    return {"name": user.full_name, "job": user.job, "agency": agency, "phone": user.phone, "email": user.email}
