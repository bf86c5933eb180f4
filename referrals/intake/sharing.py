"""A draft among colleagues: which of two versions of an answer stands, and who has the form."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit import trail
from referrals import access
from referrals.models import Draft
from referrals.refusals import NotYours
from referrals.rules import permissions

from . import merging, saving
from .merging import Merged
from .saving import SAVES


@transaction.atomic
def choose(key: UUID, section: str, page: str, leaf: str, *, by: User, person: str, keep: bool) -> None:
    """Of two versions of one answer, take what `person` had put aside (`keep`), or let what stands in the form stand.

    Chosen already, by a colleague or by a double click: nothing changes.
    """
    draft = access.draft_of(by, key, lock=True)
    words = saving.drop_aside(draft, section, page, leaf, person)
    if words is None:
        return
    if keep:
        where = draft.answers[section]
        answers = next(one for one in where if one.get("key") == page) if isinstance(where, list) else where
        merging.put(answers, leaf, words)
    saving.save(draft, section, page, Merged({}, mine=[leaf] if keep else []), by=by)


@transaction.atomic
def take_over(key: UUID, *, by: User) -> Draft:
    """The form is this person's from now on: reminders go to them, and everybody sees who has it."""
    draft = access.draft_of(by, key, lock=True)
    if by.as_role not in permissions.TAKES_OVER:
        raise NotYours("Your safeguarding lead can take this over. You can go on writing in it all the same.")
    if draft.author_id == by.pk:
        return draft
    before, draft.author = draft.author, by
    draft.answers.setdefault(SAVES, {})[saving.TAKEN_OVER] = {
        "from": before.full_name,
        "by": by.full_name,
        "at": timezone.now().isoformat(),
    }
    draft.save(update_fields=["author", "answers"])
    trail.record("draft:take_over", by=by, details={"draft": str(key), "from": before.pk})
    return draft
