"""Who is asked to a strategy discussion, when enough of them were there, and what its record must say.

Working Together: social care, police and health at least. Inspections found health and schools left out and no reason
on record (Nottinghamshire): so each of the three is invited, or it is said why not; came, or it is said why not.
Plain Python: forms gather, these rules say what stands in the way.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

from referrals.refusals import Objection
from referrals.vocabulary import AgencyKind, Outcome, StrategyDecision

#: The three that no discussion goes without, as a sentence names them. A worker of the hub is social care too.
COMPULSORY: Mapping[AgencyKind, str] = MappingProxyType(
    {
        AgencyKind.TEAM: "children’s social care",
        AgencyKind.POLICE: "the police",
        AgencyKind.HEALTH: "health",
    }
)
_STANDS_FOR = {AgencyKind.HUB: AgencyKind.TEAM}
#: With these alone, less is done for the child than the assessment that a discussion decided on.
_LESS_THAN_ASSESSED = frozenset({Outcome.NFA_INFORMATION, Outcome.NFA_PUSHBACK, Outcome.SIGNPOST, Outcome.EARLY_HELP})


@dataclass(frozen=True)
class Seat:
    """One place at the table: who is invited, or why nobody is; and afterwards, who came.

    `key` is what the form calls it, so that each sentence stands at the field that would answer it.
    """

    key: str
    kind: AgencyKind
    name: str = ""
    is_invited: bool | None = None
    not_invited_because: str = ""
    attended: bool | None = None
    absent_because: str = ""

    @property
    def counts_for(self) -> AgencyKind:
        return _STANDS_FOR.get(self.kind, self.kind)


@dataclass(frozen=True)
class Calling:
    """A discussion that somebody is about to call. `children` are the ones it is about."""

    reason: str
    children: Collection[int]
    seats: Sequence[Seat]


@dataclass(frozen=True)
class Task:
    """What somebody will do after the discussion, and by when."""

    what: str
    owner: str
    due: date


@dataclass(frozen=True)
class Account:
    """What a person writes down of a discussion that was held."""

    held_at: datetime | None
    has_chair: bool
    seats: Sequence[Seat]
    decision: StrategyDecision | None
    texts: Mapping[str, str] = field(default_factory=dict)
    tasks: Sequence[Task] = ()


@dataclass(frozen=True)
class OnRecord:
    """What the record says of the latest strategy discussion about a child that was not called off."""

    seats: Sequence[Seat] = ()
    decision: StrategyDecision | None = None
    rationale: str = ""


#: What the record of a discussion says in words, in the order of the page, and what to say where it is missing.
TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "risk": "Write what the risk is.",
        "childs_voice": "Write the child’s voice: what each child says, shows or would want.",
        "rationale": "Write why this was decided.",
        "contingency": "Write what happens if the plan cannot be kept.",
    }
)


def before_calling(calling: Calling) -> Iterator[Objection]:
    """A reason, the children, and an answer for each of the three that must be asked."""
    if not calling.reason.strip():
        yield Objection("reason", "Write why a strategy discussion is needed.")
    if not calling.children:
        yield Objection("children", "Choose the children whom the discussion is about.")
    for kind, who in COMPULSORY.items():
        yield from _answered(kind, who, [seat for seat in calling.seats if seat.key == kind])


def _answered(kind: AgencyKind, who: str, seats: Sequence[Seat]) -> Iterator[Objection]:
    seat = seats[0] if seats else Seat(kind, kind)
    if seat.is_invited is None:
        yield Objection(f"{kind}_asked", f"Say whether you invite {who}.")
    elif seat.is_invited and not seat.name.strip():
        yield Objection(f"{kind}_agency", f"Choose the agency, or write the name, of whom you invite for {who}.")
    elif not seat.is_invited and not seat.not_invited_because.strip():
        yield Objection(f"{kind}_because", f"Say why you do not invite {who}.")


def left_out(seats: Sequence[Seat]) -> tuple[str, ...]:
    """Those of the three who are neither invited nor left out with a reason, as a sentence names them."""
    answered = {seat.counts_for for seat in seats if seat.is_invited or seat.not_invited_because.strip()}
    return tuple(who for kind, who in COMPULSORY.items() if kind not in answered)


def not_there(seats: Sequence[Seat]) -> tuple[str, ...]:
    """Those of the three of whom nobody came, with or without a reason: a page says so beside the decision."""
    came = {seat.counts_for for seat in seats if seat.attended}
    return tuple(who for kind, who in COMPULSORY.items() if kind not in came)


def quorum(seats: Sequence[Seat]) -> Iterator[Objection]:
    """Social care, police and health: each was there, or the record says why not. Somebody was there at all."""
    explained = {
        seat.counts_for for seat in seats if seat.attended or _says_why_absent(seat) or _says_why_not_invited(seat)
    }
    for kind, who in COMPULSORY.items():
        if kind not in explained:
            yield Objection("", f"Record whether {who} took part, or why not: the discussion needs all three.")
    if not any(seat.attended for seat in seats):
        yield Objection("", "Nobody is recorded as having come. Call the discussion off, and call another.")


def _says_why_absent(seat: Seat) -> bool:
    return seat.attended is False and bool(seat.absent_because.strip())


def _says_why_not_invited(seat: Seat) -> bool:
    return not seat.is_invited and bool(seat.not_invited_because.strip())


def before_recording(account: Account, *, received_at: datetime, now: datetime) -> Iterator[Objection]:
    """Held, attended, decided, reasoned, and followed by somebody doing something."""
    yield from _when_and_who(account, received_at, now)
    invited = [seat for seat in account.seats if seat.is_invited]
    absences = list(_attendance(invited))
    yield from absences
    if not absences:
        yield from quorum(account.seats)
    for name, sentence in TEXTS.items():
        if not account.texts.get(name, "").strip():
            yield Objection(name, sentence)
    if account.decision is None:
        yield Objection("decision", "Choose what the discussion decided.")
    elif account.decision is not StrategyDecision.NO_FURTHER and not account.tasks:
        yield Objection("action_0_what", "Write at least one action: what is done, by whom, and by when.")


def _when_and_who(account: Account, received_at: datetime, now: datetime) -> Iterator[Objection]:
    if account.held_at is None:
        yield Objection("held_on", "Enter the date and time at which the discussion was held.")
    elif account.held_at > now:
        yield Objection("held_on", "The discussion cannot have been held in the future: record it afterwards.")
    elif account.held_at < received_at:
        yield Objection("held_on", "The discussion cannot have been held before the contact was received.")
    if not account.has_chair:
        yield Objection("chair", "Choose who chaired the discussion.")


def _attendance(invited: Sequence[Seat]) -> Iterator[Objection]:
    for seat in invited:
        if seat.attended is None:
            yield Objection(f"attended_{seat.key}", f"Say whether {seat.name} took part.")
        elif not seat.attended and not seat.absent_because.strip():
            yield Objection(f"absent_{seat.key}", f"Say why {seat.name} did not take part.")


def answers_why_not(found: OnRecord | None, outcomes: Collection[Outcome]) -> bool:
    """Whether a discussion explains by itself why level 4 evidence meets another outcome than section 47.

    It does where it was held and decided so, with its reasons. One that decided on an assessment does not explain an
    outcome by which less is done.
    """
    if found is None or not found.rationale.strip():
        return False
    if found.decision is StrategyDecision.NO_FURTHER:
        return True
    return found.decision is StrategyDecision.SECTION_17 and not set(outcomes) <= _LESS_THAN_ASSESSED


def why_it_does_not_answer(name: str, found: OnRecord) -> str:
    """What to say where a discussion about a child is on record and the outcome is another."""
    if found.decision is None:
        return (
            f"The strategy discussion about {name} is not recorded yet: record it, or say why you cannot wait for it."
        )
    if not found.rationale.strip():
        return f"The strategy discussion about {name} gives no rationale: say why there is no section 47 enquiry."
    return f"The strategy discussion about {name} decided “{found.decision.label}”: say why the outcome is another."


def what_is_missing(name: str, found: OnRecord | None) -> Iterator[str]:
    """What stands in the way of a strategy outcome for this child."""
    if found is None:
        yield f"Call the strategy discussion about {name} first: none is on record."
        return
    for who in left_out(found.seats):
        yield f"Invite {who} to the strategy discussion about {name}, or record why not."
