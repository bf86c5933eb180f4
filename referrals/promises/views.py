"""The clocks of a contact, and computing clocks again under today's rule."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from mash_portal.door import case, declares, roles, visitor
from mash_portal.govuk.words import count, long_moment
from referrals import access, casefile, rebasing
from referrals.models.partnership import clock_rules, working_week
from referrals.refusals import Refused, Stale
from referrals.rules import permissions
from referrals.vocabulary import Clock, Verb

from . import actions, drawing, everybodys, pages
from .forms import RebaseAllForm, RebaseForm


@declares(case(Verb.READ))
def contact(request: HttpRequest, reference: str) -> HttpResponse:
    """Every clock as a picture, as a table that says the same, and in words how it was computed."""
    user, now = visitor(request), timezone.now()
    found = access.read(user, reference)
    frame = casefile.frame(found, user, now, current="clocks")
    return render(request, "promises/contact.html", frame | {"shown": pages.of(found, user, now), "key": drawing.KEY})


@declares(case(Verb.REBASE))
def rebase(request: HttpRequest, reference: str, deadline: int) -> HttpResponse:
    """One clock as it is and as it would be; why it is computed again."""
    user, now = visitor(request), timezone.now()
    found = access.read(user, reference, Verb.REBASE)
    would = actions.would(found, deadline)
    fresh = {"version": found.version, "seen": actions.seen_as(would)}
    form = RebaseForm(request.POST or None, initial=fresh)
    if request.method == "POST" and form.is_valid():
        try:
            new = actions.rebase(reference, deadline=deadline, by=user, **form.cleaned_data)
        except Refused as refusal:
            _look_again(form, fresh, refusal)
        else:
            messages.success(request, f"The {new.get_clock_display().lower()} clock is due {long_moment(new.due_at)}.")
            return redirect("promises:contact", reference)
    frame = casefile.frame(found, user, now, current="clocks")
    return render(request, "promises/rebase.html", frame | {"form": form, **pages.compared(would, working_week(), now)})


@declares(roles(permissions.REBASES_ALL))
def running(request: HttpRequest) -> HttpResponse:
    """How many clocks of each kind run, and how many of them under an earlier rule."""
    return render(request, "promises/running.html", {"rows": everybodys.rows(timezone.now())})


@declares(roles(permissions.REBASES_ALL))
def rebase_all(request: HttpRequest, name: str) -> HttpResponse:
    """What computing every open clock of a kind again would change; why it is done."""
    user, now, clock = visitor(request), timezone.now(), _clock(name)
    fresh = {"seen": rebasing.stamp(clock, clock_rules(), working_week())}
    form = RebaseAllForm(request.POST or None, initial=fresh)
    if request.method == "POST" and form.is_valid():
        try:
            done = actions.rebase_all(clock, by=user, **form.cleaned_data)
        except Refused as refusal:
            _look_again(form, fresh, refusal)
        else:
            left = f" {count(done.left, 'clock')} still to do." if done.left else ""
            messages.success(
                request, f"{count(done.number, 'clock')} computed again, {done.earlier} of them earlier.{left}"
            )
            return redirect("promises:running")
    return render(request, "promises/rebase_all.html", {"form": form, **everybodys.compared(clock, user, now)})


def _look_again(form: RebaseForm | RebaseAllForm, fresh: Mapping[str, object], refusal: Refused) -> None:
    """Nothing of what was typed is lost; after a look at what has changed since, the same button goes on."""
    if isinstance(refusal, Stale):
        form.data = {**form.data.dict(), **fresh}  # type: ignore[attr-defined]  # a QueryDict: the form is bound
    casefile.add_refusal(form, refusal)


def _clock(name: str) -> Clock:
    found = next((kind for kind in Clock if kind == name and kind not in rebasing.FIXED), None)
    if found is None:
        raise Http404
    return found
