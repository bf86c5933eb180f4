"""The auditor's page: who looked at or changed what, newest first. The only reader of the trail."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mash_portal.accounts.roles import Role
from mash_portal.door import declares, roles
from mash_portal.govuk.forms import GovukForm

from . import words
from .pages import page_of


class TrailFilter(GovukForm):
    """Narrow the trail. A reference is not a name; names never stand in an address."""

    mark_optional = False
    buttons = ()
    reference = forms.CharField(label="Reference", required=False, max_length=20)
    person = forms.IntegerField(label="Person’s number", required=False, min_value=1)
    verb = forms.ChoiceField(label="What they did", required=False)
    before = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["verb"].choices = [("", "Anything"), *words.choices()]  # type: ignore[attr-defined]  # a ChoiceField


@declares(roles(frozenset({Role.AUDITOR})))
def trail(request: HttpRequest) -> HttpResponse:
    form = TrailFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else None
    return render(request, "audit/trail.html", {"form": form, **page_of(wanted)})
