"""Drafts that nobody sends: their writers are reminded, their agencies are warned, and after 90 days they are deleted.

Each draft is looked at in a transaction of its own, locked, and only if it is still due there: one that is saved or
sent while this runs is left alone. A message names no child; it leads to the list of drafts.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import Role
from mash_portal.audit import trail
from referrals import notices, papers
from referrals.models import Draft, Notice
from referrals.rules import permissions, retention
from referrals.rules.retention import Step

log = logging.getLogger(__name__)

REMINDER, WARNING = "draft_unsent", "draft_deletion"
BATCH = 100
#: One that cannot be looked at is tried again later, so that it holds up no other.
TRY_AGAIN = timedelta(hours=1)
NOTICE_PERIOD = timedelta(days=retention.WARN_DAYS_BEFORE)


@dataclass
class Kept:
    """What was done."""

    reminded: int = 0
    warned: int = 0
    deleted: int = 0


def look_after_drafts(now: datetime | None = None) -> Kept:
    """Everything that is due. One query of an index where nothing is."""
    now = now or timezone.now()
    due = list(Draft.objects.to_look_at(now).values_list("key", "updated_at")[:BATCH])
    old = [key for key, saved in due if saved <= _cutoff(now)]
    done = remind_drafts([key for key, saved in due if saved > _cutoff(now)], now=now)
    done.deleted, warned = delete_old_drafts(old, now=now)
    done.warned += warned
    return done


def remind_drafts(keys: Iterable[UUID], *, now: datetime) -> Kept:
    """Tell the writers of these drafts, or whoever covers for them, that they have not been sent."""
    done = Kept()
    for key in keys:
        step = _alone(_tell, key, now)
        done.reminded += step is Step.REMIND
        done.warned += step is Step.WARN
    return done


def delete_old_drafts(keys: Iterable[UUID], *, now: datetime) -> tuple[int, int]:
    """Delete those of these drafts that are old, unsent and announced; announce the others. How many of each."""
    steps = [_alone(_delete, key, now) for key in keys]
    return steps.count(Step.DELETE), steps.count(Step.WARN)


def _alone(act: Callable[[Draft, datetime], Step | None], key: UUID, now: datetime) -> Step | None:
    """Act on one draft that is still due once it is locked. One that somebody is saving now is not."""
    try:
        with transaction.atomic():
            due = Draft.objects.to_look_at(now).select_for_update(of=("self",), skip_locked=True)
            draft = due.filter(key=key).select_related("author", "agency").first()
            return act(draft, now) if draft else None
    except Exception as error:
        _go_on_after(error)
        Draft.objects.filter(key=key).update(wakes_at=now + TRY_AGAIN)
        return None


def _go_on_after(error: Exception) -> None:
    """Continue only where the database has undone the failed part and nothing else."""
    log.error("A draft could not be looked after: %s", type(error).__name__)
    if connection.needs_rollback or connection.closed_in_transaction:
        raise error


def _tell(draft: Draft, now: datetime) -> Step | None:
    due = retention.due_step(draft.updated_at, now)
    if due is not None:
        after, step = due
        people = _agency_of(draft) if step is Step.WARN else _writer_of(draft, now)
        template = WARNING if step is Step.WARN else REMINDER
        notices.queue(template, "", people, occasion=_occasion(draft, after), now=now)
    return _wait(draft, retention.next_step(draft.updated_at, now), due[1] if due else None)


def _delete(draft: Draft, now: datetime) -> Step | None:
    """Never before everybody who could send it has had the warning for seven days."""
    if draft.updated_at > _cutoff(now):
        return None
    people, told = _agency_of(draft), _warned_at(draft)
    if people and told is None:
        notices.queue(WARNING, "", people, occasion=_occasion(draft, timedelta(days=retention.DRAFT_DAYS)), now=now)
        return _wait(draft, now + NOTICE_PERIOD, Step.WARN)
    if told is not None and told + NOTICE_PERIOD > now:
        return _wait(draft, told + NOTICE_PERIOD, None)
    papers.throw_away(draft.key)
    details = {"draft": str(draft.key), "after_days": retention.DRAFT_DAYS, "agency": draft.agency_id}
    draft.delete()
    trail.record("draft:expire", by=User.objects.system(), details=details)
    return Step.DELETE


def _wait(draft: Draft, until: datetime, done: Step | None) -> Step | None:
    draft.wakes_at = until
    draft.save(update_fields=["wakes_at"])
    return done


def _warned_at(draft: Draft) -> datetime | None:
    """When its agency was warned, since it was last saved."""
    warnings = Notice.objects.filter(key__startswith=f"{WARNING}::{_occasion(draft)}")
    return warnings.order_by("created_at").values_list("created_at", flat=True).first()


def _cutoff(now: datetime) -> datetime:
    return now - timedelta(days=retention.DRAFT_DAYS)


def _occasion(draft: Draft, after: timedelta | None = None) -> str:
    """One notice for each step after each save: a draft that is taken up again and left again is told of again."""
    quiet_since = f"{draft.key.hex}:{int(draft.updated_at.timestamp())}"
    return f"{quiet_since}:{after.days}" if after is not None else quiet_since


def _writer_of(draft: Draft, now: datetime) -> list[User]:
    """The author; the safeguarding leads too where they have not signed in for a week; only them if they have left."""
    author = draft.author
    if not _is_there(author, draft):
        return _cover_for(draft)
    return [author, *_cover_for(draft)] if retention.is_away(author.last_login, now) else [author]


def _agency_of(draft: Draft) -> list[User]:
    """Whoever could still send it: the author, and the agency's safeguarding leads."""
    return [*([draft.author] if _is_there(draft.author, draft) else []), *_cover_for(draft)]


def _is_there(author: User, draft: Draft) -> bool:
    return author.is_active and author.agency_id == draft.agency_id and author.as_role in permissions.DRAFTING


def _cover_for(draft: Draft) -> list[User]:
    """The agency's safeguarding leads; an agency without one has colleagues who may refer."""
    colleagues = User.objects.filter(agency=draft.agency_id, is_active=True).exclude(pk=draft.author_id)
    leads = list(colleagues.filter(role=Role.SAFEGUARDING_LEAD))
    return leads or list(colleagues.filter(role__in=permissions.DRAFTING))
