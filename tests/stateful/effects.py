"""What each step leaves behind, as the model sees it. `number`: of the row that the portal has made for it."""

from collections.abc import Callable
from typing import Any

from . import people as P  # noqa: N812 - as in the model
from .model import PROMISES, Asked, Decided, Model, Move, Offered


def take(model: Model, move: Move, number: Any) -> None:
    """An allowed step has been done: the model moves on."""
    EFFECTS[move.verb](model, move, number)


def _step(model: Model, *verbs: str, by: str) -> None:
    model.steps += [(verb, by) for verb in verbs]


def _plain(model: Model, move: Move, number: Any) -> None:
    _step(model, move.verb, by=move.who)


def _claim(model: Model, move: Move, number: Any) -> None:
    model.stage, model.owner = P.TRIAGE, move.who
    _step(model, "claim", by=move.who)


def _assign(model: Model, move: Move, number: Any) -> None:
    model.owner = move.arg
    if model.stage == P.RECEIVED:
        model.stage = P.TRIAGE
    _step(model, "assign", by=move.who)


def _release(model: Model, move: Move, number: Any) -> None:
    model.stage, model.owner = P.RECEIVED, None
    _step(model, "release", by=move.who)


def _rate(model: Model, move: Move, number: Any) -> None:
    model.rag = move.arg
    _step(model, "rate", by=move.who)


def _first_look(model: Model, move: Move, number: Any) -> None:
    _step(model, "first_look", by=move.who)
    if move.arg != model.rag:
        _rate(model, move, number)


def _assess(model: Model, move: Move, number: Any) -> None:
    model.is_assessed = True
    _step(model, "assess", by=move.who)


def _recommend(model: Model, move: Move, number: Any) -> None:
    _step(model, "recommend", by=move.who)
    model.stage = P.SIGN_OFF
    model.decisions.append(Decided(move.who, move.arg, model.version))


def _return(model: Model, move: Move, number: Any) -> None:
    model.decisions[-1].state = "sent back"
    model.stage = P.TRIAGE
    _step(model, move.verb, by=move.who)


def _sign_off(model: Model, move: Move, number: Any) -> None:
    """Both promises are met, a question ends unanswered, and every child goes to whoever takes it over."""
    _step(model, "sign_off", by=move.who)
    model.stage = P.DECIDED
    decision = model.decisions[-1]
    decision.state, decision.signed_off_by = "signed off", move.who
    model.clocks -= PROMISES | {("question", ""), ("question_red", "")}
    model.clocks.add(("feedback", ""))
    model.question = None
    wanted = {
        (child, outcome)
        for child, outcome in zip(model.children, decision.outcomes, strict=True)
        if outcome in P.HANDED_OVER
    }
    for offer in model.handovers:
        if not offer.is_over and ((offer.child, offer.outcome) not in wanted or offer.state == "declined"):
            _end(model, offer)
    known = {(offer.child, offer.outcome) for offer in model.handovers if not offer.is_over}
    for child, outcome in wanted - known:
        _offer(model, Offered(number[child], child, outcome, P.RECEIVES.get(outcome)))


def _end(model: Model, offer: Offered) -> None:
    offer.is_over = True
    model.clocks.discard(("handover", offer.about))


def _offer(model: Model, offer: Offered) -> None:
    model.handovers.append(offer)
    model.clocks.add(("handover", offer.about))


def _give_feedback(model: Model, move: Move, number: Any) -> None:
    model.stage = P.CLOSED
    model.clocks.discard(("feedback", ""))
    model.feedback.append(False)
    _step(model, "give_feedback", by=move.who)


def _read_feedback(model: Model, move: Move, number: Any) -> None:
    """Only the first opening is a step, and only while the contact is closed."""
    if model.stage == P.CLOSED and model.feedback and not model.feedback[-1]:
        model.feedback[-1] = True
        _step(model, "read_feedback", by=move.who)


def _reopen(model: Model, move: Move, number: Any) -> None:
    model.stage = P.TRIAGE
    model.owner = model.owner or move.who
    model.clocks.discard(("feedback", ""))
    model.clocks |= PROMISES
    _step(model, "reopen", by=move.who)


def _ask(model: Model, move: Move, number: Any) -> None:
    clock = "question_red" if model.rag == "red" else "question"
    model.question = Asked(number, "", clock)
    model.clocks.add((clock, ""))
    _step(model, "ask", by=move.who)


def _answer(model: Model, move: Move, number: Any) -> None:
    model.question = None
    model.clocks -= {("question", ""), ("question_red", "")}
    _step(model, "answer", by=move.who)


def _withdraw(model: Model, move: Move, number: Any) -> None:
    model.withdrawal = "asked"
    _step(model, "withdraw", by=move.who)


def _carry_on(model: Model, move: Move, number: Any) -> None:
    model.withdrawal = "carried on"
    _step(model, "carry_on", by=move.who)


def _check(model: Model, move: Move, number: Any) -> None:
    """Nobody has said how urgent it is: it counts as amber."""
    asked = Asked(number, move.arg, f"check_{model.rag or 'amber'}")
    model.checks.append(asked)
    model.clocks.add((asked.clock, f"check:{number}"))
    _step(model, "check", by=move.who)


def _end_check(model: Model, move: Move, number: Any) -> None:
    """An answer is taken whenever it comes; its clock stops with the first of answer and close."""
    [asked] = [one for one in model.checks if one.number == move.arg]
    model.clocks.discard((asked.clock, f"check:{asked.number}"))
    if move.verb == "answer_check":
        asked.answers += 1
    asked.state = "over"
    _step(model, move.verb, by=move.who)


def _call(model: Model, move: Move, number: Any) -> None:
    model.discussions[number] = "open"
    model.clocks.add(("strategy", f"strategy:{number}"))
    _step(model, "call_strategy", by=move.who)


def _end_discussion(model: Model, move: Move, number: Any) -> None:
    found = model.open_discussion
    assert found is not None
    model.discussions[found] = "recorded" if move.verb == "record_strategy" else "called off"
    model.clocks.discard(("strategy", f"strategy:{found}"))
    _step(model, move.verb, by=move.who)


def _act_now(model: Model, move: Move, number: Any) -> None:
    """Whoever acts takes what nobody holds, but never what they opened by breaking its glass."""
    if model.owner is None and P.PEOPLE[move.who] in P.HOLDS and model.is_inside(move.who):
        _claim(model, move, number)
    model.act_by = move.who
    model.clocks.add(("emergency", ""))
    _step(model, "act_now", by=move.who)


def _confirm_act(model: Model, move: Move, number: Any) -> None:
    model.act_by = None
    model.clocks.discard(("emergency", ""))
    _step(model, "confirm_act", by=move.who)


def _accept(model: Model, move: Move, number: Any) -> None:
    [offer] = [one for one in model.handovers if one.number == move.arg]
    offer.state = "accepted"
    model.clocks.discard(("handover", offer.about))
    _step(model, "accept", by=move.who)


def _decline(model: Model, move: Move, number: Any) -> None:
    """The clock runs on: now the hub owes the child a place."""
    [offer] = [one for one in model.handovers if one.number == move.arg]
    offer.state = "declined"
    _step(model, "decline", by=move.who)


def _hand_over(model: Model, move: Move, number: Any) -> None:
    old, team = move.arg
    [offer] = [one for one in model.handovers if one.number == old]
    _end(model, offer)
    _offer(model, Offered(number, offer.child, offer.outcome, team))
    _step(model, "hand_over", by=move.who)


def _restrict(model: Model, move: Move, number: Any) -> None:
    """Who may read has changed, not what was read: a waiting recommendation stays good."""
    seen = model.version
    model.named = frozenset({move.who, *move.arg}) if move.verb == "restrict" else None
    _step(model, move.verb, by=move.who)
    if model.waiting is not None and model.waiting.on_version == seen:
        model.waiting.on_version = model.version


def _break_glass(model: Model, move: Move, number: Any) -> None:
    if not model.sees(move.who):
        model.glass[move.who] = number
        model.clocks.add(("break_glass_review", f"glass:{number}"))


def _give_back(model: Model, move: Move, number: Any) -> None:
    model.glass.pop(move.who, None)


EFFECTS: dict[str, Callable[[Model, Move, Any], None]] = {
    "claim": _claim,
    "assign": _assign,
    "release": _release,
    "rate": _rate,
    "first_look": _first_look,
    "assess": _assess,
    "recommend": _recommend,
    "take_back": _return,
    "send_back": _return,
    "sign_off": _sign_off,
    "give_feedback": _give_feedback,
    "read_feedback": _read_feedback,
    "reopen": _reopen,
    "add": _plain,
    "note": _plain,
    "ask": _ask,
    "answer": _answer,
    "withdraw": _withdraw,
    "carry_on": _carry_on,
    "check": _check,
    "answer_check": _end_check,
    "close_check": _end_check,
    "call_strategy": _call,
    "record_strategy": _end_discussion,
    "call_off_strategy": _end_discussion,
    "act_now": _act_now,
    "confirm_act": _confirm_act,
    "accept": _accept,
    "decline": _decline,
    "hand_over": _hand_over,
    "restrict": _restrict,
    "lift": _restrict,
    "break_glass": _break_glass,
    "give_back": _give_back,
}
