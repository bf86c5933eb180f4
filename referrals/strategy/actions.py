"""A strategy discussion: called by a qualified worker, recorded or called off. The rules are in rules/strategy.py."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from mash_portal.accounts.models import Agency, User
from mash_portal.audit import trail
from mash_portal.govuk.words import short_moment
from referrals import access, clockwork, discussions, gate
from referrals.models import Contact, Invitation, StrategyAction, StrategyDiscussion
from referrals.refusals import NotYours, Objection, Refused
from referrals.rules import strategy
from referrals.rules.strategy import Account, Calling, Seat, Task
from referrals.vocabulary import AgencyKind, Clock, StrategyDecision, Verb

from . import telling

UNQUALIFIED = (
    "A strategy discussion can only be called by a social worker whose registration is on record and in force."
)


@dataclass(frozen=True)
class Invited:
    """One line of the invitations: an agency, a person, or for one of the three the reason why nobody is asked."""

    kind: AgencyKind
    agency: Agency | None = None
    who: str = ""
    is_invited: bool | None = True
    not_invited_because: str = ""

    def seat(self) -> Seat:
        name = ", ".join(part for part in (str(self.agency or ""), self.who.strip()) if part)
        return Seat(self.kind, self.kind, name, self.is_invited, self.not_invited_because)


@dataclass(frozen=True)
class Plan:
    """When and where, as far as it is known."""

    planned_for: datetime | None = None
    how_to_join: str = ""


@dataclass(frozen=True)
class Attendance:
    attended: bool | None
    absent_because: str = ""


@dataclass(frozen=True)
class Record:
    """What the form says of a discussion that was held. `attendance` is by the number of the invitation."""

    held_at: datetime | None
    chair: User | None
    attendance: Mapping[int, Attendance]
    decision: StrategyDecision | None
    texts: Mapping[str, str]
    tasks: Sequence[Task] = ()


@transaction.atomic
def call(
    reference: str, *, reason: str, children: Sequence[int], invited: Sequence[Invited], plan: Plan, by: User
) -> StrategyDiscussion:
    """It is judged necessary: the four hours start, and whoever is invited is told. Two at once are one discussion."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.CALL_STRATEGY)
    if not by.is_qualified(clockwork.london(now).date()):
        raise NotYours(UNQUALIFIED)
    _none_is_open(contact)
    about = list(contact.children.filter(pk__in=children))
    calling = Calling(reason, [child.pk for child in about], [one.seat() for one in invited])
    _refuse(strategy.before_calling(calling))
    discussion = StrategyDiscussion.objects.create(
        contact=contact,
        reason=reason.strip(),
        called_by=by,
        called_at=now,
        due_at=now,
        planned_for=plan.planned_for,
        how_to_join=plan.how_to_join.strip(),
    )
    discussion.children.set(about)
    discussion.due_at = clockwork.start_about(contact, Clock.STRATEGY, discussion.about, now=now).due_at
    discussion.save(update_fields=["due_at"])
    _invite(discussion, invited)
    gate.move(contact, Verb.CALL_STRATEGY, by=by, now=now, reason=reason.strip())
    telling.invitation(discussion, by=by, now=now)
    return discussion


@transaction.atomic
def arrange(
    reference: str, *, discussion: int, plan: Plan, invited: Sequence[Invited] = (), by: User
) -> StrategyDiscussion:
    """When and where, and who else: no decision hangs on it, so the contact stays as it is. The invited are told."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.CALL_STRATEGY)
    found = _open(contact, discussion)
    changed = (found.planned_for, found.how_to_join) != (plan.planned_for, plan.how_to_join.strip())
    found.planned_for, found.how_to_join = plan.planned_for, plan.how_to_join.strip()
    found.save(update_fields=["planned_for", "how_to_join"])
    known = set(found.invitations.values_list("kind", "agency_id", "who"))
    further = [one for one in invited if (one.kind, one.agency and one.agency.pk, one.who.strip()) not in known]
    _invite(found, further)
    if changed or further:
        details = {"planned": bool(found.planned_for), "further": len(further)}
        trail.record("arrange_strategy", by=by, reference=reference, details=details)
    if changed:
        telling.change(found, by=by, now=now)
    if further:
        telling.invitation(found, by=by, now=now)
    return found


@transaction.atomic
def record(reference: str, *, discussion: int, said: Record, by: User) -> StrategyDiscussion:
    """Who came, what was decided and why; the clock is met in the same transaction."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.RECORD_STRATEGY)
    found = _open(contact, discussion)
    invitations = list(found.invitations.select_related("agency"))
    for invitation in invitations:
        answered = said.attendance.get(invitation.pk, Attendance(None))
        invitation.attended = answered.attended if invitation.is_invited else None
        invitation.absent_because = answered.absent_because.strip() if answered.attended is False else ""
    account = Account(
        held_at=said.held_at,
        has_chair=said.chair is not None,
        seats=[discussions.seat_of(invitation) for invitation in invitations],
        decision=said.decision,
        texts=said.texts,
        tasks=said.tasks,
    )
    _refuse(strategy.before_recording(account, received_at=contact.received_at, now=now))
    _write(found, said, by=by, now=now)
    Invitation.objects.bulk_update(invitations, ["attended", "absent_because"])
    StrategyAction.objects.bulk_create(
        StrategyAction(discussion=found, what=task.what, owner=task.owner, due=task.due) for task in said.tasks
    )
    clockwork.close(contact, met=(Clock.STRATEGY,), now=now, about=found.about)
    reason = f"{discussions.decision_words(found)}. {found.rationale}"
    gate.move(contact, Verb.RECORD_STRATEGY, by=by, now=now, reason=reason, details={"decision": found.decision})
    return found


@transaction.atomic
def call_off(reference: str, *, discussion: int, reason: str, by: User) -> StrategyDiscussion:
    """It is not held after all. The reason stays, the clock stops, the invited are told; another can be called."""
    now = timezone.now()
    contact = access.open_for(by, reference, Verb.CALL_OFF_STRATEGY)
    found = _open(contact, discussion)
    if not reason.strip():
        raise Refused(Objection("reason", "Say why the strategy discussion is called off: it stays with the record."))
    found.called_off_by, found.called_off_at, found.called_off_because = by, now, reason.strip()
    found.save(update_fields=["called_off_by", "called_off_at", "called_off_because"])
    clockwork.close(contact, cancelled=(Clock.STRATEGY,), now=now, about=found.about)
    gate.move(contact, Verb.CALL_OFF_STRATEGY, by=by, now=now, reason=reason.strip())
    telling.called_off(found, by=by, now=now)
    return found


def _refuse(objections: Iterable[Objection]) -> None:
    if found := list(objections):
        raise Refused(*found)


def _none_is_open(contact: Contact) -> None:
    already = contact.strategy_discussions.open().select_related("called_by").first()
    if already is not None:
        raise Refused(
            f"{already.called_by} called a strategy discussion about this family {short_moment(already.called_at)}. "
            "It is not recorded yet: record it, or call it off, before another is called."
        )


def _open(contact: Contact, number: int) -> StrategyDiscussion:
    """The discussion that the page showed, if it still waits to be recorded."""
    people = ("called_by", "recorded_by", "called_off_by")
    found = contact.strategy_discussions.select_related(*people).filter(pk=number).first()
    if found is None:
        raise Refused("There is no such strategy discussion. Open the page again.")
    if found.recorded_at:
        when = short_moment(found.recorded_at)
        raise Refused(f"{found.recorded_by} has recorded this strategy discussion already: {when}.")
    if found.called_off_at:
        when = short_moment(found.called_off_at)
        raise Refused(f"{found.called_off_by} has called this strategy discussion off: {when}.")
    return found


def _invite(discussion: StrategyDiscussion, invited: Sequence[Invited]) -> None:
    Invitation.objects.bulk_create(
        Invitation(
            discussion=discussion,
            kind=one.kind,
            agency=one.agency if one.is_invited else None,
            who=one.who.strip() if one.is_invited else "",
            not_invited_because="" if one.is_invited else one.not_invited_because.strip(),
        )
        for one in invited
    )


def _write(discussion: StrategyDiscussion, said: Record, *, by: User, now: datetime) -> None:
    discussion.held_at, discussion.chaired_by = said.held_at, said.chair
    discussion.decision = said.decision or ""
    for name in strategy.TEXTS:
        setattr(discussion, name, said.texts[name].strip())
    discussion.recorded_by, discussion.recorded_at = by, now
    discussion.save(update_fields=["held_at", "chaired_by", "decision", "recorded_by", "recorded_at", *strategy.TEXTS])
