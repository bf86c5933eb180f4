"""When a registration with Social Work England runs out: said to the person and to their managers, in good time."""

from datetime import date, timedelta

from mash_portal.govuk import words

from .models import User
from .roles import MANAGER_ROLES

#: How long before the last day it is said.
WARNED = timedelta(days=60)


def state(person: User, today: date) -> str:
    """ "30 November 2027", "30 November 2026: runs out in 8 days", "30 November 2025: has run out", or "None"."""
    until = person.registered_until
    if until is None:
        return "None"
    day = words.long_date(until)
    if until < today:
        return f"{day}: has run out"
    return f"{day}: runs out {_in_days(until, today)}" if _soon(person, today) else day


def warnings_for(user: User, today: date) -> list[str]:
    """One sentence for their own registration, and for a manager one for each colleague's. One query for a manager."""
    colleagues = _soon_in(user, today) if user.as_role in MANAGER_ROLES else []
    own = [_to_you(until, today)] if (until := _soon(user, today)) else []
    return [*own, *(_of_a_colleague(one.full_name, day, today) for one in colleagues if (day := one.registered_until))]


def _soon_in(manager: User, today: date) -> list[User]:
    """Who works where this manager does and runs out soon, or has; soonest first."""
    people = User.objects.filter(agency=manager.agency_id, is_active=True, registered_until__lte=today + WARNED)
    return list(people.exclude(registration_number="").exclude(pk=manager.pk).order_by("registered_until", "full_name"))


def _soon(person: User, today: date) -> date | None:
    """The last day of a registration that runs out soon or has run out; None for every other."""
    until = person.registered_until
    return until if person.registration_number and until is not None and until - today <= WARNED else None


def _to_you(until: date, today: date) -> str:
    if until < today:
        return (
            f"Your registration with Social Work England ran out on {words.long_date(until)}. You cannot recommend a "
            "strategy discussion or act at once until an administrator has entered the new date."
        )
    return (
        f"Your registration with Social Work England runs out {_in_days(until, today)}, on {words.long_date(until)}. "
        "Renew it, and give an administrator the new date."
    )


def _of_a_colleague(name: str, until: date, today: date) -> str:
    if until < today:
        return f"{name}’s registration ran out on {words.long_date(until)}: they are not qualified now."
    return f"{name}’s registration runs out {_in_days(until, today)}, on {words.long_date(until)}."


def _in_days(until: date, today: date) -> str:
    return f"in {words.count((until - today).days, 'day')}" if until > today else "today"
