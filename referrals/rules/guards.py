"""What must be true before an outcome (front-door.md 3.5). Each guard is one function with its own sentence.

Plain Python: the action gathers the Picture, the guards look at it and say what stands in the way.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from referrals.refusals import Objection
from referrals.vocabulary import NFA, PROTECTIVE, Outcome

from . import strategy

REPEAT_WINDOW = timedelta(days=365)
REPEAT_COUNT = 3
NFA_WINDOW = timedelta(days=90)
LEVEL_4 = 4
LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class ChildPicture:
    """What the guards need to know of one child. `key` tells the children of a contact apart."""

    key: int
    name: str
    outcomes: frozenset[Outcome]
    level: int | None
    date_of_birth: date | None = None
    is_unborn: bool = False
    estimated_age: int | None = None
    earlier_contacts: tuple[datetime, ...] = ()
    earlier_nfas: tuple[datetime, ...] = ()
    discussion: strategy.OnRecord | None = None


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
    open_checks: tuple[str, ...] = ()
    suggested_level: int | None = None

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


def no_check_is_open(picture: Picture) -> Iterator[Objection]:
    """What an agency knows may change the decision: wait for it, or say why not. `open_checks`: their names."""
    if picture.open_checks:
        what = "An agency check is" if len(picture.open_checks) == 1 else "Agency checks are"
        who = _listed(list(picture.open_checks))
        yield Objection("", f"{what} still open: {who}. Wait for the answer, or close it with a reason.")


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


def nfa_has_advice(picture: Picture) -> Iterator[Objection]:
    """What to do, at which level and, where the contact is returned, which service."""
    if picture.outcomes & NFA and not picture.says("advice"):
        yield Objection("advice", "Write the advice to the referrer: no further action is never returned without it.")


def nfa_has_a_level(picture: Picture) -> Iterator[Objection]:
    if picture.outcomes & NFA and picture.advice_level is None:
        yield Objection("advice_level", "Choose the level at which the referrer should act on the advice.")


def pushback_names_a_service(picture: Picture) -> Iterator[Objection]:
    if Outcome.NFA_PUSHBACK in picture.outcomes and not picture.says("advice_service"):
        yield Objection("advice_service", "Name the service that the referrer should try, or say that they need none.")


def level_four_says_why_no_strategy(picture: Picture) -> Iterator[Objection]:
    """Nottinghamshire: no reason on record for not holding a strategy discussion.

    Evidence of level 4 counts though somebody judged the whole to be less; an emergency alone is no discussion. One
    that was held and decided otherwise is the reason: the decision record shows its rationale. One that decided on
    more than the outcome, or is not recorded yet, asks for a reason at any level.
    """
    if picture.says("why_no_strategy"):
        return
    serious = picture.has_harm_alert or LEVEL_4 in (picture.assessed_level, picture.suggested_level)
    unanswered = [
        child
        for child in picture.children
        if child.outcomes
        and Outcome.STRATEGY not in child.outcomes
        and (serious or child.discussion is not None)
        and not strategy.answers_why_not(child.discussion, child.outcomes)
    ]
    without = [child.name for child in unanswered if child.discussion is None]
    if without:
        what = "a harm alert" if picture.has_harm_alert else "level 4 evidence"
        sentence = f"There is {what}: say why no strategy discussion is needed for {_listed(without)}."
        yield Objection("why_no_strategy", sentence)
    for child in unanswered:
        if child.discussion is not None:
            yield Objection("why_no_strategy", strategy.why_it_does_not_answer(child.name, child.discussion))


def protective_outcomes_are_qualified(picture: Picture) -> Iterator[Objection]:
    """Norfolk: section 47 work not by qualified workers."""
    if picture.outcomes & PROTECTIVE and not picture.recommender_is_qualified:
        what = "A strategy discussion" if Outcome.STRATEGY in picture.outcomes else "An emergency outcome"
        sentence = f"{what} can only be recommended by a social worker whose registration is on record and in force."
        yield Objection("", sentence)


def a_discussion_is_on_record(picture: Picture) -> Iterator[Objection]:
    """A strategy outcome rests on a discussion that was called or held, with police and health, or it says why not."""
    for child in picture.children:
        if Outcome.STRATEGY in child.outcomes:
            for sentence in strategy.what_is_missing(child.name, child.discussion):
                yield Objection(f"outcomes_{child.key}", sentence)


def early_help_has_agreement(picture: Picture) -> Iterator[Objection]:
    if Outcome.EARLY_HELP in picture.outcomes and not (
        picture.agreement_on_record or picture.says("agreement_obtained")
    ):
        sentence = "Early help needs the family's agreement on record: say who agreed, to what, and when."
        yield Objection("agreement_obtained", sentence)


def reasons_to_look_again(picture: Picture) -> tuple[str, ...]:
    """Why a manager must say that no further action is still right; empty where nothing argues against it."""
    return tuple(
        reason for child in picture.children if child.outcomes & NFA for reason in history_of(child, picture.now)
    )


def nfa_is_still_right(picture: Picture) -> Iterator[Objection]:
    """At sign-off only: the manager has read the history and says why."""
    for reason in reasons_to_look_again(picture):
        if not picture.says("why_nfa_still_right"):
            yield Objection("why_nfa_still_right", f"{reason} Write why no further action is still right.")


#: What can be said as soon as the outcomes are chosen, before anything is written.
ABOUT_OUTCOMES: tuple[Guard, ...] = (
    assessed,
    every_child_has_an_outcome,
    nfa_stands_alone,
    protective_outcomes_are_qualified,
    a_discussion_is_on_record,
)
BEFORE_RECOMMENDING: tuple[Guard, ...] = (
    assessed,
    no_check_is_open,
    every_child_has_an_outcome,
    nfa_stands_alone,
    record_is_complete,
    nfa_has_advice,
    nfa_has_a_level,
    pushback_names_a_service,
    level_four_says_why_no_strategy,
    protective_outcomes_are_qualified,
    a_discussion_is_on_record,
    early_help_has_agreement,
)
BEFORE_SIGNING_OFF: tuple[Guard, ...] = (*BEFORE_RECOMMENDING, nfa_is_still_right)


def wanted(picture: Picture) -> frozenset[str]:
    """The fields that these outcomes make somebody answer, whatever has been answered: what a page has to ask."""
    bare = replace(picture, texts={}, advice_level=None)
    return frozenset(objection.field for objection in objections(bare, BEFORE_RECOMMENDING))


def objections(picture: Picture, guards: tuple[Guard, ...]) -> list[Objection]:
    """Every sentence that stands in the way, in the order of the guards; empty where nothing does."""
    return [sentence for guard in guards for sentence in guard(picture)]


def history_of(child: ChildPicture, now: datetime) -> Iterator[str]:
    """Whatever makes this child one whose contact is not closed lightly, each as a sentence."""
    yield from repeated(child, now)
    yield from closed_lately(child, now)
    yield from very_young(child, now)


def repeated(child: ChildPicture, now: datetime) -> Iterator[str]:
    """The third contact about a child within 12 months, this one counted."""
    recent = [at for at in child.earlier_contacts if now - at <= REPEAT_WINDOW]
    if len(recent) + 1 >= REPEAT_COUNT:
        yield f"This is contact number {len(recent) + 1} about {child.name} within 12 months."


def closed_lately(child: ChildPicture, now: datetime) -> Iterator[str]:
    if any(now - at <= NFA_WINDOW for at in child.earlier_nfas):
        yield f"An earlier contact about {child.name} was closed with no further action in the last 90 days."


def very_young(child: ChildPicture, now: datetime) -> Iterator[str]:
    """Not born yet, or not one year old; thought to be so where the date of birth is not known."""
    if child.is_unborn:
        yield f"{child.name} is not born yet."
    elif child.date_of_birth and now.astimezone(LONDON).date() < _first_birthday(child.date_of_birth):
        yield f"{child.name} is under one year old."
    elif child.date_of_birth is None and child.estimated_age == 0:
        yield f"{child.name} is thought to be under one year old."


def _first_birthday(born: date) -> date:
    """Of a child born on 29 February: the 1st of March."""
    is_leap_day = (born.month, born.day) == (2, 29)
    return date(born.year + 1, 3, 1) if is_leap_day else born.replace(year=born.year + 1)


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
