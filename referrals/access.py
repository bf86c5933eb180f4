"""The doors. Every list, count, search, export and page of a contact comes through one of these functions.

A stranger gets the same 404 as for something that is not there. Every read of a record is audited here.
"""

from uuid import UUID

from django.http import Http404

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import HUB_ROLES, Role
from mash_portal.audit import trail
from referrals.models import Call, Contact, Draft
from referrals.models.call import CallQuerySet
from referrals.models.contact import ContactQuerySet
from referrals.models.people import Child, ChildQuerySet
from referrals.refusals import NotYours
from referrals.rules import permissions
from referrals.rules.permissions import Relation
from referrals.vocabulary import Outcome, Verb


def visible_to(user: User) -> ContactQuerySet:
    """Every contact that this person may see; for a person without access, none."""
    relations = permissions.sees(user.as_role)
    if Relation.HUB in relations:
        return Contact.objects.all()
    if Relation.OWN_AGENCY in relations and user.agency_id:
        return Contact.objects.filter(agency_id=user.agency_id)
    if Relation.ROUTED in relations:
        return Contact.objects.filter(children__outcome=Outcome.EARLY_HELP).distinct()
    return Contact.objects.none()


def countable_by(user: User) -> ChildQuerySet:
    """Every child row that may be counted in this person's figures: an analyst counts all and opens none."""
    if user.as_role in permissions.INSIGHT:
        return Child.objects.all()
    return Child.objects.filter(contact__in=visible_to(user))


def relations_of(user: User, contact: Contact) -> frozenset[Relation]:
    """What this person is to this contact."""
    relations = set()
    if user.as_role in HUB_ROLES:
        relations.add(Relation.HUB)
        if contact.owner_id == user.pk:
            relations.add(Relation.HOLDER)
    if user.agency_id is not None and user.agency_id == contact.agency_id:
        relations.add(Relation.OWN_AGENCY)
    if user.as_role is Role.EARLY_HELP:  # visible_to has found an early help outcome on it
        relations.add(Relation.ROUTED)
    return frozenset(relations)


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
    _require(user, contact, verb)
    return contact


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
        return Call.objects.all()
    if user.as_role in permissions.DRAFTING and user.agency_id:
        return Call.objects.of_agency(user.agency_id)
    return Call.objects.none()


def read_call(user: User, reference: str) -> Call:
    """The call, for a page: recorded in the trail. 404 for a stranger."""
    calls = calls_of(user).select_related("agency", "caller", "taken_by", "contact", "form", "advice_read_by")
    call = calls.filter(reference=reference).first()
    if call is None:
        raise Http404
    trail.record("viewed:call", by=user, reference=call.reference)
    return call


def may_take_over(user: User, draft: Draft) -> bool:
    """Whether this person may take an unsent form over from the colleague who has it."""
    return user.as_role in permissions.TAKES_OVER and draft.author_id != user.pk


def _found(contacts: ContactQuerySet, reference: str) -> Contact:
    contact = contacts.filter(reference=reference).first()
    if contact is None:
        raise Http404
    return contact


def _require(user: User, contact: Contact, verb: Verb) -> None:
    if verb in may(user, contact):
        return
    if verb in permissions.allowed(user.as_role, frozenset(Relation)):
        holder = contact.owner.full_name if contact.owner else "nobody yet"
        raise NotYours(f"Only the person who holds this contact can do this. It is held by {holder}.")
    raise NotYours(f"A {user.as_role.label.lower()} cannot do this. It needs somebody with another role.")
