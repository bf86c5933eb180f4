"""Whom a step of a ladder is for: roles and owners turned into people, each role looked up once in a sweep."""

from collections.abc import Iterable, Mapping, Sequence

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import MANAGER_ROLES, Role
from referrals.models.partnership import on_duty
from referrals.rules.ladder import KNOWN_ROLES, OWNER


class OnDuty:
    """Who answers for each role during one sweep. A step always finds a person, as long as the hub has a manager."""

    def __init__(self) -> None:
        self._found: dict[str, User | None] = {}

    def of(self, role: str) -> User | None:
        if role not in self._found:
            self._found[role] = on_duty(role)
        return self._found[role]

    def managers(self) -> list[User]:
        """The team manager on duty, or the head of safeguarding where there is none."""
        found = (self.of(role) for role in sorted(MANAGER_ROLES, key=lambda role: role is not Role.TEAM_MANAGER))
        return [person for person in found if person is not None][:1]

    def people(self, roles: Sequence[str], owner: User | None) -> list[User]:
        """Everybody a step names. A manager stands in for an owner who is not there and for a role nobody holds."""
        if unknown := [role for role in roles if role not in KNOWN_ROLES]:
            raise ValueError(f"no such role: {', '.join(unknown)}")
        people: dict[int, User] = {}
        for role in roles:
            person = owner if role == OWNER else self.of(role)
            for one in [person] if person is not None and person.is_active else self.managers():
                people[one.pk] = one
        return list(people.values()) or self.managers()


def owners_by_id(ids: Iterable[int | None]) -> Mapping[int, User]:
    """The people who hold a batch's contacts. One query, none where nobody holds any."""
    wanted = {one for one in ids if one is not None}
    return User.objects.in_bulk(wanted) if wanted else {}
