"""From a form to a saved change: what it would do is shown first, and saved by the button on that page.

Nothing is kept between the two: the page with the preview carries what was typed, and goes back with it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from referrals import casefile
from referrals.refusals import Refused, Stale

from . import preview
from .changes import Settings

CONFIRM, BACK = "confirm", "back"
SAVE = "Save this change"
_OURS = frozenset({CONFIRM, BACK, "csrfmiddlewaretoken"})


@dataclass(frozen=True)
class Edit:
    """What would hold after it, how it is saved, what is said then, and where that leads."""

    after: Settings
    save: Callable[[], object]
    done: str
    to: tuple[str, ...]
    button: str = SAVE


def onwards(request: HttpRequest, form: forms.Form, asked: Callable[[], Edit], fresh: str) -> HttpResponse | None:
    """The preview, or the way on after saving; None where the form is shown, with what was typed and what is wrong.

    `fresh` stands for the rule that holds now: after a look at it, the same button goes on.
    """
    if request.method != "POST" or BACK in request.POST or not form.is_valid():
        return None
    try:
        edit = asked()
        if CONFIRM not in request.POST:
            return _preview(request, edit)
        edit.save()
    except Refused as refusal:
        if isinstance(refusal, Stale):
            form.data = _with(form.data, fresh)
        casefile.add_refusal(form, refusal)
        return None
    messages.success(request, edit.done)
    return redirect(*edit.to)


def _preview(request: HttpRequest, edit: Edit) -> HttpResponse:
    now = timezone.now()
    typed = [(name, value) for name in request.POST for value in request.POST.getlist(name) if name not in _OURS]
    context: dict[str, Any] = {
        "clocks": preview.of(Settings.today(), edit.after, now),
        "typed": typed,
        "button": edit.button,
    }
    return render(request, "administration/clock_preview.html", context)


def _with(data: Any, fresh: str) -> Any:
    """What was typed, and the rule that holds now in the place of the one that the page showed."""
    typed = data.copy()
    typed["seen"] = fresh
    return typed
