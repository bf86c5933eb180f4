"""On paper: the referral form as it was sent, and the record of a decision; tagged for people who hear it read."""

from dataclasses import dataclass

from django.http import Http404
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit import trail
from referrals import decided
from referrals.models import Contact
from referrals.refusals import Refused

from . import record
from .sheet import css_and_html

NO_FORM = "No referral form came with this contact, so there is nothing to print."
NO_PRINTER = (
    "A PDF cannot be made here, because a part that draws text is missing on this computer. Read it on its "
    "page, and print that. Whoever runs the portal can add the part: scripts/install_pango.sh says how."
)


@dataclass(frozen=True)
class Paper:
    """A document and the name it is saved under."""

    name: str
    content: bytes


def form_of(contact: Contact, *, by: User) -> Paper:
    """The form of a contact, for ever as it was sent. Every copy that leaves the portal is in the trail."""
    sent = getattr(contact, "marf", None)
    if sent is None:
        raise Refused(NO_FORM)
    content = pressed(*css_and_html(contact, sent))
    trail.record("printed", by=by, reference=contact.reference, details={"bytes": len(content)})
    return Paper(f"{contact.reference}.pdf", content)


def record_of(contact: Contact, number: int, *, by: User) -> Paper:
    """A management decision record by its number, the first being 1; 404 where there is none."""
    decisions = decided.of(contact)
    if not 0 < number <= len(decisions):
        raise Http404
    decision = decisions[-number]
    content = pressed(*record.css_and_html(contact, decision, by=by, now=timezone.now()))
    details = {"bytes": len(content), "decision": number}
    trail.record("printed", by=by, reference=contact.reference, details=details)
    return Paper(f"{contact.reference}-decision-{number}.pdf", content)


def pressed(css: str, html: str) -> bytes:
    try:
        from . import press  # noqa: PLC0415 - needs libraries of the system: everything else works without them
    except OSError as missing:
        raise Refused(NO_PRINTER) from missing
    return press.pdf(css, html)
