"""Everything that is written of a call. One that is about a child who may need help is a contact from this moment."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from mash_portal.accounts.models import Agency, User
from mash_portal.audit import trail
from mash_portal.govuk.words import LONDON
from referrals import clockwork, gate, known, notices
from referrals.models import Call, Child, Contact
from referrals.models.contact import new_reference
from referrals.refusals import NotYours, Refused
from referrals.rules import calls as rules
from referrals.rules import permissions
from referrals.rules.marf.numbers import postcode_in
from referrals.vocabulary import CallerKind, CallResult, Channel, Clock

from . import words

#: The same words by the same person within this time are a double click or a retry, and are kept once.
SAME_WORDS = timedelta(minutes=10)
#: Which message the caller's agency gets.
NOTICES = {
    CallResult.ADVICE: "advice",
    CallResult.FORM_EXPECTED: "form_expected",
    CallResult.CONTACT: "call_taken",
}


@dataclass(frozen=True)
class Told:
    """A call as it was taken down: what the rules look at, the agency, and where the family lives."""

    said: rules.Said
    agency: Agency | None = None
    address: str = ""

    @property
    def postcode(self) -> str:
        return postcode_in(self.address)


@transaction.atomic
def record(told: Told, *, by: User, out_of_hours: bool = False) -> Call:
    """Write a call down: its contact, the clock on the written form, and the message to the caller's agency."""
    now = timezone.now()
    said = _checked(told, by, now)
    # one person's clicks come one after another, so that the second finds the first
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    if same := _same_words(said, by, now):
        return same
    agency = told.agency if said.caller_kind == CallerKind.PROFESSIONAL else None
    caller = _account_of(said.caller_name, agency)
    contact = None
    if said.result != CallResult.ADVICE:
        contact = _receive(told, agency, caller, out_of_hours=out_of_hours, by=by, now=now)
    call = Call.objects.create(
        reference=contact.reference if contact else new_reference(),
        contact=contact,
        caller_kind=said.caller_kind,
        caller_name=said.caller_name,
        caller_phone=said.caller_phone,
        caller=caller,
        agency=agency,
        about=words.about(said.children, told.address),
        said=said.said,
        advice=said.advice,
        result=said.result,
        out_of_hours=out_of_hours,
        taken_by=by,
        taken_at=now,
        confirm_by=_expect_form(contact, now) if contact and said.result == CallResult.FORM_EXPECTED else None,
    )
    trail.record("call:record", by=by, reference=call.reference, details={"result": call.result})
    _tell_the_agency(call, now)
    return call


@transaction.atomic
def read(call: Call, *, by: User) -> None:
    """The caller's agency has read what was written down for it: the first reader is kept."""
    changed = Call.objects.filter(pk=call.pk, advice_read_at=None, agency=by.agency_id).exclude(agency=None)
    if changed.update(advice_read_at=timezone.now(), advice_read_by=by):
        trail.record("call:read_advice", by=by, reference=call.reference)


def _checked(told: Told, by: User, now: datetime) -> rules.Said:
    if by.as_role not in permissions.CALLS:
        raise NotYours(f"A {by.as_role.label.lower()} does not take calls.")
    if refused := rules.objections(told.said, now.astimezone(LONDON).date()):
        raise Refused(*refused)
    return told.said


def _same_words(said: rules.Said, by: User, now: datetime) -> Call | None:
    return Call.objects.filter(
        taken_by=by,
        taken_at__gte=now - SAME_WORDS,
        caller_kind=said.caller_kind,
        caller_name=said.caller_name,
        result=said.result,
        said=said.said,
        advice=said.advice,
    ).first()


def _account_of(name: str, agency: Agency | None) -> User | None:
    """The caller's account, where their agency has exactly one of that name."""
    if agency is None:
        return None
    people = User.objects.filter(agency=agency, is_active=True, role__in=permissions.DRAFTING)
    found = list(people.filter(full_name__iexact=" ".join(name.split()))[:2])
    return found[0] if len(found) == 1 else None


def _receive(
    told: Told, agency: Agency | None, caller: User | None, *, out_of_hours: bool, by: User, now: datetime
) -> Contact:
    """The contact and its children. A private caller's contact is the hub's own: no agency can follow it."""
    contact = gate.receive(
        by=by,
        now=now,
        channel=Channel.EDT if out_of_hours else Channel.PHONE,
        source=_source(told, agency),
        agency=agency or _hub_of(by),
        level_believed=None,
        referrer=caller,
    )
    known.save([_child(contact, one, told.postcode) for one in told.said.children], now=now)
    notices.of_history(contact, now=now)
    return contact


def _source(told: Told, agency: Agency | None) -> str:
    if agency is not None:
        return agency.source
    return rules.ANONYMOUS_SOURCE if told.said.caller_kind == CallerKind.ANONYMOUS else told.said.source


def _hub_of(by: User) -> Agency:
    hub = by.agency if by.agency and by.agency.is_hub else Agency.objects.filter(is_hub=True).first()
    if hub is None:
        raise Refused("No agency is marked as the hub, so the call has nowhere to go. Ask an administrator to add it.")
    return hub


def _child(contact: Contact, said: rules.ChildSaid, postcode: str) -> Child:
    return Child(
        contact=contact,
        key=secrets.token_hex(4),
        given_names=said.given_names,
        family_name=said.family_name,
        date_of_birth=said.date_of_birth,
        estimated_age=said.estimated_age,
        postcode=postcode,
        agency=contact.agency,
        source=contact.source,
        received_at=contact.received_at,
    )


def _expect_form(contact: Contact, now: datetime) -> datetime:
    """Start the clock on the written form; when it is due."""
    clockwork.start(contact, (Clock.WRITTEN_CONFIRMATION,), now=now)
    return contact.deadlines.live().get(clock=Clock.WRITTEN_CONFIRMATION).due_at


def _tell_the_agency(call: Call, now: datetime) -> None:
    if call.agency is None:
        return
    people = [call.caller] if call.caller else notices.leads_of(call.agency)
    notices.queue(NOTICES[CallResult(call.result)], call.reference, people, occasion="call", now=now)
