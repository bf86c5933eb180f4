"""A person says: I have seen this, and I am dealing with it."""

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit import trail
from mash_portal.govuk.words import short_moment
from referrals import access
from referrals.models import Escalation
from referrals.refusals import Refused
from referrals.rules import permissions
from referrals.vocabulary import Verb


@transaction.atomic
def acknowledge(reference: str, step: int, *, by: User) -> Escalation:
    """Put a name to a step that has fired, and to the earlier ones of its clock: who has seen “late” has seen “due”.

    It is done once; whoever comes second reads who was first.
    """
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.ACKNOWLEDGE)
    shown = contact.escalations.fired().exclude(deadline__clock__in=permissions.unseen_clocks(by.as_role))
    escalation = shown.select_related("acknowledged_by").filter(pk=step).first()
    if escalation is None:
        raise Http404
    if escalation.acknowledged_by is not None and escalation.acknowledged_at is not None:
        who = "You" if escalation.acknowledged_by == by else escalation.acknowledged_by.full_name
        raise Refused(f"{who} acknowledged this already: {short_moment(escalation.acknowledged_at)}.")
    of_its_clock = contact.escalations.unacknowledged().filter(deadline=escalation.deadline_id)
    seen = of_its_clock.up_to(escalation.due_at, escalation.pk)
    trail.record(Verb.ACKNOWLEDGE, by=by, reference=reference, details={"steps": [one.step for one in seen]})
    seen.update(acknowledged_at=now, acknowledged_by=by)
    escalation.refresh_from_db()
    return escalation
