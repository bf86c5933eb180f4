"""What is measured without a page: one durable INSERT, the sweep, and the search for a child who may be known."""

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg2
from django.db import connection
from django.utils import timezone

from referrals import known as matches
from referrals.escalation.sweep import sweep
from referrals.models import Child

from .client import Unexpected
from .prepare import tidy
from .timing import Call

DUE = 10_000
IDLE = 300
SEARCHES = 100

_INSERT = """
    INSERT INTO yardsticks_entry (title, name, email, state, priority, born_on, words, received_at, due_at)
    VALUES ('A new entry', 'Somebody Else', 'somebody@example.org', 'new', 'normal', '2011-03-14', %s, now(), now())
"""
#: Open contacts of which each has one clock whose time has come just now.
_DUE = """
    WITH contact AS (
        INSERT INTO referrals_contact (reference, channel, source, stage, rag, received_at, due_at, statutory_due_at,
                                       version, agency_id, referrer_id, is_restricted)
        SELECT 'Q' || lpad(n::text, 8, '0'), 'marf', '2A', 'received', '', now() - interval '24 hours', now(),
               now() + interval '6 hours', 1, (SELECT min(id) FROM accounts_agency),
               (SELECT min(id) FROM accounts_user), false
        FROM generate_series(1, %(due)s) AS n RETURNING id, received_at, due_at),
    deadline AS (
        INSERT INTO referrals_deadline (contact_id, clock, about, rebased_because, rule, opened_at, due_at)
        SELECT id, 'decision', '', '', (SELECT rule FROM referrals_deadline WHERE clock = 'decision' LIMIT 1),
               received_at, due_at
        FROM contact RETURNING id, contact_id, due_at)
    INSERT INTO referrals_escalation (deadline_id, contact_id, step, label, due_at, roles, only_if_unclaimed,
                                      repeats_every_hours)
    SELECT id, contact_id, 'due', 'The decision is due', due_at, '{team_manager,service_manager}', false, 0
    FROM deadline
"""


@dataclass(frozen=True)
class Fact:
    """One number that is no page's."""

    key: str
    title: str
    value: float
    unit: str
    goal: float | None = None
    at_least: bool = False

    @property
    def met(self) -> bool | None:
        if self.goal is None:
            return None
        return self.value >= self.goal if self.at_least else self.value <= self.goal


def inserting(url: str, clients: int) -> list[Call]:
    """A connection each, as the portal's role; every call is one statement that is on the disk when it returns."""
    return [_inserts(psycopg2.connect(url)) for _ in range(clients)]


def _inserts(own: Any) -> Call:
    own.autocommit = True
    cursor = own.cursor()
    return lambda: cursor.execute(_INSERT, ["What somebody has to say about it. " * 5])


def known() -> Fact:
    """Is this child known? For children who are and who are not."""
    children = list(Child.objects.filter(key="c1").order_by("-id")[: SEARCHES * 7 : 7])
    taken = []
    for number, child in enumerate(children):
        name = child.family_name if number % 3 == 0 else f"{child.family_name}x"
        asked = Child(
            given_names=child.given_names, family_name=name, date_of_birth=child.date_of_birth, sex=child.sex,
            nhs_number=child.nhs_number, postcode=child.postcode, received_at=child.received_at,
        )  # fmt: skip
        started = time.perf_counter()
        matches.candidates([asked])
        taken.append(time.perf_counter() - started)
    return Fact("known", "Is this child known? (p95)", sorted(taken)[int(len(taken) * 0.95)] * 1000, "ms", 15)


def sweeping(superuser_url: str) -> list[Fact]:
    """Fire 10,000 steps that are due at once; then look when nothing is due."""
    sweep()
    with psycopg2.connect(superuser_url) as own, own.cursor() as cursor:
        cursor.execute(_DUE, {"due": DUE})
    tidy(superuser_url)
    started = time.perf_counter()
    fired = sweep(timezone.now() + timedelta(seconds=1)).fired
    seconds = time.perf_counter() - started
    if fired != DUE:
        raise Unexpected(f"The sweep fired {fired} steps of {DUE}.")
    taken = []
    for _ in range(IDLE):
        started = time.perf_counter()
        sweep()
        taken.append(time.perf_counter() - started)
    connection.close()
    return [
        Fact("sweep", f"Sweep, {DUE:,} due at once", fired / seconds, "deadlines/s", 3000, at_least=True),
        Fact("sweep_idle", "Sweep, nothing due (p50)", sorted(taken)[IDLE // 2] * 1000, "ms"),
    ]
