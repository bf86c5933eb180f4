"""Our referrals: what has not been sent, what has, and each one as its agency sees it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from mash_portal.door import case, declares, roles, visitor
from mash_portal.govuk.words import long_moment
from referrals import access, papers, since, telephone
from referrals.intake import queries, words
from referrals.intake.forms import StateForm
from referrals.intake.states import COLOURS, State, state_of
from referrals.models import Contact
from referrals.rules import marf, permissions
from referrals.vocabulary import Verb

from .keeping import unsent


@declares(roles(permissions.DRAFTING))
def our_referrals(request: HttpRequest) -> HttpResponse:
    """Drafts first: an unsent referral is a child nobody knows about."""
    form = StateForm(request.GET)
    state = State(form.cleaned_data["state"]) if form.is_valid() and form.cleaned_data["state"] else None
    contacts = queries.referrals_of(visitor(request), state)
    page = queries.page_of(contacts, request.GET.get("before", ""))
    here = reverse("intake:list")
    chosen = {"state": state.value} if state else {}
    context = {
        "calls": telephone.ours(visitor(request), timezone.now()),
        **unsent(request),
        "count": contacts.count(),
        "rows": words.referral_rows(page.contacts),
        "filter_form": form,
        "state": state,
        "selected": [(state.label, here)] if state else [],
        "older_url": f"{here}?{urlencode(chosen | {'before': page.older})}" if page.older else "",
        "newer_url": f"{here}?{urlencode(chosen)}" if request.GET.get("before") else "",
    }
    return render(request, "intake/list.html", context)


@declares(case(Verb.FOLLOW))
def sent(request: HttpRequest, reference: str) -> HttpResponse:
    """The receipt: the reference, what happens next and when, and what to do if it gets worse."""
    contact = access.read(visitor(request), reference, Verb.FOLLOW)
    return render(request, "intake/sent.html", {**promises_of(contact), "files": papers.sent_with(contact)})


@declares(case(Verb.FOLLOW))
def referral(request: HttpRequest, reference: str) -> HttpResponse:
    """What the agency sent, for ever as it was, and where it stands in plain words."""
    contact = access.read(visitor(request), reference, Verb.FOLLOW)
    has_feedback = contact.feedback.exists()
    has_question = since.has_question_waiting(contact)
    state = state_of(contact.as_stage, has_feedback=has_feedback, has_question=has_question)
    form = getattr(contact, "marf", None)
    shown = marf.sheet(form.answers, queries.texts_of(contact), version=form.form_version) if form else []
    context = promises_of(contact) | {
        "state": state.label,
        "colour": COLOURS[state],
        "children": ", ".join(child.name for child in contact.children.all()) or words.NO_NAME,
        "has_feedback": has_feedback,
        "since": since.for_the_agency(contact, timezone.now()),
        "call": telephone.for_the_agency(contact, visitor(request), timezone.now()),
        "files": papers.for_the_agency(contact),
        "marf": form,
        "cards": words.cards(shown),
    }
    return render(request, "intake/referral.html", context)


def promises_of(contact: Contact) -> dict[str, Any]:
    """Both promises in words: they are different, so both are always shown."""
    return {
        "contact": contact,
        "decision_due": long_moment(contact.due_at),
        "statutory_due": long_moment(contact.statutory_due_at),
        "received": long_moment(contact.received_at),
        "mash_phone": settings.MASH_PHONE,
        "edt_phone": settings.EDT_PHONE,
    }
