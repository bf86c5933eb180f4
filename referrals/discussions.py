"""What other pages say of a strategy discussion: the overview, the decision and its record. Reads only.

Also what the guards of a decision look at. Calling, recording and calling off are in referrals/strategy/.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Prefetch

from mash_portal.govuk import words
from referrals.models import Contact, Decision, Invitation, StrategyDiscussion
from referrals.models.strategy import StrategyDiscussionQuerySet
from referrals.rules import strategy
from referrals.rules.strategy import OnRecord, Seat
from referrals.vocabulary import AgencyKind, StrategyDecision

CLOCK = "Strategy discussion"
Row = dict[str, str]

_WITH = (
    Prefetch("invitations", Invitation.objects.select_related("agency")),
    "children",
    "actions",
)
#: What a page of a decision prefetches, so that each record tells of its discussions without asking again.
OF_A_DECISION = Prefetch(
    "contact__strategy_discussions",
    StrategyDiscussion.objects.select_related("called_by", "chaired_by").prefetch_related(*_WITH),
)


def of(contact: Contact) -> StrategyDiscussionQuerySet:
    """Every strategy discussion about this family, the newest first. Four queries."""
    people = ("called_by", "chaired_by", "recorded_by", "called_off_by")
    return contact.strategy_discussions.select_related(*people).prefetch_related(*_WITH)


def seats_of(discussion: StrategyDiscussion) -> list[Seat]:
    return [seat_of(invitation) for invitation in discussion.invitations.all()]


def seat_of(invitation: Invitation) -> Seat:
    return Seat(
        key=str(invitation.pk),
        kind=AgencyKind(invitation.kind),
        name=name_of(invitation),
        is_invited=invitation.is_invited,
        not_invited_because=invitation.not_invited_because,
        attended=invitation.attended,
        absent_because=invitation.absent_because,
    )


def latest_by_child(contact: Contact) -> dict[int, OnRecord]:
    """For each child, the latest discussion about them that was not called off, as the guards look at it."""
    found: dict[int, OnRecord] = {}
    for discussion in of(contact).in_force():
        decision = StrategyDecision(discussion.decision) if discussion.recorded_at else None
        on_record = OnRecord(seats=tuple(seats_of(discussion)), decision=decision, rationale=discussion.rationale)
        for child in discussion.children.all():
            found.setdefault(child.pk, on_record)
    return found


def briefly(contact: Contact, now: datetime) -> list[dict[str, Any]]:
    """Each discussion that was not called off, in the few rows that a decision needs to know."""
    return [
        {
            "title": title(discussion),
            "rows": [*_gist(discussion), *_outcome(discussion)],
            "clock": clock(discussion, now),
        }
        for discussion in of(contact).in_force()
    ]


def on_the_record(decision: Decision) -> list[Row]:
    """What a management decision record says of the discussions that had been called when it was made."""
    until = decision.signed_off_at or decision.sent_back_at
    return [
        {"key": CLOCK, "value": _told(discussion, until)}
        for discussion in decision.contact.strategy_discussions.all()
        if until is None or discussion.called_at <= until
    ]


def title(discussion: StrategyDiscussion) -> str:
    if discussion.called_off_at:
        return f"Strategy discussion called off {words.long_moment(discussion.called_off_at)}"
    if discussion.held_at:
        return f"Strategy discussion held {words.long_moment(discussion.held_at)}"
    return f"Strategy discussion called {words.long_moment(discussion.called_at)}"


def clock(discussion: StrategyDiscussion, now: datetime) -> words.ClockWords | None:
    """The four hours, running or met; nothing where it was called off."""
    if discussion.called_off_at:
        return None
    return words.clock_words("Held and recorded", discussion.due_at, now, discussion.recorded_at)


def children_of(discussion: StrategyDiscussion) -> str:
    return ", ".join(child.name for child in discussion.children.all())


def decision_words(discussion: StrategyDiscussion) -> str:
    """ "Section 47 enquiry, jointly with the police", or that nothing is decided yet."""
    return StrategyDecision(discussion.decision).label if discussion.decision else "Not held yet"


def invited_words(invitations: Iterable[Invitation]) -> str:
    """One line for each: who was invited, and came or did not; or why nobody was."""
    return "\n".join(_invited(invitation) for invitation in invitations)


def name_of(invitation: Invitation) -> str:
    """ "Regional Police, Omar Khan": whoever of the two is known; else the kind of agency."""
    known = [str(invitation.agency or ""), invitation.who]
    return ", ".join(part for part in known if part) or kind_words(invitation.kind)


def kind_words(kind: str) -> str:
    """ "Children’s social care", "Police", "Health"; any other kind as it is called."""
    if kind == AgencyKind.TEAM:
        return "Children’s social care"
    return AgencyKind(kind).label


def _invited(invitation: Invitation) -> str:
    kind = kind_words(invitation.kind)
    if not invitation.is_invited:
        return f"{kind}: not invited. {invitation.not_invited_because}"
    came = {True: ". Took part", False: f". Did not take part: {invitation.absent_because}", None: ""}
    return f"{kind}: {name_of(invitation)}{came[invitation.attended]}"


def _gist(discussion: StrategyDiscussion) -> list[Row]:
    return [
        {"key": "About", "value": children_of(discussion)},
        {"key": "Who was invited", "value": invited_words(discussion.invitations.all())},
    ]


def _outcome(discussion: StrategyDiscussion) -> list[Row]:
    if not discussion.recorded_at:
        return [{"key": "Decision", "value": "Not recorded yet"}]
    rows = [
        {"key": "Decision", "value": decision_words(discussion)},
        {"key": "Why", "value": discussion.rationale},
    ]
    absent = strategy.not_there(seats_of(discussion))
    if absent:
        rows.insert(0, {"key": "Held without", "value": "\n".join(who[:1].upper() + who[1:] for who in absent)})
    return rows


def _told(discussion: StrategyDiscussion, until: datetime | None) -> str:
    """A discussion in one answer of a record: what was known of it when the record was made."""
    about = (
        f"About {children_of(discussion)}. Called by {discussion.called_by}, {words.long_moment(discussion.called_at)}"
    )
    if discussion.called_off_at and (until is None or discussion.called_off_at <= until):
        return f"{about}, and called off {words.long_moment(discussion.called_off_at)}: {discussion.called_off_because}"
    invited = invited_words(discussion.invitations.all())
    if not discussion.held_at or not discussion.recorded_at or (until and discussion.recorded_at > until):
        return f"{about}. Not recorded then.\n{invited}"
    held = f"Held {words.long_moment(discussion.held_at)}, chaired by {discussion.chaired_by}"
    return f"{about}. {held}.\nDecided: {decision_words(discussion)}\nWhy: {discussion.rationale}\n{invited}"
