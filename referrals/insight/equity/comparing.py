"""Each group beside the whole: shares with their intervals, what may be shown of them, and what differs. Plain Python.

A share differs where its interval and that of the whole do not touch. That is a question to ask, not an answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from referrals.rules import suppression
from referrals.rules.crosstable import TOTAL, hidden
from referrals.rules.intervals import Interval, wilson

from .queries import BROKEN, KEPT, OUTCOMES, Group

#: What shares are taken of, as the table calls them: an outcome by its place, or the promise of 24 hours.
IN_TIME = len(OUTCOMES)
SHARES = {
    0: "Referral",
    1: "Early help",
    2: "No further action",
    IN_TIME: "Decided within 24 hours",
}


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many. `apart`: -1 or 1 where it is below or above the whole beyond chance."""

    part: int
    whole: int
    interval: Interval | None
    apart: int = 0

    @property
    def rate(self) -> float | None:
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Shown:
    """A row as it may be read: None is a number that is not shown, so that nobody can be worked out."""

    contacts: int | None
    parts: Mapping[int, int | None]
    shares: Mapping[int, Share | None]
    median: float | None


def whole(total: Group) -> Shown:
    """Everybody: what each group is beside. It is shown whatever it is, as on every page of figures."""
    return _shown(total, total.contacts, frozenset(), None)


def tells(total: Group) -> frozenset[int]:
    """The measures of everybody that would give a small number away, such as of those who were not decided in time."""
    outcomes, times = _unknown(total)
    return frozenset({place for place in outcomes if place != TOTAL} | ({IN_TIME} if KEPT in times else set()))


def _unknown(total: Group) -> tuple[frozenset[int], frozenset[int]]:
    """The outcomes and the times of everybody that no file says that leaves the MASH; TOTAL: not even how many."""
    counts = {("became", place): number for place, number in enumerate(total.outcomes)}
    times = {("took", place): number for place, number in enumerate(total.times)}
    everybody = ("all", TOTAL)
    sums = [suppression.Sum(everybody, list(counts)), suppression.Sum(everybody, list(times))]
    counts |= times
    few = [key for key, number in counts.items() if suppression.few_are_left(total.contacts, number)]
    found = suppression.hidden({**counts, everybody: total.contacts}, sums, few)
    by_kind = {kind: frozenset(place for of, place in found if of in (kind, "all")) for kind in ("became", "took")}
    return by_kind["became"], by_kind["took"]


def beside(groups: Mapping[str, Group], everybody: Shown, total: Group) -> Mapping[str, Shown]:
    """The groups of one characteristic. They add up to everybody, so small ones are hidden with others beside them.

    What is hidden of everybody in a file cannot be added up from them either.
    """
    unknown_outcomes, unknown_times = _unknown(total)
    outcomes = {key: one.outcomes for key, one in groups.items()}
    times = {key: one.times for key, one in groups.items()}
    few = {
        (key, place)
        for key, one in groups.items()
        for place, number in enumerate(one.outcomes)
        if suppression.few_are_left(one.contacts, number)
    }
    totals: frozenset[tuple[str, int]] = frozenset()
    while True:
        of_outcomes = hidden(outcomes, totals | few, unknown_outcomes)
        of_times = hidden(times, frozenset(place for place in of_outcomes if place[1] == TOTAL), unknown_times)
        both = frozenset(place for place in of_outcomes | of_times if place[1] == TOTAL)
        if both <= totals:
            break
        totals = both
    found = {}
    for key, one in groups.items():
        places = {column for row, column in of_outcomes if row == key}
        kept = {IN_TIME} if {(key, KEPT), (key, BROKEN)} & of_times else set()
        contacts = None if (key, TOTAL) in totals else one.contacts
        found[key] = _shown(one, contacts, frozenset(places | kept), everybody)
    return found


def _shown(group: Group, contacts: int | None, not_shown: frozenset[int], everybody: Shown | None) -> Shown:
    parts: dict[int, int | None] = {}
    shares: dict[int, Share | None] = {}
    for measure in SHARES:
        part = group.times[KEPT] if measure == IN_TIME else group.outcomes[measure]
        parts[measure] = None if measure in not_shown else part
        all_of = everybody.shares[measure] if everybody else None
        shown = measure not in not_shown and contacts is not None
        shares[measure] = _share(part, group.contacts, all_of) if shown else None
    few = contacts is None or group.contacts < suppression.LEAST
    return Shown(contacts, parts, shares, None if few else group.median)


def _share(part: int, of: int, everybody: Share | None) -> Share:
    interval = wilson(part, of)
    if interval is None or everybody is None or everybody.interval is None or interval.overlaps(everybody.interval):
        return Share(part, of, interval)
    return Share(part, of, interval, apart=1 if interval.low > everybody.interval.high else -1)


def differences(rows: Mapping[str, Shown]) -> Sequence[tuple[str, int]]:
    """(group, measure) of each share that differs from the whole beyond chance."""
    return [
        (key, measure) for key, row in rows.items() for measure, share in row.shares.items() if share and share.apart
    ]
