"""A form that confirms a telephone call joins its contact: one contact, one reference, each child counted once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.govuk.words import long_moment
from referrals import access, gate, notices
from referrals.models import Assessment, Call, Child, Contact, Draft, Marf
from referrals.refusals import Refused
from referrals.rules import calls as rules
from referrals.rules import permissions
from referrals.rules.marf.questions import YES
from referrals.rules.marf.values import Answers, people, text
from referrals.vocabulary import CallResult, Verb

from . import records
from .arrival import ARRIVAL, Arrival


def expected(user: User, reference: str) -> Call | None:
    """The call of the person's own agency that a form is expected for; Refused where it has come already."""
    if user.as_role not in permissions.DRAFTING:
        return None
    calls = access.calls_of(user).filter(reference=reference, result=CallResult.FORM_EXPECTED)
    call = calls.select_related("contact", "taken_by").first()
    if call is not None and call.confirmed_at is not None:
        raise Refused(f"The form for the call {reference} came on {long_moment(call.confirmed_at)}. Add to it instead.")
    return call


def first_answers(call: Call, user: User) -> dict[str, Any]:
    """What the portal knows already, so that it is never asked twice: the referrer, the call, the children."""
    about = {"name": user.full_name, "job": user.job, "phone": user.phone, "email": user.email}
    about |= {"agency": user.agency.name if user.agency else "", "phoned": YES}
    about |= {"phoned_when": long_moment(call.taken_at), "phoned_to": call.taken_by.full_name}
    children = call.contact.children.all() if call.contact else []
    return {ARRIVAL: {"call": call.reference}, "about": about, "children": [_entry(child) for child in children]}


def _entry(child: Child) -> dict[str, str]:
    """A child of the call as an entry of the form, under the same key."""
    return {
        "key": child.key,
        "given_names": child.given_names,
        "family_name": child.family_name,
        "date_of_birth": child.date_of_birth.isoformat() if child.date_of_birth else "",
        "estimated_age": "" if child.estimated_age is None else str(child.estimated_age),
        "postcode": child.postcode,
    }


def join(draft: Draft, arrival: Arrival, *, by: User, now: datetime) -> Contact | None:
    """The call's contact, which the form now belongs to; None where the form is a contact of its own.

    It is one of its own where the call has its form already, and where the call has been decided and the form names
    another child: nobody would decide about that child otherwise.
    """
    call = _locked(by, arrival.call) if arrival.call else None
    if call is None or call.contact is None or call.confirmed_at is not None:
        return None
    contact = call.contact
    if not contact.is_open and _names_another(draft.answers, list(contact.children.all())):
        return None
    _confirm(contact, call, draft.answers, by=by, now=now, submission_key=draft.key)
    notices.queue("receipt", contact.reference, [by], occasion=f"v{contact.version}", now=now)
    return contact


@transaction.atomic
def join_by_hand(reference: str, call_reference: str, *, by: User) -> Contact:
    """A referral that came by itself is the form for a call: its words go to the call's contact, and it is closed."""
    now = timezone.now()
    form = access.open_for(by, reference, Verb.DUPLICATE)
    call = _locked(by, call_reference)
    if call is None or call.contact is None or call.agency_id != form.agency_id:
        raise Http404
    contact = call.contact
    marf = _joinable(form, call)
    already = list(contact.children.all())
    if not contact.is_open and _names_another(marf.answers, already):
        raise Refused("The call is decided, and this form names another child. Decide it under its own reference.")
    ticked = records.Ticked.of(marf.answers, marf.matrix)
    _confirm(contact, call, marf.answers, by=by, now=now, form=form)
    by_then, at = marf.declared_by, marf.declared_at
    records.write(contact, marf.answers, ticked, by=by_then, now=at, already=already, sent=marf)
    form.children.update(in_scope=False)
    form.attachments.update(contact=contact)
    form.additions.update(contact=contact)
    gate.move(form, Verb.DUPLICATE, by=by, now=now, reason=f"It is the form for the call {contact.reference}.")
    notices.queue("joined", form.reference, notices.referrers_of(form), occasion="joined", now=now)
    return contact


def _locked(by: User, reference: str) -> Call | None:
    """The call, after the contact that it made: the contact is always locked first."""
    if not access.calls_of(by).filter(reference=reference, contact__isnull=False).exists():
        return None
    contact = access.open_for(by, reference, Verb.JOIN)
    call = Call.objects.select_for_update(of=("self",), no_key=True).get(contact=contact)
    call.contact = contact
    return call


def _joinable(form: Contact, call: Call) -> Marf:
    """The form as it was sent; Refused where it can no longer be joined to this call."""
    marf = Marf.objects.filter(contact=form).select_related("matrix", "declared_by").first()
    if call.confirm_by is None or marf is None:
        raise Refused("No form is expected for this call.")
    if call.confirmed_at is not None:
        raise Refused(f"The call {call.reference} has its form already.")
    if Assessment.objects.by_the_hub(form).exists():
        raise Refused("The MASH has assessed this referral already. Decide it under its own reference.")
    return marf


def _confirm(
    contact: Contact,
    call: Call,
    answers: Answers,
    *,
    by: User,
    now: datetime,
    form: Contact | None = None,
    **changes: Any,
) -> None:
    """The clock on the written form is met. Whoever sent it is the referrer, where the caller had no account."""
    sender = form.referrer if form else by
    if contact.referrer.as_role not in permissions.DRAFTING:
        changes["referrer"] = sender
    level = records.level_of(answers)
    gate.move(contact, Verb.JOIN, by=by, now=now, level_believed=level, **changes)
    contact.children.update(level_believed=level)
    call.confirmed_at, call.form = now, form
    call.save(update_fields=["confirmed_at", "form"])


def _names_another(answers: Answers, already: Sequence[Child]) -> bool:
    """The form refers a child that the call was not about."""
    asked = [one for one in people(answers, "children") if text(one, "sibling_only") != YES]
    rows = [records.as_named(one) for one in asked]
    return any(match is None for match in rules.paired(rows, list(already)))
