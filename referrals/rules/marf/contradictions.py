"""What cannot be true together. Each is said where it can be put right; it stops the form like something missing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta

from .gap import Gap
from .numbers import digits, is_nhs_number, is_upn
from .questions import NO, YES
from .values import Answers, day, is_blank, name_of, part, people, text

LONGEST_PREGNANCY = timedelta(weeks=40)
#: A baby so long after the day it was expected has been born.
LONGEST_WAIT = timedelta(weeks=3)
OLDEST = 25
NOT_KNOWN = ("not known", "unknown")
PARENTS = ("mother", "mum", "birth mother", "father", "dad", "birth father", "parent")


def of_children(answers: Answers, today: date) -> Iterator[Gap]:
    children = people(answers, "children")
    for number, child in enumerate(children, 1):
        yield from _dates(child, name_of(child, f"child {number}"), today)
        yield from _same_child(child, children[: number - 1], name_of(child, f"child {number}"))


def _dates(child: Answers, name: str, today: date) -> Iterator[Gap]:
    key, expected, born = text(child, "key"), day(child, "expected_date"), day(child, "date_of_birth")
    if not is_blank(child.get("date_of_birth")) and not is_blank(child.get("expected_date")):
        sentence = f"{name} has a date of birth and an expected date. Keep only one of them"
        yield Gap("children", "expected_date", "date of birth", sentence, key)
    elif expected and expected > today + LONGEST_PREGNANCY:
        sentence = f"The expected date of {name} is more than 40 weeks from today. Check the date"
        yield Gap("children", "expected_date", "expected date", sentence, key)
    elif expected and expected < today - LONGEST_WAIT:
        sentence = f"{name} was expected more than three weeks ago. Enter the date of birth, or check the date"
        yield Gap("children", "expected_date", "expected date", sentence, key)
    if born and born.year < today.year - OLDEST:
        sentence = f"By the date of birth {name} is older than {OLDEST}. Check the date"
        yield Gap("children", "date_of_birth", "date of birth", sentence, key)


def _same_child(child: Answers, earlier: Sequence[Answers], name: str) -> Iterator[Gap]:
    """Twins share a birth date and a family name; one child has the first name too, with the birth date or a number."""
    checks: tuple[tuple[str, Callable[[Answers], object]], ...] = (
        ("family_name", _identity),
        ("nhs_number", lambda one: _number(one, "nhs_number", is_nhs_number)),
        ("upn", lambda one: _number(one, "upn", is_upn)),
    )
    for field, identity in checks:
        mine = identity(child)
        if mine and any(identity(one) == mine for one in earlier):
            sentence = f"{name} is on this form twice. Remove one of the two, or correct what is the same"
            yield Gap("children", field, "the same child twice", sentence, text(child, "key"))
            return


def _identity(child: Answers) -> tuple[str, ...]:
    """What tells one child from another, where it is known."""
    fields = ("given_names", "family_name", "date_of_birth" if text(child, "date_of_birth") else "estimated_age")
    said = tuple(text(child, field).casefold().strip(" .") for field in fields)
    return said if all(said) and not set(said) & set(NOT_KNOWN) else ()


def _number(child: Answers, field: str, proves_itself: Callable[[str], bool]) -> tuple[str, ...]:
    typed, given = digits(text(child, field)).upper(), text(child, "given_names").casefold()
    return (typed, given) if proves_itself(typed) and given and given not in NOT_KNOWN else ()


def of_adults(answers: Answers) -> Iterator[Gap]:
    """A parent born after the child; parental responsibility, which nobody has before birth."""
    children = {text(child, "key"): child for child in people(answers, "children")}
    for number, adult in enumerate(people(answers, "adults"), 1):
        name, key = name_of(adult, f"person {number}"), text(adult, "key")
        for child_key, child in children.items():
            yield from _parent(adult, name, key, child, child_key)


def _parent(adult: Answers, name: str, key: str, child: Answers, child_key: str) -> Iterator[Gap]:
    related = text(part(adult, "relationship"), child_key).casefold().strip(" .")
    theirs, childs = day(adult, "date_of_birth"), day(child, "date_of_birth")
    if related in PARENTS and theirs and childs and theirs >= childs:
        sentence = f"{name} is {name_of(child, 'the child')}’s {related}, and was not born before. Check both dates"
        yield Gap("adults", "date_of_birth", "date of birth", sentence, key)
    if day(child, "expected_date") and text(part(adult, "responsibility"), child_key) == YES:
        sentence = f"Nobody has parental responsibility for {name_of(child, 'a baby')} before birth. Answer “No”"
        yield Gap("adults", "responsibility", "parental responsibility", sentence, key)


def of_consent(answers: Answers) -> Iterator[Gap]:
    """Nobody agrees to, or refuses, what they have not been told of."""
    consent = part(answers, "consent")
    if text(consent, "informed") != NO:
        return
    if text(consent, "agreement") == YES:
        sentence = "You say that the family has agreed, and that they have not been told. Change one of the two answers"
        yield Gap("consent", "agreement", "agreement without telling the family", sentence)
    elif text(consent, "agreement") == NO and text(consent, "no_agreement_reason") == "refused":
        sentence = "You say that the family refused, and that they have not been told. Change one of the two answers"
        yield Gap("consent", "no_agreement_reason", "refusal without telling the family", sentence)


def harm_at_level_one(level: str, harmful: Iterable[str]) -> list[Gap]:
    """`harmful`: the texts of the ticked indicators that carry a harm alert. Level 1 means that every need is met."""
    texts = list(harmful)
    if level != "1" or not texts:
        return []
    sentence = (
        f"Level 1 cannot be right with “{texts[0]}”, which is evidence of harm. Untick it or choose another level"
    )
    return [Gap("threshold", "level", "level 1 with evidence of harm", sentence)]
