"""Pages of a duty day: who is there, what the next shift should know, the night, and the queue on paper."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from mash_portal.accounts.models import User
from mash_portal.audit import trail
from mash_portal.door import case, declares, roles, visitor
from mash_portal.govuk.words import count, long_moment
from referrals import access, casefile
from referrals.refusal_page import way_back
from referrals.refusals import NotYours, Refused
from referrals.rules import permissions
from referrals.vocabulary import Verb

from . import actions, pages, queries, supervision
from .forms import AbsenceForm, DiscussionForm, NoteForm, PeriodForm


@declares(roles(permissions.QUEUE))
def workers(request: HttpRequest) -> HttpResponse:
    """What everybody has in hand, and who is away."""
    user, now = visitor(request), timezone.now()
    loads = queries.workload(user, now)
    context = {
        "heading": f"{count(len(loads), 'person', 'people')} who may hold contacts",
        "loads": [pages.load_row(one) for one in loads],
        "left_behind": queries.left_behind(user, now),
        "may_share": access.runs_the_queue(user),
        "is_worker": any(one.person == user for one in loads),
        "absences": [pages.absence_row(one, now) for one in queries.absences(user, now)],
    }
    return render(request, "shift/workers.html", context)


@declares(roles(permissions.RUNS_THE_QUEUE))
def supervise(request: HttpRequest, worker: int) -> HttpResponse:
    """A worker's period, for their manager: nobody types it again for supervision."""
    person = queries.worker(worker)
    if person is None:
        raise Http404
    return _summary(request, person)


@declares(roles(permissions.ASSIGNABLE))
def my_supervision(request: HttpRequest) -> HttpResponse:
    """The same page about oneself: both sides of a supervision read the same."""
    return _summary(request, visitor(request))


def _summary(request: HttpRequest, person: User) -> HttpResponse:
    user, now = visitor(request), timezone.now()
    usual = {"first_day": timezone.localdate(now) - timedelta(days=28), "last_day": timezone.localdate(now)}
    form = PeriodForm(request.GET or None, initial=usual)
    days = form.cleaned_data if form.is_bound and form.is_valid() else usual
    found = supervision.summary(person, reader=user, first_day=days["first_day"], last_day=days["last_day"])
    trail.record("viewed:supervision", by=user, details={"person": person.pk})
    return render(request, "shift/supervision.html", {"form": form, **pages.supervision(found, now)})


@declares(roles(permissions.QUEUE))
def note_absence(request: HttpRequest) -> HttpResponse:
    user, people = visitor(request), queries.people_of_the_hub()
    who = people if access.runs_the_queue(user) else [user]
    form = AbsenceForm(who, people, request.POST or None, initial={"person": str(user.pk)} if who == [user] else {})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            found = actions.note_absence(
                form.people[said["person"]],
                first_day=said["first_day"],
                last_day=said["last_day"],
                reason=said["reason"],
                deputy=form.colleagues.get(said["deputy"]),
                by=user,
            )
        except NotYours:
            raise
        except Refused as refusal:
            casefile.add_refusal(form, refusal)
        else:
            messages.success(request, f"{found.person.full_name} is away until {long_moment(found.ends_at)}.")
            return redirect("shift:workers")
    return render(request, "shift/absence.html", {"form": form})


@declares(roles(permissions.QUEUE))
@require_POST
def end_absence(request: HttpRequest, absence: int) -> HttpResponse:
    return _done(
        request, "shift:workers", lambda by: f"{actions.end_absence(absence, by=by).person.full_name} is back."
    )


@declares(roles(permissions.QUEUE))
def notes(request: HttpRequest) -> HttpResponse:
    """Every note that a shift has left, newest first."""
    user, before = visitor(request), request.GET.get("before", "")
    known = before.isascii() and before.isdigit() and len(before) < 19
    found = queries.notes(user, waiting=False, before=int(before) if known else None)
    shown = found[: queries.PAGE]
    context = {
        "notes": [pages.note_card(one, user) for one in shown],
        "first_url": request.path if known else "",
        "next_url": f"?before={shown[-1].pk}" if len(found) > queries.PAGE else "",
    }
    return render(request, "shift/notes.html", context)


@declares(roles(permissions.QUEUE))
def write_note(request: HttpRequest) -> HttpResponse:
    user, now = visitor(request), timezone.now()
    contacts = [(one.reference, pages.children_of(one, now)) for one in queries.in_hand(user)]
    form = NoteForm(contacts, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_note(text=form.cleaned_data["text"], lines=form.lines(), by=user)
        except Refused as refusal:
            casefile.add_refusal(form, refusal)
        else:
            messages.success(request, "The note stands at the head of the queue until the next shift takes it over.")
            return redirect("shift:notes")
    return render(request, "shift/write.html", {"form": form, "holds": len(contacts)})


@declares(roles(permissions.QUEUE))
@require_POST
def take_over(request: HttpRequest, note: int) -> HttpResponse:
    return _done(request, "triage:queue", lambda by: f"You have taken over {actions.take_over(note, by=by).by}’s note.")


@declares(roles(permissions.QUEUE))
def night(request: HttpRequest) -> HttpResponse:
    """For whoever sits alone out of hours with a telephone: what came since the office shut, and what is due."""
    user, now = visitor(request), timezone.now()
    around = queries.night(now)
    found = queries.of_the_night(user, around)
    context = {
        "heading": f"Out of hours: {count(len(found), 'contact')}",
        "around": around.words,
        "rows": [pages.line(one, now) for one in found],
    }
    return render(request, "shift/night.html", context)


@declares(roles(permissions.QUEUE))
def on_paper(request: HttpRequest) -> HttpResponse:
    """The whole queue for a printer: what the hub works from when the system is away. Printing is in the trail."""
    user, now = visitor(request), timezone.now()
    found = queries.everything_open(user)
    trail.record("printed:queue", by=user, details={"contacts": len(found)})
    context = {"rows": [pages.line(one, now) for one in found], "when": long_moment(now), "total": len(found)}
    return render(request, "shift/paper.html", context)


@declares(case(Verb.NOTE))
def discuss(request: HttpRequest, reference: str) -> HttpResponse:
    """One line on a word in passing between worker and manager."""
    user, now = visitor(request), timezone.now()
    contact = access.read(user, reference, Verb.NOTE)
    people = [one for one in queries.people_of_the_hub() if one != user]
    form = DiscussionForm(people, request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.note_discussion(reference, line=said["line"], with_person=form.people[said["with_person"]], by=user)
        except NotYours:
            raise
        except Refused as refusal:
            casefile.add_refusal(form, refusal)
        else:
            messages.success(request, "Noted. It is in the timeline.")
            return redirect("triage:contact", reference)
    found: dict[str, Any] = {"form": form, "earlier": pages.discussions(contact)}
    return render(request, "shift/discuss.html", casefile.frame(contact, user, now) | found)


def _done(request: HttpRequest, to: str, act: Any) -> HttpResponse:
    user: User = visitor(request)
    try:
        messages.success(request, act(user))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(way_back(request) if request.POST.get("back") else reverse(to))
