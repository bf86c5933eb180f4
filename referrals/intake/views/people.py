"""Children, adults and agencies: one page each, a list with a card for each, and taking one out again."""

import re
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from mash_portal.door import visitor
from referrals.intake import actions, queries, versions, words
from referrals.intake.forms import PageForm, SavedForm
from referrals.intake.links import page_url, tasks_url
from referrals.models import Draft
from referrals.refusals import Refused
from referrals.rules import marf
from referrals.rules.marf.values import people, text

from .doors import of_draft, section_of, today
from .keeping import clash_words, saved_line, shown_now

KEY = re.compile(r"[0-9a-z]{1,12}")


def overview(request: HttpRequest, draft: Draft, section: marf.Section) -> HttpResponse:
    """Everybody who has been added, and whether that is all of them."""
    posted = request.POST if request.method == "POST" else None
    form = SavedForm(posted, completed=section.slug in draft.completed)
    missing: list[dict[str, str]] = []
    if posted is not None:
        if not form.is_for_later:
            form.ask_completed()
            missing = words.missing_links(draft, _gaps(draft, section)) if form.is_valid() else []
        completed = None if form.completed is None else form.completed and not missing
        if completed is not None:
            actions.complete_section(draft.key, section.slug, by=visitor(request), completed=completed)
        if form.is_for_later or (form.is_valid() and not missing):
            return redirect(tasks_url(draft))
    context = {"draft": draft, "section": section, "form": form, "missing": missing}
    return render(request, "intake/people.html", context | {"cards": _cards(draft, section)})


@of_draft
def person(request: HttpRequest, draft: Draft, section: str, person: str = "") -> HttpResponse:
    """One child, adult or agency. `person` empty: a new one, whose key the page carries, so that it is added once."""
    found = section_of(section)
    find = entry_to_save if request.method == "POST" else entry_of
    entry = find(draft, found, person) if person else prefilled(draft, found)
    key = person or key_of(request)
    form = form_of(request, draft, found, key, entry)
    stale = ""
    if request.method == "POST":
        try:
            if _save(request, draft, found, form, key, add=not person):
                return redirect(page_url(draft, found))
            stale = clash_words(draft, found.slug, key, visitor(request))
        except Refused as refusal:
            stale = str(refusal)
    if stale:
        form.shows_version(*shown_now(draft, found.slug, key, form.answers(), form, both=True))
    context: dict[str, Any] = {"draft": draft, "section": found, "form": form, "key": key, "stale": stale}
    context |= {"title": _title(found, entry, person), "page": found.pages[0], "back_url": page_url(draft, found)}
    context |= {"saved": saved_line(draft, found.slug, key), "versions": versions.shown(draft, found.slug, key)}
    if stale and person and len(entry) > 1:
        context["theirs"] = _rows(draft, found, person)
    return render(request, "intake/section.html", context, status=409 if stale else 200)


@of_draft
def remove(request: HttpRequest, draft: Draft, section: str, person: str) -> HttpResponse:
    """Ask first: what was typed about them goes with them."""
    found = section_of(section)
    entry = entry_of(draft, found, person)
    if request.method == "POST":
        actions.remove_person(draft.key, found.slug, person, by=visitor(request))
        messages.success(request, f"The {found.one} is removed.")
        return redirect(page_url(draft, found))
    context = {"draft": draft, "section": found, "title": marf.title_of(found, entry, 1)}
    return render(request, "intake/remove.html", context | {"back_url": page_url(draft, found)})


def form_of(request: HttpRequest, draft: Draft, section: marf.Section, key: str, entry: dict[str, Any]) -> PageForm:
    return PageForm(
        section.pages[0],
        entry,
        data=request.POST if request.method == "POST" else None,
        children=words.child_names(draft.answers),
        version=actions.version_of(draft, section.slug, key),
        today=today(),
    )


def _save(request: HttpRequest, draft: Draft, section: marf.Section, form: PageForm, key: str, *, add: bool) -> bool:
    """Save what was typed. False where there is something to say on this page before going on."""
    by, answers = visitor(request), form.answers()
    version, seen = form.seen_version, form.seen_answers
    actions.save_person(draft.key, section.slug, key, answers, by=by, version=version, add=add, seen=seen)
    draft.refresh_from_db(fields=["answers"])
    if form.is_for_later:
        return True
    form.show(gap for gap in _gaps(draft, section) if gap.key == key)
    form.shows_version(*shown_now(draft, section.slug, key, answers, form))
    return form.is_valid() and not clash_words(draft, section.slug, key, by)


def _gaps(draft: Draft, section: marf.Section) -> list[marf.Gap]:
    return [gap for gap in queries.gaps_of(draft, today()) if gap.section == section.slug]


def entry_of(draft: Draft, section: marf.Section, person: str) -> dict[str, Any]:
    """What has been said of somebody; 404 for an entry that is not there."""
    entry = next((one for one in people(draft.answers, section.slug) if text(one, "key") == person), None)
    if entry is None or not section.is_people:
        raise Http404
    return dict(entry)


def entry_to_save(draft: Draft, section: marf.Section, person: str) -> dict[str, Any]:
    """The same; where a colleague has removed it meanwhile, the action says so, and what was typed stays here."""
    try:
        return entry_of(draft, section, person)
    except Http404:
        if not section.is_people:
            raise
        return {"key": person}


def prefilled(draft: Draft, section: marf.Section) -> dict[str, Any]:
    """A brother or sister starts with the family's name and address: they are not asked twice."""
    if not section.is_people:
        raise Http404
    first = next(iter(people(draft.answers, "children")), {}) if section.slug == "children" else {}
    return {name: text(first, name) for name in ("family_name", "address", "postcode")} if first else {}


def key_of(request: HttpRequest) -> str:
    typed = request.POST.get("key", "")
    return typed if KEY.fullmatch(typed) else actions.new_key()


def _title(section: marf.Section, entry: dict[str, Any], person: str) -> str:
    if person:
        return f"Change details of {marf.title_of(section, entry, 1)}"
    return f"Add {'an' if section.one[0] in 'aeiou' else 'a'} {section.one}"


def _cards(draft: Draft, section: marf.Section) -> list[dict[str, Any]]:
    """A card for each, with the ways to change and to remove it."""
    whole = marf.sheet(draft.answers, {}, _gaps(draft, section))
    shown = words.cards(card for card in whole if card.section is section)
    for card in shown:
        card["change_url"] = reverse("intake:person", args=[draft.key, section.slug, card["key"]])
        card["remove_url"] = reverse("intake:person-remove", args=[draft.key, section.slug, card["key"]])
    return shown


def _rows(draft: Draft, section: marf.Section, person: str) -> list[dict[str, Any]]:
    return next(
        (card["rows"] for card in _cards(draft, section) if card["key"] == person and card["section"] == section.title),
        [],
    )
