"""The files of a referral as every phase may need them: to show, to hand over when a form is sent, to throw away.

How files come in, are checked and are opened is in referrals.attachments.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from mash_portal.govuk.words import count
from referrals import filestore
from referrals.models import Attachment, Contact, Draft
from referrals.vocabulary import AttachmentKind, ScanState

UNCHECKED = "Not checked for viruses: no scanner is set up"
COLOURS = {
    ScanState.PENDING: "blue",
    ScanState.CLEAN: "green",
    ScanState.SUSPECT: "red",
    ScanState.ERROR: "orange",
}
_UNKNOWN = (ScanState.PENDING, ScanState.ERROR)


def may_be_opened(attachment: Attachment) -> bool:
    """Once it is known to be clean; a demonstration without a scanner opens what nobody has checked, and says so."""
    return attachment.may_be_opened or _is_unchecked(attachment)


def state_words(attachment: Attachment) -> str:
    return UNCHECKED if _is_unchecked(attachment) else ScanState(attachment.state).label


def of_draft(draft: Draft) -> list[dict[str, Any]]:
    return _rows(
        Attachment.objects.of_draft(draft.key).select_related("uploaded_by"), "attachments:of-draft", draft.key
    )


def task(draft: Draft) -> dict[str, str]:
    """Section 10 of the form as a line of its task list. It holds nothing up."""
    files = Attachment.objects.of_draft(draft.key).count()
    return {
        "title": "Attachments (optional)",
        "url": reverse("attachments:files", args=[draft.key]),
        "hint": f"{count(files, 'file')} attached" if files else "Assessments, body maps, chronologies",
        "status": "completed" if files else "optional",
    }


def for_the_agency(contact: Contact) -> list[dict[str, Any]]:
    return _rows(contact.attachments.select_related("uploaded_by"), "attachments:of-referral", contact.reference)


def sent_with(contact: Contact) -> list[dict[str, str]]:
    """The files that went with a referral, by name, for the receipt and for paper. One query."""
    return [
        {"name": one.name, "kind": AttachmentKind(one.kind).label, "size": filesizeformat(one.size)}
        for one in contact.attachments.all()
    ]


def for_the_hub(contact: Contact) -> list[dict[str, Any]]:
    return _rows(contact.attachments.select_related("uploaded_by"), "attachments:of-contact", contact.reference)


def hand_over(draft: UUID, contact: Contact) -> None:
    """What hung on the draft hangs on the contact, in the transaction that sends the form."""
    Attachment.objects.filter(draft_key=draft, contact=None).update(contact=contact)


def throw_away(draft: UUID) -> None:
    """The files of a draft that is deleted, in its transaction: rows now, files once that has committed."""
    found = Attachment.objects.filter(draft_key=draft, contact=None)
    filestore.remove_afterwards(list(found.values_list("key", flat=True)))
    found.delete()


def _is_unchecked(attachment: Attachment) -> bool:
    return settings.PORTAL_DEMO and not settings.CLAMAV and attachment.state in _UNKNOWN


def _rows(found: Iterable[Attachment], address: str, whose: object) -> list[dict[str, Any]]:
    return [
        {
            "key": one.key,
            "name": one.name,
            "kind": AttachmentKind(one.kind).label,
            "size": filesizeformat(one.size),
            "by": one.uploaded_by.full_name,
            "state": state_words(one),
            "colour": "grey" if _is_unchecked(one) else COLOURS[ScanState(one.state)],
            "url": reverse(address, args=[whose, one.key]),
            "may_be_opened": may_be_opened(one),
        }
        for one in found
    ]
