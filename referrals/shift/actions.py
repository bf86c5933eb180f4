"""What a duty manager and a worker write down in passing: absences, one-line discussions, notes for the next shift."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import HUB_ROLES
from mash_portal.audit import trail
from referrals import access, gate
from referrals.models import Absence, Discussion, ShiftLine, ShiftNote
from referrals.refusals import NotYours, Objection, Refused
from referrals.rules import permissions
from referrals.rules.period import midnight
from referrals.vocabulary import Verb

#: The same line by the same person within this time is a double click or a retry, and is kept once.
SAME_WORDS = timedelta(minutes=10)
LONGEST_AWAY = timedelta(days=366)


@transaction.atomic
def note_absence(
    person: User, *, first_day: date, last_day: date, reason: str = "", deputy: User | None = None, by: User
) -> Absence:
    """Somebody is away from the first to the last day, in London. Everybody notes their own, a manager anybody's."""
    now = timezone.now()
    _may_note_for(person, by)
    if last_day < first_day:
        raise Refused(Objection("last_day", "The last day must not be before the first."))
    if last_day - first_day > LONGEST_AWAY:
        raise Refused(Objection("last_day", "An absence is noted for a year at most. Note the rest when it comes."))
    starts, ends = midnight(first_day), midnight(last_day + timedelta(days=1))
    if ends <= now:
        raise Refused(Objection("last_day", "That is over already. An absence is noted for today or for what comes."))
    if deputy is not None and (deputy == person or not deputy.is_active or deputy.as_role is not person.as_role):
        raise Refused(Objection("deputy", "Choose a deputy who does the same work and is not the person themselves."))
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)  # two at once would both find it free
    if person.absences.filter(cancelled_at=None, starts_at__lt=ends, ends_at__gt=starts).exists():
        raise Refused(Objection("first_day", f"{person.full_name} is noted as away in that time already."))
    absence = Absence.objects.create(
        person=person, starts_at=starts, ends_at=ends, reason=reason, deputy=deputy, noted_by=by, noted_at=now
    )
    trail.record("absence:note", by=by, details={"absence": absence.pk, "person": person.pk})
    return absence


@transaction.atomic
def end_absence(absence: int, *, by: User) -> Absence:
    """Somebody is back before the last day, or the absence was noted by mistake."""
    now = timezone.now()
    found = Absence.objects.select_for_update(of=("self",)).select_related("person").filter(pk=absence).first()
    if found is None:
        raise Http404
    _may_note_for(found.person, by)
    if found.cancelled_at is not None or found.ends_at <= now:
        raise Refused("This absence is over already.")
    if found.starts_at < now:
        found.ends_at = now
    else:
        found.cancelled_at = now
    found.save(update_fields=["ends_at", "cancelled_at"])
    trail.record("absence:end", by=by, details={"absence": found.pk, "person": found.person_id})
    return found


@transaction.atomic
def note_discussion(reference: str, *, line: str, with_person: User, by: User) -> Discussion:
    """One line on a word in passing, noted at the time: in the timeline, the decision record and supervision."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.NOTE)
    line = " ".join(line.split())
    if not line:
        raise Refused(Objection("line", "Write in one line what you discussed."))
    if with_person == by or with_person.as_role not in HUB_ROLES:
        raise Refused(Objection("with_person", "Choose the colleague of the hub whom you spoke to."))
    if same := contact.discussions.filter(by=by, line=line, at__gte=now - SAME_WORDS).first():
        return same
    gate.move(contact, Verb.NOTE, by=by, now=now, reason=f"With {with_person.full_name}: {line}")
    return Discussion.objects.create(contact=contact, line=line, with_person=with_person, by=by, at=now)


@transaction.atomic
def write_note(*, text: str, lines: Mapping[str, str], by: User) -> ShiftNote:
    """What the next shift should know: in general, and in a line about single contacts, by their reference."""
    now = timezone.now()
    said = {reference: " ".join(line.split()) for reference, line in lines.items() if line.strip()}
    if not text.strip() and not said:
        raise Refused(Objection("text", "Write what the next shift should know, in general or about a contact."))
    note = ShiftNote.objects.create(text=text.strip(), by=by, at=now)
    found = {contact.reference: contact for contact in access.visible_to(by).filter(reference__in=said)}
    if missing := sorted(set(said) - set(found)):
        raise Refused(f"There is no contact {missing[0]} for you. Take its line out.")
    ShiftLine.objects.bulk_create(
        ShiftLine(note=note, contact=found[reference], line=line) for reference, line in said.items()
    )
    trail.record("shift:note", by=by, details={"note": note.pk, "contacts": sorted(said)})
    return note


@transaction.atomic
def take_over(note: int, *, by: User) -> ShiftNote:
    """The next shift has read it. Somebody says so once; whoever comes second reads who was first."""
    found = ShiftNote.objects.select_for_update(of=("self",)).select_related("by", "taken_by").filter(pk=note).first()
    if found is None:
        raise Http404
    if found.taken_by is not None:
        raise Refused(f"{found.taken_by.full_name} has taken this note over already.")
    if found.by == by:
        raise Refused("You wrote this note yourself: somebody of the next shift takes it over.")
    found.taken_by, found.taken_at = by, timezone.now()
    found.save(update_fields=["taken_by", "taken_at"])
    trail.record("shift:taken", by=by, details={"note": found.pk})
    return found


def _may_note_for(person: User, by: User) -> None:
    if person.as_role not in HUB_ROLES:
        raise Http404
    if person != by and by.as_role not in permissions.RUNS_THE_QUEUE:
        raise NotYours("You note your own absence. A manager notes it for somebody else.")
