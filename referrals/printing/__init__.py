"""The referral form on paper: a PDF of what was sent, with its structure tagged for people who hear it read."""

from dataclasses import dataclass

from mash_portal.accounts.models import User
from mash_portal.audit import trail
from referrals.models import Contact
from referrals.refusals import Refused

from .sheet import css_and_html

NO_FORM = "No referral form came with this contact, so there is nothing to print."
NO_PRINTER = (
    "A PDF cannot be made here, because a part that draws text is missing on this computer. Read the referral on its "
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
    try:
        from . import press  # noqa: PLC0415 - needs libraries of the system: everything else works without them
    except OSError as missing:
        raise Refused(NO_PRINTER) from missing
    content = press.pdf(*css_and_html(contact, sent))
    trail.record("printed", by=by, reference=contact.reference, details={"bytes": len(content)})
    return Paper(f"{contact.reference}.pdf", content)
