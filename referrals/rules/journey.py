"""The journey as a table: (stage, verb) → next stage, and the clocks that the step opens, meets and cancels.

Any pair that is not in the table is refused. Plain Python: no Django, no clock, no database.
"""

from dataclasses import dataclass

from referrals.refusals import Refused
from referrals.vocabulary import Clock, Stage, Verb


@dataclass(frozen=True)
class Step:
    """What a verb does to a contact at a stage."""

    to: Stage
    opens: tuple[Clock, ...] = ()
    meets: tuple[Clock, ...] = ()
    cancels: tuple[Clock, ...] = ()


_PROMISES = (Clock.DECISION, Clock.STATUTORY)
_QUESTIONS = (Clock.QUESTION, Clock.QUESTION_RED)

#: None is "not here yet".
JOURNEY: dict[tuple[Stage | None, Verb], Step] = {
    (None, Verb.RECEIVE): Step(Stage.RECEIVED, opens=_PROMISES),
    (None, Verb.IMPORT): Step(Stage.CLOSED),
    (Stage.RECEIVED, Verb.CLAIM): Step(Stage.TRIAGE),
    (Stage.RECEIVED, Verb.ASSIGN): Step(Stage.TRIAGE),
    (Stage.RECEIVED, Verb.RATE): Step(Stage.RECEIVED),
    (Stage.TRIAGE, Verb.RELEASE): Step(Stage.RECEIVED),
    (Stage.TRIAGE, Verb.ASSIGN): Step(Stage.TRIAGE),
    (Stage.TRIAGE, Verb.RATE): Step(Stage.TRIAGE),
    (Stage.TRIAGE, Verb.ASSESS): Step(Stage.TRIAGE),
    (Stage.TRIAGE, Verb.RECOMMEND): Step(Stage.SIGN_OFF),
    (Stage.SIGN_OFF, Verb.TAKE_BACK): Step(Stage.TRIAGE),
    (Stage.SIGN_OFF, Verb.SEND_BACK): Step(Stage.TRIAGE),
    (Stage.SIGN_OFF, Verb.SIGN_OFF): Step(Stage.DECIDED, opens=(Clock.FEEDBACK,), meets=_PROMISES, cancels=_QUESTIONS),
    (Stage.DECIDED, Verb.ASSIGN): Step(Stage.DECIDED),
    (Stage.DECIDED, Verb.GIVE_FEEDBACK): Step(Stage.CLOSED, meets=(Clock.FEEDBACK,)),
    (Stage.DECIDED, Verb.REOPEN): Step(Stage.TRIAGE, opens=_PROMISES, cancels=(Clock.FEEDBACK,)),
    (Stage.CLOSED, Verb.READ_FEEDBACK): Step(Stage.CLOSED, meets=(Clock.FEEDBACK_READ,)),
    (Stage.CLOSED, Verb.REOPEN): Step(Stage.TRIAGE, opens=_PROMISES, cancels=(Clock.FEEDBACK_READ,)),
    (Stage.TRIAGE, Verb.ASK): Step(Stage.TRIAGE),
    (Stage.RECEIVED, Verb.SCREEN): Step(Stage.RECEIVED),
    (Stage.RECEIVED, Verb.SCREEN_OUT): Step(Stage.CLOSED, meets=_PROMISES, cancels=_QUESTIONS),
}

#: A form that turns out to confirm a call: the call's contact goes on, this one ends, and the child is counted once.
JOURNEY |= {
    (stage, Verb.DUPLICATE): Step(Stage.CLOSED, meets=_PROMISES, cancels=_QUESTIONS)
    for stage in (Stage.RECEIVED, Stage.TRIAGE)
}

_EVERY = tuple(Stage)
_OPEN = (Stage.RECEIVED, Stage.TRIAGE, Stage.SIGN_OFF)
#: A team may answer a hand-over while the hub has opened the contact again: the child does not wait for the hub.
_AFTER_A_DECISION = (Stage.TRIAGE, Stage.SIGN_OFF, Stage.DECIDED, Stage.CLOSED)
#: What a referrer may do at any time, and what the hub answers: the contact stays where it is, its version moves on.
JOURNEY |= {(stage, Verb.ADD): Step(stage) for stage in Stage}
JOURNEY |= {(stage, Verb.IDENTIFY): Step(stage) for stage in Stage}
JOURNEY |= {(stage, Verb.JOIN): Step(stage, meets=(Clock.WRITTEN_CONFIRMATION,)) for stage in Stage}
JOURNEY |= {(stage, Verb.WITHDRAW): Step(stage) for stage in _OPEN}
JOURNEY |= {(stage, Verb.CARRY_ON): Step(stage) for stage in _OPEN}
JOURNEY |= {(stage, Verb.ANSWER): Step(stage, meets=_QUESTIONS) for stage in _OPEN}

#: Casework that leaves the contact where it is. Its version moves on: a waiting recommendation must be looked at again.
_STAYS: dict[Verb, tuple[Stage, ...]] = {
    Verb.FIRST_LOOK: (Stage.RECEIVED, Stage.TRIAGE),
    Verb.NOTE: _EVERY,
    Verb.CHECK: (Stage.TRIAGE,),
    Verb.ANSWER_CHECK: _EVERY,
    Verb.CLOSE_CHECK: _EVERY,
    Verb.SYNTHESISE: (Stage.TRIAGE,),
    Verb.CALL_STRATEGY: (Stage.TRIAGE, Stage.SIGN_OFF, Stage.DECIDED, Stage.CLOSED),
    Verb.RECORD_STRATEGY: _EVERY,
    Verb.CALL_OFF_STRATEGY: _EVERY,
    Verb.MEET: _EVERY,
    Verb.HAND_OVER: (Stage.DECIDED, Stage.CLOSED),
    Verb.ACCEPT: _AFTER_A_DECISION,
    Verb.DECLINE: _AFTER_A_DECISION,
    Verb.RESTRICT: _EVERY,
    Verb.LIFT: _EVERY,
    Verb.BREAK_GLASS: _EVERY,
    Verb.UNDERSTAND: (Stage.CLOSED,),
    Verb.ASK_BACK: (Stage.CLOSED,),
    Verb.ANSWER_BACK: _EVERY,
    Verb.DISAGREE: (Stage.DECIDED, Stage.CLOSED),
    Verb.RESPOND: _EVERY,
    Verb.TAKE_UP: _EVERY,
    Verb.SETTLE: _EVERY,
    Verb.REBASE: _EVERY,
}
JOURNEY |= {(stage, verb): Step(stage) for verb, stages in _STAYS.items() for stage in stages}
JOURNEY[Stage.CLOSED, Verb.PHONE] = Step(Stage.CLOSED, meets=(Clock.FEEDBACK_READ,))
JOURNEY |= {(stage, Verb.ACT_NOW): Step(stage, opens=(Clock.EMERGENCY,)) for stage in _OPEN}
JOURNEY |= {(stage, Verb.CONFIRM_ACT): Step(stage, meets=(Clock.EMERGENCY,)) for stage in _EVERY}

#: What to say when a verb comes too late or too early; the rest is "… cannot be … now".
_REFUSALS: dict[tuple[Stage, Verb], str] = {
    (Stage.RECEIVED, Verb.ASSESS): "Take the contact before you assess it.",
    (Stage.RECEIVED, Verb.RECOMMEND): "Take the contact before you recommend a decision.",
    (Stage.SIGN_OFF, Verb.RATE): "The recommendation is with a manager: take it back before you change the priority.",
    (Stage.SIGN_OFF, Verb.ASSESS): "The recommendation is with a manager: take it back before you assess again.",
    (Stage.SIGN_OFF, Verb.RECOMMEND): "A recommendation is already waiting for sign-off.",
    (Stage.TRIAGE, Verb.SIGN_OFF): "There is no recommendation to sign off.",
    (Stage.DECIDED, Verb.SIGN_OFF): "The decision has already been signed off.",
    (Stage.DECIDED, Verb.RECOMMEND): "The contact is decided: a manager can reopen it for a new decision.",
    (Stage.CLOSED, Verb.RECOMMEND): "The contact is closed: a manager can reopen it for a new decision.",
    (Stage.CLOSED, Verb.GIVE_FEEDBACK): "Feedback on this decision has already been sent.",
    (Stage.RECEIVED, Verb.ASK): "Take the contact before you ask about it.",
    (Stage.SIGN_OFF, Verb.ASK): "The recommendation is with a manager: take it back before you ask.",
}

#: Said to the agency, which reads nothing of how the hub works, and to the hub.
_TOO_LATE = {
    Verb.WITHDRAW: "The referral has been decided, so it cannot be withdrawn. Add what has changed as information.",
    Verb.ANSWER: "The referral has been decided without this answer. If it matters, add it as information.",
    Verb.ASK: "The contact has been decided, so there is nothing to ask about it.",
    Verb.CARRY_ON: "The contact has been decided, so there is nothing to carry on with.",
}
_REFUSALS |= {(stage, verb): words for stage in (Stage.DECIDED, Stage.CLOSED) for verb, words in _TOO_LATE.items()}


def step(stage: Stage | None, verb: Verb) -> Step:
    """The step that `verb` takes from `stage`; Refused with a sentence where the journey has none."""
    found = JOURNEY.get((stage, verb))
    if found is None:
        raise Refused(refusal(stage, verb))
    return found


def drops_questions(step: Step) -> bool:
    """A step that stops the clock of a question, unmet, also ends the waiting for its answer."""
    return not set(_QUESTIONS).isdisjoint(step.cancels)


def refusal(stage: Stage | None, verb: Verb) -> str:
    if stage is None:
        return "There is no such contact."
    if special := _REFUSALS.get((stage, verb)):
        return special
    return f"This cannot be done now: the contact is at “{stage.label}”."


def possible(stage: Stage) -> frozenset[Verb]:
    """Every verb with a way forward from this stage."""
    return frozenset(verb for (at, verb) in JOURNEY if at is stage)
