"""Clocks of a kind on every contact at once: numbers for the administrator, references for who may open them.

A restricted record is in none of these numbers.
"""

from datetime import datetime
from typing import Any

from mash_portal.accounts.models import User
from mash_portal.govuk import words
from referrals import access, rebasing
from referrals.models import Deadline
from referrals.models.partnership import clock_rules, working_week
from referrals.rebasing import FIXED, RAG_OF, Would
from referrals.rules.clocks import WorkingWeek, in_words
from referrals.vocabulary import Clock, Rag

from .computed import rule_of

#: So many are listed; all are counted.
LISTED = 50


def rows(now: datetime) -> list[dict[str, Any]]:
    """Every kind of clock of which any runs. Three queries."""
    rules, week = clock_rules(), working_week()
    live = Deadline.objects.live().filter(contact__is_restricted=False).select_related("contact")
    kinds: dict[Clock, list[Would]] = {}
    for one in live:
        clock = Clock(one.clock)
        if clock not in FIXED:
            kinds.setdefault(clock, []).append(rebasing.under(one, one.contact, rules, week))
    return [
        {
            "clock": clock,
            "label": clock.label,
            "words": in_words(rules[clock], week),
            "running": len(kinds[clock]),
            "older": sum(one.changes for one in kinds[clock]),
            "late": sum(one.deadline.due_at < now for one in kinds[clock]),
        }
        for clock in Clock
        if clock in kinds
    ]


def compared(clock: Clock, user: User, now: datetime) -> dict[str, Any]:
    """What computing every open one again would change. Four queries, however many there are."""
    rules, week = clock_rules(), working_week()
    found = list(rebasing.under_all(rebasing.running(clock), rules, week))
    changed = [one for one in found if one.changes]
    names = access.visible_to(user).filter(pk__in=[one.deadline.contact_id for one in changed[:LISTED]])
    known = set(names.values_list("pk", flat=True))
    return {
        "clock": clock,
        "words": in_words(rules[clock], week),
        "is_priority": clock in RAG_OF,
        "total": len(found),
        "changed": len(changed),
        "earlier": sum(one.is_earlier for one in changed),
        "later": sum(one.is_later for one in changed),
        "late_at_once": sum(one.is_late_at_once(now) for one in changed),
        "rows": [_row(one, week, now) for one in changed[:LISTED] if one.deadline.contact_id in known],
    }


def _row(would: Would, week: WorkingWeek, now: datetime) -> dict[str, Any]:
    deadline = would.deadline
    return {
        "reference": deadline.contact.reference,
        "rag": Rag(deadline.contact.rag).label if deadline.contact.rag else "Not yet rated",
        "rule": rule_of(deadline, week),
        "before": words.short_moment(deadline.due_at),
        "after": words.short_moment(would.due_at),
        "is_late": would.is_late_at_once(now),
    }
