"""The facts of duty as the rules read them, in one query: who holds a role, whose turn it is, who is away."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import connection

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import HUB_ROLES, Role
from referrals.rules import duty
from referrals.rules.duty import ON_CALL, Rota

#: Whoever may hold a contact or is called upon by a ladder, as a rule.
STAFF = HUB_ROLES | {Role.AUDITOR}

_FACTS = """
    SELECT 'holder', u.role, u.id, NULL::timestamptz, NULL::timestamptz, NULL::bigint
    FROM accounts_user u WHERE u.is_active AND u.role = ANY(%(roles)s)
    UNION ALL
    SELECT 'turn', t.role, t.person_id, t.starts_at, t.ends_at, NULL
    FROM referrals_turn t WHERE t.role = ANY(%(roles)s) AND t.ends_at > %(start)s AND t.starts_at <= %(end)s
    UNION ALL
    SELECT 'standing', d.role, d.person_id, NULL, NULL, NULL
    FROM referrals_duty d WHERE d.role = ANY(%(roles)s)
    UNION ALL
    SELECT 'away', '', a.person_id, a.starts_at, a.ends_at, a.deputy_id
    FROM referrals_absence a
    WHERE a.cancelled_at IS NULL AND a.ends_at > %(start)s AND a.starts_at <= %(end)s
    ORDER BY 1, 3, 4
"""


def between(start: datetime, end: datetime, roles: Collection[str] = STAFF) -> Rota:
    """What is known of who answers for these roles from `start` to `end`: one query."""
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, {"roles": [str(role) for role in roles], "start": start, "end": end})
        rows = cursor.fetchall()
    holders: dict[str, list[int]] = {str(role): [] for role in roles}
    for what, role, person, *_ in rows:
        if what == "holder":
            holders[role].append(person)
    return Rota(
        holders,
        turns=[duty.Turn(role, one, starts, ends) for what, role, one, starts, ends, _ in rows if what == "turn"],
        standing={role: person for what, role, person, *_ in rows if what == "standing"},
        away=[duty.Away(one, starts, ends, other) for what, _, one, starts, ends, other in rows if what == "away"],
    )


def on_duty(role: str, now: datetime) -> User | None:
    """The person who answers for a role now, or None where nobody who holds it is there. Two queries."""
    answer = duty.on_duty(role, now, between(now, now, [role]))
    return None if answer is None else User.objects.get(pk=answer.person)


def manager_on_duty(now: datetime) -> User | None:
    """The team manager on duty, the head of safeguarding where none is there; in the end one who is away. None: the
    hub has no manager at all. Two queries.
    """
    found = managers_in_order(now, between(now, now, ON_CALL))
    return User.objects.get(pk=found[0]) if found else None


def managers_in_order(now: datetime, rota: Rota) -> Sequence[int]:
    """Whoever stands in where a role has nobody: those on duty, then, as better than nobody, whoever is away."""
    answers = (duty.on_duty(role, now, rota) for role in ON_CALL)
    there = [answer.person for answer in answers if answer is not None]
    return there or [person for role in ON_CALL for person in rota.holders.get(role, ())]


def answers_for(person: User, now: datetime) -> User | None:
    """The person, or while they are away whoever deputises. One query, and one more while they are away."""
    if not person.is_active:
        return None
    found = duty.in_place_of(person.pk, now, between(now, now, [person.role]))
    if found is None or found == person.pk:
        return person if found else None
    return User.objects.filter(pk=found, is_active=True).first()


def there_first(people: Sequence[User], now: datetime) -> list[User]:
    """The same people, those who are away last. One query, none for nobody."""
    if not people:
        return []
    facts = between(now, now, [])
    return sorted(people, key=lambda one: facts.is_away(one.pk, now) is not None)
