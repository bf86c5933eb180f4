"""Who is whom, as a person decides it: the same child, not the same child, or wrongly joined. Nothing is ever lost.

Joining changes the history that decisions on other contacts rest on, so it locks every contact of both people, in one
order, before anything is read; a contact that is still open is told, and its page is out of date.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals import access, gate, known, notices
from referrals.models import Child, Contact, MatchVerdict, Person, PersonChange
from referrals.models.contact import OPEN_STAGES
from referrals.refusals import Objection, Refused, Stale
from referrals.vocabulary import Verb

GONE = "That record has been joined to another since you opened the page. Look again, then decide."


@transaction.atomic
def confirm(reference: str, *, child: int, person: int, reason: str, by: User, version: int) -> Contact:
    """The child is somebody the hub knows: from now on they are one person, with every contact of both."""
    now = timezone.now()
    case = _open(reference, child, {person}, by=by, version=version)
    mine = case.person
    if mine == person:
        raise Refused("These records are joined already.")
    _are_not_named_together(mine, person, by)
    into, gone = sorted((mine, person))
    moved = list(Child.objects.filter(person=gone).order_by("pk").values_list("pk", flat=True))
    _remember(case, person, is_same=True, by=by, now=now)
    said = f"{case.child.name} is the same child as in {_references(person)}."
    _move(case, moved, kind="merge", came_from=gone, to=into, said=said, reason=reason, by=by, now=now)
    return case.contact


@transaction.atomic
def reject(reference: str, *, child: int, person: int, reason: str, by: User, version: int) -> Contact:
    """The child is not this person: the two are not proposed to each other again."""
    now = timezone.now()
    case = _open(reference, child, {person}, by=by, version=version)
    if case.person == person:
        raise Refused("These records are joined: use “Not the same child” beside the contact that is about another.")
    _remember(case, person, is_same=False, by=by, now=now)
    said = f"{case.child.name} is not the child in {_references(person)}."
    details = _details(case, person, "reject")
    gate.move(case.contact, Verb.IDENTIFY, by=by, now=now, reason=_with(said, reason), details=details)
    return case.contact


@transaction.atomic
def part(reference: str, *, child: int, moved: Collection[int], reason: str, by: User, version: int) -> Contact:
    """Undo a wrong join: the chosen rows are about another child, who is somebody of their own again."""
    now = timezone.now()
    case = _open(reference, child, (), by=by, version=version)
    if not reason.strip():
        raise Refused(Objection("reason", "Say how you know that they are two children: it stays with the record."))
    rows = Child.objects.filter(person=case.person)
    visible = set(rows.filter(contact__in=access.visible_to(by)).values_list("pk", flat=True))
    chosen = sorted(visible & set(moved))
    if not chosen or len(chosen) == len(visible):
        raise Refused(Objection("moved", "Choose the contacts that are about the other child, and leave at least one"))
    other = _home(case.person, chosen) or Person.objects.create().pk
    one = Child.objects.get(pk=chosen[0])
    _move(
        case,
        chosen,
        kind="split",
        came_from=case.person,
        to=other,
        said=f"{len(chosen)} of the contacts about {case.child.name} are about another child.",
        reason=reason,
        by=by,
        now=now,
    )
    MatchVerdict.objects.create(child=one, person_id=case.person, is_same=False, score=0, reasons=[], by=by, at=now)
    return case.contact


@dataclass(frozen=True)
class _Case:
    """A contact and one of its children, with every contact and person that the decision touches locked."""

    contact: Contact
    child: Child
    person: int
    touched: dict[int, Contact]


def _open(reference: str, child: int, others: Iterable[int], *, by: User, version: int) -> _Case:
    """Lock all contacts of the people concerned in the order of their ids, then the people, then look again."""
    mine = Child.objects.filter(pk=child, contact__in=access.visible_to(by).filter(reference=reference))
    people = set(mine.exclude(person=None).values_list("person_id", flat=True))
    people |= set(others) if people else set()
    touched = Contact.objects.select_for_update(of=("self",)).filter(pk__in=_contacts_of(people)).order_by("pk")
    locked = {contact.pk: contact for contact in touched}
    contact = access.open_for(by, reference, Verb.IDENTIFY)
    gate.check_version(contact, version)
    row = contact.children.filter(pk=child).first()
    if row is None or row.person_id is None:
        raise Refused("That child is not named on this contact.")
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk"))
    row.refresh_from_db(fields=["person"])
    if row.person_id not in people or not set(_contacts_of(people)) <= locked.keys():
        raise Stale(GONE)
    for person in others:
        if not Child.objects.filter(person=person, contact__in=access.visible_to(by)).exists():
            raise Stale(GONE)
    return _Case(contact, row, row.person_id, locked | {contact.pk: contact})


def _contacts_of(people: Collection[int]) -> list[int]:
    return list(Child.objects.filter(person__in=people).values_list("contact_id", flat=True))


def _are_not_named_together(one: int, other: int, by: User) -> None:
    both = set(_contacts_of({one})) & set(_contacts_of({other}))
    if both:
        seen = access.visible_to(by).filter(pk__in=both).order_by("pk").first()
        where = f"are named side by side on {seen.reference}, so they are" if seen else "are"
        raise Refused(f"They {where} two children.")


def _remember(case: _Case, person: int, *, is_same: bool, by: User, now: datetime) -> None:
    [ranked] = known.candidates([case.child], access.hidden_from(by))
    shown = next((one.likeness for one in ranked if one.person == person), None)
    MatchVerdict.objects.create(
        child=case.child,
        person_id=person,
        is_same=is_same,
        score=shown.score if shown else 0,
        reasons=list(shown.reasons) if shown else [],
        by=by,
        at=now,
    )


def _move(
    case: _Case,
    rows: list[int],
    *,
    kind: str,
    came_from: int,
    to: int,
    said: str,
    reason: str,
    by: User,
    now: datetime,
) -> None:
    """Hand rows from one person to another, write it down, and tell every contact that is still open."""
    PersonChange.objects.create(
        kind=kind, from_person_id=came_from, to_person_id=to, children=rows, reason=reason.strip(), by=by, at=now
    )
    Child.objects.filter(pk__in=rows).update(person_id=to)
    details = _details(case, to, kind)
    gate.move(case.contact, Verb.IDENTIFY, by=by, now=now, reason=_with(said, reason), details=details)
    notices.of_history(case.contact, now=now)
    for contact in case.touched.values():
        if contact.pk != case.contact.pk and contact.as_stage in OPEN_STAGES:
            where = "" if case.contact.is_restricted else f"On {case.contact.reference}: "
            said_there = f"{where}{'the' if where else 'The'} history of a child named here has changed."
            gate.move(contact, Verb.IDENTIFY, by=by, now=now, reason=said_there, details=details)


def _home(person: int, rows: list[int]) -> int | None:
    """Who these rows belonged to before a merge, where that person has nothing left: a split undoes it."""
    for change in PersonChange.objects.filter(kind="merge", to_person=person):
        is_empty = not Child.objects.filter(person=change.from_person_id).exists()
        if is_empty and set(rows) <= set(change.children):
            return change.from_person_id
    return None


def _references(person: int) -> str:
    """The latest contacts about a person. The timeline is read by others: it names no restricted record."""
    rows = Child.objects.filter(person=person, contact__is_restricted=False).order_by("-received_at", "-pk")
    return ", ".join(rows.values_list("contact__reference", flat=True)[:3]) or "another record"


def _with(said: str, reason: str) -> str:
    return f"{said} {reason.strip()}".strip()


def _details(case: _Case, person: int, what: str) -> dict[str, object]:
    return {"child": case.child.pk, "person": person, "what": what}
