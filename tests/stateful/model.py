"""What one contact's journey must be, in plain Python: who sees it, what is allowed next, and what each step leaves.

Numbers of rows (checks, hand-overs, discussions) are whatever the portal gave them; everything else is worked out here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from . import people as P  # noqa: N812 - the vocabulary of the model, read on every line

PROMISES = {("decision", ""), ("statutory", "")}


@dataclass(frozen=True)
class Move:
    """Somebody tries something. `arg`: with what; `slip`: what they forgot or did not see."""

    verb: str
    who: str
    arg: Any = None
    slip: str = ""  # "", "stale", "blank"


@dataclass
class Asked:
    """A check with an agency, or a question to the referrer."""

    number: int
    agency: str
    clock: str
    state: str = "open"
    answers: int = 0


@dataclass
class Offered:
    """One child on offer to one team."""

    number: int
    child: int
    outcome: str
    team: str | None
    state: str = "waiting"
    is_over: bool = False

    @property
    def about(self) -> str:
        return f"handover:{self.number}"

    @property
    def is_waiting(self) -> bool:
        return self.state == "waiting" and not self.is_over


@dataclass
class Decided:
    recommended_by: str
    outcomes: tuple[str, ...]
    on_version: int
    state: str = "waiting"
    signed_off_by: str | None = None


@dataclass
class Model:
    """One contact about two children."""

    children: tuple[int, ...]
    stage: str = P.RECEIVED
    owner: str | None = None
    rag: str = ""
    is_assessed: bool = False
    steps: list[tuple[str, str]] = field(default_factory=lambda: [("receive", P.REFERRER)])
    clocks: set[tuple[str, str]] = field(default_factory=lambda: set(PROMISES))
    decisions: list[Decided] = field(default_factory=list)
    feedback: list[bool] = field(default_factory=list)  # whether each was read
    question: Asked | None = None
    checks: list[Asked] = field(default_factory=list)
    discussions: dict[int, str] = field(default_factory=dict)
    act_by: str | None = None
    withdrawal: str = ""
    handovers: list[Offered] = field(default_factory=list)
    named: frozenset[str] | None = None
    glass: dict[str, int] = field(default_factory=dict)

    @property
    def version(self) -> int:
        return len(self.steps)

    @property
    def waiting(self) -> Decided | None:
        last = self.decisions[-1] if self.decisions else None
        return last if last is not None and last.state == "waiting" else None

    @property
    def in_force(self) -> Decided | None:
        signed = [one for one in self.decisions if one.state == "signed off"]
        return signed[-1] if signed else None

    @property
    def referred(self) -> set[int]:
        """The children who are referrals now."""
        if self.in_force is None:
            return set()
        pairs = zip(self.children, self.in_force.outcomes, strict=True)
        return {child for child, outcome in pairs if outcome in P.REFERRAL}

    @property
    def open_discussion(self) -> int | None:
        return next((number for number, state in self.discussions.items() if state == "open"), None)

    def offer_of(self, number: int | None) -> Offered | None:
        return next((one for one in self.handovers if one.number == number), None)

    def check_of(self, number: int | None) -> Asked | None:
        return next((one for one in self.checks if one.number == number), None)

    # -- who sees it, and who may

    def is_inside(self, who: str) -> bool:
        """Whether a restricted record is theirs without breaking a glass."""
        return self.named is None or who in self.named or who == self.owner

    def sees(self, who: str) -> bool:
        kind = P.PEOPLE[who]
        if self.named is not None and not (self.is_inside(who) or who in self.glass or who == P.REFERRER):
            return False
        if kind == P.TEAM:
            mine = [one for one in self.handovers if one.team == P.TEAM_OF[who]]
            return any(one.state != "declined" and not one.is_over for one in mine)
        return kind in P.HUB or kind == P.SCHOOL

    def may(self, verb: str, who: str) -> bool:
        rule, kind = P.RULES[verb].who, P.PEOPLE[who]
        if verb == "answer_check":
            return kind == P.PARTNER and self.named is None
        if not self.sees(who):
            return verb == "break_glass" and kind in P.QUALIFIED
        if kind not in P.HUB:
            return kind in rule.others
        if who == self.owner and rule.holder:
            return True
        return kind in (rule.hub if self.is_inside(who) else rule.glass)

    def allows(self, move: Move) -> bool:
        """Whether this is done. Everything else is refused, and writes nothing."""
        rule = P.RULES[move.verb]
        if not self.may(move.verb, move.who) or self.stage not in rule.at:
            return False
        if (move.slip == "stale" and rule.needs_version) or (move.slip == "blank" and rule.needs_words):
            return False
        condition = getattr(self, f"_can_{move.verb}", None)
        return condition is None or bool(condition(move))

    def is_not_there_for(self, move: Move) -> bool:
        """Whether the answer must be the same as for something that does not exist."""
        return move.verb not in ("break_glass", "answer_check") and not self.sees(move.who)

    # -- what a step needs beside a person and a stage

    def _can_claim(self, move: Move) -> bool:
        return self.owner is None

    def _can_assign(self, move: Move) -> bool:
        return P.PEOPLE[move.arg] in P.HOLDS and move.arg != self.owner

    def _can_rate(self, move: Move) -> bool:
        return bool(move.arg != self.rag)

    def _can_recommend(self, move: Move) -> bool:
        no_check_is_open = all(one.state != "open" for one in self.checks)
        was_called = any(state != "called off" for state in self.discussions.values())
        return self.is_assessed and no_check_is_open and (was_called or "strategy_discussion" not in move.arg)

    def _can_sign_off(self, move: Move) -> bool:
        found = self.waiting
        return found is not None and found.recommended_by != move.who and found.on_version == self.version

    def _can_ask(self, move: Move) -> bool:
        return self.question is None

    def _can_answer(self, move: Move) -> bool:
        return self.question is not None

    def _can_withdraw(self, move: Move) -> bool:
        return not self.withdrawal

    def _can_carry_on(self, move: Move) -> bool:
        return self.withdrawal == "asked"

    def _can_check(self, move: Move) -> bool:
        return all(one.state != "open" for one in self.checks if one.agency == move.arg)

    def _can_answer_check(self, move: Move) -> bool:
        found = self.check_of(move.arg)
        return found is not None and found.agency == P.AGENCY[move.who]

    def _can_close_check(self, move: Move) -> bool:
        found = self.check_of(move.arg)
        return found is not None and found.state == "open"

    def _can_call_strategy(self, move: Move) -> bool:
        return self.open_discussion is None

    def _can_record_strategy(self, move: Move) -> bool:
        return self.open_discussion is not None

    _can_call_off_strategy = _can_record_strategy

    def _can_act_now(self, move: Move) -> bool:
        return self.act_by is None

    def _can_confirm_act(self, move: Move) -> bool:
        return self.act_by not in (None, move.who)

    def _can_accept(self, move: Move) -> bool:
        """A team answers for itself; for one that has nobody in the portal the hub writes down what it said."""
        found = self.offer_of(move.arg)
        if found is None or not found.is_waiting:
            return False
        if P.PEOPLE[move.who] == P.TEAM:
            return found.team == P.TEAM_OF[move.who]
        return found.team not in P.TEAM_OF.values()

    _can_decline = _can_accept

    def _can_hand_over(self, move: Move) -> bool:
        number, team = move.arg or (None, None)
        found = self.offer_of(number)
        if found is None or found.is_over or found.state == "accepted":
            return False
        return not (found.is_waiting and found.team == team)

    def _can_restrict(self, move: Move) -> bool:
        return self.named is None

    def _can_lift(self, move: Move) -> bool:
        return self.named is not None

    def _can_break_glass(self, move: Move) -> bool:
        return self.named is not None or self.sees(move.who)

    # -- what people could try

    def arguments(self, verb: str) -> Sequence[Any]:
        """With what a verb can be tried now; some of it is wrong, and refused."""
        choices: dict[str, Sequence[Any]] = {
            "assign": ("Grace", "Bea", "Maya", "Ivan", "Sam", "Helen"),
            "rate": ("red", "amber", "green"),
            "first_look": ("red", "amber", "green"),
            "recommend": [(one, two) for one in P.OUTCOMES for two in P.OUTCOMES],
            "check": tuple(P.AGENCY.values()),
            "answer_check": [one.number for one in self.checks],
            "close_check": [one.number for one in self.checks],
            "accept": [one.number for one in self.handovers],
            "decline": [one.number for one in self.handovers],
            "hand_over": [(one.number, team) for one in self.handovers for team in P.TEAMS],
            "restrict": P.CIRCLES,
        }
        return choices.get(verb) or (None,)

    def allowed(self) -> dict[str, list[Move]]:
        """Everything that somebody may do now, by verb."""
        found = {verb: list(self.moves(verb)) for verb in P.VERBS}
        return {verb: moves for verb, moves in found.items() if moves}

    def moves(self, verb: str) -> Iterator[Move]:
        if self.stage not in P.RULES[verb].at:
            return
        for who in P.PEOPLE:
            if self.may(verb, who):
                yield from (move for arg in self.arguments(verb) if self.allows(move := Move(verb, who, arg)))
