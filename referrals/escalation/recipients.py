"""Whom a step of a ladder is for: roles and owners turned into people, each role looked up once in a sweep."""

from collections.abc import Iterable, Mapping, Sequence

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import MANAGER_ROLES, Role
from referrals import notices
from referrals.models import Contact
from referrals.models.partnership import on_duty
from referrals.rules.ladder import AGENCY, KNOWN_ROLES, OWNER


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

    def people(self, roles: Sequence[str], owner: User | None, agency: Sequence[User] = ()) -> list[User]:
        """Everybody a step names; `agency` is the referrer's side.

        A manager stands in for an owner who is not there, for a role nobody holds and for an agency without accounts.
        """
        if unknown := [role for role in roles if role not in KNOWN_ROLES]:
            raise ValueError(f"no such role: {', '.join(unknown)}")
        people: dict[int, User] = {}
        for role in roles:
            for one in self._named(role, owner, agency) or self.managers():
                people[one.pk] = one
        return list(people.values()) or self.managers()

    def _named(self, role: str, owner: User | None, agency: Sequence[User]) -> list[User]:
        found = agency if role == AGENCY else [owner if role == OWNER else self.of(role)]
        return [person for person in found if person is not None and person.is_active]


def owners_by_id(ids: Iterable[int | None]) -> Mapping[int, User]:
    """The people who hold a batch's contacts. One query, none where nobody holds any."""
    wanted = {one for one in ids if one is not None}
    return User.objects.in_bulk(wanted) if wanted else {}


def agencies_by_contact(ids: Iterable[int]) -> Mapping[int, Sequence[User]]:
    """Who answers for each of these contacts on the referrer's side. None where no step asks for them."""
    wanted = set(ids)
    if not wanted:
        return {}
    contacts = Contact.objects.select_related("referrer", "agency").filter(pk__in=wanted)
    return {contact.pk: notices.referrers_of(contact) for contact in contacts}
