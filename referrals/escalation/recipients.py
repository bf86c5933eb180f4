"""Whom a step of a ladder is for: roles and owners turned into people, the facts of duty read once in a sweep."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Protocol, TypeVar

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import MANAGER_ROLES
from referrals import notices
from referrals.models import Circle, Deadline, Restriction, circles, rota
from referrals.rules import duty, permissions
from referrals.rules.duty import EVERY_MANAGER
from referrals.rules.ladder import AGENCY, KNOWN_ROLES, LEADS, OWNER
from referrals.vocabulary import Clock


class Step(Protocol):
    """What is asked of a step, armed or fired, to know who may hear of it."""

    @property
    def contact_id(self) -> int: ...
    @property
    def clock(self) -> str: ...
    @property
    def is_restricted(self) -> bool: ...


S = TypeVar("S", bound=Step)


class OnDuty:
    """Who answers for each role at a moment, or between two. A step always finds a person, as long as the hub has a
    manager. Two queries for whatever is asked.
    """

    def __init__(self, now: datetime, until: datetime | None = None) -> None:
        self.now = now
        self._until = until or now
        self._others: dict[tuple[str, datetime], User | None] = {}

    @cached_property
    def rota(self) -> duty.Rota:
        return rota.between(self.now, self._until)

    @cached_property
    def _staff(self) -> Mapping[int, User]:
        return User.objects.in_bulk([person for people in self.rota.holders.values() for person in people])

    def of(self, role: str, at: datetime | None = None) -> User | None:
        """Whoever is on duty for a role; a role that is not the hub's has no rota, and is asked for by itself."""
        at = at or self.now
        if role not in self.rota.holders:
            if (role, at) not in self._others:
                self._others[role, at] = rota.on_duty(role, at)
            return self._others[role, at]
        answer = duty.on_duty(role, at, self.rota)
        return None if answer is None else self._staff[answer.person]

    def managers(self) -> list[User]:
        """The team manager on duty, or the head of safeguarding where none is there; in the end one who is away."""
        return [self._staff[one] for one in rota.managers_in_order(self.now, self.rota)[:1]]

    def every_manager(self, at: datetime) -> list[User]:
        """Each of them who is there."""
        people = [person for role in sorted(MANAGER_ROLES) for person in self.rota.holders.get(role, ())]
        return [self._staff[one] for one in people if self.rota.is_away(one, at) is None]

    def at(self, rung: str, at: datetime) -> list[User]:
        """Whom a message reaches that goes up to this rung then."""
        if rung == EVERY_MANAGER:
            return self.every_manager(at)
        person = self.of(rung, at)
        return [person] if person else []

    def only_for(self, clock: str) -> list[User]:
        """Everybody of the roles that alone may hear of this clock; nobody for a clock that is for all."""
        roles = sorted(permissions.ONLY_FOR.get(clock, ()))
        return [self._staff[one] for role in roles for one in self.rota.holders.get(role, ())]

    def people(self, roles: Sequence[str], owner: int | None, agency: Sequence[User] = ()) -> list[User]:
        """Everybody a step names; `agency` is whoever owes what is due.

        A manager stands in for an owner who is not there and has no deputy, for a role nobody holds and for an agency
        without accounts.
        """
        if unknown := [role for role in roles if role not in KNOWN_ROLES]:
            raise ValueError(f"no such role: {', '.join(unknown)}")
        people: dict[int, User] = {}
        for role in roles:
            for one in self._named(role, owner, agency) or self.managers():
                people[one.pk] = one
        return list(people.values()) or self.managers()

    def within(self, told: Mapping[S, Sequence[User]]) -> dict[S, Sequence[User]]:
        """The same, but of a restricted record only people who may see it; its own managers where nobody is left.

        A review of a broken glass is for its reviewers, who see no more than that: all of them are told, whoever is
        away, and no other manager is. Two queries, none where nothing is restricted.
        """
        found = circles_of(told)
        return {step: self._keep(step, found.get(step.contact_id), people) for step, people in told.items()}

    def _keep(self, step: Step, circle: Circle | None, people: Sequence[User]) -> Sequence[User]:
        if step.clock in permissions.ONLY_FOR:
            return self.only_for(step.clock)
        if circle is None:
            return people
        return circle.keep(people) or circle.managers or self.managers()

    def _named(self, role: str, owner: int | None, agency: Sequence[User]) -> list[User]:
        found = agency if role in (AGENCY, LEADS) else [self._owner(owner) if role == OWNER else self.of(role)]
        return [person for person in found if person is not None and person.is_active]

    def _owner(self, owner: int | None) -> User | None:
        """Who holds the contact, or answers for them while they are away."""
        found = None if owner is None else duty.in_place_of(owner, self.now, self.rota)
        return None if found is None else self._staff.get(found)


def circles_of(steps: Iterable[Step]) -> Mapping[int, Circle]:
    """Who may hear of the restricted records among these: two queries, none where there is none."""
    shut = [step.contact_id for step in steps if step.is_restricted and step.clock not in permissions.ONLY_FOR]
    return circles(Restriction.objects.filter(contact__in=shut)) if shut else {}


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
