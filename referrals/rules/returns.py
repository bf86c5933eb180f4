"""What the inspection lists and the census ask of one child's row. Plain Python: facts in, words and sentences out.

The rules are those of codes.yaml, in its order and words: what a census validator would refuse, found before it does.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from referrals.codes import CENSUS_RULES, ETHNICITY_LABELS, PRIMARY_NEED_LABELS, SEX_ANNEX, SOURCE_LABELS

from .period import LONDON, months_back

UNBORN_SEX = "U"
LONGEST_ID = 20
PREGNANCY = timedelta(weeks=40)
_ALPHANUMERIC = re.compile(r"[A-Za-z0-9]+")


def child_id(child: int, person: int | None, earlier_system: str | None) -> str:
    """Who the row is about, without saying who: the same in every list, for as long as they are one known person.

    The number that the earlier system gave them, where a return may have it; else ours. A child whom nobody has
    compared yet is a person alone.
    """
    if earlier_system and _ALPHANUMERIC.fullmatch(earlier_system) and len(earlier_system) <= LONGEST_ID:
        return earlier_system
    return f"MASHP{person:010}" if person is not None else f"MASHC{child:010}"


def age(born: date | None, estimated: int | None, on: date) -> int | None:
    """Completed years on that day. An unborn child has none; who knows the years only has said them."""
    if born is None:
        return estimated
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return years if born <= on else None


def gender(sex: str, *, is_unborn: bool) -> str:
    """As the inspection lists write it: nothing recorded is a label of its own, and so is every unborn child."""
    return SEX_ANNEX[UNBORN_SEX] if is_unborn else SEX_ANNEX.get(sex, SEX_ANNEX[UNBORN_SEX])


def day_of(moment: datetime) -> date:
    """The day in London on which something happened."""
    return moment.astimezone(LONDON).date()


def in_the_year_before(own: datetime, every: Iterable[datetime]) -> int:
    """How many of a child's referrals came before this one, in the 12 months up to its day. It never counts itself."""
    first = months_back(day_of(own), 12).first
    return sum(1 for moment in every if moment < own and day_of(moment) >= first)


@dataclass(frozen=True, slots=True)
class Facts:
    """One child of one contact, as the rules ask about it. `referred`: the day it became a referral, if it did.

    `later`: what is on record beside or after a decision of no further action, in words.
    """

    child_id: str
    source: str
    sex: str
    ethnicity: str
    born: date | None
    expected: date | None
    received: date
    referred: date | None = None
    goes_on: bool = False
    need: str = ""
    later: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """`key` stands in addresses; `law` is the rule in the guidance's words; `fault` the sentence, or nothing."""

    key: str
    law: str
    fault: Callable[[Facts], str]


@dataclass(frozen=True, slots=True)
class Fault:
    rule: str
    sentence: str


def faults(facts: Facts) -> Iterator[Fault]:
    """Every rule that the row breaks, in the order of the rules."""
    for rule in RULES:
        if sentence := rule.fault(facts):
            yield Fault(rule.key, sentence)


def _source(facts: Facts) -> str:
    return _code(facts.source, SOURCE_LABELS, "source", "Source")


def _no_later_activity(facts: Facts) -> str:
    return f"Closed with no further action, but {' and '.join(facts.later)}." if facts.later else ""


def _need(facts: Facts) -> str:
    return _code(facts.need, PRIMARY_NEED_LABELS, "primary need", "Primary need") if facts.goes_on else ""


def _birth(facts: Facts) -> str:
    if facts.born and facts.expected:
        return "A date of birth and an expected date are both recorded."
    if facts.expected is None:
        return "" if facts.born else "Neither a date of birth nor an expected date is recorded."
    day, what = (facts.referred, "referral") if facts.referred else (facts.received, "contact")
    if facts.expected - day > PREGNANCY:
        return f"The expected date is more than 40 weeks after the {what}."
    return ""


def _unborn(facts: Facts) -> str:
    if facts.expected is None or facts.sex == UNBORN_SEX:
        return ""
    return "The child is unborn, and their sex is not recorded as U."


def _ethnicity(facts: Facts) -> str:
    return _code(facts.ethnicity, ETHNICITY_LABELS, "ethnicity", "Ethnicity")


def _identifier(facts: Facts) -> str:
    if len(facts.child_id) > LONGEST_ID:
        return f"The child’s number has {len(facts.child_id)} characters: at most {LONGEST_ID} are allowed."
    if not _ALPHANUMERIC.fullmatch(facts.child_id):
        return f"The child’s number “{facts.child_id}” has something other than letters and figures in it."
    return ""


def _code(code: str, known: dict[str, str], what: str, beginning: str) -> str:
    if code in known:
        return ""
    return f"{beginning} “{code}” is not a national code." if code else f"No {what} is recorded."


_CHECKS = {
    "source": _source,
    "no_further_action": _no_later_activity,
    "primary_need": _need,
    "birth": _birth,
    "unborn": _unborn,
    "ethnicity": _ethnicity,
    "identifier": _identifier,
}
RULES = tuple(Rule(key, law, fault) for (key, fault), law in zip(_CHECKS.items(), CENSUS_RULES, strict=True))
