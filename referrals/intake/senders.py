"""Who sends a document: the person it names, with an account at the agency it names."""

import uuid

from mash_portal.accounts.cast import CAST
from mash_portal.accounts.models import Agency, User
from mash_portal.accounts.roles import Role
from mash_portal.accounts.systems import NO_ADDRESS
from referrals.codes.kinds import KIND_OF_SOURCE
from referrals.rules import permissions

from .documents import Document
from .reading import BadDocument


def sender_of(document: Document) -> User:
    """The person who sends the document; added with their agency, without a password, where they are not known yet."""
    agency, _ = Agency.objects.get_or_create(
        name=document.agency, defaults={"kind": KIND_OF_SOURCE[document.source], "source": document.source}
    )
    people = User.objects.filter(full_name__iexact=document.by, agency=agency).select_related("agency")
    person = people.order_by("-is_active", "id").first() or _added(document, agency)
    if not person.is_active or person.as_role not in permissions.DRAFTING:
        raise BadDocument(f"{document.by} of {document.agency} may not send referrals.")
    return person


def _added(document: Document, agency: Agency) -> User:
    """A new account that nobody can sign in to until an administrator gives it an address and a password."""
    known = next((one for one in CAST if (one.full_name, one.agency) == (document.by, agency.name)), None)
    if known and not User.objects.filter(email=known.email).exists():
        return User.objects.create_user(
            known.email, full_name=known.full_name, job=known.job, agency=agency, role=known.role
        )
    address = uuid.uuid5(uuid.NAMESPACE_URL, f"{agency.name}/{document.by}").hex[:16]
    return User.objects.create_user(
        f"{address}@{NO_ADDRESS}", full_name=document.by, job=document.job, agency=agency, role=Role.REFERRER
    )
