"""Writing feedback in the hub; reading it in the agency."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from mash_portal.door import case, declares, visitor
from referrals import access, casefile
from referrals.refusals import NotYours, Refused
from referrals.vocabulary import Verb

from . import actions, pages
from .forms import FeedbackForm


@declares(case(Verb.GIVE_FEEDBACK))
def give(request: HttpRequest, reference: str) -> HttpResponse:
    user = visitor(request)
    contact = access.read(user, reference, Verb.GIVE_FEEDBACK)
    readers = pages.readers(contact)
    first = pages.first_words(contact, user, settings.MASH_PHONE)
    form = FeedbackForm(request.POST or None, initial=first, has_readers=bool(readers))
    if request.method == "POST" and form.is_valid():
        try:
            actions.give_feedback(reference, by=user, **form.cleaned_data)
        except NotYours:
            raise
        except Refused as refusal:
            casefile.add_refusal(form, refusal)
        else:
            messages.success(request, pages.SENT if readers else pages.KEPT)
            return redirect("triage:contact", reference)
    frame = casefile.frame(contact, user, timezone.now(), current="feedback")
    context = {**frame, "form": form, "readers": readers, **pages.decided(contact)}
    return render(request, "feedback/give.html", context)


@declares(case(Verb.READ_FEEDBACK))
def read(request: HttpRequest, reference: str) -> HttpResponse:
    """Opening it is recorded: the hub knows that the referrer knows."""
    feedback = actions.open_feedback(reference, by=visitor(request))
    shown = pages.for_the_referrer(feedback) if feedback else None
    return render(request, "feedback/read.html", {"reference": reference, "feedback": shown})
