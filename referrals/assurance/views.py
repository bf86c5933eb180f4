"""The page that leads to everything about quality, and what was found about one's own work or forms."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit import trail
from mash_portal.door import declares, roles, visitor
from mash_portal.govuk.words import count
from referrals.models import Audit
from referrals.rules import permissions

from . import cases, pages, queries


@declares(roles(permissions.QUALITY))
def quality(request: HttpRequest) -> HttpResponse:
    """What waits, and where the rest is."""
    user, today = visitor(request), timezone.localdate()
    return render(request, "assurance/quality.html", pages.quality(queries.counts(user, today), user))


@declares(roles(permissions.AUDITED))
def findings(request: HttpRequest) -> HttpResponse:
    """What audits found about this person's own work, newest first."""
    user = visitor(request)
    page = queries.paged(cases.found_about(user), request.GET.get("page", ""))
    _read(page, user)
    context = {
        "heading": f"{count(page.paginator.count, 'finding')} about your work",
        "cards": [pages.finding_card(audit) for audit in page],
        "opens": True,
    }
    return render(request, "assurance/findings.html", context | turning(page))


@declares(roles(permissions.DRAFTING))
def ours(request: HttpRequest) -> HttpResponse:
    """What audits found about the forms of one's own agency. No name of anybody."""
    user = visitor(request)
    page = queries.paged(cases.found_about_forms_of(user), request.GET.get("page", ""))
    _read(page, user)
    context = {
        "heading": f"{count(page.paginator.count, 'finding')} about your agency’s forms",
        "cards": [pages.form_card(audit) for audit in page],
        "ours": True,
    }
    return render(request, "assurance/findings.html", context | turning(page))


def _read(page: Iterable[Audit], user: User) -> None:
    """Every record of the page, in the trail: one statement."""
    trail.record_many("viewed:finding", [(one.sampled.child.contact.reference, {}) for one in page], by=user)


def turning(page: Any, query: str = "?") -> dict[str, str]:
    """The addresses of the pages before and after."""
    return {
        "newer_url": f"{query}page={page.previous_page_number()}" if page.has_previous() else "",
        "older_url": f"{query}page={page.next_page_number()}" if page.has_next() else "",
    }


def posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None
