"""The doors. Every list, count, search, export and page of a contact comes through one of these functions.

A stranger gets the same 404 as for something that is not there. Every read of a record is audited here. A restricted
record is there for the people named on it alone; for everybody else each door behaves as if it had never been.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q
from django.http import Http404

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import HUB_ROLES, Role
from mash_portal.audit import trail
from referrals.models import (
    BrokenGlass,
    Call,
    Check,
    Contact,
    Draft,
    Handover,
    Invitation,
    Restriction,
    Sampled,
    StrategyDiscussion,
)
from referrals.models.call import CallQuerySet
from referrals.models.contact import ContactQuerySet
from referrals.models.enquiries import CheckQuerySet
from referrals.models.people import Child, ChildQuerySet
from referrals.models.restricted import BrokenGlassQuerySet, ways_in
from referrals.models.strategy import StrategyDiscussionQuerySet
from referrals.refusals import NotYours
from referrals.rules import permissions
from referrals.rules.permissions import Relation
from referrals.vocabulary import Verb


def visible_to(user: User) -> ContactQuerySet:
    """Every contact that this person may see; for a person without access, none."""
    return _related_to(user).filter(Q(is_restricted=False) | ways_in(user))


def _related_to(user: User) -> ContactQuerySet:
    relations = permissions.sees(user.as_role)
    if Relation.HUB in relations:
        return Contact.objects.all()
    if Relation.OWN_AGENCY in relations and user.agency_id:
        return Contact.objects.filter(agency_id=user.agency_id)
    if Relation.ROUTED in relations:
        handed_over = Handover.objects.in_hand().of_team(user.agency_id)
        return Contact.objects.filter(pk__in=handed_over.values("contact"))
    if Relation.SAMPLED in relations:
        return Contact.objects.filter(pk__in=Sampled.objects.of_auditor(user).values("child__contact"))
    return Contact.objects.none()


def countable_by(user: User) -> ChildQuerySet:
    """Every child row that may be counted in this person's figures: an analyst counts all and opens none."""
    if user.as_role not in permissions.INSIGHT:
        return Child.objects.filter(contact__in=visible_to(user))
    return _without(hidden_from(user))


def countable() -> ChildQuerySet:
    """Every child row that may be counted where nobody in particular looks: on a command line, in a file."""
    return _without(restricted())


def countable_contacts() -> ContactQuerySet:
    """Every contact that may be counted where nobody in particular looks, as on a wall."""
    return Contact.objects.exclude(pk__in=restricted())


def _without(hidden: Sequence[int]) -> ChildQuerySet:
    """As a list, so that the figures are counted from their index alone as long as nothing is restricted."""
    return Child.objects.exclude(contact__in=hidden) if hidden else Child.objects.all()


def hidden_from(user: User) -> list[int]:
    """The restricted contacts that this person does not see, for what is not read through `visible_to`: one query."""
    return list(Restriction.objects.hiding_from(user).values_list("contact", flat=True))


def restricted() -> list[int]:
    """Every contact that is not for everybody, where nobody in particular looks: one query."""
    return list(Restriction.objects.in_force().values_list("contact", flat=True))


def earlier_contacts(user: User, contact: Contact) -> dict[int | None, list[Child]]:
    """Earlier contacts about each child of this one, newest first, that this person may see: by the known person."""
    return Child.objects.filter(contact__in=visible_to(user)).by_person(contact)


def relations_of(user: User, contact: Contact) -> frozenset[Relation]:
    """What this person is to this contact. One query where it is restricted, else none."""
    relations = set()
    if user.as_role in HUB_ROLES:
        relations.add(Relation.HUB if is_named(user, contact) else Relation.GLASS)
        if contact.owner_id == user.pk:
            relations.add(Relation.HOLDER)
    if user.agency_id is not None and user.agency_id == contact.agency_id:
        relations.add(Relation.OWN_AGENCY)
    if user.as_role in permissions.EARLY_HELP:  # visible_to has found a hand-over to their team
        relations.add(Relation.ROUTED)
    if user.as_role in permissions.AUDIT:  # visible_to has found that they audit it
        relations.add(Relation.SAMPLED)
    return frozenset(relations)


def is_named(user: User, contact: Contact) -> bool:
    """Whether this person sees the contact without breaking any glass: they hold it, or are named, or anybody may."""
    if not contact.is_restricted or contact.owner_id == user.pk:
        return True
    return Restriction.objects.in_force().filter(contact=contact, named=user).exists()


def may(user: User, contact: Contact) -> frozenset[Verb]:
    """Everything this person may do with this contact, whatever its stage."""
    return permissions.allowed(user.as_role, relations_of(user, contact))


def read(user: User, reference: str, verb: Verb = Verb.READ) -> Contact:
    """The contact, for a page: authorised for `verb` and recorded in the trail. 404 for a stranger."""
    contact = _found(visible_to(user).select_related("agency", "owner", "referrer"), reference)
    _require(user, contact, verb)
    trail.record(f"viewed:{verb}", by=user, reference=contact.reference)
    return contact


def open_for(user: User, reference: str, verb: Verb) -> Contact:
    """The contact, locked for writing by an action: inside its transaction, before anything else is read."""
    visible = visible_to(user).filter(reference=reference).values("pk")
    contact = _found(Contact.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=visible), reference)
    if contact.is_restricted and not visible_to(user).filter(pk=contact.pk).exists():
        raise Http404  # it was restricted while this waited for the lock
    _require(user, contact, verb)
    return contact


def behind_glass(user: User, reference: str) -> Contact | None:
    """A restricted contact that this person may break the glass of, locked; None where there is none to break."""
    if user.as_role not in permissions.BREAKS_GLASS:
        return None
    hidden = Contact.objects.filter(reference=reference, is_restricted=True).exclude(ways_in(user))
    contact = Contact.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=hidden.values("pk")).first()
    # it may have been lifted, or opened to this person, while this waited for the lock
    return contact if contact is not None and hidden.exists() else None


def glass_of(user: User) -> BrokenGlassQuerySet:
    """Every broken glass, for its reviewers: who, when and why, but nothing of the record."""
    return BrokenGlass.objects.all() if user.as_role in permissions.REVIEWS_GLASS else BrokenGlass.objects.none()


def read_glass(user: User, number: int) -> BrokenGlass:
    """One broken glass, for the page of its review: recorded in the trail. 404 for a stranger."""
    found = glass_of(user).select_related("contact", "by__agency", "reviewed_by").filter(pk=number).first()
    if found is None:
        raise Http404
    trail.record("viewed:broken_glass", by=user, reference=found.contact.reference, details={"glass": found.pk})
    return found


def draft_of(user: User, key: UUID, *, lock: bool = False) -> Draft:
    """An unsent form of the person's own agency; 404 for anybody else's."""
    drafts = Draft.objects.of_agency(user) if user.as_role in permissions.DRAFTING else Draft.objects.none()
    if lock:
        drafts = drafts.select_for_update(of=("self",))
    draft = drafts.filter(key=key).first()
    if draft is None or user.agency_id is None:
        raise Http404
    return draft


def calls_of(user: User) -> CallQuerySet:
    """Every call that this person may see: who takes calls sees all, an agency's people those of their own agency."""
    if user.as_role in permissions.CALLS:
        return calls_seen_by(user)
    if user.as_role in permissions.DRAFTING and user.agency_id:
        return calls_seen_by(user).of_agency(user.agency_id)
    return Call.objects.none()


def calls_seen_by(user: User) -> CallQuerySet:
    """Calls of whatever agency, but for those that a restricted contact began with, or whose form it is."""
    hidden = Restriction.objects.hiding_from(user).values("contact")
    return Call.objects.exclude(contact__in=hidden).exclude(form__in=hidden)


def read_call(user: User, reference: str) -> Call:
    """The call, for a page: recorded in the trail. 404 for a stranger."""
    calls = calls_of(user).select_related("agency", "caller", "taken_by", "contact", "form", "advice_read_by")
    call = calls.filter(reference=reference).first()
    if call is None:
        raise Http404
    trail.record("viewed:call", by=user, reference=call.reference)
    return call


def checks_of(user: User) -> CheckQuerySet:
    """Every agency check that this person may see: the hub those of its contacts, a practitioner their agency's own.

    The check and no more: being asked opens nothing else of the contact. Of a restricted record, only who is named.
    """
    relations = permissions.sees(user.as_role)
    if Relation.HUB in relations:
        return Check.objects.filter(contact__in=visible_to(user))
    if Relation.ASKED in relations and user.agency_id:
        asked = Check.objects.asked().of_agency(user.agency_id)
        return asked.filter(Q(contact__is_restricted=False) | ways_in(user, "contact__"))
    return Check.objects.none()


def read_check(user: User, number: int) -> Check:
    """The check, for the page of whoever was asked: recorded in the trail. 404 for a stranger."""
    checks = checks_of(user).select_related("agency", "contact", "requested_by")
    check = checks.prefetch_related("children").filter(pk=number).first()
    if check is None:
        raise Http404
    trail.record("viewed:check", by=user, reference=check.contact.reference, details={"check": check.pk})
    return check


def open_check(user: User, number: int) -> Check:
    """The check, for its answer: the contact is locked first, then the check is read. 404 for a stranger."""
    if Verb.ANSWER_CHECK not in permissions.allowed(user.as_role, frozenset({Relation.ASKED})):
        raise Http404
    mine = checks_of(user).filter(pk=number)
    contact = Contact.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=mine.values("contact")).first()
    check = mine.select_related("agency").first()
    if contact is None or check is None:
        raise Http404  # or it was restricted while this waited for the lock
    check.contact = contact
    return check


def invited_to(user: User) -> StrategyDiscussionQuerySet:
    """Strategy discussions to which this person's agency is invited: for them to know when and where, no more.

    A referrer only where their agency referred; of a restricted record, only who is named on it.
    """
    if user.as_role not in permissions.INVITED or user.agency_id is None:
        return StrategyDiscussion.objects.none()
    invited = Invitation.objects.filter(agency=user.agency_id, not_invited_because="")
    found = StrategyDiscussion.objects.filter(pk__in=invited.values("discussion"))
    if user.as_role is Role.REFERRER:
        found = found.filter(contact__agency=user.agency_id)
    named = Restriction.objects.filter(named=user, lifted_at=None).values("contact")
    return found.filter(Q(contact__is_restricted=False) | Q(contact__in=named))


def read_discussion(user: User, reference: str) -> StrategyDiscussion:
    """The latest discussion about this family to which the person's agency is invited; recorded in the trail."""
    discussions = invited_to(user).select_related("contact", "called_by").prefetch_related("children")
    discussion = discussions.filter(contact__reference=reference).first()
    if discussion is None:
        raise Http404
    trail.record("viewed:invitation", by=user, reference=reference)
    return discussion


def may_take_over(user: User, draft: Draft) -> bool:
    """Whether this person may take an unsent form over from the colleague who has it."""
    return user.as_role in permissions.TAKES_OVER and draft.author_id != user.pk


def runs_the_queue(user: User) -> bool:
    """Whether this person shares contacts out, and notes other people's absences."""
    return user.as_role in permissions.RUNS_THE_QUEUE


def _found(contacts: ContactQuerySet, reference: str) -> Contact:
    contact = contacts.filter(reference=reference).first()
    if contact is None:
        raise Http404
    return contact


def _require(user: User, contact: Contact, verb: Verb) -> None:
    relations = relations_of(user, contact)
    if verb in permissions.allowed(user.as_role, relations):
        return
    if Relation.GLASS in relations:
        raise NotYours(
            "You opened this record by breaking the glass: you can read it, note a discussion and act in an "
            "emergency. Everything else is for the people named on it."
        )
    if verb in permissions.allowed(user.as_role, frozenset(Relation)):
        holder = contact.owner.full_name if contact.owner else "nobody yet"
        raise NotYours(f"Only the person who holds this contact can do this. It is held by {holder}.")
    raise NotYours(f"A {user.as_role.label.lower()} cannot do this. It needs somebody with another role.")
