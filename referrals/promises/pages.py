"""The clocks of a contact as its page prints them: a picture, a table that says the same, and how each was computed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from mash_portal.accounts.models import User
from mash_portal.govuk import words
from referrals import access, clockwork
from referrals.models import Contact, Deadline, Escalation, StageChange
from referrals.models.partnership import clock_rules, working_week
from referrals.rebasing import FIXED, Would
from referrals.rules import permissions
from referrals.rules.clocks import COUNTED_FROM, Rule, WorkingWeek, in_words
from referrals.vocabulary import Clock, Verb

from . import computed, drawing, happened
from .computed import rule_of
from .drawing import Mark, Span

Shown = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """What every clock of one contact is read with."""

    contact: Contact
    steps: Sequence[StageChange]
    rules: Mapping[Clock, Rule]
    week: WorkingWeek
    now: datetime


def of(contact: Contact, user: User, now: datetime) -> list[Shown]:
    """Every clock there has been, those that run first. Six queries, however many clocks."""
    unseen = permissions.unseen_clocks(user.as_role)
    deadlines = contact.deadlines.exclude(clock__in=unseen).select_related("agency").order_by("opened_at", "id")
    steps = contact.steps.select_related("by").filter(verb__in=happened.STEPS).order_by("at", "id")
    case, ladder = Case(contact, list(steps), clock_rules(), working_week(), now), _ladder(contact)
    shown = [
        _shown(chain, [one for link in chain for one in ladder.get(link.pk, [])], case) for chain in _chains(deadlines)
    ]
    may_rebase = Verb.REBASE in access.may(user, contact)
    for one in shown:
        one["may_rebase"] = may_rebase and one["runs"] and one["clock"] not in FIXED
    return sorted(shown, key=lambda one: (not one["runs"], one["due_at"]))


def _chains(deadlines: Iterable[Deadline]) -> list[list[Deadline]]:
    """A clock together with those it took the place of: the same thing, counted from the same moment."""

    def thing(one: Deadline) -> tuple[str, str, datetime]:
        return one.clock, one.about, one.opened_at

    return [sorted(same, key=lambda one: one.pk) for _, same in groupby(sorted(deadlines, key=thing), key=thing)]


def _ladder(contact: Contact) -> Mapping[int, list[Escalation]]:
    """The steps of every clock, fired or still to come. Two queries."""
    steps = contact.escalations.select_related("acknowledged_by").prefetch_related("told").order_by("due_at", "id")
    found: dict[int, list[Escalation]] = {}
    for step in steps:
        found.setdefault(step.deadline_id, []).append(step)
    return found


def _shown(chain: Sequence[Deadline], ladder: Sequence[Escalation], case: Case) -> Shown:
    last, now = chain[-1], case.now
    end = happened.ended_at(last)
    happenings = [*happened.to(chain, ladder, case.steps), *happened.late(chain, now)]
    events = sorted(happenings, key=lambda one: one.at)
    marks = [Mark(number, one.at, one.kind) for number, one in enumerate(events, 1)]
    rows = [
        {"number": number, "when": words.long_moment(one.at), "title": one.title, "text": one.text}
        for number, one in enumerate(events, 1)
    ]
    return {
        "pk": last.pk,
        "clock": Clock(last.clock),
        "name": name_of(last),
        "runs": end is None,
        "due_at": last.due_at,
        "state": _state(last, now),
        "computed": computed.sentences(last, case.contact, case.rules, case.week),
        "picture": drawing.bar(Span(last.opened_at, last.due_at, end or now, end is None), marks),
        "desc": "; ".join(f"number {row['number']}, {row['when']}: {row['title']}" for row in rows),
        "rows": rows,
        "coming": [_coming(step) for step in ladder if end is None and not step.fired_at and not step.cancelled_at],
    }


def name_of(deadline: Deadline) -> str:
    """ "Decision"; what others owe, with who owes it: "Agency check, red: Trent Vale Community Health" """
    label = Clock(deadline.clock).label
    return f"{label}: {deadline.agency}" if deadline.agency else label


def _state(deadline: Deadline, now: datetime) -> words.ClockWords:
    state = words.clock_words("Where it stands", deadline.due_at, now, deadline.met_at)
    if deadline.met_at is None and deadline.cancelled_at is not None:
        return words.ClockWords(state.name, "No longer owed", state.due, state.due_iso, "met")
    return state


def _coming(step: Escalation) -> str:
    unclaimed = ", if nobody has taken the contact by then" if step.only_if_unclaimed else ""
    return f"{words.long_moment(step.due_at)}: {step.label}{unclaimed}"


def compared(would: Would, week: WorkingWeek, now: datetime) -> Shown:
    """One clock as it is and as it would be, for the page that asks why."""
    deadline = would.deadline
    plan = clockwork.plan(Clock(deadline.clock), would.kept, deadline.opened_at)
    return {
        "name": name_of(deadline),
        "changes": would.changes,
        "rows": [
            {
                "key": "Counted",
                "value": f"{COUNTED_FROM[Clock(deadline.clock)]}, {words.long_moment(deadline.opened_at)}",
            },
            {"key": "Its rule now", "value": rule_of(deadline, week) or "It cannot be read"},
            {"key": "Today’s rule", "value": in_words(would.kept.decisive(deadline.opened_at), week)},
            {"key": "Due now", "value": _due(deadline.due_at, now)},
            {"key": "Due under today’s rule", "value": _due(would.due_at, now)},
        ],
        "is_late_at_once": would.is_late_at_once(now),
        "is_earlier": would.is_earlier,
        "steps": [
            f"{words.long_moment(at) if at > now else 'At once'}: {step.label}. {step.who}."
            for step, at in clockwork.to_arm(clockwork.asked_again(deadline, plan, now=now))
        ],
    }


def _due(due: datetime, now: datetime) -> str:
    return f"{words.long_moment(due)}\n{words.time_left(due, now)}"
