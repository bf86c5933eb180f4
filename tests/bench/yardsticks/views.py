"""One view for each yardstick (performance.md, “Yardsticks”)."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from mash_portal.door import anyone, declares, signed_in, visitor

from .models import Entry


class EntryForm(forms.ModelForm):  # type: ignore[type-arg]  # of Entry, said in Meta
    """Six fields."""

    class Meta:
        model = Entry
        fields = ("title", "name", "email", "priority", "born_on", "words")


@declares(anyone)
def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")


@declares(signed_in)
def table(request: HttpRequest) -> HttpResponse:
    """One query, 50 rows, everything else in the template."""
    entries = Entry.objects.select_related("owner").order_by("due_at")[:50]
    return render(request, "yardsticks/table.html", {"entries": entries, "now": timezone.now()})


@declares(signed_in)
def form(request: HttpRequest) -> HttpResponse:
    return render(request, "yardsticks/form.html", {"form": EntryForm()})


@csrf_exempt
@declares(anyone)
def insert(request: HttpRequest) -> HttpResponse:
    """Nobody is signed in: validate six fields, insert, redirect."""
    return _inserted(request, EntryForm(request.POST))


@declares(signed_in)
def insert_signed_in(request: HttpRequest) -> HttpResponse:
    """The same by somebody who is signed in and is told that it was done."""
    posted = EntryForm(request.POST)
    posted.instance.owner = visitor(request)
    response = _inserted(request, posted)
    messages.success(request, "Your entry is saved.")
    return response


def _inserted(request: HttpRequest, posted: EntryForm) -> HttpResponse:
    if not posted.is_valid():
        return render(request, "yardsticks/form.html", {"form": posted}, status=422)
    posted.instance.received_at = timezone.now()
    posted.instance.due_at = posted.instance.received_at + timedelta(hours=24)
    posted.save()
    return redirect("yardsticks:table")
