"""The door of every page about a draft."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from mash_portal.door import declares, drafting, visitor
from mash_portal.govuk.words import LONDON
from referrals import access
from referrals.intake import queries
from referrals.rules import marf, permissions

View = Callable[..., HttpResponse]
SENT = "This referral has been sent, so it can no longer be changed here. If there is more to say, add information."


def of_draft(view: View) -> View:
    """Open the draft for `view(request, draft, …)`. One that has been sent leads to the referral it became."""

    @declares(drafting(permissions.DRAFTING))
    @wraps(view)
    def opened(request: HttpRequest, key: UUID, **rest: Any) -> HttpResponse:
        try:
            draft = access.draft_of(visitor(request), key)
        except Http404:
            contact = queries.sent_from(visitor(request), key)
            if contact is None:
                raise
            if request.method == "POST":
                messages.warning(request, SENT)
            return redirect("intake:referral", contact.reference)
        return view(request, draft, **rest)

    return opened


def of_draft_as_data(view: View) -> View:
    """The same for a script that asks: a draft that has been sent is said in words, and nothing is saved."""

    @declares(drafting(permissions.DRAFTING))
    @wraps(view)
    def opened(request: HttpRequest, key: UUID) -> HttpResponse:
        try:
            draft = access.draft_of(visitor(request), key)
        except Http404:
            contact = queries.sent_from(visitor(request), key)
            if contact is None:
                raise
            found = reverse("intake:referral", args=[contact.reference])
            return JsonResponse({"state": "sent", "words": SENT, "url": found}, status=409)
        return view(request, draft)

    return opened


def today() -> date:
    return timezone.now().astimezone(LONDON).date()


def section_of(slug: str) -> marf.Section:
    section = marf.BY_SLUG.get(slug)
    if section is None:
        raise Http404
    return section
