"""Pages of what is handed over: a team's list, the hub's list, a contact's own page, and the three answers."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from mash_portal.door import case, declares, roles, visitor
from referrals import access, casefile
from referrals.models import Contact, Handover
from referrals.rules import permissions
from referrals.vocabulary import Verb

from . import actions, export, pages, queries, teams
from .filters import Filters
from .forms import AcceptanceForm, DeclineForm, OfferForm


@declares(roles(permissions.EARLY_HELP | permissions.QUEUE))
def handed_over(request: HttpRequest) -> HttpResponse:
    """To a team: what is handed over to it. To the hub: every hand-over, those sent back first."""
    user, now = visitor(request), timezone.now()
    filters = Filters.read(request.GET)
    page = queries.page_of(user, filters, now, request.GET.get("page", "1"))
    counts, known = queries.counts(user, now), queries.teams_for(user)
    context = {
        "heading": pages.heading(user, page.paginator.count, counts["total"]),
        "tiles": pages.tiles(counts, filters),
        "rows": pages.rows(page, user, now, answering=teams.with_accounts()),
        "total": counts["total"],
        "filter_form": filters.form(known),
        "selected": filters.chosen(known),
        "newer_url": filters.page_url(page.previous_page_number()) if page.has_previous() else "",
        "older_url": filters.page_url(page.next_page_number()) if page.has_next() else "",
    }
    return render(request, "handover/list.html", context)


@declares(case(Verb.READ))
def contact(request: HttpRequest, reference: str) -> HttpResponse:
    """Who takes each child on, who has accepted, and what the case management system has been sent."""
    user, now = visitor(request), timezone.now()
    found = access.read(user, reference)
    cards = pages.cards(queries.of_contact(user, found), found, user, now)
    sent = pages.deliveries(queries.deliveries_of(found), found)
    return _page(request, "handover/contact.html", found, cards=cards, deliveries=sent)


@declares(case(Verb.READ))
@require_GET
def export_json(request: HttpRequest, reference: str) -> HttpResponse:
    """The contact as the case management system is sent it, as a file."""
    answer = JsonResponse(export.hand_out(reference, by=visitor(request)), json_dumps_params={"ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="{reference}.json"'
    return answer


@declares(case(Verb.ACCEPT))
def accept(request: HttpRequest, reference: str, handover: int) -> HttpResponse:
    """A team's worker accepts at once; for a team without accounts the hub writes down who did, and when."""
    user = visitor(request)
    found, offered = _offered(request, reference, handover, Verb.ACCEPT)
    if teams.is_of(user, offered):
        if request.method == "POST":
            actions.accept(reference, handover, by=user)
            messages.success(request, f"Your team has accepted the child of contact {reference}.")
            return redirect("handover:contact", reference)
        return _page(request, "handover/accept.html", found, handover=offered)
    form = AcceptanceForm(request.POST or None)
    if form.is_valid() and casefile.taken(
        form, actions.record_acceptance, reference, handover, who=form.cleaned_data["who"], at=form.moment(), by=user
    ):
        messages.success(request, "Written down: the child has been accepted.")
        return redirect("handover:contact", reference)
    return _page(request, "handover/accept.html", found, handover=offered, form=form)


@declares(case(Verb.DECLINE))
def decline(request: HttpRequest, reference: str, handover: int) -> HttpResponse:
    user = visitor(request)
    found, offered = _offered(request, reference, handover, Verb.DECLINE)
    form = DeclineForm(request.POST or None)
    if form.is_valid() and casefile.taken(form, actions.decline, reference, handover, by=user, **form.cleaned_data):
        messages.success(request, "Sent back. The hub has been told.")
        return redirect("handover:list")
    return _page(request, "handover/decline.html", found, handover=offered, form=form)


@declares(case(Verb.HAND_OVER))
def offer(request: HttpRequest, reference: str, handover: int) -> HttpResponse:
    user = visitor(request)
    found, offered = _offered(request, reference, handover, Verb.HAND_OVER)
    choice = teams.to_choose_from(offered)
    form = OfferForm(choice, offered.as_outcome, request.POST or None)
    if form.is_valid() and casefile.taken(
        form, actions.offer, reference, handover, team=form.chosen(), note=form.cleaned_data["note"], by=user
    ):
        messages.success(request, f"Handed over to {form.chosen().name}. They have been told.")
        return redirect("handover:contact", reference)
    return _page(request, "handover/offer.html", found, handover=offered, form=form)


def _offered(request: HttpRequest, reference: str, number: int, verb: Verb) -> tuple[Contact, Handover]:
    """The contact and the hand-over that an answer is about; 404 where the contact has no such one."""
    found = access.read(visitor(request), reference, verb)
    offered = queries.one(found, number)
    if offered is None:
        raise Http404
    return found, offered


def _page(request: HttpRequest, template: str, contact: Contact, **shown: object) -> HttpResponse:
    frame = casefile.frame(contact, visitor(request), timezone.now(), current="handover")
    return render(request, template, {**frame, **shown})
