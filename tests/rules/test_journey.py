"""Every cell of the journey's table, and what must hold of it as a whole."""

import pytest

from referrals.refusals import Refused
from referrals.rules import journey
from referrals.vocabulary import Clock, Stage, Verb

S, V = Stage, Verb

#: The journey as a practice lead would draw it, written out a second time and by hand.
DRAWN: dict[tuple[Stage | None, Verb], Stage] = {
    (None, V.RECEIVE): S.RECEIVED,
    (None, V.IMPORT): S.CLOSED,
    (S.RECEIVED, V.CLAIM): S.TRIAGE,
    (S.RECEIVED, V.ASSIGN): S.TRIAGE,
    (S.RECEIVED, V.RATE): S.RECEIVED,
    (S.TRIAGE, V.RELEASE): S.RECEIVED,
    (S.TRIAGE, V.ASSIGN): S.TRIAGE,
    (S.TRIAGE, V.RATE): S.TRIAGE,
    (S.TRIAGE, V.ASSESS): S.TRIAGE,
    (S.TRIAGE, V.RECOMMEND): S.SIGN_OFF,
    (S.SIGN_OFF, V.TAKE_BACK): S.TRIAGE,
    (S.SIGN_OFF, V.SEND_BACK): S.TRIAGE,
    (S.SIGN_OFF, V.SIGN_OFF): S.DECIDED,
    (S.DECIDED, V.ASSIGN): S.DECIDED,
    (S.DECIDED, V.GIVE_FEEDBACK): S.CLOSED,
    (S.DECIDED, V.REOPEN): S.TRIAGE,
    (S.CLOSED, V.READ_FEEDBACK): S.CLOSED,
    (S.CLOSED, V.REOPEN): S.TRIAGE,
    (S.TRIAGE, V.ASK): S.TRIAGE,
    (S.RECEIVED, V.SCREEN): S.RECEIVED,
    (S.RECEIVED, V.SCREEN_OUT): S.CLOSED,
    (S.RECEIVED, V.DUPLICATE): S.CLOSED,
    (S.TRIAGE, V.DUPLICATE): S.CLOSED,
    **{(stage, V.ADD): stage for stage in S},
    **{(stage, V.IDENTIFY): stage for stage in S},
    **{(stage, V.JOIN): stage for stage in S},
    **{
        (stage, verb): stage
        for stage in (S.RECEIVED, S.TRIAGE, S.SIGN_OFF)
        for verb in (V.WITHDRAW, V.CARRY_ON, V.ANSWER, V.ACT_NOW)
    },
    **{(stage, V.FIRST_LOOK): stage for stage in (S.RECEIVED, S.TRIAGE)},
    (S.TRIAGE, V.CHECK): S.TRIAGE,
    **{(S.CLOSED, verb): S.CLOSED for verb in (V.UNDERSTAND, V.ASK_BACK, V.PHONE)},
    **{(stage, V.DISAGREE): stage for stage in (S.DECIDED, S.CLOSED)},
    (S.TRIAGE, V.SYNTHESISE): S.TRIAGE,
    **{(stage, V.CALL_STRATEGY): stage for stage in (S.TRIAGE, S.SIGN_OFF, S.DECIDED, S.CLOSED)},
    **{(stage, V.HAND_OVER): stage for stage in (S.DECIDED, S.CLOSED)},
    **{(stage, verb): stage for stage in (S.TRIAGE, S.SIGN_OFF, S.DECIDED, S.CLOSED) for verb in (V.ACCEPT, V.DECLINE)},
    **{
        (stage, verb): stage
        for stage in S
        for verb in (
            V.NOTE,
            V.ANSWER_CHECK,
            V.CLOSE_CHECK,
            V.RECORD_STRATEGY,
            V.CALL_OFF_STRATEGY,
            V.MEET,
            V.CONFIRM_ACT,
            V.RESTRICT,
            V.LIFT,
            V.BREAK_GLASS,
            V.ANSWER_BACK,
            V.RESPOND,
            V.TAKE_UP,
            V.SETTLE,
            V.REBASE,
        )
    },
}


@pytest.mark.parametrize("verb", list(Verb))
@pytest.mark.parametrize("stage", [None, *Stage])
def test_a_verb_moves_a_contact_only_where_the_journey_says_so(stage: Stage | None, verb: Verb) -> None:
    if (stage, verb) in DRAWN:
        assert journey.step(stage, verb).to is DRAWN[stage, verb]
    else:
        with pytest.raises(Refused) as refused:
            journey.step(stage, verb)
        assert str(refused.value).endswith(".")


@pytest.mark.parametrize("stage", list(Stage))
def test_every_stage_has_a_way_forward_and_a_way_to_be_reached(stage: Stage) -> None:
    assert journey.possible(stage)
    assert stage in {step.to for step in journey.JOURNEY.values()}


@pytest.mark.parametrize("clock", [Clock.DECISION, Clock.STATUTORY])
def test_every_way_into_open_work_starts_both_promises_and_only_the_decision_meets_them(clock: Clock) -> None:
    open_stages = {Stage.RECEIVED, Stage.TRIAGE, Stage.SIGN_OFF}
    for (stage, verb), step in journey.JOURNEY.items():
        enters = stage not in open_stages and step.to in open_stages
        leaves = stage in open_stages and step.to not in open_stages
        assert (clock in step.opens) == enters, (stage, verb)
        assert (clock in step.meets) == leaves, (stage, verb)


def test_feedback_is_owed_from_sign_off_until_it_is_given_or_the_contact_is_reopened() -> None:
    assert journey.step(S.SIGN_OFF, V.SIGN_OFF).opens == (Clock.FEEDBACK,)
    assert Clock.FEEDBACK in journey.step(S.DECIDED, V.GIVE_FEEDBACK).meets
    assert Clock.FEEDBACK in journey.step(S.DECIDED, V.REOPEN).cancels
