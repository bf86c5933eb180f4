"""The numbers about one agency by their names, shown or hidden: every sentence and cell of its page asks here."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from referrals.insight.figures import Figures, share
from referrals.insight.findings import percent
from referrals.insight.period import Month
from referrals.insight.signs import LEVELS, OPEN, QUALITIES, RESULTS, ended, mark
from referrals.rules import nested, suppression
from referrals.rules.suppression import HIDDEN, Sum, few_are_left
from referrals.vocabulary import Grade

from .counts import Decided, Told

#: What is counted of each month, by its letter: each holds the next.
SENT = {"c": "contacts", "n": "nfa", "p": "pushback"}


@dataclass(frozen=True)
class Numbers:
    """`leaves`: they go out of the MASH."""

    counts: Mapping[str, int]
    hidden: frozenset[str]
    leaves: bool

    def say(self, key: str) -> str:
        return HIDDEN if key in self.hidden else f"{self.counts[key]:,}"

    def cell(self, key: str) -> object:
        """For a file: a number, or the mark."""
        return HIDDEN if key in self.hidden else self.counts[key]

    def shown(self, *keys: str) -> bool:
        return not self.hidden.intersection(keys)

    def tells(self, part: str, whole: str) -> bool:
        """Whether the two together say a number that is not shown, or that all but a few are in the part."""
        few = few_are_left(self.counts[whole], self.counts[part])
        return not self.shown(part, whole) or (self.leaves and few)

    def percent(self, part: str, whole: str) -> str:
        if self.tells(part, whole):
            return HIDDEN
        return percent(share(self.counts[part], self.counts[whole]))


def gathered(
    decided: Decided,
    told: Told,
    months: Sequence[tuple[Month, Figures]],
    marks: Mapping[str, Counter[str]],
    results: Mapping[str, int],
    *,
    leaves: bool,
) -> Numbers:
    """`leaves`: small numbers are hidden, with what would give them away."""
    counts, sums = _decided(decided)
    counts |= {name: getattr(told, name) for name in Told.__slots__}
    counts |= {f"{letter}:{month.key}": getattr(row, name) for month, row in months for letter, name in SENT.items()}
    for quality in QUALITIES:
        graded = {mark(quality, grade): marks[quality][grade.value] for grade in Grade}
        counts |= graded
        sums.append(Sum("marked", list(graded)))
    by_result = {ended(key): results.get("" if key == OPEN else key, 0) for key in RESULTS}
    counts |= by_result
    if sum(by_result.values()) == told.disagreed:  # a child may be disagreed about twice
        sums.append(Sum("disagreed", list(by_result)))
    shares = (("disagreed", "contacts"), ("thin", "marked"))
    few = [part for part, whole in shares if few_are_left(counts[whole], counts[part])]
    found = suppression.hidden(counts, sums, [*few, *_hidden_by_month(months)])
    return Numbers(counts, found if leaves else frozenset(), leaves)


def _hidden_by_month(months: Sequence[tuple[Month, Figures]]) -> Iterator[str]:
    """Those returned are part of those without action, and these of the contacts, in each month and in all of them."""
    rows = dict(enumerate(row for _, row in months))
    rows[-1] = sum(rows.values(), start=Figures())
    counts = {(row, at): getattr(found, name) for row, found in rows.items() for at, name in enumerate(SENT.values())}
    few = [(row, 2) for row in rows if few_are_left(counts[row, 0], counts[row, 2])]
    in_months = {place: number for place, number in counts.items() if place[0] >= 0}
    for row, at in nested.hidden(in_months, [range(len(months))], [(0, 1), (1, 2)], few):
        letter, name = list(SENT.items())[at]
        yield f"{letter}:{months[row][0].key}" if row >= 0 else name


def level(believed: int, decided: int) -> str:
    return f"level:{believed}:{decided}"


def _decided(row: Decided) -> tuple[dict[str, int], list[Sum[str]]]:
    counts = {"contacts": row.contacts, "nfa": row.nfa, "pushback": row.pushback, "levels": row.both_known}
    counts |= {"over": row.over, "under": row.under, "same": row.same}
    cells = {(believed, one): level(believed, one) for believed in LEVELS for one in LEVELS}
    counts |= {key: row.levels[pair] for pair, key in cells.items()}
    return counts, [
        Sum("levels", ["over", "under", "same"]),
        Sum("over", [key for (believed, one), key in cells.items() if believed > one]),
        Sum("under", [key for (believed, one), key in cells.items() if believed < one]),
        Sum("same", [key for (believed, one), key in cells.items() if believed == one]),
    ]
