"""Pages of a decision: the record and its paper, signing off or sending back, taking back, reopening."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from mash_portal.door import case, declares, roles, visitor
from referrals import access, acts, casefile, printing
from referrals.models import Contact
from referrals.refusals import NotYours, Refused
from referrals.rules import permissions
from referrals.vocabulary import Verb

from . import actions, pages
from .forms import ReasonForm, SignOffForm


@declares(case(Verb.READ))
def record(request: HttpRequest, reference: str) -> HttpResponse:
    user = visitor(request)
    contact = access.read(user, reference)
    shown = {"decisions": pages.decisions_of(contact), "acts": acts.shown_of(contact, timezone.now())}
    may_print = pages.may_print(user)
    return _page(request, "decision/record.html", contact, may_print=may_print, **shown)


@declares(roles(permissions.QUEUE))
@require_GET
def paper(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The decision of that number, counted from the first, as a PDF whose name tells nothing of a child.

    For the hub alone: it says what other agencies told in confidence.
    """
    user = visitor(request)
    contact = access.read(user, reference)
    printed = printing.record_of(contact, number, by=user)
    headers = {"Content-Disposition": f'attachment; filename="{printed.name}"'}
    return HttpResponse(printed.content, content_type="application/pdf", headers=headers)


@declares(case(Verb.SIGN_OFF))
def sign_off(request: HttpRequest, reference: str) -> HttpResponse:
    """A record that has changed cannot be signed off: the page says who changed what, and offers to send back."""
    user = visitor(request)
    contact = access.read(user, reference, Verb.SIGN_OFF)
    shown = pages.waiting(contact, user, now=timezone.now())
    asks_why = bool(shown["reasons_to_look_again"])
    form = SignOffForm(request.POST or None, asks_why=asks_why, initial={"version": contact.version})
    if request.method == "POST" and form.is_valid():
        try:
            actions.sign_off(reference, by=user, **form.cleaned_data)
        except NotYours:
            raise
        except Refused as refusal:
            casefile.add_refusal(form, refusal)
            contact.refresh_from_db(fields=["version", "stage"])
            shown = pages.waiting(contact, user, now=timezone.now())
        else:
            messages.success(request, "The decision is signed off. Feedback to the referrer is due next.")
            return redirect("triage:contact", reference)
    return _page(request, "decision/sign_off.html", contact, form=form, **shown)


@declares(case(Verb.SEND_BACK))
def send_back(request: HttpRequest, reference: str) -> HttpResponse:
    contact = access.read(visitor(request), reference, Verb.SEND_BACK)
    form = ReasonForm(
        request.POST or None,
        label="What is wanted before you can sign this off?",
        help_text="The worker who recommended it reads this. It stays with the record.",
        button="Send back",
    )
    return _with_reason(request, contact, form, actions.send_back, "Sent back. The worker has been told.")


@declares(case(Verb.REOPEN))
def reopen(request: HttpRequest, reference: str) -> HttpResponse:
    contact = access.read(visitor(request), reference, Verb.REOPEN)
    form = ReasonForm(
        request.POST or None,
        label="Why is this contact opened again?",
        help_text="Both clocks start again from now. A changed outcome will be a new decision.",
        button="Reopen this contact",
    )
    return _with_reason(request, contact, form, actions.reopen, "The contact is open again.")


@declares(case(Verb.TAKE_BACK))
@require_POST
def take_back(request: HttpRequest, reference: str) -> HttpResponse:
    actions.take_back(reference, by=visitor(request))
    messages.success(request, "You have taken the recommendation back. What you wrote is here to go on from.")
    return redirect("decision:recommend", reference)


def _with_reason(request: HttpRequest, contact: Contact, form: ReasonForm, action: Any, done: str) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            action(contact.reference, reason=form.cleaned_data["reason"], by=visitor(request))
        except NotYours:
            raise
        except Refused as refusal:
            casefile.add_refusal(form, refusal)
        else:
            messages.success(request, done)
            return redirect("triage:contact", contact.reference)
    return _page(request, "decision/reason.html", contact, form=form, heading=form.fields["reason"].label)


def _page(request: HttpRequest, template: str, contact: Contact, **shown: object) -> HttpResponse:
    frame = casefile.frame(contact, visitor(request), timezone.now(), current="decision")
    return render(request, template, {**frame, **shown})
