"""Adding a file to a draft, taking it away, opening it, and having it scanned.

Nothing waits for the scanner: not the upload for more than two seconds, and the sending of a form never.
"""

import hashlib
import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import BinaryIO
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit import trail
from referrals import access, filestore, notices, papers
from referrals.models import Attachment, Contact, Draft
from referrals.refusals import Refused
from referrals.rules import retention
from referrals.vocabulary import AttachmentKind, ScanState, Verb

from . import checking, scanning

log = logging.getLogger(__name__)

KEPT_BACK = "file_kept_back"
MISSING = "This file cannot be read at the moment. Ask the person who sent it, or try again later."
#: How long an upload waits for the scanner. Longer than a scan may take: another never begins beside one that goes on.
UPLOAD_SECONDS, LEASE = 2.0, timedelta(minutes=2)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=15)


def attach(key: UUID, name: str, content: bytes, kind: AttachmentKind, *, by: User) -> Attachment:
    """Check, keep and scan one file. Refused, and nothing is stored, where it is not one that we take.

    The same file on the same draft twice (a double click, Back) is there once.
    """
    _room_on(access.draft_of(by, key))
    checked = checking.check(name, content)
    attachment = _keep(key, checked, kind, by=by)
    if attachment.state == ScanState.PENDING and scanning.is_set_up():
        look_at(attachment, seconds=UPLOAD_SECONDS)
    return attachment


@transaction.atomic
def remove(key: UUID, attachment: UUID, *, by: User) -> None:
    """Take a file off a draft; taking it off twice changes nothing."""
    draft = access.draft_of(by, key, lock=True)
    found = Attachment.objects.of_draft(key).filter(key=attachment)
    if not found.exists():
        return
    filestore.remove_afterwards([attachment])
    found.delete()
    _saved(draft, by=by, now=timezone.now())
    trail.record("attachment:remove", by=by, details={"draft": str(key), "attachment": str(attachment)})


def on_draft(key: UUID, attachment: UUID, *, by: User) -> Attachment:
    """A file of the person's own agency's draft; 404 for anybody else's."""
    access.draft_of(by, key)
    return _found(Attachment.objects.of_draft(key).filter(key=attachment).first())


def sent_from(by: User, key: UUID) -> Contact | None:
    """The contact that a draft has become."""
    return access.visible_to(by).filter(submission_key=key).first()


def on_contact(reference: str, attachment: UUID, verb: Verb, *, by: User) -> tuple[Contact, Attachment]:
    """A file of a contact that this person may open with this verb; 404 for a stranger."""
    contact = access.read(by, reference, verb)
    return contact, _found(contact.attachments.filter(key=attachment).first())


def open_file(attachment: Attachment, *, by: User, reference: str = "") -> BinaryIO:
    """The file, recorded in the trail; Refused with its state in words until it is known to be clean."""
    if not papers.may_be_opened(attachment):
        raise Refused(f"{papers.state_words(attachment)}.")
    try:
        file = filestore.opened(attachment.key)
    except OSError as error:
        log.error("An attachment cannot be read: %s", type(error).__name__)  # noqa: TRY400 - the path says whose it is
        raise Refused(MISSING) from error
    trail.record("attachment:open", by=by, reference=reference, details={"attachment": str(attachment.key)})
    return file


def look_at(attachment: Attachment, *, seconds: float = scanning.SCAN_SECONDS) -> ScanState:
    """Have one file scanned, outside any transaction, and write down what came of it."""
    try:
        with filestore.opened(attachment.key) as file:
            found = scanning.scan(file, seconds=seconds)
    except scanning.ScannerSlow:
        found = ScanState.PENDING if seconds < scanning.SCAN_SECONDS else ScanState.ERROR
    except (scanning.ScannerAway, scanning.NoVerdict, OSError):
        found = ScanState.ERROR
    _note(attachment, found, now=timezone.now())
    return found


def rescan(now: datetime | None = None, *, stopping: Callable[[], bool] = lambda: False) -> int:
    """Every file that waits for the scanner and is due; how many are known now. Ends when nobody answers."""
    known = 0
    while scanning.is_set_up() and not stopping():
        attachment = _claim(now or timezone.now())
        if attachment is None:
            break
        state = look_at(attachment)
        if state is ScanState.ERROR:
            break
        known += state in (ScanState.CLEAN, ScanState.SUSPECT)
    return known


def sweep_files(now: float | None = None) -> int:
    """Remove files that no row names, a day after they were written. How many there were."""
    old = filestore.old_names(now or time.time())
    keys = {path.name: UUID(path.name) for path in old if len(path.name) == 32 and path.name.isalnum()}
    named = {key.hex for key in Attachment.objects.filter(key__in=keys.values()).values_list("key", flat=True)}
    left = [path for path in old if path.name not in named]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def _keep(key: UUID, checked: checking.Checked, kind: AttachmentKind, *, by: User) -> Attachment:
    """The file first, then its row. Whatever goes wrong after that, the file goes as well."""
    number = uuid4()
    filestore.keep(number, checked.content)
    try:
        attachment = _row(key, number, checked, kind, by=by)
    except BaseException:
        filestore.remove(number)
        raise
    if attachment.key != number:
        filestore.remove(number)
    return attachment


@transaction.atomic
def _row(key: UUID, number: UUID, checked: checking.Checked, kind: AttachmentKind, *, by: User) -> Attachment:
    now = timezone.now()
    draft = access.draft_of(by, key, lock=True)
    digest = hashlib.sha256(checked.content).hexdigest()
    if same := Attachment.objects.of_draft(key).filter(sha256=digest, name=checked.name).first():
        return same
    _room_on(draft)
    attachment = Attachment.objects.create(
        key=number,
        draft_key=key,
        agency_id=draft.agency_id,
        kind=kind,
        name=checked.name,
        content_type=checked.content_type,
        size=len(checked.content),
        sha256=digest,
        # the upload itself looks first; the sweep does where that came to nothing
        next_scan_at=now + LEASE if scanning.is_set_up() else now,
        uploaded_by=by,
        uploaded_at=now,
    )
    _saved(draft, by=by, now=now)
    trail.record("attachment:add", by=by, details={"draft": str(key), "attachment": str(number), "kind": str(kind)})
    return attachment


def _room_on(draft: Draft) -> None:
    if Attachment.objects.of_draft(draft.key).count() >= settings.ATTACHMENTS_PER_REFERRAL:
        raise Refused(checking.too_many())


def _saved(draft: Draft, *, by: User, now: datetime) -> None:
    """A file is part of the draft: it is kept for as long, and not deleted by somebody who has not seen it."""
    draft.version += 1
    draft.updated_at, draft.updated_by, draft.wakes_at = now, by, retention.next_step(now, now)
    draft.save(update_fields=["version", "updated_at", "updated_by", "wakes_at"])


@transaction.atomic
def _claim(now: datetime) -> Attachment | None:
    """The next one that is due, with a lease: whoever dies while it scans lets another try."""
    due = Attachment.objects.to_scan(now).select_for_update(of=("self",), skip_locked=True)
    attachment = due.first()
    if attachment is not None:
        attachment.scan_attempts += 1
        attachment.next_scan_at = now + max(LEASE, _wait(attachment.scan_attempts))
        attachment.save(update_fields=["scan_attempts", "next_scan_at"])
    return attachment


@transaction.atomic
def _note(attachment: Attachment, found: ScanState, *, now: datetime) -> None:
    """What the scanner said. A verdict is never overwritten by a failure that came later."""
    row = Attachment.objects.select_for_update(of=("self",)).filter(key=attachment.key).first()
    if row is None or row.state in (ScanState.CLEAN, ScanState.SUSPECT):
        return
    row.state = found
    if found in (ScanState.CLEAN, ScanState.SUSPECT):
        row.scanned_at = now
    else:
        row.next_scan_at = now + _wait(row.scan_attempts) if row.scan_attempts else now
    row.save(update_fields=["state", "scanned_at", "next_scan_at"])
    attachment.state, attachment.scanned_at = row.state, row.scanned_at
    if found is ScanState.SUSPECT:
        reference = row.contact.reference if row.contact else ""
        notices.queue(KEPT_BACK, reference, [row.uploaded_by], occasion=row.key.hex, now=now)
        details = {"attachment": str(row.key)}
        trail.record("attachment:suspect", by=User.objects.system(), reference=reference, details=details)


def _wait(attempts: int) -> timedelta:
    """Longer after each attempt, up to a quarter of an hour."""
    return min(FIRST_WAIT * (1 << min(attempts - 1, 10)), LONGEST_WAIT)


def _found(attachment: Attachment | None) -> Attachment:
    if attachment is None:
        raise Http404
    return attachment
