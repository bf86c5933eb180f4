"""Bringing over closed contacts of an earlier system, in bulk. Run twice, it brings nothing over twice.

A row is known by its contact's and its child's number in the earlier system, and compared by its fingerprint, which
is kept as the child's key. What is here already is never changed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import connection, transaction

from mash_portal.accounts.models import Agency, User
from mash_portal.audit import trail
from referrals import gate
from referrals.codes.kinds import KIND_OF_SOURCE
from referrals.models import Child, ChildOutcome, Contact, Decision, Feedback, Person, Referral
from referrals.models.partnership import clock_rules, working_week
from referrals.rules import clocks
from referrals.rules.clocks import Rule, WorkingWeek
from referrals.vocabulary import REFERRAL, AgencyKind, Clock, Rag

from . import sorting
from .reading import Bad, Row

#: Any number will do that nothing else in the portal locks: one import writes at a time.
IMPORT_LOCK = 7_205_917
NOT_BROUGHT = "Not brought over from the earlier system."
TOLD_ELSEWHERE = "Given by the earlier system; its text was not brought over."
URGENCY = ("", *reversed(Rag))
#: National code for a primary need that is not stated: the earlier system's rows do not say it.
NEED_NOT_STATED = "N0"


@dataclass
class Tally:
    """What an import did: counts of rows, but for contacts and agencies."""

    imported: int = 0
    already_there: int = 0
    bad: int = 0
    contacts_added: int = 0
    agencies_added: int = 0

    def add(self, other: "Tally") -> None:
        for name, count in asdict(other).items():
            setattr(self, name, getattr(self, name) + count)


@dataclass
class Brought:
    """What became of one batch of rows."""

    tally: Tally
    bad: list[Bad]


@transaction.atomic
def bring_over(rows: Sequence[Row], *, by: User, now: datetime) -> Brought:
    """One batch in one transaction: contacts with their children, decisions, outcomes and feedback."""
    _one_at_a_time()
    contacts = sorting.known_contacts(rows)
    batch = sorting.sort(rows, contacts)
    fresh = [row for group in batch.new.values() for row in group]
    added = _add_agencies(fresh)
    decisions = _add_contacts(batch.new, by=by, now=now)
    for number, group in batch.joining.items():
        decisions[number] = _join(contacts[number], group)
        fresh += group
    _add_children(fresh, decisions)
    tally = Tally(len(fresh), batch.already_there, len(batch.bad), len(batch.new), added)
    return Brought(tally, batch.bad)


def note(tally: Tally, *, by: User) -> None:
    """One line of the audit trail for a whole import; each contact's timeline says the rest."""
    trail.record("history_imported", by=by, details=asdict(tally))


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])


def _add_agencies(rows: Sequence[Row]) -> int:
    """Agencies that are not here yet, by name; how many there were."""
    sources = {row.agency: row.source for row in rows}
    here = set(Agency.objects.filter(name__in=sources).values_list("name", flat=True))
    missing = [
        Agency(name=name, source=source, kind=KIND_OF_SOURCE.get(source, AgencyKind.VOLUNTARY))
        for name, source in sources.items()
        if name not in here
    ]
    Agency.objects.bulk_create(missing)
    return len(missing)


def _add_contacts(new: Mapping[str, list[Row]], *, by: User, now: datetime) -> dict[str, Decision]:
    """The contacts, closed, each with the decision that the earlier system took. By the contact's number."""
    groups = list(new.values())
    agencies = _agencies(row for group in groups for row in group)
    rules, week = clock_rules(), working_week()
    contacts = [_contact(group, agencies, rules, week, by=by) for group in groups]
    there = zip(gate.bring_over(contacts, by=by, now=now), groups, strict=True)
    decisions = Decision.objects.bulk_create(
        [_decision(contact, max(row.decided_at for row in group), by=by) for contact, group in there]
    )
    _add_feedback(zip(groups, decisions, strict=True), by=by)
    return dict(zip(new, decisions, strict=True))


def _contact(
    group: list[Row], agencies: Mapping[str, Agency], rules: Mapping[Clock, Rule], week: WorkingWeek, *, by: User
) -> Contact:
    """Priority and level are the highest that any of its children was given."""
    first, rag = group[0], max((row.rag for row in group), key=URGENCY.index)
    return Contact(
        external_reference=first.contact_ref,
        channel=first.channel,
        source=first.source,
        agency=agencies[first.agency],
        referrer=by,
        rag=rag,
        level_believed=max(row.level_believed or 0 for row in group) or None,
        received_at=first.received_at,
        due_at=clocks.decision_due(first.received_at, Rag(rag) if rag else None, rules, week),
        statutory_due_at=clocks.due_at(rules[Clock.STATUTORY], first.received_at, week),
        decided_at=max(row.decided_at for row in group),
    )


def _decision(contact: Contact, decided_at: datetime, *, by: User) -> Decision:
    return Decision(
        contact=contact,
        on_version=1,
        facts=NOT_BROUGHT,
        risk_analysis=NOT_BROUGHT,
        childs_voice=NOT_BROUGHT,
        rationale=NOT_BROUGHT,
        recommended_by=by,
        recommended_at=decided_at,
        signed_off_at=decided_at,
        is_imported=True,
    )


def _add_feedback(decided: Iterable[tuple[list[Row], Decision]], *, by: User) -> None:
    """Where any child's row says that the referrer was told: the last time."""
    told = [(max(filter(None, (row.feedback_at for row in group)), default=None), made) for group, made in decided]
    Feedback.objects.bulk_create(
        [
            Feedback(
                contact_id=made.contact_id,
                decision=made,
                reason=TOLD_ELSEWHERE,
                next_steps=NOT_BROUGHT,
                who_to_call=NOT_BROUGHT,
                sent_by=by,
                sent_at=at,
            )
            for at, made in told
            if at
        ]
    )


def _join(contact: Contact, group: list[Row]) -> Decision:
    """More children of a contact that was brought over before: its decision was complete when the last was decided."""
    decision = next(made for made in contact.decisions.all() if made.is_imported)
    decided_at = max(row.decided_at for row in group)
    if contact.decided_at is None or decided_at > contact.decided_at:
        Contact.objects.filter(pk=contact.pk).update(decided_at=decided_at)
        Decision.objects.filter(pk=decision.pk).update(recommended_at=decided_at, signed_off_at=decided_at)
    return decision


def _add_children(rows: Sequence[Row], decisions: Mapping[str, Decision]) -> None:
    people, agencies = _people(rows), _agencies(rows)
    children = Child.objects.bulk_create(
        [
            Child(
                contact_id=decisions[row.contact_ref].contact_id,
                person=people[row.child_ref],
                key=row.fingerprint,
                given_names=row.given_names,
                family_name=row.family_name,
                date_of_birth=row.date_of_birth,
                sex=row.sex,
                ethnicity=row.ethnicity,
                postcode=row.postcode,
                agency=agencies[row.agency],
                source=row.source,
                received_at=row.received_at,
                level_believed=row.level_believed,
                outcome=row.outcome,
                level_decided=row.level_decided,
                decided_at=row.decided_at,
            )
            for row in rows
        ]
    )
    ChildOutcome.objects.bulk_create(
        [
            ChildOutcome(decision=decisions[row.contact_ref], child=child, outcome=row.outcome, level=row.level_decided)
            for row, child in zip(rows, children, strict=True)
        ]
    )
    Referral.objects.bulk_create(
        [
            Referral(
                child=child,
                decision=decisions[row.contact_ref],
                outcome=row.outcome,
                referred_at=row.decided_at,
                need=NEED_NOT_STATED,
            )
            for row, child in zip(rows, children, strict=True)
            if row.outcome in REFERRAL
        ]
    )


def _people(rows: Sequence[Row]) -> dict[str, Person]:
    numbers = {row.child_ref for row in rows}
    here = {str(p.external_reference): p for p in Person.objects.filter(external_reference__in=numbers)}
    missing = [Person(external_reference=number) for number in sorted(numbers - here.keys())]
    return here | {str(p.external_reference): p for p in Person.objects.bulk_create(missing)}


def _agencies(rows: Iterable[Row]) -> dict[str, Agency]:
    return {agency.name: agency for agency in Agency.objects.filter(name__in={row.agency for row in rows})}
