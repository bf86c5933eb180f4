"""What follows from a decision: who takes each child over, who became a referral, what the case system is sent.

Called in the transaction of a sign-off, whichever phase signs off. Whatever an earlier decision on the contact had
routed and this one does not, is ended. Phases write hand-overs through here and nowhere else.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from mash_portal.accounts.models import Agency, User
from mash_portal.audit import trail
from referrals import clockwork, disputes, notices
from referrals.models import Contact, Decision, Delivery, Handover, Referral
from referrals.models.partnership import clock_rules, working_week
from referrals.rules import permissions
from referrals.vocabulary import HANDED_OVER, REFERRAL, Clock, Outcome, main_outcome

#: Each child of a decision, by its id, with every outcome decided for it.
Decided = Mapping[int, frozenset[Outcome]]


@dataclass(frozen=True)
class Offer:
    """One child to be offered to one team; no team: the hub chooses one."""

    child_id: int
    outcome: Outcome
    team: Agency | None
    note: str = ""


def route(contact: Contact, decision: Decision, *, by: User, now: datetime) -> None:
    """Hand every child over whom the decision says somebody else takes on; write down who became a referral."""
    decided = _decided(decision)
    settled = _end_what_has_changed(contact, decided, now=now)
    wanted = [
        (child, outcome)
        for child, outcomes in decided.items()
        for outcome in sorted(outcomes & HANDED_OVER)
        if (child, outcome) not in settled
    ]
    teams = _receivers({outcome for _, outcome in wanted})
    offer(
        contact,
        decision,
        [Offer(child, outcome, teams.get(outcome)) for child, outcome in wanted],
        by=by,
        now=now,
    )
    _refer(contact, decision, decided, now=now)
    _deliver(contact, decision, now=now)
    disputes.end_with(contact, decision, by=by, now=now)


def offer(contact: Contact, decision: Decision, offers: Sequence[Offer], *, by: User, now: datetime) -> list[Handover]:
    """A hand-over, its clock, a line of the trail and a message to the team for each. Nothing for nothing."""
    if not offers:
        return []
    kept = clockwork.under(Clock.HANDOVER, None, clock_rules(), working_week())
    due = kept.due_at(now)
    rows = Handover.objects.bulk_create(
        Handover(
            contact=contact,
            child_id=one.child_id,
            decision=decision,
            outcome=one.outcome,
            team=one.team,
            note=one.note,
            offered_by=by,
            offered_at=now,
            due_at=due,
        )
        for one in offers
    )
    plans = [clockwork.plan(Clock.HANDOVER, kept, now, about=row.about, agency=row.team) for row in rows]
    clockwork.open_all(contact, plans)
    lines = [(contact.reference, {"handover": row.pk, "outcome": row.outcome, "team": row.team_id}) for row in rows]
    trail.record_many("handed_over", lines, by=by)
    people = workers_of({row.team for row in rows if row.team}, contact)
    notices.queue("handed_over", contact.reference, people, occasion=rows[0].about, now=now)
    return rows


def end(contact: Contact, handovers: Iterable[Handover], *, now: datetime) -> None:
    """These are no longer on offer; their clocks stop."""
    for handover in handovers:
        clockwork.close(contact, cancelled=(Clock.HANDOVER,), now=now, about=handover.about)
        handover.ended_at = now
        handover.save(update_fields=["ended_at"])


def workers_of(teams: Collection[Agency], contact: Contact) -> list[User]:
    """Everybody who can accept for these teams; of a restricted record, only those who are named on it."""
    if not teams:
        return []
    people = User.objects.filter(agency__in=teams, role__in=permissions.EARLY_HELP, is_active=True)
    if contact.is_restricted:
        people = people.filter(named_on__contact=contact, named_on__lifted_at=None)
    return list(people.distinct())


def _decided(decision: Decision) -> Decided:
    found: dict[int, frozenset[Outcome]] = {}
    for row in decision.outcomes.all():
        found[row.child_id] = found.get(row.child_id, frozenset()) | {Outcome(row.outcome)}
    return found


def _end_what_has_changed(contact: Contact, decided: Decided, *, now: datetime) -> set[tuple[int, str]]:
    """What an earlier decision offered: kept where it was not sent back and still holds. Returns what was kept."""
    kept: set[tuple[int, str]] = set()
    over = []
    for handover in contact.handovers.filter(ended_at=None):
        still = handover.outcome in decided.get(handover.child_id, ()) and handover.declined_at is None
        if still:
            kept.add((handover.child_id, handover.outcome))
        else:
            over.append(handover)
    end(contact, over, now=now)
    return kept


def _receivers(outcomes: Collection[str]) -> Mapping[str, Agency]:
    """The one active team that receives each outcome. Where there are several, or none, the hub chooses."""
    if not outcomes:
        return {}
    teams = list(Agency.objects.filter(is_active=True, receives__overlap=sorted(outcomes)))
    found = {outcome: [team for team in teams if outcome in team.receives] for outcome in outcomes}
    return {outcome: those[0] for outcome, those in found.items() if len(those) == 1}


def _refer(contact: Contact, decision: Decision, decided: Decided, *, now: datetime) -> None:
    """A contact that became a referral says so per child; one that a later decision takes back is ended, and stays."""
    known = {row.child_id: row for row in Referral.objects.filter(child__contact=contact)}
    needs = {row.child_id: row.need for row in decision.outcomes.all() if row.need}
    for child, outcomes in decided.items():
        row, wanted = known.get(child), outcomes & REFERRAL
        if not wanted:
            if row is not None and row.ended_at is None:
                Referral.objects.filter(pk=row.pk).update(ended_at=now)
            continue
        since = row.referred_at if row is not None and row.ended_at is None else now
        facts = {"decision": decision, "outcome": main_outcome(list(wanted)), "referred_at": since, "ended_at": None}
        need = {"need": needs[child]} if child in needs else {}
        Referral.objects.update_or_create(child_id=child, defaults=facts | need)


def _deliver(contact: Contact, decision: Decision, *, now: datetime) -> None:
    """The case management system is sent every contact that is decided, where there is one."""
    if settings.CASE_SYSTEM_URL:
        Delivery.objects.create(key=f"decision:{decision.pk}", contact=contact, created_at=now, next_attempt_at=now)
