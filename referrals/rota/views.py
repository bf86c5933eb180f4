"""The duty rota: who answers for each role, now and over the next two weeks, and whoever keeps it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from mash_portal.door import declares, roles, visitor
from mash_portal.govuk.words import count, long_moment
from referrals import casefile
from referrals.models.partnership import patience
from referrals.refusals import Refused
from referrals.rules import permissions

from . import actions, pages, queries
from .forms import TurnForm, WaitsForm, as_typed


@declares(roles(permissions.KEEPS_ROTA))
@require_safe
def rota(request: HttpRequest) -> HttpResponse:
    user, now = visitor(request), timezone.now()
    found, turns = queries.overview(now), queries.turns(now)
    context = {
        "now_rows": pages.now_rows(found),
        "ahead_rows": pages.ahead_rows(found),
        "gaps": pages.gaps(found),
        "turns": [pages.turn_row(one, now) for one in turns],
        "heading": count(len(turns), "turn"),
        "patience": patience(),
        **pages.ways_on(user),
    }
    return render(request, "rota/rota.html", context)


@declares(roles(permissions.KEEPS_ROTA))
def add(request: HttpRequest) -> HttpResponse:
    form = TurnForm(queries.people(), request.POST or None)
    if request.method == "POST" and form.is_valid():
        starts, ends = form.moments()
        if casefile.taken(form, actions.add_turn, form.chosen, starts=starts, ends=ends, by=visitor(request)):
            messages.success(request, f"{form.chosen} is on duty until {long_moment(ends)}.")
            return redirect("rota:rota")
    return render(request, "rota/turn.html", {"form": form, "title": "Add a turn"})


@declares(roles(permissions.KEEPS_ROTA))
def turn(request: HttpRequest, turn: int) -> HttpResponse:
    """Change a turn; the button below it cancels it."""
    now = timezone.now()
    found = queries.turn(turn, now)
    has_begun = found.starts_at <= now
    form = TurnForm(queries.people(found.role), request.POST or None, initial=as_typed(found), has_begun=has_begun)
    if request.method == "POST" and form.is_valid():
        starts, ends = form.moments()
        said = {"person": form.chosen, "starts": starts, "ends": ends}
        if casefile.taken(form, actions.change_turn, turn, by=visitor(request), **said):
            messages.success(request, f"Changed: {form.chosen} is on duty until {long_moment(ends)}.")
            return redirect("rota:rota")
    shown = {"form": form, "title": "Change a turn", "turn": pages.turn_row(found, now), "pk": turn}
    return render(request, "rota/turn.html", {**shown, "has_begun": has_begun})


@declares(roles(permissions.KEEPS_ROTA))
@require_POST
def cancel(request: HttpRequest, turn: int) -> HttpResponse:
    try:
        ended = actions.cancel_turn(turn, by=visitor(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{ended.person}’s turn is off the rota.")
    return redirect("rota:rota")


@declares(roles(permissions.ADMINISTRATION))
def waits(request: HttpRequest) -> HttpResponse:
    """How long a message waits to be acknowledged before it goes up."""
    known = patience()
    form = WaitsForm(request.POST or None, initial={"red": known.red, "other": known.other})
    posted = request.method == "POST" and form.is_valid()
    if posted and casefile.taken(form, actions.set_waits, by=visitor(request), **form.cleaned_data):
        messages.success(request, "Saved. It holds for messages that are sent from now on.")
        return redirect("rota:rota")
    return render(request, "rota/waits.html", {"form": form})
