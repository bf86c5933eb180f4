"""Where a referral stands, in the words that its agency reads: never internal detail."""

from django.db.models import Q

from referrals.models.contact import OPEN_STAGES
from referrals.vocabulary import Stage, Word


class State(Word):
    RECEIVED = "received", "Received"
    IN_HAND = "in_hand", "Being looked at by a social worker"
    NEEDED = "needed", "We need something from you"
    DECIDED = "decided", "Decided"
    FEEDBACK = "feedback", "Decided: you have feedback"


COLOURS = {
    State.RECEIVED: "blue",
    State.IN_HAND: "yellow",
    State.NEEDED: "orange",
    State.DECIDED: "grey",
    State.FEEDBACK: "green",
}
_UNDECIDED = {State.RECEIVED: (Stage.RECEIVED,), State.IN_HAND: (Stage.TRIAGE, Stage.SIGN_OFF)}


def state_of(stage: Stage, *, has_feedback: bool, has_question: bool) -> State:
    """A contact that has been reopened is being looked at again, whatever was said before."""
    for state, stages in _UNDECIDED.items():
        if stage in stages:
            return State.NEEDED if has_question else state
    return State.FEEDBACK if has_feedback and stage is Stage.CLOSED else State.DECIDED


def condition(state: State) -> Q:
    """The same as a filter; `has_feedback` and `has_question` are annotated (queries.referrals_of)."""
    match state:
        case State.RECEIVED | State.IN_HAND:
            return Q(stage__in=_UNDECIDED[state], has_question=False)
        case State.NEEDED:
            return Q(stage__in=OPEN_STAGES, has_question=True)
        case State.FEEDBACK:
            return Q(stage=Stage.CLOSED, has_feedback=True)
        case State.DECIDED:
            return Q(stage=Stage.DECIDED) | Q(stage=Stage.CLOSED, has_feedback=False)
