"""G9: what others say while the decision is being signed off is never lost, and never decided over. Real connections.

Whichever comes first, the other waits for it and sees it: whoever knows something is told where it went, and a manager
never signs off what they have not read.
"""

from collections.abc import Callable

import pytest

from referrals.decision import actions as decisions
from referrals.following import actions as following
from referrals.models import Addition, Check, Contact, Decision, Question
from referrals.vocabulary import Clock, Outcome, Stage, Verb
from tests import build, checking
from tests.races.together import (
    DONE,
    Act,
    at_once,
    current,
    messages,
    nothing_is_there_twice,
    while_it_is_under_way,
    written,
)

TEXT = "She has been picked up by a man nobody knows."
DECIDED_WITHOUT = "The referral was decided without this answer. If it matters, add it as information."
#: Who has learned something, which step it is, and the message to whoever holds the contact.
KINDS = {
    "an addition": (Verb.ADD, "Rosa Bell added information", "added"),
    "a check": (Verb.ANSWER_CHECK, "Omar Khan answered an agency check", "check_answered"),
    "a question": (Verb.ANSWER, "Rosa Bell answered the question", "answered"),
}


def waiting(kind: str) -> tuple[Contact, Act]:
    """A contact that waits for a manager, and what somebody is about to say on it."""
    rosa, grace, omar, _ = (build.player(name) for name in ("Rosa", "Grace", "Omar", "Maya"))
    contact = build.assessed(rosa, worker=grace)
    said: dict[str, Callable[[], Act]] = {
        "an addition": lambda: lambda: following.add(contact.reference, text=TEXT, by=rosa),
        "a check": lambda: _late_answer(contact),
        "a question": lambda: _answer(contact),
    }
    act = said[kind]()
    build.recommend(contact, Outcome.SECTION_17, by=grace)
    assert omar.agency is not None
    return current(contact), act


def _late_answer(contact: Contact) -> Act:
    """The agency was asked, and the hub did not wait for it: what it knows is taken all the same."""
    grace, omar = build.player("Grace"), build.player("Omar")
    [check] = checking.asked(contact, omar, by=grace)
    checking.closed([check], grace)
    return lambda: checking.answered(check, omar)


def _answer(contact: Contact) -> Act:
    question = following.ask(contact.reference, text="Who picks her up?", by=build.player("Grace"))
    return lambda: following.answer(contact.reference, question=question.pk, text=TEXT, by=build.player("Rosa"))


def sign_off(contact: Contact) -> Act:
    return lambda: decisions.sign_off(contact.reference, by=build.player("Maya"), version=contact.version)


def was_said(kind: str) -> bool:
    found = {
        "an addition": Addition.objects.filter(text=TEXT),
        "a check": Check.objects.exclude(answered_at=None),
        "a question": Question.objects.filter(answer=TEXT),
    }
    return found[kind].exists()


@pytest.mark.parametrize("kind", KINDS)
def test_whoever_says_something_while_the_decision_is_signed_off_is_heard_or_told_that_it_is_decided(
    committed: str, kind: str
) -> None:
    contact, say = waiting(kind)
    verb, _, template = KINDS[kind]
    with while_it_is_under_way(sign_off(contact), say) as answer:
        is_late = kind == "a question"
        assert answer() == (DECIDED_WITHOUT if is_late else DONE)
    assert current(contact).stage == Stage.DECIDED
    assert was_said(kind) is not is_late
    assert written(contact, verb) == ((0, 0) if is_late else (1, 1))
    assert messages(contact, template) == (0 if is_late else 1)
    assert not contact.deadlines.live().filter(clock__in=(Clock.QUESTION, Clock.DECISION)).exists()
    nothing_is_there_twice(contact)


@pytest.mark.parametrize("kind", KINDS)
def test_a_manager_cannot_sign_off_over_what_is_being_said_and_is_told_who_says_it(committed: str, kind: str) -> None:
    contact, say = waiting(kind)
    verb, who, template = KINDS[kind]
    with while_it_is_under_way(say, sign_off(contact)) as answer:
        told = answer()
    assert told.startswith(f"This contact has changed since you opened the page: {who} at ")
    assert current(contact).stage == Stage.SIGN_OFF
    assert was_said(kind)
    assert (written(contact, verb), written(contact, Verb.SIGN_OFF)) == ((1, 1), (0, 0))
    assert messages(contact, template) == 1
    assert contact.deadlines.live().filter(clock=Clock.DECISION).count() == 1
    nothing_is_there_twice(contact)


def test_a_manager_who_has_read_the_addition_still_cannot_sign_off_what_was_recommended_before_it(
    committed: str,
) -> None:
    contact, say = waiting("an addition")
    say()
    assert at_once(sign_off(current(contact))) == [
        "The record has changed since this was recommended: send it back to be looked at again."
    ]
    assert Decision.objects.get().signed_off_at is None
    assert written(contact, Verb.SIGN_OFF) == (0, 0)


def test_a_recommendation_and_an_addition_at_once_never_leave_a_decision_to_sign_off_unread(committed: str) -> None:
    rosa, grace, maya = (build.player(name) for name in ("Rosa", "Grace", "Maya"))
    contact = build.assessed(rosa, worker=grace)
    contact.refresh_from_db()
    said = build.recommendation(contact)
    recommended, added = at_once(
        lambda: decisions.recommend(contact.reference, said, by=grace, version=contact.version),
        lambda: following.add(contact.reference, text=TEXT, by=rosa),
    )
    assert added == DONE
    if recommended == DONE:
        assert Decision.objects.get().on_version < current(contact).version
        [answer] = at_once(
            lambda: decisions.sign_off(contact.reference, by=maya, version=current(contact).version),
        )
        assert answer.startswith("The record has changed since this was recommended")
    else:
        assert recommended.startswith(f"This contact has changed since you opened the page: {KINDS['an addition'][1]}")
        assert not Decision.objects.exists()
    assert not Decision.objects.exclude(signed_off_at=None).exists()
    nothing_is_there_twice(contact)
