"""What whoever keeps the rota does: give somebody a turn, change it, cancel it; and say how long a message may wait."""

from datetime import datetime, timedelta

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import Role
from mash_portal.audit import trail
from mash_portal.govuk.words import short_moment
from referrals.models import Partnership, Turn, rota
from referrals.refusals import Objection, Refused
from referrals.rules import duty
from referrals.rules.duty import ON_CALL
from referrals.rules.ladder import LONGEST_WAIT, SHORTEST_WAIT

LONGEST_TURN = timedelta(days=31)


@transaction.atomic
def add_turn(person: User, *, starts: datetime, ends: datetime, by: User) -> Turn:
    """Somebody answers for their role from then to then, before any standing duty; from now, if that has begun."""
    now = timezone.now()
    starts = max(starts, now)
    _require(person, starts, ends, now)
    turn = Turn.objects.create(role=person.role, person=person, starts_at=starts, ends_at=ends)
    trail.record("turn:add", by=by, details=_details(turn))
    return turn


@transaction.atomic
def change_turn(number: int, *, person: User, starts: datetime | None, ends: datetime, by: User) -> Turn:
    """What has been stays as it was: of a turn that has begun the rest is changed, and the rest may be another's.

    `starts` None: as it was.
    """
    now = timezone.now()
    turn = _open(number, now)
    has_begun = turn.starts_at <= now
    starts = turn.starts_at if has_begun or starts is None else max(starts, now)
    if person.role != turn.role:
        raise Refused(Objection("person", f"Choose a {Role(turn.role).label.lower()}, as {turn.person} is."))
    _require(person, now if has_begun else starts, ends, now, but=turn)
    before = _details(turn)
    if has_begun and person != turn.person:
        Turn.objects.filter(pk=turn.pk).update(ends_at=now)
        turn = Turn.objects.create(role=turn.role, person=person, starts_at=now, ends_at=ends)
    else:
        turn.person, turn.starts_at, turn.ends_at = person, starts, ends
        turn.save(update_fields=["person", "starts_at", "ends_at"])
    trail.record("turn:change", by=by, details={"from": before, "to": _details(turn)})
    return turn


@transaction.atomic
def cancel_turn(number: int, *, by: User) -> Turn:
    """One that has begun ends now; one that has not is taken off the rota. The trail keeps both."""
    now = timezone.now()
    turn = _open(number, now)
    trail.record("turn:cancel", by=by, details=_details(turn))
    if turn.starts_at < now:
        Turn.objects.filter(pk=turn.pk).update(ends_at=now)
    else:
        Turn.objects.filter(pk=turn.pk).delete()
    return turn


@transaction.atomic
def set_waits(*, red: int, other: int, by: User) -> None:
    """How many minutes a message waits to be acknowledged before it goes up, for what is sent from now on."""
    for name, minutes in (("red", red), ("other", other)):
        if not SHORTEST_WAIT <= minutes <= LONGEST_WAIT:
            raise Refused(Objection(name, f"Enter a number of minutes from {SHORTEST_WAIT} to {LONGEST_WAIT}."))
    if red > other:
        raise Refused(Objection("red", "A red contact cannot wait longer than any other."))
    found, _ = Partnership.objects.select_for_update().get_or_create(pk=1)
    before = [found.goes_up_red_minutes, found.goes_up_minutes]
    found.goes_up_red_minutes, found.goes_up_minutes = red, other
    found.save(update_fields=["goes_up_red_minutes", "goes_up_minutes"])
    trail.record("waits_changed", by=by, details={"from": before, "to": [red, other]})


def _open(number: int, now: datetime) -> Turn:
    turn = Turn.objects.select_for_update(of=("self",)).select_related("person").filter(pk=number).first()
    if turn is None:
        raise Http404
    if turn.ends_at <= now:
        raise Refused("This turn is over.")
    return turn


def _require(person: User, starts: datetime, ends: datetime, now: datetime, but: Turn | None = None) -> None:
    """One answers for a role at a time, and is there. Two who plan at once wait for each other."""
    if person.as_role not in ON_CALL or not person.is_active:
        raise Refused(Objection("person", f"{person.full_name} is not an active manager."))
    list(User.objects.select_for_update(of=("self",), no_key=True).filter(role=person.role).order_by("pk"))
    if ends <= now:
        raise Refused(Objection("ends_on", "That is over already. A turn is set for now or for what comes."))
    if ends <= starts:
        raise Refused(Objection("ends_on", "The turn must end after it starts."))
    if ends - starts > LONGEST_TURN:
        raise Refused(Objection("ends_on", "A turn is 31 days at most. Set the rest as another turn."))
    others = Turn.objects.filter(role=person.role, starts_at__lt=ends, ends_at__gt=starts).select_related("person")
    if other := (others.exclude(pk=but.pk) if but else others).first():
        raise Refused(
            Objection(
                "starts_on",
                f"{other.person} has the turn from {short_moment(other.starts_at)} to {short_moment(other.ends_at)}. "
                "Change or cancel that one first.",
            )
        )
    _require_cover(person, starts, ends)


def _require_cover(person: User, starts: datetime, ends: datetime) -> None:
    """While they are away, for however short a part of it, somebody who holds the role answers for them."""
    gap = duty.left_to_nobody(person.pk, person.role, starts, ends, rota.between(starts, ends, [person.role]))
    if gap:
        raise Refused(
            Objection(
                "person",
                f"{person.full_name} is away from {short_moment(gap[0])} to {short_moment(gap[1])}, and nobody answers "
                "for them. Choose somebody else.",
            )
        )


def _details(turn: Turn) -> dict[str, object]:
    return {
        "role": turn.role,
        "person": turn.person_id,
        "starts": turn.starts_at.isoformat(),
        "ends": turn.ends_at.isoformat(),
    }
