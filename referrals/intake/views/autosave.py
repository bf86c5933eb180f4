"""Saving while somebody types, and telling a page what others have saved on it. For static/autosave.js.

POST the form as it is, with `path`: the address of its page. The same actions save it as Continue does; nothing is
checked and nobody is told off. GET asks what has happened on the page since: it comes with X-Background, and does not
count as the person. A POST does: typing is the person.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.http import require_http_methods

from mash_portal.accounts.models import User
from mash_portal.door import visitor
from mash_portal.govuk.words import time_of_day
from referrals.intake import actions, merging, queries, saving
from referrals.intake.forms import EvidenceForm, SavedForm
from referrals.intake.forms.pages import number_in
from referrals.models import Draft
from referrals.refusals import Refused
from referrals.rules import marf
from referrals.rules.marf.values import evidence

from . import people
from .doors import of_draft_as_data
from .drafting import form_of
from .keeping import clash_words, shown_now

NOWHERE = "This page is not saved while you type. Choose “Save and continue”."


@dataclass(frozen=True)
class Place:
    """A page of the form: the section, what is saved at once there, and which page asks it."""

    section: marf.Section
    page: str
    asked_on: str = ""
    adds: bool = False


@dataclass(frozen=True)
class Done:
    """A save: the draft after it, the page's form, and the leaves in which the draft is not what the page shows."""

    draft: Draft
    form: SavedForm
    typed: Mapping[str, Any]
    theirs: list[str]


Saver = Callable[[HttpRequest, Draft, Place], Done]


@of_draft_as_data
@require_http_methods(["GET", "POST"])
def autosave(request: HttpRequest, draft: Draft) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    place = _place(draft.key, asked.get("path", ""), request)
    if place is None:
        return JsonResponse({"state": "refused", "words": NOWHERE}, status=422)
    if request.method == "GET":
        asked_by, turn = request.GET.get("writer", ""), number_in(request.GET.get("turn"))
        heard = turn is not None and saving.has_heard(draft, place.section.slug, place.page, asked_by, turn)
        return JsonResponse({"words": _others(request, draft, place), "heard": heard})
    try:
        done = _saver(place)(request, draft, place)
    except Refused as refusal:
        return JsonResponse({"state": "refused", "words": str(refusal)}, status=409)
    return JsonResponse(_answer(visitor(request), place, done))


def _answer(user: User, place: Place, done: Done) -> dict[str, Any]:
    """What is saved and when; what the page may go on from; whether somebody else has written here too."""
    draft, slug = done.draft, place.section.slug
    version, seen = shown_now(draft, slug, place.page, done.typed, done.form)
    saved = saving.last_save(draft, slug, place.page)
    answer: dict[str, Any] = {"state": "saved", "words": "", "seen": seen, "at": time_of_day(saved.at) if saved else ""}
    if not done.theirs:
        # Only a page that shows all that is stored may say that it has seen this version.
        answer["version"] = version
    elif clash := clash_words(draft, slug, place.page, user):
        answer |= {"state": "clash", "words": clash}
    else:
        answer |= {"state": "others", "words": _by_others(draft, place, done.theirs)}
    if place.adds:
        answer["url"] = reverse("intake:person", args=[draft.key, slug, place.page])
    return answer


def _by_others(draft: Draft, place: Place, theirs: list[str]) -> str:
    """ "Rosa Bell saved other words here at 4:01pm." """
    written = saving.written_on(draft, place.section.slug, place.page)
    last = max((written[leaf] for leaf in theirs if leaf in written), key=lambda one: one.at, default=None)
    return f"{last.by} saved other words here at {saving.moment_words(last.moment)}." if last else ""


def _others(request: HttpRequest, draft: Draft, place: Place) -> str:
    """The same, for a page that asks. Nothing while nobody else has saved here since it was opened."""
    last = saving.last_save(draft, place.section.slug, place.page)
    seen = number_in(request.GET.get("version")) or 0
    if last is None or last.version <= seen or (last.writer and last.writer == request.GET.get("writer")):
        return ""
    who = "You" if last.by == visitor(request).full_name else last.by
    where = " in another window" if who == "You" else ""
    return f"{who} saved other words here{where} at {saving.moment_words(last.at)}."


def _place(key: UUID, path: str, request: HttpRequest) -> Place | None:
    """The page at an address, if it is one of this draft's and has something to save."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    section = marf.BY_SLUG.get(match.kwargs.get("section", ""))
    if section is None or match.kwargs.get("key") != key:
        return None
    if match.view_name in ("intake:person", "intake:person-add") and section.is_people:
        person = match.kwargs.get("person", "")
        return Place(section, person or people.key_of(request), "person", adds=not person)
    page = match.kwargs.get("page", "") or section.pages[0].slug
    has_it = page in [one.slug for one in section.pages] or (section.slug, page) == ("threshold", "evidence")
    is_page = match.view_name in ("intake:section", "intake:page") and has_it
    saved_as = "indicators" if page == "evidence" else page
    return Place(section, saved_as, page) if is_page and not section.is_people else None


def _saver(place: Place) -> Saver:
    savers: dict[str, Saver] = {"person": _save_person, "indicators": _save_ticks, "evidence": _save_evidence}
    return savers.get(place.asked_on, _save_page)


def _save_page(request: HttpRequest, draft: Draft, place: Place) -> Done:
    [page] = [one for one in place.section.pages if one.slug == place.page]
    form = form_of(request, draft, place.section, page)
    return _saved(request, draft, place, form, form.answers())


def _save_evidence(request: HttpRequest, draft: Draft, place: Place) -> Done:
    ticked = queries.ticked_in(draft.answers)
    form = EvidenceForm(ticked.values(), evidence(draft.answers), data=request.POST)
    return _saved(request, draft, place, form, {"indicators": form.written()})


def _saved(request: HttpRequest, draft: Draft, place: Place, form: SavedForm, typed: Mapping[str, Any]) -> Done:
    saved = actions.save_section(
        draft.key,
        place.section.slug,
        typed,
        by=visitor(request),
        version=form.seen_version,
        page=place.page,
        seen=form.seen_answers,
        quietly=True,
    )
    return _done(saved, place, form, typed)


def _save_person(request: HttpRequest, draft: Draft, place: Place) -> Done:
    section, key = place.section, place.page
    entry = people.prefilled(draft, section) if place.adds else people.entry_to_save(draft, section, key)
    form = people.form_of(request, draft, section, key, entry)
    typed, by, version, seen = form.answers(), visitor(request), form.seen_version, form.seen_answers
    saved = actions.save_person(
        draft.key, section.slug, key, typed, by=by, version=version, add=place.adds, seen=seen, quietly=True
    )
    return _done(saved, place, form, typed)


def _done(draft: Draft, place: Place, form: SavedForm, typed: Mapping[str, Any]) -> Done:
    stored = saving.answers_at(draft.answers, place.section.slug, place.page)
    shown = merging.leaves(typed)
    return Done(
        draft, form, typed, [leaf for leaf, one in shown if not merging.same(merging.leaf_of(stored, leaf), one)]
    )


def _save_ticks(request: HttpRequest, draft: Draft, place: Place) -> Done:
    form, chosen = SavedForm(request.POST), request.POST.getlist("indicators")
    by, version, seen = visitor(request), form.seen_version, _ticked_before(request)
    saved = actions.tick(draft.key, chosen, by=by, version=version, seen=seen, quietly=True)
    others = set(evidence(saved.answers)).symmetric_difference(chosen)
    return Done(saved, form, {}, [f"indicators.{code}" for code in others])


def _ticked_before(request: HttpRequest) -> list[str] | None:
    """What was ticked when the page was opened, as a script says."""
    try:
        found = json.loads(request.POST.get("ticked", ""))
    except ValueError:
        return None
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else None
