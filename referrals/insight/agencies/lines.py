"""Rows of the tables about agencies: for the page with links to the lists behind, and for a file with counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import exp

from mash_portal.govuk import words
from referrals.insight.exporting import Count, Offered, Share
from referrals.insight.findings import percent
from referrals.insight.signs import KINDS, LEVELS

from .comparing import PLACES, Group
from .counts import Decided, Told
from .links import Behind
from .queries import Body

Cell = tuple[str, str, str]
#: Below this, nothing at all is no more than bad luck: 95 times in 100, somebody would have been heard of.
SURE = 0.05


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a page's table: what it is about, and (heading, text, address) of each of its cells."""

    label: str
    url: str
    cells: Sequence[Cell]


def with_share(part: int, whole: int) -> str:
    return f"{part:,}\N{NO-BREAK SPACE}({percent(part / whole)})" if whole else "–"


DECIDED = ("Contacts", "No further action", "Returned with advice", "Believed higher", "Believed lower")
COMPARED = "Beside its kind"


def decided(body: Body, row: Decided, group: Group | None, url: str, here: Behind) -> Line:
    place = next((one for one in group.points if one.body.pk == body.pk), None) if group else None
    beside = PLACES[place.place] if place and group and len(group.points) > 1 else "Nobody to compare"
    numbers = (
        (f"{row.contacts:,}", here()),
        (with_share(row.nfa, row.contacts), here(outcome="nfa")),
        (with_share(row.pushback, row.contacts), here(outcome="nfa_pushback")),
        (with_share(row.over, row.both_known), here(sign="over")),
        (with_share(row.under, row.both_known), here(sign="under")),
    )
    cells = [(heading, *number) for heading, number in zip(DECIDED, numbers, strict=True)]
    marked = f"{place.number}: {beside}" if place and place.number else beside
    return Line(body.name, url, [*cells, (COMPARED, marked, "")])


def decided_file(rows: Sequence[tuple[Body, Decided]], places: Mapping[int, str]) -> Offered:
    headings = ["Agency", "Kind", "Contacts"]
    for name in DECIDED[1:]:
        headings += [name, f"{name}, share"]
    return Offered(
        "agencies",
        "Agencies and decisions",
        [*headings, COMPARED],
        [
            [
                body.name,
                KINDS.get(body.kind, body.kind),
                Count(row.contacts),
                *_pairs(
                    3,
                    (row.nfa, row.contacts),
                    (row.pushback, row.contacts),
                    (row.over, row.both_known),
                    (row.under, row.both_known),
                ),
                places.get(body.pk, ""),
            ]
            for body, row in rows
        ],
        across=[(2, 3), (3, 5), (-7, 7, 9)],
    )


TOLD = (
    "No agreement on record",
    "Forms with too little",
    "Feedback on time",
    "Feedback opened",
    "Disagreements",
    "Came back in 90 days",
)


def told_pairs(row: Told, contacts: int) -> tuple[tuple[int, int], ...]:
    """Each number with what it is a share of, in the order of TOLD."""
    return (
        (row.no_agreement, row.asked),
        (row.thin, row.marked),
        (row.in_time, row.owed),
        (row.opened, row.told_here),
        (row.disagreed, contacts),
        (row.came_back, row.could_come_back),
    )


TOLD_SIGNS = ("no_agreement", "thin", "in_time", "opened", "disagreed", "came_back")


def told(body: Body, row: Told, contacts: int, url: str, here: Behind) -> Line:
    pairs = zip(TOLD, told_pairs(row, contacts), TOLD_SIGNS, strict=True)
    cells = [
        (heading, f"{part:,}\N{NO-BREAK SPACE}of {whole:,}" if whole else "–", here(sign=sign) if whole else "")
        for heading, (part, whole), sign in pairs
    ]
    return Line(body.name, url, [("Contacts", f"{contacts:,}", here()), *cells])


def told_file(rows: Sequence[tuple[Body, Told, int]]) -> Offered:
    headings = ["Agency", "Kind", "Contacts"]
    for name in TOLD:
        headings += [name, f"{name}, share"]
    cells = [
        [body.name, KINDS.get(body.kind, body.kind), Count(contacts), *_pairs(3, *told_pairs(row, contacts))]
        for body, row, contacts in rows
    ]
    return Offered("told", "Agencies and what they are told", headings, cells, across=[(2, 11)])


def _pairs(column: int, *pairs: tuple[int, int]) -> list[object]:
    """A count and its share for each, the first count in this column."""
    found: list[object] = []
    for number, (part, whole) in enumerate(pairs):
        found += [Count(part), Share(part, whole, of=column + 2 * number)]
    return found


@dataclass(frozen=True, slots=True)
class Silent:
    """An agency that sent nothing. `usual`: how many one of its size would have sent at the rate of its kind."""

    body: Body
    last: datetime | None
    usual: float | None

    @property
    def size(self) -> str:
        return f"{self.body.size:,}" if self.body.size is not None else "Not known"

    @property
    def words(self) -> str:
        if self.usual is None:
            return "–"
        about = f"About {round(self.usual)}" if self.usual >= 1 else "Fewer than 1"
        return f"{about}: {'unlikely to be chance' if exp(-self.usual) <= SURE else 'nothing may be chance'}"

    @property
    def heard(self) -> str:
        return words.long_date(self.last) if self.last else "Never"


def silent_file(rows: Sequence[Silent]) -> Offered:
    return Offered(
        "silent",
        "Agencies that sent nothing",
        ["Agency", "Kind", "Children it works with", "Usual for its size", "Last heard of"],
        [
            [one.body.name, KINDS.get(one.body.kind, one.body.kind), one.body.size, one.words, one.last or "Never"]
            for one in rows
        ],
    )


def levels_file(total: Decided) -> Offered:
    cells = [(believed, level, total.levels[believed, level]) for believed in LEVELS for level in LEVELS]
    return Offered(
        "levels",
        "Level believed and level decided",
        ["Level believed", "Level decided", "Contacts"],
        [[believed, level, Count(number)] for believed, level, number in cells],
    )
