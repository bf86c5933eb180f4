"""Records that only named people see, and what happens when somebody else has to (front-door.md 3.9)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import MANAGER_ROLES
from referrals.rules import permissions

from .contact import Contact


class RestrictionQuerySet(models.QuerySet["Restriction"]):
    def in_force(self) -> Self:
        return self.filter(lifted_at=None)

    def hiding_from(self, user: User) -> Self:
        """Those that keep a contact from this person."""
        return self.in_force().exclude(ways_in(user, "contact__"))


class Restriction(models.Model):
    """Staff family or police-sensitive: named people only, absent from every list, count, search and export else.

    Contact.is_restricted repeats that one is in force, for the indexes of every list; the same action writes both.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="restrictions")
    reason = models.TextField()
    named = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="named_on")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_because = models.TextField(blank=True)

    objects: ClassVar[RestrictionQuerySet] = RestrictionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("contact",), condition=Q(lifted_at__isnull=True), name="one_restriction_in_force"
            ),
        )

    def __str__(self) -> str:
        return f"Restriction of {self.contact_id}"


class BrokenGlassQuerySet(models.QuerySet["BrokenGlass"]):
    def in_force(self) -> Self:
        """By the database's clock: it ends when it ends, whether or not anything runs."""
        return self.filter(expires_at__gt=Now(), closed_at=None)

    def to_review(self) -> Self:
        return self.filter(reviewed_at=None)


class BrokenGlass(models.Model):
    """Somebody who is not named opened a restricted record, and said why: for four hours, told of, reviewed."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="broken_glass")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="broken_glass")
    reason = models.TextField()
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True, help_text="The reader gave it back before it ran out.")
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    was_right = models.BooleanField(null=True)
    review = models.TextField(blank=True)

    objects: ClassVar[BrokenGlassQuerySet] = BrokenGlassQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-at", "-id")
        verbose_name_plural = "broken glasses"
        indexes = (models.Index(fields=("by", "expires_at"), name="glass_of_person"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=models.F("by")),
                name="nobody_reviews_their_own_glass",
            ),
        )

    def __str__(self) -> str:
        return f"{self.by_id} opened {self.contact_id}"

    @property
    def about(self) -> str:
        """What its deadline is about, among the deadlines of the contact."""
        return f"glass:{self.pk}"

    @property
    def ended_at(self) -> datetime:
        """When it was given back, or ran out, or will."""
        return min(self.closed_at, self.expires_at) if self.closed_at else self.expires_at


def ways_in(user: User, contact: str = "") -> Q:
    """Who sees a restricted record: who is named, who holds it, who sent it, and who broke the glass, for four hours.

    `contact` is the path from the row that is asked about to its contact.
    """
    this = OuterRef(f"{contact}pk")
    ways = Q(**{f"{contact}owner": user})
    if user.as_role in permissions.DRAFTING:
        ways |= Q(**{f"{contact}referrer": user})
    named = Restriction.objects.in_force().filter(contact=this, named=user)
    glass = BrokenGlass.objects.in_force().filter(contact=this, by=user)
    return ways | Q(Exists(named)) | Q(Exists(glass))


@dataclass(frozen=True)
class Circle:
    """Who may hear of one restricted record, and which of them are managers."""

    people: frozenset[int]
    managers: Sequence[User]

    def holds(self, person: User) -> bool:
        return person.pk in self.people

    def keep(self, people: Iterable[User]) -> list[User]:
        return [person for person in people if self.holds(person)]


def circles(restrictions: RestrictionQuerySet) -> Mapping[int, Circle]:
    """The circle of each, by its contact: two queries, and one where there is none."""
    found = restrictions.in_force().select_related("contact__referrer").prefetch_related("named")
    return {one.contact_id: _circle(one) for one in found}


def _circle(restriction: Restriction) -> Circle:
    contact, named = restriction.contact, restriction.named.all()
    people = {person.pk for person in named} | ({contact.owner_id} if contact.owner_id else set())
    if contact.referrer.as_role in permissions.DRAFTING:
        people.add(contact.referrer_id)
    managers = [person for person in named if person.is_active and person.as_role in MANAGER_ROLES]
    return Circle(frozenset(people), managers)
