"""Breaking the glass: somebody who is not named opens a restricted record, says why, is told of, and is reviewed."""

from datetime import timedelta

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import Role
from mash_portal.audit import trail
from referrals import access, clockwork, notices
from referrals.models import BrokenGlass, Contact, Restriction, circles
from referrals.refusals import NotYours, Objection, Refused
from referrals.rules import permissions
from referrals.vocabulary import Clock, Verb

OPEN_FOR = timedelta(hours=4)
NOTHING = "There is no restricted record with this reference that you can open. Check the reference."


def break_glass(reference: str, *, reason: str, by: User) -> Contact:
    """The record, open to this person for four hours. Every attempt is written down, also where nothing is opened."""
    trail.record("break_glass:tried", by=by, reference=reference[:9])
    return _break(reference, reason, by)


@transaction.atomic
def _break(reference: str, reason: str, by: User) -> Contact:
    now = timezone.now()
    if by.as_role not in permissions.BREAKS_GLASS:
        raise NotYours(f"A {by.as_role.label.lower()} cannot open a restricted record. Ring the MASH.")
    if not reason.strip():
        raise Refused(Objection("reason", "Say why you have to see this record: it will be reviewed."))
    contact = access.behind_glass(by, reference)
    if contact is None:
        return _seen(reference, by)
    glass = BrokenGlass.objects.create(contact=contact, by=by, reason=reason.strip(), at=now, expires_at=now + OPEN_FOR)
    clockwork.start_about(contact, Clock.BREAK_REVIEW, glass.about, now=now)
    trail.record(Verb.BREAK_GLASS, by=by, reference=contact.reference, details={"glass": glass.pk})
    _tell(contact, glass)
    return contact


def _seen(reference: str, by: User) -> Contact:
    """One that this person sees anyway; the same words for what is absent and for what is none of theirs."""
    contact = access.visible_to(by).filter(reference=reference).first()
    if contact is None:
        raise Refused(Objection("reference", NOTHING))
    return contact


def _tell(contact: Contact, glass: BrokenGlass) -> None:
    """The auditors, and the managers who are named: rows in this transaction, sent within the minute."""
    reviewers = list(User.objects.filter(role=Role.AUDITOR, is_active=True).order_by("pk")) or list(
        User.objects.filter(role__in=permissions.REVIEWS_GLASS, is_active=True).exclude(pk=glass.by_id)
    )
    circle = circles(Restriction.objects.filter(contact=contact))[contact.pk]
    for template, people in (("glass_broken", reviewers), ("glass_opened", circle.managers)):
        notices.queue(template, contact.reference, people, occasion=glass.about, now=glass.at, is_for_them=True)


@transaction.atomic
def give_back(reference: str, *, by: User) -> None:
    """The reader has seen enough. What was broken is still reviewed."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.BREAK_GLASS)
    if BrokenGlass.objects.in_force().filter(contact=contact, by=by).update(closed_at=now):
        trail.record("break_glass:given_back", by=by, reference=reference)


@transaction.atomic
def review(glass: int, *, was_right: bool, words: str, by: User) -> BrokenGlass:
    """Somebody who did not break it says whether it was right, in words that stay. It is said once."""
    now = timezone.now()
    found = access.glass_of(by).select_for_update(of=("self",)).select_related("contact").filter(pk=glass).first()
    if found is None:
        raise Http404
    if found.by_id == by.pk:
        raise Refused("You broke this glass yourself, so somebody else must review it.")
    if found.reviewed_by is not None:
        raise Refused(f"{found.reviewed_by.full_name} has reviewed this already.")
    if not words.strip():
        raise Refused(Objection("review", "Write what you found: it stays with the record."))
    found.was_right, found.review, found.reviewed_by, found.reviewed_at = was_right, words.strip(), by, now
    found.save(update_fields=["was_right", "review", "reviewed_by", "reviewed_at"])
    clockwork.close(found.contact, met=(Clock.BREAK_REVIEW,), now=now, about=found.about)
    details = {"glass": found.pk, "was_right": was_right}
    trail.record("break_glass:reviewed", by=by, reference=found.contact.reference, details=details)
    return found
