"""After sending: the agency adds, answers, asks to withdraw and prints; the hub asks and carries on."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from mash_portal.door import case, declares, visitor
from referrals import access, casefile, notices, printing, since
from referrals.models import Contact
from referrals.presence import kinds_about
from referrals.refusals import Refused
from referrals.rules import journey, permissions
from referrals.rules.permissions import Relation
from referrals.vocabulary import Verb

from . import actions
from .forms import AddForm, AnswerForm, AskForm, CarryOnForm, WithdrawForm


@declares(case(Verb.ADD))
def add(request: HttpRequest, reference: str) -> HttpResponse:
    contact = access.read(visitor(request), reference, Verb.ADD)
    form = AddForm(_posted(request))
    if _taken(request, contact, form, actions.add):
        messages.success(request, "Added. The MASH has been told.")
        return redirect("intake:referral", reference)
    return render(request, "following/add.html", {"contact": contact, "form": form})


@declares(case(Verb.WITHDRAW))
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    contact = access.read(visitor(request), reference, Verb.WITHDRAW)
    form = WithdrawForm(_posted(request))
    if _taken(request, contact, form, actions.withdraw):
        messages.success(request, "The MASH has been told that you want to withdraw. A social worker decides.")
        return redirect("intake:referral", reference)
    shown = since.for_the_agency(contact, timezone.now())
    return render(request, "following/withdraw.html", {"contact": contact, "form": form, "since": shown})


@declares(case(Verb.ANSWER))
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    contact = access.read(visitor(request), reference, Verb.ANSWER)
    question = since.question_to_answer(contact, request.POST.get("question"))
    form = AnswerForm(_posted(request), waiting=question.pk if question else None)
    if _taken(request, contact, form, actions.answer):
        messages.success(request, "Sent. The person who asked has been told.")
        return redirect("intake:referral", reference)
    return render(request, "following/answer.html", {"contact": contact, "form": form, "question": question})


@declares(case(Verb.ASK))
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    contact = _opened(request, reference, Verb.ASK)
    form = AskForm(_posted(request))
    if _taken(request, contact, form, actions.ask):
        messages.success(request, _told(contact, "Sent. The referrer has been told that there is a question."))
        return redirect("triage:contact", reference)
    return _page(request, "following/ask.html", contact, form, time_to_answer=since.time_to_answer(contact))


@declares(case(Verb.CARRY_ON))
def carry_on(request: HttpRequest, reference: str) -> HttpResponse:
    contact = _opened(request, reference, Verb.CARRY_ON)
    form = CarryOnForm(_posted(request))
    if _taken(request, contact, form, actions.carry_on):
        messages.success(request, _told(contact, "Recorded. The referrer has been told that you carry on."))
        return redirect("triage:contact", reference)
    return _page(request, "following/carry_on.html", contact, form)


@declares(case(Verb.FOLLOW))
@require_safe
def paper(request: HttpRequest, reference: str) -> HttpResponse:
    """The form as it was sent, as a PDF, for the agency that sent it."""
    return _download(printing.form_of(access.read(visitor(request), reference, Verb.FOLLOW), by=visitor(request)))


@declares(case(Verb.READ))
@require_safe
def paper_for_the_hub(request: HttpRequest, reference: str) -> HttpResponse:
    return _download(printing.form_of(access.read(visitor(request), reference, Verb.READ), by=visitor(request)))


def _download(made: printing.Paper) -> HttpResponse:
    """Named by its reference and nothing else: the name of a file is read over shoulders and kept in lists."""
    answer = HttpResponse(made.content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return answer


def _told(contact: Contact, sentence: str) -> str:
    """The sentence, where there is somebody whom a message reaches."""
    return sentence if notices.referrers_of(contact) else f"Saved. {notices.NOBODY}"


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _taken(request: HttpRequest, contact: Contact, form: forms.Form, act: Callable[..., object]) -> bool:
    """True when the form was sent and the action took it; a refusal stands beside what was typed."""
    if not form.is_valid():
        return False
    try:
        act(contact.reference, by=visitor(request), **form.cleaned_data)
    except Refused as refusal:
        casefile.add_refusal(form, refusal)
        contact.refresh_from_db()
        return False
    return True


def _opened(request: HttpRequest, reference: str, verb: Verb) -> Contact:
    """The contact, for a form of the hub. Who could use it a moment ago is refused by the action, words kept."""
    user = visitor(request)
    if request.method == "POST" and verb in permissions.allowed(user.as_role, frozenset(Relation)):
        return access.read(user, reference)
    contact = access.read(user, reference, verb)
    journey.step(contact.as_stage, verb)
    return contact


def _page(request: HttpRequest, template: str, contact: Contact, form: forms.Form, **more: object) -> HttpResponse:
    now = timezone.now()
    frame = casefile.frame(contact, visitor(request), now)
    said = since.for_the_hub(contact, now, kinds_about(contact))
    return render(request, template, {**frame, "form": form, "since": said, **more})
