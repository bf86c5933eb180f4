"""What a notification becomes: the same form, sent the same way, by the account of the police's own systems."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from mash_portal.accounts.models import Agency, User
from mash_portal.accounts.systems import account_of
from mash_portal.audit import trail
from referrals import access, known
from referrals.intake import actions
from referrals.models import Child, Contact
from referrals.rules.marf.values import day, text, whole
from thresholds.models import Matrix

from .notification import Scales


def scales() -> Scales:
    """Each step of the domestic violence matrix with the level and the indicator of the published matrix: one query."""
    indicators = Matrix.objects.current().indicators.with_places()
    return {scale: (row.level.number, row.code) for row in indicators for scale in row.dv_scales}


@transaction.atomic
def bring_in(answers: Mapping[str, Any], *, agency: Agency, by: User) -> tuple[Contact, bool]:
    """The contact, and whether it is new: a police reference that is here already is the same one. Refused with why."""
    account = account_of(agency)
    draft = actions.start_draft(by=account, answers=answers)
    key = draft.key
    contact = actions.submit(key, by=account)
    is_new = contact.submission_key == key
    if is_new and by != account:
        trail.record("notification:bring_in", by=by, reference=contact.reference)
    return contact, is_new


def already_here(references: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Police reference → the agency and the reference of the contact that it is. One query."""
    rows = Contact.objects.filter(external_reference__in=list(references))
    found = rows.values_list("external_reference", "agency_id", "reference")
    return {str(external): (agency, reference) for external, agency, reference in found}


def possible_matches(documents: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """For each notification, who of its children may be known already, in words. Two queries for all.

    Read by whoever looks at the file, so from no restricted record.
    """
    places = [(nth, child) for nth, answers in enumerate(documents) for child in answers.get("children", ())]
    found: list[list[str]] = [[] for _ in documents]
    rows = [_row(child) for _, child in places]
    found_for = known.candidates(rows, access.restricted())
    for (nth, _), row, ranked in zip(places, rows, found_for, strict=True):
        if ranked:
            reasons = ", ".join(ranked[0].likeness.reasons)
            found[nth].append(f"{row.name}: {reasons}")
    return found


def _row(said: Mapping[str, Any]) -> Child:
    born = day(said, "date_of_birth")
    return Child(
        given_names=text(said, "given_names"),
        family_name=text(said, "family_name"),
        date_of_birth=born,
        estimated_age=None if born else whole(said, "estimated_age"),
        sex=text(said, "sex"),
        postcode=text(said, "postcode"),
    )
