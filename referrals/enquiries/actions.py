"""Asking agencies, authorising what a worker has prepared, answering, closing, and saying what it means together."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from mash_portal.accounts.models import Agency, User
from mash_portal.govuk import words
from referrals import access, clockwork, gate, notices
from referrals.models import Check, Contact, Synthesis
from referrals.refusals import NotYours, Objection, Refused
from referrals.rules import checks as rules
from referrals.rules import permissions
from referrals.rules.checks import Answer, Asking
from referrals.vocabulary import Clock, Rag, Verb

from . import queries


@dataclass(frozen=True)
class Request:
    """What a form asks: of which agencies, about which children (by id), for what, on what ground.

    `because`: why a manager authorises it, where authority is needed and a manager asks.
    """

    agencies: Sequence[Agency]
    children: Sequence[int]
    purpose: str
    legal_basis: str
    because: str = ""


@transaction.atomic
def ask(reference: str, request: Request, *, by: User) -> list[Check]:
    """Ask several agencies with one purpose. What needs a manager's authority is only prepared when a worker asks."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.CHECK)
    open_now = list(contact.checks.open().filter(agency__in=request.agencies).select_related("agency"))
    if same := _same_request(open_now, request, by):
        return same
    standing = queries.standing_of(contact)
    authorises = standing.needs_authority and by.as_role in permissions.AUTHORISES
    _may_be_asked(contact, request, open_now, authorises=authorises, standing=standing)
    waits = standing.needs_authority and not authorises
    names = _listed(request.agencies)
    reason = f"{names}, when a manager has authorised it" if waits else names
    gate.move(
        contact, Verb.CHECK, by=by, now=now, reason=reason, details={"agencies": [a.pk for a in request.agencies]}
    )
    made = [
        _made(contact, agency, request, by=by, now=now, waits=waits, authority=by if authorises else None)
        for agency in request.agencies
    ]
    if waits:
        _tell_a_manager(contact, made, now)
    else:
        _send(contact, made, now)
    return made


@transaction.atomic
def authorise(reference: str, numbers: Sequence[int], *, because: str, by: User) -> list[Check]:
    """A manager lets a prepared check go to its agency, and says why. Its clock starts now."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.CHECK)
    if by.as_role not in permissions.AUTHORISES:
        raise NotYours(_who_may(now))
    because = because.strip()
    if not because:
        raise Refused(Objection("because", rules.NO_REASON))
    wanted = _chosen(contact, numbers, "Choose the requests that you authorise.")
    if all(check.authorised_by_id == by.pk and check.authorised_because == because for check in wanted):
        return wanted
    if refused := [_no_longer_waits(check) for check in wanted if not (check.is_open and check.waits_for_authority)]:
        raise Refused(*refused)
    reason = f"{_listed(check.agency for check in wanted)}: authorised what was prepared. {because}"
    gate.move(contact, Verb.CHECK, by=by, now=now, reason=reason, details={"authorised": [one.pk for one in wanted]})
    for check in wanted:
        check.waits_for_authority, check.requested_at = False, now
        check.authorised_by, check.authorised_because = by, because
    _send(contact, wanted, now)
    _tell_who_prepared(contact, wanted, by, now)
    return wanted


@transaction.atomic
def close(reference: str, numbers: Sequence[int], *, because: str, by: User) -> list[Check]:
    """End the wait for an answer, with the reason: the decision cannot wait, or a manager does not authorise it."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.CLOSE_CHECK)
    because = because.strip()
    if not because:
        raise Refused(Objection("because", "Say why you do not wait for the answer: it stays with the record."))
    wanted = _chosen(contact, numbers, "Choose the checks that you close.")
    if all(check.closed_by_id == by.pk and check.closed_because == because for check in wanted):
        return wanted
    if refused := [_is_over(check) for check in wanted if not check.is_open]:
        raise Refused(*refused)
    reason = f"{_listed(check.agency for check in wanted)}: {because}"
    gate.move(contact, Verb.CLOSE_CHECK, by=by, now=now, reason=reason, details={"checks": [one.pk for one in wanted]})
    for check in wanted:
        check.closed_by, check.closed_at, check.closed_because = by, now, because
        check.save(update_fields=["closed_by", "closed_at", "closed_because"])
        clockwork.close(contact, cancelled=rules.CHECK_CLOCKS, now=now, about=check.about)
        if not check.waits_for_authority:
            people = notices.answerers_of(check.agency)
            notices.queue("check_closed", reference, people, occasion=check.about, now=now)
    _tell_who_prepared(contact, [check for check in wanted if check.waits_for_authority], by, now)
    return wanted


@transaction.atomic
def answer(number: int, said: Answer, *, seen: int, by: User) -> Check:
    """What the agency knows. Whoever holds the contact is told, whatever its stage and even where it was closed.

    A correction is another answer: the earlier ones stay. `seen`: how many there were on the page that was sent.
    """
    now = timezone.now()
    check = access.open_check(by, number)
    said = _clean(said)
    if refused := rules.objections_to_answer(said):
        raise Refused(*refused)
    if check.answers and _says(check.answers[-1], said):
        return check
    if seen != len(check.answers):
        raise Refused(_somebody_else(check))
    gate.move(check.contact, Verb.ANSWER_CHECK, by=by, now=now, reason=check.agency.name, details={"check": check.pk})
    check.known, check.facts, check.may_share, check.share_with = (
        said.known,
        said.facts,
        said.may_share,
        said.share_with,
    )
    if check.answered_at is None:
        check.answered_by, check.answered_at = by, now
    entry = asdict(said) | {"by": by.full_name, "person": by.pk, "at": now.isoformat()}
    check.answers = [*check.answers, entry]
    check.save(
        update_fields=["known", "facts", "may_share", "share_with", "answered_by", "answered_at", "answers"],
    )
    clockwork.close(check.contact, met=rules.CHECK_CLOCKS, now=now, about=check.about)
    return check


@transaction.atomic
def synthesise(reference: str, *, text: str, by: User, version: int) -> Synthesis:
    """What the answers mean together. Written against what has been read: a new answer in between is read first."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.SYNTHESISE)
    text = text.strip()
    latest = contact.syntheses.first()
    if latest is not None and (latest.by_id, latest.text) == (by.pk, text):
        return latest
    gate.check_version(contact, version)
    if not text:
        raise Refused(Objection("text", "Write what the answers mean together."))
    if not contact.checks.exclude(answered_at=None).exists():
        raise Refused("No agency has answered yet, so there is nothing to put together.")
    gate.move(contact, Verb.SYNTHESISE, by=by, now=now)
    return Synthesis.objects.create(contact=contact, text=text, by=by, at=now)


def _same_request(open_now: Sequence[Check], request: Request, by: User) -> list[Check]:
    """The checks that this very request has made already: a double click, or a retry."""
    same = (by.pk, request.purpose.strip(), request.legal_basis)
    made = [one for one in open_now if (one.requested_by_id, one.purpose, one.legal_basis) == same]
    return made if made and len(made) == len(request.agencies) else []


def _may_be_asked(
    contact: Contact, request: Request, open_now: Sequence[Check], *, authorises: bool, standing: rules.Standing
) -> None:
    known = {child.pk for child in contact.children.all()}
    asking = Asking(
        agencies=[agency.name for agency in request.agencies],
        already_open=[check.agency.name for check in open_now],
        children=len(known.intersection(request.children)),
        purpose=request.purpose.strip(),
        legal_basis=request.legal_basis,
        because=request.because.strip() if authorises else None,
        standing=standing,
    )
    refused = rules.objections_to_asking(asking)
    gone = [one.name for one in request.agencies if not one.is_active or one.is_hub]
    refused += [Objection("agencies", f"{name} cannot be asked: choose another agency.") for name in gone]
    if refused:
        raise Refused(*refused)


def _made(
    contact: Contact, agency: Agency, request: Request, *, by: User, now: datetime, waits: bool, authority: User | None
) -> Check:
    check = Check.objects.create(
        contact=contact,
        agency=agency,
        purpose=request.purpose.strip(),
        legal_basis=request.legal_basis,
        authorised_by=authority,
        authorised_because=request.because.strip() if authority else "",
        waits_for_authority=waits,
        clock=_clock_of(contact),
        requested_by=by,
        requested_at=now,
        due_at=now,
    )
    check.children.set(contact.children.filter(pk__in=request.children))
    return check


def _send(contact: Contact, checks: Iterable[Check], now: datetime) -> None:
    """The agencies hear of it, and their clocks start."""
    for check in checks:
        clock = _clock_of(contact)
        deadline = clockwork.start_about(contact, clock, check.about, now=now, agency=check.agency)
        check.clock, check.due_at = clock, deadline.due_at
        check.save()
        people = notices.answerers_of(check.agency)
        notices.queue("check_asked", contact.reference, people, occasion=check.about, now=now)


def _clock_of(contact: Contact) -> Clock:
    return rules.clock_of(Rag(contact.rag) if contact.rag else None)


def _chosen(contact: Contact, numbers: Sequence[int], sentence: str) -> list[Check]:
    found = contact.checks.filter(pk__in=numbers).select_related("agency", "closed_by", "authorised_by", "requested_by")
    if not (wanted := list(found)):
        raise Refused(Objection("checks", sentence))
    return wanted


def _no_longer_waits(check: Check) -> Objection:
    if check.authorised_by is not None:
        return Objection("checks", f"{check.authorised_by} has authorised the check with {check.agency} already.")
    return _is_over(check)


def _is_over(check: Check) -> Objection:
    if check.closed_by is not None:
        return Objection("checks", f"{check.closed_by} has closed the check with {check.agency} already.")
    if check.answered_at is not None:
        return Objection("checks", f"{check.agency} has answered in the meantime: read the answer.")
    return Objection("checks", f"The check with {check.agency} does not wait for authority.")


def _who_may(now: datetime) -> str:
    person = next(iter(notices.manager_on_duty(now)), None)
    return f"A manager authorises this{f': {person} is on duty' if person else ''}."


def _tell_a_manager(contact: Contact, checks: Sequence[Check], now: datetime) -> None:
    managers = notices.manager_on_duty(now)
    notices.queue("check_authority", contact.reference, managers, occasion=checks[0].about, now=now)


def _tell_who_prepared(contact: Contact, checks: Iterable[Check], by: User, now: datetime) -> None:
    people = {check.requested_by: check for check in checks if check.requested_by != by}
    for person, check in people.items():
        notices.queue("check_news", contact.reference, [person], occasion=check.about, now=now)


def _clean(said: Answer) -> Answer:
    """Without blanks at the ends; what is not known and says nothing has nothing to be shared."""
    facts = said.facts.strip()
    if not facts:
        return Answer(said.known, "", "", "")
    return Answer(said.known, facts, said.may_share, said.share_with.strip())


def _says(entry: dict[str, object], said: Answer) -> bool:
    return all(entry.get(name) == value for name, value in asdict(said).items())


def _somebody_else(check: Check) -> str:
    if not check.answers:
        return "The page has lost its place. Open the check again, then answer."
    last = check.answers[-1]
    at = words.time_of_day(datetime.fromisoformat(last["at"]))
    return (
        f"{last['by']} answered this at {at}, while you were writing. Read that answer first; what you typed is kept, "
        "and you can send it as a correction."
    )


def _listed(agencies: Iterable[Agency]) -> str:
    return ", ".join(sorted(agency.name for agency in agencies))
