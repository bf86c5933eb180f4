"""What is known of a family from before: every earlier contact of each child, of brothers and sisters, and of adults.

Everything comes through access.visible_to: what this person may not open is not counted, listed or hinted at.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.urls import reverse

from mash_portal.accounts.models import User
from mash_portal.govuk import words
from referrals import access, casefile
from referrals.models import Adult, Child, Contact
from referrals.vocabulary import Outcome

Said = dict[str, Any]


@dataclass(frozen=True)
class Family:
    """Earlier rows, newest first: of the children by the person they are known as, of siblings, of adults by id."""

    children: Mapping[int | None, list[Child]]
    siblings: Mapping[int | None, Sequence[Child]]
    adults: Mapping[int, Sequence[Adult]]

    @classmethod
    def of(cls, contact: Contact, user: User) -> "Family":
        """Four queries at most, however large the family. The people of the contact have been fetched."""
        return cls(*_children(contact, user), _adults(contact, user))


def _children(
    contact: Contact, user: User
) -> tuple[Mapping[int | None, list[Child]], Mapping[int | None, list[Child]]]:
    """The children's own earlier contacts, and those of everybody who was ever a child of the same contact as they."""
    own = access.earlier_contacts(user, contact)
    of_family = Child.objects.filter(contact__in={row.contact_id for rows in own.values() for row in rows})
    mine = {child.person_id for child in contact.children.all()}
    rows = (
        Child.objects.filter(
            person__in=of_family.values("person"),
            contact__in=access.visible_to(user),
            received_at__lt=contact.received_at,
        )
        .exclude(person__in=[person for person in mine if person])
        .select_related("contact__agency")
        .order_by("-received_at", "-pk")
    )
    siblings: dict[int | None, list[Child]] = {}
    for row in rows if own else ():
        siblings.setdefault(row.person_id, []).append(row)
    return own, siblings


def _adults(contact: Contact, user: User) -> Mapping[int, list[Adult]]:
    """Earlier contacts that name an adult of this one: the same birth date and, but for capitals, the same name."""
    known = [adult for adult in contact.adults.all() if adult.date_of_birth and adult.family_name]
    if not known:
        return {}
    same = [
        Q(
            date_of_birth=adult.date_of_birth,
            family_name__iexact=adult.family_name,
            given_names__iexact=adult.given_names,
        )
        for adult in known
    ]
    rows = (
        Adult.objects.filter(
            reduce(or_, same), contact__in=access.visible_to(user), contact__received_at__lt=contact.received_at
        )
        .select_related("contact__agency")
        .prefetch_related("contact__children")
        .order_by("-contact__received_at", "-pk")
    )
    found: dict[tuple[object, ...], list[Adult]] = {}
    for row in rows:
        found.setdefault(_as_named(row), []).append(row)
    return {adult.pk: found.get(_as_named(adult), []) for adult in known}


def _as_named(adult: Adult) -> tuple[object, ...]:
    return adult.date_of_birth, adult.family_name.casefold(), adult.given_names.casefold()


def sibling_cards(family: Family) -> list[Said]:
    """Each brother or sister known from earlier contacts, with every contact about them."""
    return [
        {"name": rows[0].name, "born": _born(rows[0]), "rows": [casefile.earlier_row(row) for row in rows]}
        for rows in family.siblings.values()
    ]


def adult_cards(contact: Contact, family: Family) -> list[Said]:
    """Each adult of the contact: who they were named with before, and what came of it; or why that cannot be told."""
    return [_adult_card(adult, family.adults.get(adult.pk)) for adult in contact.adults.all()]


def _adult_card(adult: Adult, rows: Sequence[Adult] | None) -> Said:
    if rows is None:
        said = "Cannot be looked up: family name and date of birth are not both known."
    elif rows:
        said = f"Named on {words.count(len(rows), 'earlier contact')}:"
    else:
        said = "Named on no earlier contact known to the hub."
    return {"name": adult.name, "said": said, "rows": [_adult_row(row) for row in rows or ()]}


def _adult_row(row: Adult) -> dict[str, str]:
    """One earlier contact as a line, in the shape of casefile.earlier_row, with each of its children."""
    contact = row.contact
    role = ", alleged source of risk" if row.is_source_of_risk else ""
    return {
        "when": words.long_date(contact.received_at),
        "agency": f"{contact.agency.name}{role}",
        "outcome": _outcomes(contact.children.all()),
        "reference": contact.reference,
        "url": reverse("triage:contact", args=[contact.reference]),
    }


def _outcomes(children: Iterable[Child]) -> str:
    said = [
        f"{child.name} – {Outcome(child.outcome).label if child.outcome else 'not decided yet'}" for child in children
    ]
    return "; ".join(said) or "no child is named"


def _born(child: Child) -> str:
    if child.date_of_birth:
        return f"Born {words.long_date(child.date_of_birth)}"
    return f"Expected {words.long_date(child.expected_date)}" if child.expected_date else ""
