"""Whom a step of a ladder is for: roles and owners turned into people, each role looked up once in a sweep."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import MANAGER_ROLES, Role
from referrals import notices
from referrals.models import Circle, Deadline, Restriction, circles
from referrals.models.partnership import on_duty
from referrals.rules import permissions
from referrals.rules.ladder import AGENCY, KNOWN_ROLES, LEADS, OWNER
from referrals.vocabulary import Clock

from .steps import Armed


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
        """Everybody a step names; `agency` is whoever owes what is due.

        A manager stands in for an owner who is not there, for a role nobody holds and for an agency without accounts.
        """
        if unknown := [role for role in roles if role not in KNOWN_ROLES]:
            raise ValueError(f"no such role: {', '.join(unknown)}")
        people: dict[int, User] = {}
        for role in roles:
            for one in self._named(role, owner, agency) or self.managers():
                people[one.pk] = one
        return list(people.values()) or self.managers()

    def within(self, told: Mapping[Armed, Sequence[User]]) -> dict[Armed, Sequence[User]]:
        """The same, but of a restricted record only people who may see it; its own managers where nobody is left.

        A review of a broken glass is for its reviewers, who see no more than that. Two queries, none where nothing is
        restricted.
        """
        shut = [step.contact_id for step in told if step.is_restricted and step.clock != Clock.BREAK_REVIEW]
        found = circles(Restriction.objects.filter(contact__in=shut)) if shut else {}
        return {step: self._keep(step, found.get(step.contact_id), people) for step, people in told.items()}

    def _keep(self, step: Armed, circle: Circle | None, people: Sequence[User]) -> Sequence[User]:
        if circle is None or step.clock == Clock.BREAK_REVIEW:
            return people
        return circle.keep(people) or circle.managers or self.managers()

    def _named(self, role: str, owner: User | None, agency: Sequence[User]) -> list[User]:
        found = agency if role in (AGENCY, LEADS) else [owner if role == OWNER else self.of(role)]
        return [person for person in found if person is not None and person.is_active]


def owners_by_id(ids: Iterable[int | None]) -> Mapping[int, User]:
    """The people who hold a batch's contacts. One query, none where nobody holds any."""
    wanted = {one for one in ids if one is not None}
    return User.objects.in_bulk(wanted) if wanted else {}


#: What a clock may be about → who at the agency that owes it is reminded.
ANSWERING = {"check": permissions.ANSWERERS, "handover": permissions.EARLY_HELP}


def agencies_by_deadline(ids: Iterable[int]) -> Mapping[int, Sequence[User]]:
    """Who owes what each of these deadlines is about: nobody is asked for where no step asks for them."""
    wanted = set(ids)
    if not wanted:
        return {}
    found = Deadline.objects.select_related("contact__referrer", "contact__agency").filter(pk__in=wanted)
    deadlines = list(found)
    people = _people_of({deadline.agency_id for deadline in deadlines if deadline.agency_id is not None})
    return {deadline.pk: _owing(deadline, people) for deadline in deadlines}


def _people_of(agencies: Collection[int]) -> Sequence[User]:
    """Everybody active at these agencies. One query, however many; none where no deadline names an agency."""
    return list(User.objects.filter(agency__in=agencies, is_active=True).order_by("id")) if agencies else []


def _owing(deadline: Deadline, people: Sequence[User]) -> Sequence[User]:
    """The agency that the deadline names; else the referrer's side. A thing that nobody has been given is the hub's."""
    if deadline.clock == Clock.FEEDBACK_READ:
        return notices.leads_of(deadline.contact.agency)
    if not deadline.about:
        return notices.referrers_of(deadline.contact)
    roles = ANSWERING.get(deadline.about.partition(":")[0], frozenset())
    return [one for one in people if one.agency_id == deadline.agency_id and one.as_role in roles]
