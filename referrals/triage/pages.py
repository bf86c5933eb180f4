"""What the pages with a form have in common: who may open them, and how a refusal is shown beside what was typed."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mash_portal.door import visitor
from referrals import access, casefile
from referrals.models import Contact
from referrals.refusals import Refused, Stale
from referrals.rules import journey, permissions
from referrals.rules.permissions import Relation
from referrals.vocabulary import Verb

from .forms import VersionedForm


def opened(request: HttpRequest, reference: str, verb: Verb) -> Contact:
    """The contact, for a page with a form that uses `verb`: refused at once where it cannot be used.

    What comes from the page of somebody who could use it a moment ago is authorised by the action alone, so that its
    refusal is shown beside what they typed.
    """
    user = visitor(request)
    if request.method == "POST" and verb in permissions.allowed(user.as_role, frozenset(Relation)):
        return access.read(user, reference)
    contact = access.read(user, reference, verb)
    journey.step(contact.as_stage, verb)
    return contact


def explain(refusal: Refused, form: forms.Form, contact: Contact, field: str = "") -> None:
    """Put the refusal's sentences on the form, an ordinary one at `field`."""
    if field and type(refusal) is Refused:
        for reason in refusal.reasons:
            form.add_error(field, reason)
    else:
        casefile.add_refusal(form, refusal)
    contact.refresh_from_db()
    if isinstance(refusal, Stale) and isinstance(form, VersionedForm):
        form.catch_up(contact.version)


def page(
    request: HttpRequest,
    template: str,
    contact: Contact,
    now: datetime,
    *,
    current: str = "",
    **context: Any,
) -> HttpResponse:
    """One page of the case, with the head that all of them have."""
    frame = casefile.frame(contact, visitor(request), now, current=current)
    return render(request, template, frame | context)
