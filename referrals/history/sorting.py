"""Which rows of a batch are new, which are here already, and which cannot join what is here."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from referrals.models import Child, Contact

from .reading import Bad, Row


@dataclass
class Batch:
    """The rows of a batch that are new, by their contact's number."""

    new: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    joining: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    already_there: int = 0
    bad: list[Bad] = field(default_factory=list)


def known_contacts(rows: Sequence[Row]) -> dict[str, Contact]:
    numbers = {row.contact_ref for row in rows}
    found = Contact.objects.filter(external_reference__in=numbers).select_related("agency")
    return {str(contact.external_reference): contact for contact in found.prefetch_related("decisions")}


def sort(rows: Sequence[Row], contacts: Mapping[str, Contact]) -> Batch:
    children = Child.objects.filter(contact__in=contacts.values())
    prints: dict[tuple[str | None, str | None], str] = {
        (contact, child): fingerprint
        for contact, child, fingerprint in children.values_list(
            "contact__external_reference", "person__external_reference", "key"
        )
    }
    batch = Batch()
    for row in rows:
        known = prints.get((row.contact_ref, row.child_ref))
        problem = "" if known == row.fingerprint else _conflict(row, known, contacts, batch)
        if problem:
            batch.bad.append(Bad(row.line, (problem,)))
        elif known:
            batch.already_there += 1
        else:
            prints[row.contact_ref, row.child_ref] = row.fingerprint
            (batch.joining if row.contact_ref in contacts else batch.new)[row.contact_ref].append(row)
    return batch


def _conflict(row: Row, known: str | None, contacts: Mapping[str, Contact], batch: Batch) -> str:
    """Why this row cannot join what is here, or nothing."""
    if known is not None:
        return (
            f"child {row.child_ref} of contact {row.contact_ref} was imported before with other details. "
            "What is there was left as it is."
        )
    said = (row.received_at, row.channel, row.source, row.agency)
    contact = contacts.get(row.contact_ref)
    if contact is not None:
        if contact.version > 1 or not any(decision.is_imported for decision in contact.decisions.all()):
            return f"contact {row.contact_ref} is being worked on in this portal. What is there was left as it is."
        there = (contact.received_at, contact.channel, contact.source, contact.agency.name)
    elif row.contact_ref in batch.new:
        first = batch.new[row.contact_ref][0]
        there = (first.received_at, first.channel, first.source, first.agency)
    else:
        return ""
    if said == there:
        return ""
    return f"contact {row.contact_ref} is there already with another received_at, channel, source or agency."
