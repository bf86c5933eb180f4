"""Pages of immediate danger: writing down what was done at once, and the manager's look at it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from mash_portal.door import case, declares, visitor
from referrals import access, acts, casefile
from referrals.models import Contact
from referrals.refusals import NotYours, Refused
from referrals.rules import journey
from referrals.vocabulary import Verb

from . import emergency
from .act_forms import ActForm, ConfirmActForm


@declares(case(Verb.ACT_NOW))
def act_now(request: HttpRequest, reference: str) -> HttpResponse:
    """One click from the head of every open contact. A refusal comes back with everything that was typed."""
    user, now = visitor(request), timezone.now()
    contact = access.read(user, reference, Verb.ACT_NOW)
    form = ActForm(request.POST if request.method == "POST" else None, children=list(contact.children.all()))
    if request.method == "POST":
        if form.is_valid():
            try:
                emergency.act_now(reference, form.act(), by=user)
            except Refused as refusal:
                casefile.add_refusal(form, refusal)
            else:
                messages.success(request, "What was done is saved, and a manager has been told to look at it.")
                return redirect("triage:contact", reference)
    else:
        emergency.require_qualified(user, now)
        journey.step(contact.as_stage, Verb.ACT_NOW)
    return _page(request, "decision/act_now.html", contact, form=form)


@declares(case(Verb.CONFIRM_ACT))
def confirm(request: HttpRequest, reference: str) -> HttpResponse:
    user = visitor(request)
    contact = access.read(user, reference, Verb.CONFIRM_ACT)
    form = ConfirmActForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            emergency.confirm_act(reference, was_right=form.verdict(), words=form.cleaned_data["words"], by=user)
        except NotYours:
            raise
        except Refused as refusal:
            casefile.add_refusal(form, refusal)
        else:
            messages.success(request, "Saved. Whoever acted and whoever holds the contact have been told.")
            return redirect("triage:contact", reference)
    return _page(request, "decision/confirm_act.html", contact, form=form)


def _page(request: HttpRequest, template: str, contact: Contact, **shown: object) -> HttpResponse:
    now = timezone.now()
    frame = casefile.frame(contact, visitor(request), now, current="")
    return render(request, template, {**frame, "acts": acts.shown_of(contact, now), **shown})
