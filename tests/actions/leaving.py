"""Drafts that have been left lying, and who has been told of them."""

from datetime import datetime, timedelta

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import Role
from referrals.models import Draft, Notice
from referrals.rules import retention
from tests import build

NOW = build.FRIDAY_AT_FOUR


def person(name: str, colleague: User, role: Role = Role.REFERRER) -> User:
    address = f"{name.split(maxsplit=1)[0].lower()}@alder-primary.example"
    return User.objects.create_user(address, full_name=name, agency=colleague.agency, role=role, last_login=NOW)


def left(draft: Draft, *, days: float, now: datetime = NOW) -> Draft:
    """As if it had been saved so long ago, and nobody had looked at it since."""
    saved = now - timedelta(days=days)
    Draft.objects.filter(key=draft.key).update(updated_at=saved, wakes_at=retention.next_step(saved, saved))
    draft.refresh_from_db()
    return draft


def here(user: User, *, days_ago: float = 0) -> User:
    user.last_login = NOW - timedelta(days=days_ago)
    user.save(update_fields=["last_login"])
    return user


def told(template: str) -> list[str]:
    return sorted(notice.to.full_name for notice in Notice.objects.filter(template=template))
