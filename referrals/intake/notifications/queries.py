"""What the pages of police notifications read. A person of the police sees their own force's files, the hub all."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.http import Http404

from mash_portal.accounts.models import Agency, User
from referrals import access
from referrals.models import ItemState, Upload, UploadItem
from referrals.models.upload import UploadQuerySet
from referrals.rules import permissions
from referrals.vocabulary import AgencyKind

#: Most files on the list, and most lines of each kind on the preview; the numbers above them count all.
LISTED, SHOWN = 20, 100
#: How long a file is kept that nobody finished, and what could not go in.
KEPT = timedelta(days=7)


def is_hub(user: User) -> bool:
    return user.as_role in permissions.CALLS


def uploads_of(user: User) -> UploadQuerySet:
    if is_hub(user):
        return Upload.objects.all()
    if user.agency is not None and user.agency.kind == AgencyKind.POLICE:
        return Upload.objects.filter(agency=user.agency)
    return Upload.objects.none()


def upload_of(user: User, key: UUID, *, lock: bool = False) -> Upload:
    """The file, for a person who may see it; 404 for everybody else."""
    uploads = uploads_of(user).select_related("agency", "by")
    found = (uploads.select_for_update(of=("self",)) if lock else uploads).filter(key=key).first()
    if found is None:
        raise Http404
    return found


def forces_for(user: User) -> list[Agency]:
    """In whose name this person brings notifications in."""
    if not is_hub(user):
        return [user.agency] if user.agency is not None and user.agency.kind == AgencyKind.POLICE else []
    return list(Agency.objects.filter(kind=AgencyKind.POLICE, is_active=True))


def problems_of(upload: Upload) -> list[tuple[int, str, str]]:
    """(line, police reference, sentence) of what cannot go in, in the order of the file."""
    wrong = upload.items.filter(state__in=(ItemState.WRONG, ItemState.REFUSED))
    rows = [(line, item.police_reference, said) for item in wrong for line, said in item.problems]
    return sorted(rows)


def items(upload: Upload, state: ItemState) -> list[UploadItem]:
    return list(upload.items.filter(state=state)[:SHOWN])


def seen_among(references: Collection[str], user: User) -> set[str]:
    """Which of these contacts this person may see. One query, none for none."""
    seen = access.visible_to(user).filter(reference__in=references) if references else ()
    return {contact.reference for contact in seen}


def items_with_matches(upload: Upload) -> list[UploadItem]:
    return list(upload.items.filter(state=ItemState.READY).exclude(possible=[])[:SHOWN])


def left_out(upload: Upload) -> list[tuple[int, dict[str, str], str]]:
    """Every line that could not go in, as it came, with why."""
    found = []
    for item in upload.items.filter(state__in=(ItemState.WRONG, ItemState.REFUSED)):
        own: dict[int, list[str]] = {}
        for line, said in item.problems:
            own.setdefault(line, []).append(said)
        whole = "Another line of the same notification has something to put right."
        found += [(number, cells, " ".join(own.get(number, [whole]))) for number, cells in item.lines]
    return sorted(found, key=lambda row: row[0])
