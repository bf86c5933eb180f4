"""When an agency may be asked what it knows, by when, and what an answer must say. Plain Python.

Necessary, proportionate, recorded. Below level 4 the family's agreement comes first; a check without it needs a
manager's authority and the reason (the 2013 Haringey judgment). At level 4 lack of agreement never stops a check.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from referrals.refusals import Objection
from referrals.vocabulary import Clock, LegalBasis, MayShare, Rag

LEVEL_4 = 4
CHECK_CLOCKS = (Clock.CHECK_RED, Clock.CHECK_AMBER, Clock.CHECK_GREEN)
_BY_RAG = dict(zip(Rag, CHECK_CLOCKS, strict=True))


def clock_of(rag: Rag | None) -> Clock:
    """A check runs as fast as its contact is urgent; one that nobody has rated yet counts as amber."""
    return _BY_RAG[rag or Rag.AMBER]


@dataclass(frozen=True)
class Standing:
    """What decides who may ask: the level that was assessed, else the one believed; and the family's agreement."""

    level: int | None
    is_assessed: bool
    agreement: bool

    @property
    def needs_authority(self) -> bool:
        return not self.agreement and (self.level is None or self.level < LEVEL_4)

    @property
    def sentence(self) -> str:
        """Why a manager is needed, or why none is."""
        if self.agreement:
            return "The family’s agreement is on record."
        if not self.needs_authority:
            return "This is level 4: lack of agreement does not stop a check."
        return (
            f"The family’s agreement is not on record, and {self._at}. A check below level 4 without agreement needs "
            "a manager’s authority, with the reason (the 2013 Haringey judgment)."
        )

    @property
    def _at(self) -> str:
        if self.level is None:
            return "nobody has given this contact a level yet"
        return f"this contact {'was assessed' if self.is_assessed else 'is believed to be'} at level {self.level}"


@dataclass(frozen=True)
class Asking:
    """A request as it was written. `because`: the reason of a manager who authorises it; None: none is needed."""

    agencies: Sequence[str]
    already_open: Sequence[str]
    children: int
    purpose: str
    legal_basis: str
    because: str | None
    standing: Standing


def objections_to_asking(asking: Asking) -> list[Objection]:
    """Everything that stops the request, in the order of the page; empty where nothing does."""
    return list(_asking(asking))


def _asking(asking: Asking) -> Iterator[Objection]:
    if not asking.agencies:
        yield Objection("agencies", "Choose at least one agency to ask.")
    for name in asking.already_open:
        yield Objection("agencies", f"{name} has an open check about this contact already: wait for it, or close it.")
    if not asking.children:
        yield Objection("children", "Choose the children whom the agencies are asked about.")
    if not asking.purpose:
        yield Objection("purpose", "Write what you need to know, and why from these agencies.")
    if not asking.legal_basis:
        yield Objection("legal_basis", "Choose the ground on which they are asked.")
    if asking.legal_basis == LegalBasis.AGREEMENT and not asking.standing.agreement:
        yield Objection("legal_basis", "The family’s agreement is not on record: choose another ground.")
    if asking.because == "":
        yield Objection("authorised_because", NO_REASON)


NO_REASON = "Say why the agencies are asked without the family’s agreement: it stays with the record."


@dataclass(frozen=True)
class Answer:
    """What an agency says. `known` None: not said yet."""

    known: bool | None
    facts: str
    may_share: str
    share_with: str


def objections_to_answer(answer: Answer) -> list[Objection]:
    """Everything that is missing of an answer, in the order of the page; empty where nothing is."""
    return list(_answer(answer))


def _answer(answer: Answer) -> Iterator[Objection]:
    if answer.known is None:
        yield Objection("known", "Say whether the family is known to your agency.")
    if answer.known and not answer.facts:
        yield Objection("facts", "Write the facts that matter for what you are asked.")
    if answer.facts and not answer.may_share:
        yield Objection("may_share", "Say whether what you have written may be passed on.")
    if answer.facts and answer.may_share == MayShare.SOME and not answer.share_with:
        yield Objection("share_with", "Say with whom it may be shared, and with whom not.")
    if answer.facts and answer.may_share == MayShare.NO and not answer.share_with:
        yield Objection("share_with", "Say why sharing it would be more detrimental to the child.")
