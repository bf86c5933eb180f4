"""Writing feedback in the hub; reading it in the agency; saying that it is understood, or asking."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from mash_portal.door import case, declares, visitor
from referrals import access, casefile
from referrals.models import Contact
from referrals.refusals import Refused
from referrals.rules import journey
from referrals.vocabulary import Verb

from . import actions, asking, checking, pages, queries
from .forms import AskBackForm, FeedbackForm


@declares(case(Verb.GIVE_FEEDBACK))
def give(request: HttpRequest, reference: str) -> HttpResponse:
    user = visitor(request)
    contact = access.read(user, reference, Verb.GIVE_FEEDBACK)
    if contact.is_open:
        raise Refused(journey.refusal(contact.as_stage, Verb.GIVE_FEEDBACK))
    readers = pages.readers(contact)
    form = _feedback_form(request, contact, has_readers=bool(readers))
    warnings: list[str] = []
    if request.method == "POST" and form.is_valid():
        warnings = checking.warnings(contact, form.cleaned_data)
        seal = checking.seal(warnings)
        if seal != form.cleaned_data["looked_at"] and warnings:
            form.confirm(seal)
        elif casefile.taken(form, actions.give_feedback, reference, by=user, warned_of=len(warnings), **form.said()):
            messages.success(request, pages.SENT if readers else pages.KEPT)
            return redirect("triage:contact", reference)
    frame = casefile.frame(contact, user, timezone.now(), current="feedback")
    context = {**frame, "form": form, "readers": readers, "warnings": warnings, **pages.decided(contact)}
    return render(request, "feedback/give.html", context)


def _feedback_form(request: HttpRequest, contact: Contact, *, has_readers: bool) -> FeedbackForm:
    first = pages.first_words(contact, visitor(request), settings.MASH_PHONE)
    return FeedbackForm(
        request.POST or None,
        initial=first,
        has_readers=has_readers,
        services=queries.services(),
        is_marked=pages.is_marked(contact),
    )


@declares(case(Verb.READ_FEEDBACK))
def read(request: HttpRequest, reference: str) -> HttpResponse:
    """Opening it is recorded: the hub knows that the referrer knows."""
    feedback = actions.open_feedback(reference, by=visitor(request))
    shown = pages.for_the_referrer(feedback) if feedback else None
    return render(request, "feedback/read.html", {"reference": reference, "feedback": shown})


@declares(case(Verb.UNDERSTAND))
@require_POST
def understood(request: HttpRequest, reference: str) -> HttpResponse:
    asking.understand(reference, by=visitor(request))
    messages.success(request, "The MASH knows that you have understood.")
    return redirect("feedback:read", reference)


@declares(case(Verb.ASK_BACK))
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    user = visitor(request)
    access.read(user, reference, Verb.ASK_BACK)
    form = AskBackForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and casefile.taken(form, asking.ask, reference, by=user, **form.cleaned_data):
        messages.success(request, "Sent. Whoever wrote the feedback has been told.")
        return redirect("feedback:read", reference)
    return render(request, "feedback/ask.html", {"reference": reference, "form": form})
