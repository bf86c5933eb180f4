"""What the pages of a draft say of its being kept: what is saved and when, two versions, who has it, for how long."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from mash_portal.accounts.models import User
from mash_portal.door import visitor
from mash_portal.govuk.words import count
from referrals import access
from referrals.intake import actions, merging, queries, saving, sharing, versions, words
from referrals.intake.forms import SavedForm
from referrals.intake.forms.pages import number_in
from referrals.intake.links import tasks_url
from referrals.models import Draft
from referrals.refusal_page import way_back
from referrals.refusals import Refused

from .doors import of_draft, today


def saved_line(draft: Draft, section: str, page: str) -> str:
    """ "Saved at 4:02pm by Rosa Bell", for the line that autosave.js keeps up to date."""
    saved = saving.last_save(draft, section, page)
    if saved is None:
        return "Nothing is saved on this page yet."
    return f"Saved at {saving.moment_words(saved.at)} by {saved.by}."


def clash_words(draft: Draft, section: str, page: str, user: User) -> str:
    """What to say to somebody whose words are kept beside other words; nothing where there are none."""
    mine = [one for one in versions.shown(draft, section, page) if one["person"] == str(user.pk)]
    if not mine:
        return ""
    first = mine[0]
    more = f" and {count(len(mine) - 1, 'other answer')}" if len(mine) > 1 else ""
    who = "You" if first["saved_by"] == user.full_name else first["saved_by"]
    where = " in another window" if who == "You" else ""
    return (
        f"{who} saved other words for “{first['heading']}”{more}{where} after you opened this page. "
        "Both are kept: choose which stay."
    )


def shown_now(
    draft: Draft, section: str, page: str, typed: Mapping[str, Any], form: SavedForm, *, both: bool = False
) -> tuple[int, dict[str, str]]:
    """The version and the digests that a page goes on from when it shows what was typed.

    `both`: it shows the other words beside them, so that saving again is a choice.
    """
    stored = saving.answers_at(draft.answers, section, page)
    shown = form.seen_answers.digests if form.seen_answers else {}
    known = {**shown, **merging.adopted(stored, typed)}
    if both:
        clashing = {one.leaf for one in saving.clashes(draft, section, page)}
        known |= {leaf: merging.digest(merging.leaf_of(stored, leaf)) for leaf in clashing}
    return saving.version_of(draft, section, page), known


def keeping_of(draft: Draft, user: User) -> dict[str, Any]:
    """Who has it, from whom it came, whether this person may take it over, and when it is deleted."""
    taken = draft.answers.get(saving.SAVES, {}).get(saving.TAKEN_OVER)
    return {
        "taken_over": taken,
        "may_take_over": access.may_take_over(user, draft),
        "deleted": words.deletion_words(draft, timezone.now()),
    }


def unsent(request: HttpRequest) -> dict[str, Any]:
    """What the agency has not sent, for its list: all of it, or what this person has (?drafts=mine)."""
    user, here = visitor(request), reverse("intake:list")
    drafts = queries.drafts_of(user)
    mine = [draft for draft in drafts if draft.author_id == user.pk]
    only_mine = request.GET.get("drafts") == "mine"
    shown = mine if only_mine else drafts
    state = {"state": request.GET["state"]} if request.GET.get("state") else {}
    return {
        "drafts": words.draft_rows(shown, timezone.now(), today()),
        "only_mine": only_mine,
        "drafts_by": [
            (f"All of {user.agency} ({len(drafts)})", f"{here}?{urlencode(state)}", not only_mine),
            (f"Mine ({len(mine)})", f"{here}?{urlencode({**state, 'drafts': 'mine'})}", only_mine),
        ],
    }


@of_draft
@require_POST
def choose(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Of two versions, one stays. Back to where the person chose."""
    asked = {name: request.POST.get(name, "") for name in ("section", "page", "leaf", "person")}
    sharing.choose(draft.key, **asked, by=visitor(request), keep=request.POST.get("keep") == "aside")
    messages.success(request, "Your choice is saved.")
    back = way_back(request)
    return redirect(tasks_url(draft) if back == "/" else back)


@of_draft
def take_over(request: HttpRequest, draft: Draft) -> HttpResponse:
    """A colleague is away: the form, and the reminders of it, are this person's from now on."""
    if request.method == "POST":
        sharing.take_over(draft.key, by=visitor(request))
        messages.success(request, f"You have taken this referral over from {draft.author}.")
    return redirect("intake:tasks", draft.key)


@of_draft
def delete(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Ask first. What was asked about is what is deleted: not a form that a colleague has worked on meanwhile."""
    refusal = ""
    if request.method == "POST":
        try:
            actions.delete_draft(draft.key, by=visitor(request), version=number_in(request.POST.get("version")))
        except Refused as refused:
            refusal = str(refused)
        else:
            messages.success(request, "The draft is deleted.")
            return redirect("intake:list")
    context = {"draft": draft, "children": words.children_words(draft.answers), "refusal": refusal}
    return render(request, "intake/delete.html", context, status=409 if refusal else 200)
