"""Where a referral stands, in the words that its agency reads: never internal detail."""

from django.db.models import Q

from referrals.vocabulary import Stage, Word


class State(Word):
    RECEIVED = "received", "Received"
    IN_HAND = "in_hand", "Being looked at by a social worker"
    DECIDED = "decided", "Decided"
    FEEDBACK = "feedback", "Decided: you have feedback"


COLOURS = {State.RECEIVED: "blue", State.IN_HAND: "yellow", State.DECIDED: "grey", State.FEEDBACK: "green"}


def state_of(stage: Stage, *, has_feedback: bool) -> State:
    """A contact that has been reopened is being looked at again, whatever was said before."""
    if stage is Stage.RECEIVED:
        return State.RECEIVED
    if stage in (Stage.TRIAGE, Stage.SIGN_OFF):
        return State.IN_HAND
    return State.FEEDBACK if has_feedback and stage is Stage.CLOSED else State.DECIDED


def condition(state: State) -> Q:
    """The same as a filter; `has_feedback` is annotated (queries.referrals_of)."""
    match state:
        case State.RECEIVED:
            return Q(stage=Stage.RECEIVED)
        case State.IN_HAND:
            return Q(stage__in=[Stage.TRIAGE, Stage.SIGN_OFF])
        case State.FEEDBACK:
            return Q(stage=Stage.CLOSED, has_feedback=True)
        case State.DECIDED:
            return Q(stage=Stage.DECIDED) | Q(stage=Stage.CLOSED, has_feedback=False)
