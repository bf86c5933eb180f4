"""Pages of a decision: the record, recommending, signing off or sending back, taking back, reopening."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from mash_portal.door import case, declares, visitor
from referrals import access, casefile
from referrals.models import Contact
from referrals.refusals import NotYours, Refused
from referrals.vocabulary import Verb

from . import actions, pages
from .forms import ReasonForm, RecommendForm, SignOffForm


@declares(case(Verb.READ))
def record(request: HttpRequest, reference: str) -> HttpResponse:
    contact = access.read(visitor(request), reference)
    return _page(request, "decision/record.html", contact, decisions=pages.decisions_of(contact))


@declares(case(Verb.RECOMMEND))
def recommend(request: HttpRequest, reference: str) -> HttpResponse:
    """A refusal, like a slip in the form, comes back with everything that was typed."""
    contact = access.read(visitor(request), reference, Verb.RECOMMEND)
    form = RecommendForm(
        request.POST or None,
        children=pages.children_to_decide(contact),
        rows=pages.action_rows(request.POST),
        initial={"version": contact.version},
    )
    if request.method == "POST" and "more" not in request.POST and form.is_valid():
        try:
            actions.recommend(
                reference, form.recommendation(), by=visitor(request), version=form.cleaned_data["version"]
            )
        except Refused as refusal:
            casefile.add_refusal(form, refusal)
        else:
            messages.success(request, "Sent for sign-off. A manager has been told.")
            return redirect("triage:contact", reference)
    form = pages.without_errors(form) if "more" in request.POST else form
    return _page(request, "decision/recommend.html", contact, form=form, **pages.evidence(contact))


@declares(case(Verb.SIGN_OFF))
def sign_off(request: HttpRequest, reference: str) -> HttpResponse:
    contact = access.read(visitor(request), reference, Verb.SIGN_OFF)
    shown = pages.waiting(contact, now=timezone.now())
    form = SignOffForm(
        request.POST or None, asks_why=bool(shown["reasons_to_look_again"]), initial={"version": contact.version}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.sign_off(reference, by=visitor(request), **form.cleaned_data)
        except NotYours:
            raise
        except Refused as refusal:
            casefile.add_refusal(form, refusal)
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
    messages.success(request, "You have taken the recommendation back.")
    return redirect("triage:contact", reference)


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
