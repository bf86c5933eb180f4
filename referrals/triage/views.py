"""Pages of the hub that are read: the queue, a contact and its referral form."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from mash_portal.accounts import registration
from mash_portal.door import case, declares, roles, visitor
from referrals import access, acts, casefile, papers, since, telephone
from referrals.models import Attachment, Call, EmergencyAct
from referrals.presence import kinds_about
from referrals.rules import permissions
from referrals.vocabulary import Verb

from . import chronology as stories
from . import drawing, overview, queries, sent
from .filters import EVERYBODY, Filters
from .rows import rows


@declares(roles(permissions.QUEUE))
def queue(request: HttpRequest) -> HttpResponse:
    """Contacts that wait for a decision, the soonest deadline first, with who holds each."""
    user, now = visitor(request), timezone.now()
    filters = Filters.read(request.GET, user)
    page = queries.queue(user, filters.condition(user, now), queries.Place.read(request.GET.get("after", "")))
    context = {
        "filters": filters,
        "filter_form": filters.form(user),
        "selected": filters.chosen(user),
        "heading": overview.queue_heading(page.shown, page.total),
        "rows": rows(page.rows, user, now),
        "total": page.total,
        "everything_url": f"{request.path}?whose={EVERYBODY}",
        "since": str(page.latest),
        "now": now,
        "first_url": filters.url if "after" in request.GET else "",
        "next_url": filters.following_url(page.following),
        "views": queries.kept_views(user),
        "runs": access.runs_the_queue(user),
        "waiting_notes": queries.waiting_notes(),
        "registrations": registration.warnings_for(user, timezone.localdate(now)),
    }
    return render(request, "triage/queue.html", context)


@declares(roles(permissions.QUEUE))
def queue_changes(request: HttpRequest) -> HttpResponse:
    """How many contacts have changed since the step of the timeline that the page knows; nonsense counts nothing."""
    since = request.GET.get("since", "")
    known = since.isascii() and since.isdigit() and len(since) < 19
    return JsonResponse({"changed": queries.changed_since(visitor(request), int(since)) if known else 0})


@declares(case(Verb.READ))
def contact(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything about one contact at a glance, and what can be done with it now."""
    user, now = visitor(request), timezone.now()
    found = access.read(user, reference)
    queries.fill(found)
    frame, there = casefile.frame(found, user, now, current="overview"), kinds_about(found)
    said = {
        "since": since.for_the_hub(found, now, there),
        "call": telephone.for_the_hub(found, user, now) if Call in there else None,
        "files": papers.for_the_hub(found) if Attachment in there else [],
        "acts": acts.shown_of(found, now) if EmergencyAct in there else [],
    }
    return render(request, "triage/contact.html", frame | overview.of(found, user, now, there) | said)


@declares(case(Verb.READ))
def marf(request: HttpRequest, reference: str) -> HttpResponse:
    """The referral as it was sent, beside the indicators that the referrer ticked."""
    user, now = visitor(request), timezone.now()
    found = access.read(user, reference)
    frame = casefile.frame(found, user, now, current="referral")
    return render(request, "triage/marf.html", frame | sent.of(found))


@declares(case(Verb.READ))
def chronology(request: HttpRequest, reference: str) -> HttpResponse:
    """Each child across contacts: a picture of the time, a picture of the levels, and a table that says the same."""
    user, now = visitor(request), timezone.now()
    found = access.read(user, reference)
    queries.fill(found)
    frame = casefile.frame(found, user, now, current="chronology")
    shown = {"stories": stories.shown(stories.of(found, user), now), "key": drawing.KEY}
    return render(request, "triage/chronology.html", frame | shown)
