"""The only place where a contact's stage changes.

One call is one transaction with everything that follows from the step: the stage, its line in the timeline, the
clocks it opens and meets, the audit and the notices. Whoever calls it holds the lock on the contact (access.open_for).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from mash_portal.accounts.models import Agency, User
from mash_portal.audit import trail
from referrals import clockwork, notices
from referrals.models import Contact, StageChange
from referrals.refusals import Stale
from referrals.rules import journey
from referrals.vocabulary import Channel, Clock, Rag, Stage, Verb


@transaction.atomic
def receive(
    *,
    by: User,
    now: datetime,
    channel: Channel,
    source: str,
    agency: Agency,
    level_believed: int | None,
    submission_key: UUID | None = None,
    external_reference: str | None = None,
    rag: Rag | None = None,
    referrer: User | None = None,
) -> Contact:
    """A concern reaches the front door: from this moment both promises run.

    `referrer` is whoever told the hub, where somebody else (`by`) writes it down.
    """
    step = journey.step(None, Verb.RECEIVE)
    promised = clockwork.promises(now, rag)
    contact = Contact.objects.create(
        channel=channel,
        source=source,
        agency=agency,
        referrer=referrer or by,
        stage=step.to,
        rag=rag or "",
        level_believed=level_believed,
        received_at=now,
        due_at=promised[Clock.DECISION].due_at,
        statutory_due_at=promised[Clock.STATUTORY].due_at,
        submission_key=submission_key,
        external_reference=external_reference,
    )
    clockwork.open_all(contact, promised.values())
    _write_down(contact, Verb.RECEIVE, None, by=by, now=now, reason="", details={"channel": channel})
    return contact


def move(
    contact: Contact,
    verb: Verb,
    *,
    by: User,
    now: datetime,
    reason: str = "",
    details: dict[str, Any] | None = None,
    **changes: Any,
) -> None:
    """Take one step of the journey, or refuse it. `changes` are the contact's own fields that the step sets."""
    step = journey.step(contact.as_stage, verb)
    came_from = contact.as_stage
    contact.stage = step.to
    for field, value in changes.items():
        setattr(contact, field, value)
    clockwork.close(contact, met=step.meets, cancelled=step.cancels, now=now)
    if journey.drops_questions(step):
        contact.questions.waiting().update(dropped_at=now)
    if step.opens:
        changes |= clockwork.start(contact, step.opens, now=now)
    contact.version += 1
    contact.save(update_fields=["stage", "version", *changes])
    _write_down(contact, verb, came_from, by=by, now=now, reason=reason, details=details)


def bring_over(contacts: Sequence[Contact], *, by: User, now: datetime) -> list[Contact]:
    """Closed contacts of an earlier system, in bulk: a line of the timeline each, no clocks, nobody told."""
    step = journey.step(None, Verb.IMPORT)
    for contact in contacts:
        contact.stage = step.to
    created = Contact.objects.bulk_create(contacts, batch_size=1000)
    StageChange.objects.bulk_create(
        [StageChange(contact=contact, verb=Verb.IMPORT, to_stage=step.to, by=by, at=now) for contact in created],
        batch_size=1000,
    )
    return created


def check_version(contact: Contact, version: int) -> None:
    """Refuse to act on a page that somebody has since made out of date."""
    if contact.version == version:
        return
    last = contact.steps.select_related("by").first()
    when = f"{last.by} {Verb(last.verb).label} at {clockwork.london(last.at):%H:%M}" if last else "Somebody changed it"
    raise Stale(f"This contact has changed since you opened the page: {when}. Check it, then try again.")


def _write_down(
    contact: Contact,
    verb: Verb,
    came_from: Stage | None,
    *,
    by: User,
    now: datetime,
    reason: str,
    details: dict[str, Any] | None,
) -> None:
    StageChange.objects.create(
        contact=contact, verb=verb, from_stage=came_from or "", to_stage=contact.stage, by=by, at=now, reason=reason
    )
    trail.record(verb, by=by, reference=contact.reference, details={"stage": contact.stage, **(details or {})})
    notices.tell(verb, contact, by=by, now=now)
