"""Strategy discussions and domestic abuse meetings for the suite: what a person writes, and what a test changes."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from mash_portal.accounts.models import User
from referrals.meetings import actions as meetings
from referrals.models import AbuseMeeting, Contact, MeetingItem, StrategyDiscussion
from referrals.rules import strategy as rules
from referrals.rules.meetings import AGENCIES, Judgement, Present
from referrals.rules.strategy import Task
from referrals.strategy import actions as strategy
from referrals.vocabulary import MeetingDecision, StrategyDecision
from tests import policing

WORDS = {
    "risk": "A baby who cannot move has two bruises",
    "childs_voice": "He cries when he is laid down and is calm with his aunt",
    "rationale": "Nobody can say how it happened",
    "contingency": "Police protection, if the parents take him home",
}


def record_of(discussion: StrategyDiscussion, **changes: Any) -> strategy.Record:
    """Everybody came, and it decided on a joint enquiry."""
    came = {one.pk: strategy.Attendance(attended=True) for one in discussion.invitations.all() if one.is_invited}
    whole: dict[str, Any] = {
        "held_at": timezone.now(),
        "chair": discussion.called_by,
        "attendance": came,
        "decision": StrategyDecision.SECTION_47_JOINT,
        "texts": {name: WORDS[name] for name in rules.TEXTS},
        "tasks": [Task("Examine the baby", "Nell Adeyemi", date(2026, 11, 21))],
    }
    return strategy.Record(**{**whole, **changes})


def held(discussion: StrategyDiscussion, *, by: User, **changes: Any) -> StrategyDiscussion:
    said = record_of(discussion, **changes)
    return strategy.record(discussion.contact.reference, discussion=discussion.pk, said=said, by=by)


def invited_rows(discussion: StrategyDiscussion) -> list[tuple[str, str]]:
    return [(one.kind, str(one.agency or one.who)) for one in discussion.invitations.select_related("agency")]


def notified(omar: User, *rows: dict[str, str]) -> list[Contact]:
    """Domestic abuse notifications that the police have brought in."""
    return policing.brought_in(omar, *(rows or (policing.ROW,)))


def opened(by: User, *, on: date | None = None) -> AbuseMeeting:
    return meetings.open_meeting(held_on=on or timezone.localdate(), chair=by, by=by)


def judged(**changes: Any) -> Judgement:
    whole: dict[str, Any] = {
        "decision": MeetingDecision.EARLY_HELP,
        "child_focus": "She hides under the bed when they shout",
        "reason": "The third time in a month",
        "action": "Ring the mother today",
        "action_owner": "Early Help Hub",
    }
    return Judgement(**{**whole, **changes})


def everybody_came(meeting: AbuseMeeting, *, by: User) -> None:
    meetings.note_attendance(meeting.pk, rows=[Present(kind, True, "Somebody") for kind in AGENCIES], by=by)


def decided(item: MeetingItem, *, by: User, **changes: Any) -> MeetingItem:
    return meetings.decide(item.meeting_id, item.pk, judged=judged(**changes), by=by)


def later(hours: float) -> timedelta:
    return timedelta(hours=hours)
