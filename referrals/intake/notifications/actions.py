"""Everything that is written about a file of police notifications: taken in, confirmed, brought in, thrown away."""

import logging
import time
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from mash_portal.accounts.models import Agency, User
from mash_portal.audit import trail
from referrals.models import ItemState, Upload, UploadItem
from referrals.refusals import Refused
from referrals.vocabulary import AgencyKind

from . import bringing, queries, table
from .grouping import Group, groups
from .notification import Scales, read

log = logging.getLogger(__name__)


@transaction.atomic
def take(content: bytes, *, name: str, agency: Agency | None, by: User) -> Upload:
    """Read a file and keep what it says, for its sender to look at. No contact is made yet."""
    now = timezone.now()
    forget_old(now)
    if agency is None or agency.kind != AgencyKind.POLICE:
        raise Refused("There is no police force among the agencies yet. Ask an administrator to add it.")
    sheet = table.read(content)
    upload = Upload.objects.create(agency=agency, by=by, file_name=name[:200], columns=list(sheet.columns), at=now)
    items = list(_items(upload, groups(sheet.lines), by=by, now=now))
    _mark_known(items, agency)
    UploadItem.objects.bulk_create(items)
    trail.record("notifications:upload", by=by, details={"upload": str(upload.key), "notifications": len(items)})
    return upload


def _items(upload: Upload, found: list[Group], *, by: User, now: datetime) -> Iterator[UploadItem]:
    scales = bringing.scales()
    for number, group in enumerate(found, 1):
        yield _item(upload, number, group, scales, by=by, now=now)


def _item(upload: Upload, number: int, group: Group, scales: Scales, *, by: User, now: datetime) -> UploadItem:
    read_ = read(group.data, agency=upload.agency, sender=by.full_name, scales=scales, now=now)
    problems = [*group.problems, *((group.line_of(problem), str(problem)) for problem in read_.problems)]
    return UploadItem(
        upload=upload,
        number=number,
        police_reference=group.police_reference[:200],
        state=ItemState.WRONG if problems else ItemState.READY,
        lines=[[line.number, line.cells] for line in group.lines],
        document={} if problems else read_.answers,
        problems=[list(problem) for problem in sorted(problems, key=lambda pair: pair[0])],
    )


def _mark_known(items: list[UploadItem], agency: Agency) -> None:
    """Which of them are here already, and whose children may be."""
    here = bringing.already_here(item.police_reference for item in items if item.police_reference)
    for item in items:
        whose, reference = here.get(item.police_reference, (0, ""))
        if whose == agency.pk:
            item.state, item.reference = ItemState.SAME, reference
            item.document, item.problems, item.lines = {}, [], []
    ready = [item for item in items if item.state == ItemState.READY]
    for item, possible in zip(ready, bringing.possible_matches([item.document for item in ready]), strict=True):
        item.possible = possible


@transaction.atomic
def confirm(key: UUID, *, by: User) -> Upload:
    """From now on the good ones come in, whether or not anybody watches. Confirming twice changes nothing."""
    upload = queries.upload_of(by, key, lock=True)
    if upload.confirmed_at is None:
        upload.confirmed_at = timezone.now()
        upload.save(update_fields=["confirmed_at"])
        trail.record("notifications:confirm", by=by, details={"upload": str(key)})
    return upload


@transaction.atomic
def throw_away(key: UUID, *, by: User) -> None:
    """Delete a file that is done with, or that is not wanted. Contacts that it made stay."""
    upload = queries.upload_of(by, key, lock=True)
    if upload.confirmed_at is not None and upload.items.filter(state=ItemState.READY).exists():
        raise Refused("This file is being brought in. It can be deleted when that is done.")
    upload.delete()
    trail.record("notifications:delete", by=by, details={"upload": str(key)})


def go_on(upload: Upload, *, seconds: float) -> None:
    """Bring in what is confirmed and waits, for about so long. Whoever calls it at the same time shares the work."""
    until = time.monotonic() + seconds
    while upload.confirmed_at is not None and time.monotonic() < until:
        if not _bring_in_next(upload):
            break


def go_on_with_all(*, seconds: float) -> None:
    """What the timers call: a file is finished even if its sender has closed the page."""
    until = time.monotonic() + seconds
    for upload in Upload.objects.under_way().select_related("agency", "by")[:10]:
        go_on(upload, seconds=until - time.monotonic())


def forget_old(now: datetime) -> int:
    """Delete files that were left lying; none that is still being brought in."""
    return Upload.objects.older_than(now - queries.KEPT).delete()[0]


@transaction.atomic
def _bring_in_next(upload: Upload) -> bool:
    """One notification in one transaction; False when none is left that nobody else has in hand."""
    item = upload.items.filter(state=ItemState.READY).select_for_update(skip_locked=True).first()
    if item is None:
        return False
    first_line = item.lines[0][0] if item.lines else 0
    try:
        with transaction.atomic():
            contact, is_new = bringing.bring_in(item.document, agency=upload.agency, by=upload.by)
    except Refused as refusal:
        item.state, item.problems = ItemState.REFUSED, [[first_line, sentence] for sentence in refusal.reasons]
    except Exception as fault:
        log.error("A notification could not be brought in: %s", type(fault).__name__)  # noqa: TRY400 - no value that was typed
        sentence = "The portal could not bring this in. Upload it again, and ring the MASH if it fails twice."
        item.state, item.problems = ItemState.REFUSED, [[first_line, sentence]]
    else:
        item.state, item.reference = (ItemState.IN if is_new else ItemState.SAME), contact.reference
        item.lines, item.document, item.problems, item.possible = [], {}, [], []
    item.save()
    return True
