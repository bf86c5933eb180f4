"""The pages of a recommendation: outcomes for each child, then the record. Every button keeps what was typed."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.door import case, declares, visitor
from mash_portal.govuk import words
from referrals import access, casefile, decided
from referrals.models import Contact
from referrals.refusals import Refused, Stale
from referrals.rules import journey, permissions
from referrals.rules.permissions import Relation
from referrals.vocabulary import Verb

from . import actions, drafting, pages
from . import answers as said
from .drafting import Writing
from .recommend_forms import OutcomesForm, RecordForm, typed_in

FIRST, OTHERS, RECORD = "decision:recommend", "decision:recommend_others", "decision:recommend_record"
SENT = "Sent for sign-off. A manager has been told."
KEPT = "What you wrote is kept. Recommend a decision to go on from there."


@dataclass(frozen=True)
class Desk:
    """Somebody at one page of a recommendation."""

    request: HttpRequest
    contact: Contact
    user: User
    now: datetime
    writing: Writing

    @property
    def first_words(self) -> dict[str, Any]:
        return {**self.writing.answers, "version": self.contact.version}

    @property
    def posted(self) -> QueryDict | None:
        return self.request.POST if self.is_sent else None

    @property
    def is_sent(self) -> bool:
        return self.request.method == "POST"


@declares(case(Verb.RECOMMEND))
def recommend(request: HttpRequest, reference: str) -> HttpResponse:
    """Outcomes and level of the first child, and whether the same applies to the others."""
    desk = _desk(request, reference)
    if "again" in request.POST:
        return _again(desk)
    first, others = desk.writing.children[:1], desk.writing.children[1:]
    form = OutcomesForm(desk.posted, children=first, others=others, initial=desk.first_words)
    is_each = bool(others) and form[said.SAME].value() == said.EACH
    return _outcomes(desk, form, after=OTHERS if is_each else RECORD)


@declares(case(Verb.RECOMMEND))
def others(request: HttpRequest, reference: str) -> HttpResponse:
    """Outcomes and level of every other child, where they differ from the first one's."""
    desk = _desk(request, reference)
    first, rest = desk.writing.children[:1], desk.writing.children[1:]
    if not (rest or desk.is_sent):
        return redirect(FIRST, reference)
    form = OutcomesForm(desk.posted, children=rest, like=next(iter(first), None), initial=desk.first_words)
    return _outcomes(desk, form, after=RECORD)


@declares(case(Verb.RECOMMEND))
def record(request: HttpRequest, reference: str) -> HttpResponse:
    """What the decision rests on, and what its outcomes need. Sends it, or comes back with every word."""
    desk = _desk(request, reference)
    picture = pages.picture_now(desk.contact, desk.writing, desk.user, desk.now)
    if not desk.is_sent and pages.against_outcomes(picture):
        return redirect(FIRST, reference)
    asked, offered = pages.questions(picture)
    rows = said.rows_in(request.POST if desk.is_sent else desk.writing.answers)
    form = RecordForm(desk.posted, asked=asked, offered=offered, rows=rows, initial=desk.first_words)
    if desk.is_sent and (answer := _take(desk, form)):
        return answer
    if "more" in request.POST and not form.is_refused:
        form = form.with_another_action()
    return _page(desk, "decision/recommend_record.html", form)


def _outcomes(desk: Desk, form: OutcomesForm, *, after: str) -> HttpResponse:
    """One page of outcomes: kept whatever was typed, then looked at, then on to the next."""
    if desk.is_sent and _kept(desk, form):
        if "later" in desk.request.POST:
            return _later(desk)
        _object(desk, form)
        if form.is_valid():
            return redirect(after, desk.contact.reference)
    return _page(desk, "decision/recommend.html", form)


def _object(desk: Desk, form: OutcomesForm) -> None:
    """What stands against these outcomes, at their fields. Children who are chosen for on the next page wait for it."""
    writing = replace(desk.writing, answers={**desk.writing.answers, **typed_in(form)})
    waits = bool(form.others) and writing.answers.get(said.SAME) == said.EACH
    for objection in pages.against_outcomes(pages.picture_now(desk.contact, writing, desk.user, desk.now)):
        if objection.field in form.errors:
            continue
        if objection.field in form.fields:
            form.add_error(objection.field, str(objection))
        elif not (objection.field and waits):
            form.add_error(None, str(objection))


def _take(desk: Desk, form: RecordForm) -> HttpResponse | None:
    """Keep it, then do what the button says; None where the page comes back."""
    posted = desk.request.POST
    if not _kept(desk, form) or "more" in posted:
        return None
    if "later" in posted:
        return _later(desk)
    if "outcomes" in posted:
        return redirect(FIRST, desk.contact.reference)
    return _send(desk, form) if form.is_valid() else None


def _send(desk: Desk, form: RecordForm) -> HttpResponse | None:
    answers = {**desk.writing.answers, **typed_in(form)}
    what = said.whole(answers, desk.writing.children, form.extra, form.tasks())
    try:
        actions.recommend(desk.contact.reference, what, by=desk.user, version=form.cleaned_data["version"])
    except Refused as refusal:
        _explain(desk, form, refusal)
        return None
    messages.success(desk.request, SENT)
    return redirect("triage:contact", desk.contact.reference)


def _again(desk: Desk) -> HttpResponse:
    """The same outcomes as before, chosen anew by whoever presses the button."""
    drafting.keep(desk.contact.reference, desk.writing.again, by=desk.user, version=desk.contact.version)
    return redirect(RECORD, desk.contact.reference)


def _kept(desk: Desk, form: OutcomesForm | RecordForm) -> bool:
    typed = str(form["version"].value() or "")
    version = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else desk.contact.version
    try:
        drafting.keep(desk.contact.reference, typed_in(form), by=desk.user, version=version)
    except Refused as refusal:
        _explain(desk, form, refusal)
        return False
    return True


def _explain(desk: Desk, form: OutcomesForm | RecordForm, refusal: Refused) -> None:
    """Its sentences on the form. Whoever has been told of a change sends the next one for the record as it is."""
    casefile.add_refusal(form, refusal)
    form.is_refused = True
    if isinstance(refusal, Stale):
        desk.contact.refresh_from_db(fields=["version", "stage", "owner"])
        form.catch_up(desk.contact.version)


def _later(desk: Desk) -> HttpResponse:
    messages.success(desk.request, KEPT)
    return redirect("triage:contact", desk.contact.reference)


def _desk(request: HttpRequest, reference: str) -> Desk:
    """Whoever could use the page a moment ago is authorised by the action alone: its refusal keeps their words."""
    user = visitor(request)
    if request.method == "POST" and Verb.RECOMMEND in permissions.allowed(user.as_role, frozenset(Relation)):
        contact = access.read(user, reference)
    else:
        contact = access.read(user, reference, Verb.RECOMMEND)
        journey.step(contact.as_stage, Verb.RECOMMEND)
    return Desk(request, contact, user, timezone.now(), drafting.writing_of(contact, user))


def _page(desk: Desk, template: str, form: OutcomesForm | RecordForm) -> HttpResponse:
    contact, writing = desk.contact, desk.writing
    frame = casefile.frame(contact, desk.user, desk.now, current="decision")
    known = writing.version
    shown: dict[str, object] = {
        "form": form,
        "before": pages.before_words(writing.before, writing),
        "chosen": pages.outcome_words(writing, writing.answers),
        "changes": decided.changes_since(contact, known) if known and known < contact.version else [],
        "saved": words.long_moment(writing.saved_at) if writing.saved_at else "",
        "saved_by": writing.saved_by,
    }
    return render(desk.request, template, {**frame, **pages.evidence(contact, desk.user, desk.now), **shown})
