"""Pages of the queue as a whole: several contacts to one worker, and views kept under a name."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from mash_portal.door import declares, roles, visitor
from mash_portal.govuk.words import count
from referrals.refusals import Refused
from referrals.rules import permissions

from . import queries, sharing
from .filters import Filters
from .forms import ShareForm
from .rows import to_share


@declares(roles(permissions.RUNS_THE_QUEUE))
def share_out(request: HttpRequest) -> HttpResponse:
    """Give several contacts to one worker. What somebody changed meanwhile stays where it is, and the page says so."""
    user, now = visitor(request), timezone.now()
    workers, holders = queries.workers(user, now), queries.holders(user)
    asked = request.GET.get("from", "")
    choices = [
        (queries.NOBODYS, "Nobody"),
        (queries.AWAY, "Somebody who is away"),
        *((str(h.pk), h.full_name) for h in holders),
    ]
    chosen = asked if asked in dict(choices) else queries.NOBODYS
    contacts = queries.shareable(user, chosen, now)
    form = ShareForm(workers, contacts, request.POST or None)
    refused: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        shared = sharing.share_out(form.versions(), to=form.to(), by=user)
        refused = dict(shared.refused)
        if shared.done:
            messages.success(request, f"{form.to().full_name} holds {count(len(shared.done), 'more contact')} now.")
        if not refused:
            return redirect(request.get_full_path())
        contacts = queries.shareable(user, chosen, now)
    context = {
        "form": form,
        "rows": to_share(contacts, now, ticked=form.ticked(), refused=refused),
        "refused": [f"{reference}: {sentence}" for reference, sentence in refused.items()],
        "heading": f"Share out {count(len(contacts), 'contact')}",
        "choices": [(f"?from={key}", label, key == chosen) for key, label in choices],
        "whose": dict(choices)[chosen],
    }
    return render(request, "triage/share_out.html", context)


@declares(roles(permissions.QUEUE))
@require_POST
def keep_view(request: HttpRequest) -> HttpResponse:
    user = visitor(request)
    filters = Filters.read(QueryDict(request.POST.get("query", "")[:1000]), user)
    try:
        kept = sharing.keep_filter(request.POST.get("name", ""), filters.query, by=user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Kept as “{kept.name}”.")
    return redirect(filters.url)


@declares(roles(permissions.QUEUE))
@require_POST
def forget_view(request: HttpRequest, view: int) -> HttpResponse:
    sharing.forget_filter(view, by=visitor(request))
    messages.success(request, "The view is deleted.")
    return redirect(reverse("triage:queue"))
