"""The screening list of low-level domestic abuse notifications, one notification, and signing the list off."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from mash_portal.door import case, declares, roles, visitor
from mash_portal.govuk.words import count
from referrals import access, casefile
from referrals.refusals import NotYours, Refused
from referrals.rules import permissions
from referrals.vocabulary import Verb

from . import actions, pages, queries
from .forms import ScreenForm


@declares(roles(permissions.QUEUE))
@require_safe
def to_screen(request: HttpRequest) -> HttpResponse:
    return render(request, "screening/to_screen.html", pages.to_screen(visitor(request), timezone.now()))


@declares(case(Verb.SCREEN))
def screen(request: HttpRequest, reference: str) -> HttpResponse:
    """Propose for each child of one notification. Another person signs it off."""
    user, now = visitor(request), timezone.now()
    contact = access.read(user, reference, Verb.SCREEN)
    listed = queries.one(contact)
    children = listed.referred if listed else []
    first = {"version": contact.version} | pages.before_now(children)
    form = ScreenForm(children, request.POST if request.method == "POST" else None, initial=first)
    if form.is_valid():
        try:
            actions.propose(reference, form.proposals(), by=user, version=form.cleaned_data["version"])
        except NotYours:
            raise
        except Refused as refusal:
            casefile.add_refusal(form, refusal)
        else:
            messages.success(request, f"Recorded for {reference}. A manager who did not propose it signs it off.")
            return redirect("screening:to_screen")
    beside = pages.of_notification(listed, casefile.earlier_contacts(contact, user)) if listed else {}
    frame = casefile.frame(contact, user, now, current="screening")
    return render(request, "screening/screen.html", {**frame, **beside, "form": form, "listed": listed})


@declares(roles(permissions.QUEUE))
def to_sign_off(request: HttpRequest) -> HttpResponse:
    """Everything that is proposed to be screened out, signed off in one go; what could not be is said with why."""
    user = visitor(request)
    conflicts: list[actions.Conflict] = []
    nothing = False
    if request.method == "POST":
        lines = pages.lines_of(request.POST)
        nothing = not lines
        done, conflicts = actions.sign_off(lines, by=user)
        if done:
            messages.success(request, f"{count(len(done), 'notification')} screened out and closed.")
        if done and not conflicts:
            return redirect("screening:to_sign_off")
    page = pages.to_sign_off(user, timezone.now(), request.POST)
    context = {**page, "conflicts": conflicts, "nothing": nothing}
    return render(request, "screening/to_sign_off.html", context)


@declares(roles(permissions.QUEUE))
@require_safe
def out(request: HttpRequest) -> HttpResponse:
    """Everything that has been screened out, latest first."""
    context = pages.screened_out(visitor(request), request.GET.get("before", ""))
    return render(request, "screening/out.html", context)
