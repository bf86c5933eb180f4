"""What the hub sees of feedback that was sent: who has not opened it, whom to ring, what was asked."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from mash_portal.door import case, declares, roles, visitor
from mash_portal.govuk.words import count
from referrals import access, casefile
from referrals.models import Contact
from referrals.rules import permissions
from referrals.vocabulary import Verb

from . import actions, asking, pages, queries
from .forms import AnswerBackForm, PhoneForm, StateForm


@declares(roles(permissions.QUEUE))
def unread(request: HttpRequest) -> HttpResponse:
    """Feedback that nobody of the agency has opened, the oldest first; or what was asked about it."""
    state = request.GET.get("state", "")
    state = state if state in dict(queries.STATES) else queries.UNREAD
    page = queries.board(visitor(request), state, request.GET.get("page", "1"))
    how_many = count(page.paginator.count, "piece of feedback", "pieces of feedback")
    context = {
        "heading": f"{how_many}: {dict(queries.STATES)[state].lower()}",
        "rows": pages.board_rows(page, timezone.now()),
        "filter_form": StateForm(queries.STATES, initial={"state": state}),
        "selected": [] if state == queries.UNREAD else [(dict(queries.STATES)[state], "?")],
        "newer_url": f"?state={state}&page={page.previous_page_number()}" if page.has_previous() else "",
        "older_url": f"?state={state}&page={page.next_page_number()}" if page.has_next() else "",
    }
    return render(request, "feedback/board.html", context)


@declares(case(Verb.READ))
def sent(request: HttpRequest, reference: str) -> HttpResponse:
    """The feedback as the referrer reads it, who has opened it, and what was asked."""
    found = access.read(visitor(request), reference)
    feedback = queries.sent(found)
    return _page(request, "feedback/sent.html", found, feedback=pages.for_the_hub(feedback) if feedback else None)


@declares(case(Verb.PHONE))
def phone(request: HttpRequest, reference: str) -> HttpResponse:
    user = visitor(request)
    found = access.read(user, reference, Verb.PHONE)
    form = PhoneForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and casefile.taken(form, actions.phone, reference, by=user, **form.cleaned_data):
        messages.success(request, "Recorded: the referrer has been told by telephone.")
        return redirect("feedback:sent", reference)
    feedback = queries.sent(found)
    shown = pages.for_the_hub(feedback) if feedback else None
    return _page(request, "feedback/phone.html", found, form=form, feedback=shown)


@declares(case(Verb.ANSWER_BACK))
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    user = visitor(request)
    found = access.read(user, reference, Verb.ANSWER_BACK)
    feedback = queries.sent(found)
    shown = pages.for_the_hub(feedback) if feedback else {}
    waiting = next((one for one in shown.get("questions", ()) if one["is_waiting"]), None)
    first = {"question": waiting["pk"] if waiting else None}
    form = AnswerBackForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_valid() and casefile.taken(form, asking.answer, reference, by=user, **form.cleaned_data):
        messages.success(request, "Sent. Whoever asked has been told.")
        return redirect("feedback:sent", reference)
    return _page(request, "feedback/answer.html", found, form=form, question=waiting)


def _page(request: HttpRequest, template: str, contact: Contact, **shown: object) -> HttpResponse:
    frame = casefile.frame(contact, visitor(request), timezone.now(), current="feedback")
    return render(request, template, {**frame, **shown})
