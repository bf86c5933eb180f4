"""Pages of the daily domestic abuse meeting: the meetings, one of them, and each thing that is written in it."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from mash_portal.door import declares, roles, visitor
from referrals import casefile, clockwork
from referrals.refusals import Refused
from referrals.rules import permissions

from . import actions, pages, queries
from .forms import AddForm, AttendanceForm, DecideForm, OpenForm


@declares(roles(permissions.QUEUE))
@require_safe
def meetings(request: HttpRequest) -> HttpResponse:
    return render(request, "meetings/list.html", pages.list_of_meetings(visitor(request), _before(request)))


@declares(roles(permissions.MEETS))
def open_meeting(request: HttpRequest) -> HttpResponse:
    today = clockwork.london(timezone.now()).date()
    form = OpenForm(_posted(request), people=queries.hub_people(), initial={"held_on": today})
    if form.is_valid():
        try:
            opened = actions.open_meeting(
                held_on=form.cleaned_data["held_on"], chair=form.chosen_chair, by=visitor(request)
            )
        except Refused as refusal:
            casefile.add_refusal(form, refusal)
        else:
            return redirect("meetings:meeting", opened.pk)
    return render(request, "meetings/open.html", {"form": form})


@declares(roles(permissions.QUEUE))
@require_safe
def meeting(request: HttpRequest, meeting: int) -> HttpResponse:
    found = queries.meeting(meeting)
    return render(request, "meetings/meeting.html", pages.whole(found, visitor(request), timezone.now()))


@declares(roles(permissions.MEETS))
def attendance(request: HttpRequest, meeting: int) -> HttpResponse:
    found = queries.meeting(meeting)
    form = AttendanceForm(_posted(request), initial=AttendanceForm.initial_from(pages.attended(found)))
    if form.is_valid() and casefile.taken(
        form, actions.note_attendance, meeting, rows=form.rows(), by=visitor(request)
    ):
        return _done(request, meeting, "Who came is saved.")
    return render(request, "meetings/attendance.html", {"form": form, "meeting": found})


@declares(roles(permissions.MEETS))
def add(request: HttpRequest, meeting: int) -> HttpResponse:
    found = queries.meeting(meeting)
    form = AddForm(_posted(request), offered=pages.offered(visitor(request), found, timezone.now()))
    if form.is_valid() and casefile.taken(
        form, actions.add, meeting, references=form.references(), by=visitor(request)
    ):
        return _done(request, meeting, "Added to the list.")
    return render(request, "meetings/add.html", {"form": form, "meeting": found})


@declares(roles(permissions.MEETS))
def decide(request: HttpRequest, meeting: int, item: int) -> HttpResponse:
    found = queries.meeting(meeting)
    row = queries.item(visitor(request), found, item)
    kept = ("child_focus", "decision", "reason", "action", "action_owner")
    form = DecideForm(_posted(request), initial={name: getattr(row, name) for name in kept})
    if form.is_valid() and casefile.taken(
        form, actions.decide, meeting, item, judged=form.judged(), by=visitor(request)
    ):
        return _done(request, meeting, f"The decision for {row.child.name} is saved.")
    child = pages.child_of(row, timezone.now())
    return render(request, "meetings/decide.html", {"form": form, "meeting": found, "child": child})


@declares(roles(permissions.MEETS))
@require_POST
def close(request: HttpRequest, meeting: int) -> HttpResponse:
    """What is still missing is said on the meeting's own page."""
    form = forms.Form(request.POST)
    if form.is_valid() and casefile.taken(form, actions.close, meeting, by=visitor(request)):
        return _done(request, meeting, "The meeting is closed.")
    shown = pages.whole(queries.meeting(meeting), visitor(request), timezone.now())
    return render(request, "meetings/meeting.html", {**shown, "form": form}, status=409)


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _before(request: HttpRequest) -> date | None:
    try:
        return date.fromisoformat(request.GET.get("before", ""))
    except ValueError:
        return None


def _done(request: HttpRequest, meeting: int, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("meetings:meeting", meeting)
