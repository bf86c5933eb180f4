"""What must be true before an outcome (front-door.md 3.5). Each guard is one function with its own sentence.

Plain Python: the action gathers the Picture, the guards look at it and say what stands in the way.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from referrals.refusals import Objection
from referrals.vocabulary import NFA, PROTECTIVE, Outcome

REPEAT_WINDOW = timedelta(days=365)
REPEAT_COUNT = 3
NFA_WINDOW = timedelta(days=90)
FIRST_YEAR = timedelta(days=365)
LEVEL_4 = 4


@dataclass(frozen=True)
class ChildPicture:
    """What the guards need to know of one child. `key` tells the children of a contact apart."""

    key: int
    name: str
    outcomes: frozenset[Outcome]
    level: int | None
    date_of_birth: date | None = None
    is_unborn: bool = False
    earlier_contacts: tuple[datetime, ...] = ()
    earlier_nfas: tuple[datetime, ...] = ()


@dataclass(frozen=True)
class Picture:
    """A recommendation as it stands, with what the record says about it."""

    now: datetime
    children: tuple[ChildPicture, ...]
    assessed_level: int | None
    has_harm_alert: bool
    recommender_is_qualified: bool
    agreement_on_record: bool
    texts: Mapping[str, str] = field(default_factory=dict)
    advice_level: int | None = None

    def says(self, name: str) -> bool:
        return bool(self.texts.get(name, "").strip())

    @property
    def outcomes(self) -> frozenset[Outcome]:
        return frozenset(outcome for child in self.children for outcome in child.outcomes)


Guard = Callable[[Picture], Iterator[Objection]]

RECORD = {
    "facts": "Write the facts the decision rests on and what you make of them",
    "risk_analysis": "Write the risk analysis",
    "childs_voice": "Write the child's voice: what each child says, shows or would want",
    "rationale": "Write the rationale for the decision",
}


def assessed(picture: Picture) -> Iterator[Objection]:
    """Premature closure (Nottinghamshire): no decision before the hub's own threshold assessment."""
    if picture.assessed_level is None:
        yield Objection("", "Make the MASH's own threshold assessment before recommending a decision.")


def every_child_has_an_outcome(picture: Picture) -> Iterator[Objection]:
    """No outcome is preselected, so none is there by accident."""
    for child in picture.children:
        if not child.outcomes:
            yield Objection(f"outcomes_{child.key}", f"Choose at least one outcome for {child.name}.")
        if child.level is None:
            yield Objection(f"level_{child.key}", f"Choose the level decided for {child.name}.")


def nfa_stands_alone(picture: Picture) -> Iterator[Objection]:
    for child in picture.children:
        if child.outcomes & NFA and len(child.outcomes) > 1:
            sentence = f"No further action cannot be combined with another outcome for {child.name}."
            yield Objection(f"outcomes_{child.key}", sentence)


def record_is_complete(picture: Picture) -> Iterator[Objection]:
    for name, sentence in RECORD.items():
        if not picture.says(name):
            yield Objection(name, f"{sentence}.")


def nfa_has_advice_and_level(picture: Picture) -> Iterator[Objection]:
    if not picture.outcomes & NFA:
        return
    if not picture.says("advice"):
        yield Objection("advice", "Write the advice to the referrer: no further action is never returned without it.")
    if picture.advice_level is None:
        yield Objection("advice_level", "Choose the level at which the referrer should act on the advice.")


def level_four_says_why_no_strategy(picture: Picture) -> Iterator[Objection]:
    """Nottinghamshire: no reason on record for not holding a strategy discussion."""
    serious = picture.has_harm_alert or picture.assessed_level == LEVEL_4
    unprotected = [child.name for child in picture.children if child.outcomes and not child.outcomes & PROTECTIVE]
    if serious and unprotected and not picture.says("why_no_strategy"):
        what = "a harm alert" if picture.has_harm_alert else "level 4 evidence"
        sentence = f"There is {what}: say why no strategy discussion is needed for {_listed(unprotected)}."
        yield Objection("why_no_strategy", sentence)


def protective_outcomes_are_qualified(picture: Picture) -> Iterator[Objection]:
    """Norfolk: section 47 work not by qualified workers. Police and health are invited, or it is said why not."""
    if Outcome.STRATEGY not in picture.outcomes:
        return
    if not picture.recommender_is_qualified:
        yield Objection(
            "", "A strategy discussion can only be recommended by a social worker with a registration number."
        )
    if not picture.says("strategy_invited"):
        sentence = "Say who is invited to the strategy discussion: police and health, or who is absent and why."
        yield Objection("strategy_invited", sentence)


def early_help_has_agreement(picture: Picture) -> Iterator[Objection]:
    if Outcome.EARLY_HELP in picture.outcomes and not (
        picture.agreement_on_record or picture.says("agreement_obtained")
    ):
        sentence = "Early help needs the family's agreement on record: say who agreed, to what, and when."
        yield Objection("agreement_obtained", sentence)


def reasons_to_look_again(picture: Picture) -> tuple[str, ...]:
    """Why a manager must say that no further action is still right; empty where nothing argues against it."""
    return tuple(
        reason for child in picture.children if child.outcomes & NFA for reason in _history(child, picture.now)
    )


def nfa_is_still_right(picture: Picture) -> Iterator[Objection]:
    """At sign-off only: the manager has read the history and says why."""
    for reason in reasons_to_look_again(picture):
        if not picture.says("why_nfa_still_right"):
            yield Objection("why_nfa_still_right", f"{reason} Write why no further action is still right.")


BEFORE_RECOMMENDING: tuple[Guard, ...] = (
    assessed,
    every_child_has_an_outcome,
    nfa_stands_alone,
    record_is_complete,
    nfa_has_advice_and_level,
    level_four_says_why_no_strategy,
    protective_outcomes_are_qualified,
    early_help_has_agreement,
)
BEFORE_SIGNING_OFF: tuple[Guard, ...] = (*BEFORE_RECOMMENDING, nfa_is_still_right)


def objections(picture: Picture, guards: tuple[Guard, ...]) -> list[Objection]:
    """Every sentence that stands in the way, in the order of the guards; empty where nothing does."""
    return [sentence for guard in guards for sentence in guard(picture)]


def _history(child: ChildPicture, now: datetime) -> Iterator[str]:
    recent = [at for at in child.earlier_contacts if now - at <= REPEAT_WINDOW]
    if len(recent) + 1 >= REPEAT_COUNT:
        yield f"This is contact number {len(recent) + 1} about {child.name} within 12 months."
    if any(now - at <= NFA_WINDOW for at in child.earlier_nfas):
        yield f"An earlier contact about {child.name} was closed with no further action in the last 90 days."
    if child.is_unborn:
        yield f"{child.name} is not born yet."
    elif child.date_of_birth and now.date() - child.date_of_birth < FIRST_YEAR:
        yield f"{child.name} is under one year old."


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
