"""What the pages of restricted records read. Each function says how many queries it makes; none grows with the rows."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, Q

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import HUB_ROLES, Role
from mash_portal.audit import trail
from referrals import access
from referrals.models import BrokenGlass, Contact, Deadline, Restriction
from referrals.models.restricted import BrokenGlassQuerySet
from referrals.rules import permissions
from referrals.vocabulary import Clock

PAGE = 50
HUB = HUB_ROLES
#: Most pages that a review lists, the latest first.
MOST = 100


def may_be_named(contact: Contact) -> list[User]:
    """The hub, the people of the agency that referred, those of the teams, and practitioners: one query.

    A practitioner of another agency who is named may be asked for a check and invited to a discussion, and sees that.
    Who holds the contact and who referred it see it anyway.
    """
    hub = Q(role__in=HUB)
    school = Q(agency=contact.agency_id, role__in=permissions.DRAFTING)
    teams = Q(role__in=permissions.EARLY_HELP)
    practitioners = Q(role=Role.PARTNER)
    people = User.objects.filter(hub | school | teams | practitioners, is_active=True)
    seeing = [pk for pk in (contact.referrer_id, contact.owner_id) if pk is not None]
    return list(people.exclude(pk__in=seeing).order_by("full_name", "pk"))


def in_force(contact: Contact) -> Restriction | None:
    """The restriction with who is named: two queries, none for a contact that everybody may see."""
    if not contact.is_restricted:
        return None
    found = Restriction.objects.in_force().filter(contact=contact)
    return found.select_related("by").prefetch_related("named").first()


def broken_on(contact: Contact) -> list[BrokenGlass]:
    """Who has broken the glass of this record, the latest first: one query."""
    return list(contact.broken_glass.select_related("by", "reviewed_by"))


def records_of(user: User, page: str) -> Page[Contact]:
    """The restricted records that this person is named on or holds, the latest received first: five queries."""
    mine = Restriction.objects.in_force().filter(Q(named=user) | Q(contact__owner=user))
    restrictions = Restriction.objects.in_force().select_related("by").prefetch_related("named")
    contacts = (
        access.visible_to(user)
        .filter(is_restricted=True, pk__in=mine.values("contact"))
        .for_list()
        .prefetch_related(Prefetch("restrictions", queryset=restrictions, to_attr="in_force"))
        .newest_first()
    )
    return Paginator(contacts, PAGE).get_page(page)


def broken(glasses: BrokenGlassQuerySet, page: str) -> Page[BrokenGlass]:
    """Two queries."""
    rows = glasses.select_related("contact", "by__agency", "reviewed_by")
    return Paginator(rows, PAGE).get_page(page)


def reviews_due(glasses: Iterable[BrokenGlass]) -> Mapping[int, datetime]:
    """By when each has to be reviewed: one query."""
    by_about = {glass.about: glass.pk for glass in glasses}
    rows = Deadline.objects.filter(clock=Clock.BREAK_REVIEW, about__in=by_about)
    return {by_about[row.about]: row.due_at for row in rows}


def pages_read(glass: BrokenGlass) -> list[trail.Line]:
    """What the reader did with the record while the glass was open, out of the trail: one query."""
    return trail.done(glass.by, glass.contact.reference, glass.at, glass.ended_at, most=MOST)
