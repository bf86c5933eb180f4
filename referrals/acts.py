"""What was done at once because of immediate danger, in words: for the overview, the decision and its record."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q

from mash_portal.govuk import words
from referrals.models import Contact, EmergencyAct
from referrals.vocabulary import Clock

Row = dict[str, str]


def shown_of(contact: Contact, now: datetime, *, until: datetime | None = None) -> list[dict[str, Any]]:
    """Each act ready to print, newest first. One query where there is none, else three.

    `until`: only what had happened by then, and what a manager had said of it by then.
    """
    found = list(EmergencyAct.objects.with_people().filter(contact=contact))
    if until is not None:
        found = [act for act in found if act.at <= until]
    ends = _ends(contact) if found else {}
    return [_shown(act, ends, now, until) for act in found]


def title(act: EmergencyAct) -> str:
    return f"Acted at once by {act.by}, {words.long_moment(act.at)}"


def _shown(act: EmergencyAct, ends: Mapping[str, datetime], now: datetime, until: datetime | None) -> dict[str, Any]:
    looked_at = act.confirmed_at is not None and (until is None or act.confirmed_at <= until)
    due = None if looked_at else ends.get("")
    said = {
        "Children": ", ".join(child.name for child in act.children.all()),
        "The danger": act.danger,
        "What was done": act.done,
        "Who was told": act.told,
        "Police protection": _protection(act, ends),
        **(_verdict(act) if looked_at else {}),
        "A manager looks at it": f"By {words.long_moment(due)}: {words.time_left(due, now)}" if due else "",
    }
    return {
        "title": title(act),
        "rows": [{"key": key, "value": value} for key, value in said.items() if value],
        "by": act.by,
        "is_waiting": not looked_at,
        "is_late": due is not None and due < now,
    }


def _verdict(act: EmergencyAct) -> Row:
    if act.confirmed_at is None:
        return {}
    right = "What was done was right." if act.was_right else "Something must be put right."
    said = f"{right} {act.managers_words}".strip()
    return {f"{act.confirmed_by}, {words.long_moment(act.confirmed_at)}": said}


def _protection(act: EmergencyAct, ends: Mapping[str, datetime]) -> str:
    """When it was taken, and when it ends at the latest under the clock that the partnership has set."""
    if act.police_protection_at is None:
        return ""
    last = f"\nIt ends {words.long_moment(ends[act.about])} at the latest." if act.about in ends else ""
    return f"Taken {words.long_moment(act.police_protection_at)}.{last}"


def _ends(contact: Contact) -> dict[str, datetime]:
    """When each police protection ends, by the act it is about; under "" when a manager looks at the latest act."""
    waits = Q(clock=Clock.EMERGENCY, met_at=None, cancelled_at=None)
    clocks = contact.deadlines.filter(waits | Q(clock=Clock.POLICE_PROTECTION))
    return {"" if one.clock == Clock.EMERGENCY else one.about: one.due_at for one in clocks}
