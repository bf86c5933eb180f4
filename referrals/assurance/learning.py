"""Threshold training and meetings with agencies: written down with who came, and followed up six weeks later."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from mash_portal.accounts.models import Agency, User
from mash_portal.audit import trail
from referrals.models import LearningEvent
from referrals.refusals import NotYours, Objection, Refused
from referrals.rules import permissions
from referrals.rules.period import EARLIEST
from referrals.vocabulary import LearningKind

#: The scrutiny report asked what had become of a training after six weeks.
FOLLOWED_UP_AFTER = timedelta(weeks=6)


@dataclass(frozen=True)
class Held:
    """What the form says of a training or a meeting."""

    kind: LearningKind
    held_on: date
    topic: str
    agencies: Collection[Agency]
    who_came: str
    agreed: str = ""


@transaction.atomic
def record(held: Held, *, by: User, event: int | None = None) -> LearningEvent:
    """Write it down, or put right what was written down, as long as it has not been followed up."""
    now = timezone.now()
    _may(by)
    if held.held_on > timezone.localdate(now):
        raise Refused(Objection("held_on", "That day is still to come. Record it when it has been held."))
    if held.held_on < EARLIEST:
        raise Refused(Objection("held_on", f"The day it was held must be {EARLIEST.year} or later."))
    if not held.agencies:
        raise Refused(Objection("agencies", "Choose which agencies it was for."))
    facts = {"kind": held.kind, "held_on": held.held_on, "topic": held.topic, "who_came": held.who_came}
    facts |= {"agreed": held.agreed, "follow_up_on": held.held_on + FOLLOWED_UP_AFTER}
    found = _open(event) if event is not None else LearningEvent(by=by, at=now)
    for name, value in facts.items():
        setattr(found, name, value)
    found.save()
    found.agencies.set(held.agencies)
    trail.record("learning:record", by=by, details={"event": found.pk})
    return found


@transaction.atomic
def follow_up(event: int, *, words: str, by: User) -> LearningEvent:
    """What has become of what was agreed."""
    now = timezone.now()
    _may(by)
    found = _open(event)
    if not words.strip():
        raise Refused(Objection("words", "Write what has become of what was agreed."))
    found.followed_up_at, found.followed_up_by, found.follow_up = now, by, words.strip()
    found.save(update_fields=["followed_up_at", "followed_up_by", "follow_up"])
    trail.record("learning:follow_up", by=by, details={"event": found.pk})
    return found


def _may(by: User) -> None:
    if by.as_role not in permissions.LEARNING:
        raise NotYours("A team manager or the head of safeguarding records training and meetings.")


def _open(event: int) -> LearningEvent:
    found = LearningEvent.objects.select_for_update(of=("self",)).filter(pk=event).first()
    if found is None:
        raise Http404
    if found.followed_up_at is not None:
        raise Refused("It has been followed up already: what was written down stays as it is.")
    return found
