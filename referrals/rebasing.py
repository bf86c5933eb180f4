"""Clocks that run, and what computing them again under other rules would change. It reads; it never writes.

A restricted record is in none of it: a manager who is named on one computes its clocks again on its own page.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from referrals import clockwork
from referrals.models import Contact, Deadline
from referrals.models.deadline import DeadlineQuerySet
from referrals.rules.clocks import RAG_CLOCKS, Rule, WorkingWeek
from referrals.rules.kept import Kept, week_to_dict
from referrals.vocabulary import Clock, Rag

RAG_OF: Mapping[Clock, Rag] = {clock: rag for rag, clock in RAG_CLOCKS.items()}
#: These run as they were opened, always: the law's, those of others, and the one that watches over the hub itself.
FIXED: Mapping[Clock, str] = {
    Clock.POLICE_PROTECTION: "The time of a police protection is for information: it is not computed again.",
    Clock.ASSESSMENT: "The time of an assessment is for information: it is not computed again.",
    Clock.BREAK_REVIEW: "The review of a broken glass is due when it was promised: it is not computed again.",
}


@dataclass(frozen=True)
class Would:
    """One clock that runs, and when it would be due under other rules."""

    deadline: Deadline
    kept: Kept
    due_at: datetime

    @property
    def is_earlier(self) -> bool:
        return self.due_at < self.deadline.due_at

    @property
    def is_later(self) -> bool:
        return self.due_at > self.deadline.due_at

    @property
    def changes(self) -> bool:
        """Another due time, another length or another ladder than the clock has now."""
        now = clockwork.kept_of(self.deadline)
        return self.due_at != self.deadline.due_at or now is None or now.rule != self.kept.rule

    def is_late_at_once(self, now: datetime) -> bool:
        return self.due_at < now <= self.deadline.due_at


def running(clock: Clock) -> DeadlineQuerySet:
    """Clocks of a kind that run. Those of a priority are the decisions of the contacts that have it."""
    live = Deadline.objects.live().filter(contact__is_restricted=False).select_related("contact", "agency")
    if rag := RAG_OF.get(clock):
        return live.filter(clock=Clock.DECISION, contact__rag=rag)
    return live.filter(clock=clock)


def under(deadline: Deadline, contact: Contact, rules: Mapping[Clock, Rule], week: WorkingWeek) -> Would:
    """The same clock from the same moment, under these rules."""
    rag = Rag(contact.rag) if contact.rag else None
    kept = clockwork.under(Clock(deadline.clock), rag, rules, week)
    return Would(deadline, kept, kept.due_at(deadline.opened_at))


def under_all(deadlines: Iterable[Deadline], rules: Mapping[Clock, Rule], week: WorkingWeek) -> list[Would]:
    """Every one of them; the soonest of the new due times first."""
    found = [under(one, one.contact, rules, week) for one in deadlines]
    return sorted(found, key=lambda one: (one.due_at, one.deadline.pk))


def stamp(clock: Clock, rules: Mapping[Clock, Rule], week: WorkingWeek) -> str:
    """Stands for everything that a clock of this kind would be computed under now: another stamp, another rule."""
    besides = [rules[one].to_dict() for one in RAG_OF] if clock is Clock.DECISION or clock in RAG_OF else []
    return stamp_of(rules[clock].to_dict(), rules[Clock.DECISION].to_dict(), besides, week_to_dict(week))


def stamp_of(*parts: object) -> str:
    """The same for the same parts: what a page showed, in a hidden field of its form."""
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]
