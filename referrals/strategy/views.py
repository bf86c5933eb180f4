"""Pages of a strategy discussion: for the hub within the case, and for those who are invited by themselves."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from mash_portal.door import case, declares, invited, roles, visitor
from referrals import access, casefile
from referrals.models import Contact
from referrals.rules import journey, permissions
from referrals.vocabulary import Verb

from . import actions, pages, queries
from .recording import CallOffForm


@declares(case(Verb.READ))
@require_safe
def discussions(request: HttpRequest, reference: str) -> HttpResponse:
    contact = access.read(visitor(request), reference)
    return _page(request, "strategy/discussions.html", contact, cards=pages.cards(contact, timezone.now()))


@declares(case(Verb.CALL_STRATEGY))
def call(request: HttpRequest, reference: str) -> HttpResponse:
    contact = _opened(request, reference, Verb.CALL_STRATEGY)
    form = pages.call_form(contact, _posted(request))

    def act() -> object:
        return actions.call(
            reference,
            reason=form.cleaned_data["reason"],
            children=form.children_chosen(),
            invited=form.invited(),
            plan=form.plan(),
            by=visitor(request),
        )

    if form.is_valid() and casefile.taken(form, act):
        return _done(request, reference, "The strategy discussion is called. Those who are invited have been told.")
    return _page(request, "strategy/call.html", contact, form=form, waiting=queries.open_of(contact))


@declares(case(Verb.CALL_STRATEGY))
def arrange(request: HttpRequest, reference: str) -> HttpResponse:
    contact = _opened(request, reference, Verb.CALL_STRATEGY)
    waiting = queries.open_of(contact)
    form = pages.arrange_form(waiting, _posted(request))

    def act() -> object:
        number = form.cleaned_data["discussion"]
        return actions.arrange(
            reference, discussion=number, plan=form.plan(), invited=form.others(), by=visitor(request)
        )

    if form.is_valid() and casefile.taken(form, act):
        return _done(request, reference, "Saved. Those who are invited are told of what has changed.")
    return _page(request, "strategy/arrange.html", contact, form=form, waiting=waiting)


@declares(case(Verb.RECORD_STRATEGY))
def record(request: HttpRequest, reference: str) -> HttpResponse:
    contact = _opened(request, reference, Verb.RECORD_STRATEGY)
    waiting = queries.open_of(contact)
    form = pages.record_form(contact, waiting, _posted(request), timezone.now())

    def act() -> object:
        number = form.cleaned_data["discussion"]
        return actions.record(reference, discussion=number, said=form.record(), by=visitor(request))

    if form.is_valid() and casefile.taken(form, act):
        return _done(request, reference, "The strategy discussion is recorded.")
    return _page(request, "strategy/record.html", contact, form=form, waiting=waiting)


@declares(case(Verb.CALL_OFF_STRATEGY))
def call_off(request: HttpRequest, reference: str) -> HttpResponse:
    contact = _opened(request, reference, Verb.CALL_OFF_STRATEGY)
    waiting = queries.open_of(contact)
    form = CallOffForm(_posted(request), initial={"discussion": waiting.pk if waiting else None})
    if form.is_valid() and casefile.taken(form, actions.call_off, reference, by=visitor(request), **form.cleaned_data):
        return _done(request, reference, "The strategy discussion is called off. Those who are invited have been told.")
    return _page(request, "strategy/call_off.html", contact, form=form, waiting=waiting)


@declares(roles(permissions.INVITED))
@require_safe
def invitations(request: HttpRequest) -> HttpResponse:
    return render(request, "strategy/invitations.html", {"rows": pages.invitation_rows(visitor(request))})


@declares(invited(permissions.INVITED))
@require_safe
def invitation(request: HttpRequest, reference: str) -> HttpResponse:
    discussion = access.read_discussion(visitor(request), reference)
    return render(request, "strategy/invitation.html", pages.invitation(discussion))


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _done(request: HttpRequest, reference: str, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("strategy:discussions", reference)


def _opened(request: HttpRequest, reference: str, verb: Verb) -> Contact:
    """The contact, for a form. What it is too late for is said at once, and again by the action when it is sent."""
    contact = access.read(visitor(request), reference, verb)
    if request.method != "POST":
        journey.step(contact.as_stage, verb)
    return contact


def _page(request: HttpRequest, template: str, contact: Contact, **shown: object) -> HttpResponse:
    frame = casefile.frame(contact, visitor(request), timezone.now(), current="strategy")
    return render(request, template, {**frame, **shown})
