"""How urgent a contact is: a priority proposed, with its reasons in sentences. A person decides it (front-door.md 3.2).

No national text says what red, amber and green are, and partnerships differ. What counts here is what the matrix (3.4)
and the guards (3.5) already treat as serious, and whatever is not known makes it more urgent, never less. Plain Python.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from referrals.codes import FACTOR_LABELS
from referrals.vocabulary import Rag

from . import guards
from .guards import LEVEL_4, ChildPicture

#: From the least urgent to the most.
URGENCY = (Rag.GREEN, Rag.AMBER, Rag.RED)
#: Types of concern (national factors) that are never the least urgent: abuse, exploitation, trafficking, FGM.
GRAVE = frozenset({"11A", "12A", "13A", "18B", "18C", "19B", "19C", "22A", "23A", "24A"})
NOTHING = "Nothing on record asks for more urgency."


@dataclass(frozen=True)
class View:
    """What has been found against the matrix, and who found it: "the referrer's evidence"."""

    whose: str
    level: int
    has_harm_alert: bool = False


@dataclass(frozen=True)
class Facts:
    """What the record says, as far as it bears on how long a contact can wait."""

    now: datetime
    children: tuple[ChildPicture, ...] = ()
    babies: tuple[str, ...] = ()  # names of those whose age is only estimated, at less than a year
    view: View | None = None  # None: nothing has been evidenced against the matrix
    level_believed: int | None = None
    in_danger_now: bool = False
    acted_at_once: bool = False
    agreement_given: bool | None = None
    has_injuries: bool = False
    concerns: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Proposal:
    """The priority that the rules propose, and every reason for it."""

    rag: Rag
    because: tuple[str, ...]


Reason = Callable[[Facts], Iterator[str]]


def danger(facts: Facts) -> Iterator[str]:
    if facts.in_danger_now:
        yield "Somebody is in immediate danger."
    if facts.acted_at_once:
        yield "The MASH has already acted at once because of immediate danger."


def evidence_of_harm(facts: Facts) -> Iterator[str]:
    """A harm alert means level 4 (front-door.md 3.4), and level 4 is the threshold of significant harm."""
    if facts.view and facts.view.has_harm_alert:
        yield f"{facts.view.whose} shows abuse or significant harm (harm alert of the matrix)."
    if facts.view and facts.view.level >= LEVEL_4:
        yield f"{facts.view.whose} reaches level 4 of the matrix."


def belief(facts: Facts) -> Iterator[str]:
    if facts.level_believed is not None and facts.level_believed >= LEVEL_4:
        yield "The referrer believes that level 4 is met."


def nothing_to_go_by(facts: Facts) -> Iterator[str]:
    if facts.view is None:
        yield "Nothing has been evidenced against the matrix yet, so nothing shows that it can wait."


def injuries(facts: Facts) -> Iterator[str]:
    if facts.has_injuries:
        yield "The referral form describes injuries."


def grave_concerns(facts: Facts) -> Iterator[str]:
    for code in sorted(facts.concerns & GRAVE):
        yield f"The referral form ticks “{FACTOR_LABELS[code]}”."


def agreement(facts: Facts) -> Iterator[str]:
    if facts.agreement_given is False:
        yield "The family has not agreed to support, so nothing is in place while it waits."


def age_and_history(facts: Facts) -> Iterator[str]:
    """Under one or unborn, third contact in 12 months, an earlier NFA in 90 days: the words of the guards (3.5)."""
    for child in facts.children:
        yield from guards.history_of(child, facts.now)
    for name in facts.babies:
        yield f"{name} is said to be under one year old."


REASONS: tuple[tuple[Rag, Reason], ...] = (
    (Rag.RED, danger),
    (Rag.RED, evidence_of_harm),
    (Rag.AMBER, belief),
    (Rag.AMBER, nothing_to_go_by),
    (Rag.AMBER, injuries),
    (Rag.AMBER, grave_concerns),
    (Rag.AMBER, agreement),
    (Rag.AMBER, age_and_history),
)


def propose(facts: Facts) -> Proposal:
    """The most urgent priority that any reason asks for; green where there is none."""
    found = [(rag, sentence) for rag, reason in REASONS for sentence in reason(facts)]
    rag = max((rag for rag, _ in found), key=URGENCY.index, default=Rag.GREEN)
    return Proposal(rag, tuple(sentence for _, sentence in found) or (NOTHING,))
