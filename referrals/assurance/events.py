"""Pages of trainings and meetings: the list with what is due, one of them with its months before and after."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from mash_portal.door import declares, roles, visitor
from mash_portal.govuk.words import count
from referrals import access, casefile, learned
from referrals.rules import permissions
from referrals.vocabulary import LearningKind

from . import learning, pages, queries
from .forms import EventForm, FollowUpForm
from .queries import ALL, DONE, DUE, Filters
from .views import posted, turning

_HEADINGS = {DUE: "to follow up now", DONE: "followed up", ALL: "recorded"}
_STATES = ((ALL, "All"), (DUE, "Follow-up due"), (DONE, "Followed up"))


@declares(roles(permissions.INSIGHT))
def every(request: HttpRequest) -> HttpResponse:
    """Trainings and meetings; whose follow-up is due, with how late it is."""
    user, today = visitor(request), timezone.localdate()
    filters = Filters.read(request.GET, ALL, DUE, DONE)
    page = queries.paged(queries.events(filters, today), request.GET.get("page", ""))
    number = count(page.paginator.count, "training or meeting", "trainings and meetings")
    context: dict[str, Any] = {
        "heading": f"{number} {_HEADINGS[filters.state]}",
        "rows": [pages.event_row(one, today) for one in page],
        "states": [(label, f"?state={key}&kind={filters.kind}", key == filters.state) for key, label in _STATES],
        "kinds": _kinds(filters),
        "may_record": pages.may(user)["records"],
    }
    query = f"?state={filters.state}&kind={filters.kind}&"
    return render(request, "assurance/events.html", context | turning(page, query))


@declares(roles(permissions.INSIGHT))
def one(request: HttpRequest, event: int) -> HttpResponse:
    """What was held and agreed, and what the months before and after say."""
    user, today = visitor(request), timezone.localdate()
    found = queries.event(event)
    agencies = [agency.pk for agency in found.agencies.all()]
    manages = pages.may(user)["records"]
    context = {
        "event": found,
        "facts": pages.event_facts(found, today, with_words=manages),
        "learned": learned.about(found, agencies, access.countable_by(user), today),
        "only": agencies[0] if len(agencies) == 1 else None,
        "may_follow_up": manages and found.followed_up_at is None,
    }
    return render(request, "assurance/event.html", context)


@declares(roles(permissions.LEARNING))
def record(request: HttpRequest) -> HttpResponse:
    """A training or a meeting that has been held."""
    form = EventForm(queries.agencies(), posted(request))
    if form.is_valid() and casefile.taken(form, learning.record, form.held(), by=visitor(request)):
        messages.success(request, "Recorded. Its follow-up is due in six weeks from the day it was held.")
        return redirect("assurance:events")
    return render(request, "assurance/record.html", {"form": form, "heading": "Record a training or a meeting"})


@declares(roles(permissions.LEARNING))
def change(request: HttpRequest, event: int) -> HttpResponse:
    """Put right what was written down, as long as it has not been followed up."""
    found = queries.event(event)
    said = {name: getattr(found, name) for name in ("kind", "held_on", "topic", "who_came", "agreed")}
    chosen = [str(agency.pk) for agency in found.agencies.all()]
    form = EventForm(queries.agencies(), posted(request), initial=said | {"agencies": chosen})
    if form.is_valid() and casefile.taken(form, learning.record, form.held(), by=visitor(request), event=event):
        messages.success(request, "Changed.")
        return redirect("assurance:event", event)
    context = {"form": form, "heading": f"Change: {found.topic}", "event": found}
    return render(request, "assurance/record.html", context)


@declares(roles(permissions.LEARNING))
def follow_up(request: HttpRequest, event: int) -> HttpResponse:
    """Six weeks later: what has become of what was agreed."""
    user, today = visitor(request), timezone.localdate()
    found = queries.event(event)
    form = FollowUpForm(posted(request))
    if form.is_valid() and casefile.taken(form, learning.follow_up, event, words=form.cleaned_data["words"], by=user):
        messages.success(request, "The follow-up is recorded.")
        return redirect("assurance:event", event)
    facts = pages.event_facts(found, today, with_words=True)
    return render(request, "assurance/follow_up.html", {"form": form, "event": found, "facts": facts})


def _kinds(filters: Filters) -> list[tuple[str, str, bool]]:
    kinds = [("", "Both kinds"), *LearningKind.choices()]
    return [(label, f"?state={filters.state}&kind={key}", key == filters.kind) for key, label in kinds]
