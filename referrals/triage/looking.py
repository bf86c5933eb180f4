"""The first look at a contact: who is this, what is known, is anybody in danger now, is it ours, how urgent is it?"""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.door import case, declares, visitor
from mash_portal.govuk.words import long_moment
from referrals import access, casefile
from referrals.models import Contact
from referrals.refusals import Refused
from referrals.rules import priority
from referrals.vocabulary import Verb

from . import actions, family, looks, overview, proposing, queries
from .family import Family
from .look_form import YES, FirstLookForm
from .pages import explain, opened, page


@declares(case(Verb.READ, post=Verb.FIRST_LOOK))
def first_look(request: HttpRequest, reference: str) -> HttpResponse:
    """Everybody who may read the contact sees what is known of the family; who holds it says what they make of it."""
    user, now = visitor(request), timezone.now()
    posted = request.POST if request.method == "POST" else None
    contact = access.read(user, reference) if posted is None else opened(request, reference, Verb.FIRST_LOOK)
    queries.fill(contact)
    known = Family.of(contact, user)
    form = _form(contact, user, known, now, posted)
    may = posted is not None or Verb.FIRST_LOOK in casefile.possible(contact, user)
    if posted is not None and "propose" in posted:
        form = form.as_typed()
    elif posted is not None and form.is_valid() and _kept(request, contact, form):
        return redirect("triage:contact", reference)
    shown = {"form": form if may else None, "proposal": form.proposal, **_known(contact, known)}
    return page(request, "triage/first_look.html", contact, now, current="first_look", **shown)


def _form(contact: Contact, user: User, known: Family, now: datetime, posted: QueryDict | None) -> FirstLookForm:
    """With the rules' proposal from the record and, where it has been sent, from the answer about danger."""
    in_danger = posted is not None and posted.get("in_danger_now") == YES
    facts = proposing.facts_of(contact, user, now=now, in_danger=in_danger, earlier=known.children)
    due = queries.due_by_rag(contact)
    initial = {"version": contact.version}
    return FirstLookForm(priority.propose(facts), due, now, contact.due_at, posted, initial=initial)


def _kept(request: HttpRequest, contact: Contact, form: FirstLookForm) -> bool:
    """Whether it was kept; a refusal is left on the form with everything that was typed."""
    due = contact.due_at
    try:
        look = form.look(form.cleaned_data)
        actions.first_look(contact.reference, look, by=visitor(request), version=form.cleaned_data["version"])
    except Refused as refusal:
        explain(refusal, form, contact)
        return False
    contact.refresh_from_db()
    moved = "is due as before," if contact.due_at == due else f"was due {long_moment(due)}, and is now due"
    messages.success(request, f"The first look is kept. The decision {moved} {long_moment(contact.due_at)}.")
    return True


def _known(contact: Contact, known: Family) -> dict[str, Any]:
    children = list(contact.children.all())
    kept = looks.of(contact)
    return {
        "history": overview.history(children, known.children, contact),
        "siblings": family.sibling_cards(known),
        "adults": family.adult_cards(contact, known),
        "latest": kept[:1],
        "before": kept[1:],
    }
