"""What is promised about a decision, as three due times of a child row, and whether each was kept.

A contact that was opened again has new clocks; its first decision is held to the first ones.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThanOrEqual

from referrals.models import Deadline
from referrals.vocabulary import Clock, Rag

DAY = timedelta(hours=24)


class Promise(StrEnum):
    HOURS_24 = "24h"
    WORKING_DAY = "day"
    OWN = "own"

    @property
    def label(self) -> str:
        return PROMISES[self]


PROMISES = MappingProxyType(
    {
        Promise.HOURS_24: "Within 24 hours",
        Promise.WORKING_DAY: "Within one working day",
        Promise.OWN: "Within the time of its priority",
    }
)
KEPT, BROKEN, OWED = "kept", "broken", "owed"
#: What a list can be asked for: whether a promise was kept, and those of which it can be said.
ANSWERS = {
    f"{promise}_{state}": f"{promise.label}: {words}"
    for promise in Promise
    for state, words in ((KEPT, "kept"), (BROKEN, "not kept"), (OWED, "kept or not"))
}
UNRATED = "none"
RAGS = {**{rag.value: rag.label for rag in Rag}, UNRATED: "Not rated"}
HOURS = {str(hour): f"{hour % 12 or 12}{'am' if hour < 12 else 'pm'}" for hour in range(24)}


def due(promise: Promise) -> Combinable:
    """When the decision was due under this promise."""
    if promise is Promise.HOURS_24:
        return F("received_at") + DAY
    field, clock = {
        Promise.WORKING_DAY: ("contact__statutory_due_at", Clock.STATUTORY),
        Promise.OWN: ("contact__due_at", Clock.DECISION),
    }[promise]
    # only a contact that was opened again is due so late: of the others, nothing else is read
    opened_again = Q(contact__due_at__gt=F("received_at") + DAY)
    return Case(When(opened_again, then=Coalesce(_first(clock), F(field))), default=F(field))


def kept(promise: Promise) -> Q:
    return Q(decided_at__lte=due(promise))


def broken(promise: Promise, now: datetime) -> Q:
    """Decided too late, or not decided and the time has passed."""
    return Q(decided_at__gt=due(promise)) | Q(decided_at__isnull=True) & Q(LessThanOrEqual(due(promise), Value(now)))


def answer(key: str, now: datetime) -> Q:
    """The child rows behind one key of ANSWERS."""
    name, _, state = key.partition("_")
    promise = Promise(name)
    if state == KEPT:
        return kept(promise)
    return broken(promise, now) if state == BROKEN else kept(promise) | broken(promise, now)


def rated(key: str) -> Q:
    return Q(contact__rag="" if key == UNRATED else key)


def _first(clock: Clock) -> Subquery:
    """The due time that ran from receipt; of several, the one computed last."""
    ran = Deadline.objects.filter(contact=OuterRef("contact"), clock=clock, opened_at=OuterRef("received_at"))
    return Subquery(ran.order_by("-id").values("due_at")[:1])
