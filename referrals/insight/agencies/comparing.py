"""Like with like: each agency beside those of its own kind, and whether chance explains it. Plain Python."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mash_portal.govuk.words import count
from referrals.insight.findings import percent
from referrals.rules.funnel import Funnel, Place

from .counts import Decided
from .queries import Body

#: What several agencies of a kind are called.
PLURAL = {
    "school": ("school or nursery", "schools and nurseries"),
    "education": ("education service", "education services"),
    "health": ("health service", "health services"),
    "police": ("police force", "police forces"),
    "housing": ("housing provider", "housing providers"),
    "council": ("council service", "council services"),
    "early_help": ("early help service", "early help services"),
    "legal": ("legal agency", "probation, courts and other legal agencies"),
    "voluntary": ("voluntary or other agency", "voluntary and other agencies"),
    "authority": ("local authority", "other local authorities"),
}
PLACES = {
    Place.WITHIN: "Within what chance explains",
    Place.HIGH_EDGE: "High, at the edge of chance",
    Place.LOW_EDGE: "Low, at the edge of chance",
    Place.HIGH: "Higher than chance explains",
    Place.LOW: "Lower than chance explains",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """A share that agencies are compared by."""

    key: str
    label: str
    words: str
    part: Callable[[Decided], int]
    whole: Callable[[Decided], int]


MEASURES = {
    one.key: one
    for one in (
        Measure("nfa", "No further action", "needed no further action", lambda row: row.nfa, lambda row: row.contacts),
        Measure(
            "pushback", "Returned with advice", "were returned with advice", lambda r: r.pushback, lambda r: r.contacts
        ),
        Measure(
            "over", "Believed higher than decided", "were believed higher", lambda r: r.over, lambda r: r.both_known
        ),
        Measure(
            "under", "Believed lower than decided", "were believed lower", lambda r: r.under, lambda r: r.both_known
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Point:
    """One agency of a group. `number` marks it in the picture, where it lies outside."""

    body: Body
    part: int
    whole: int
    place: Place
    number: int = 0

    @property
    def share(self) -> float:
        return self.part / self.whole


@dataclass(frozen=True, slots=True)
class Group:
    """The agencies of one kind that sent anything, around what they share."""

    kind: str
    measure: Measure
    funnel: Funnel | None
    points: Sequence[Point]

    @property
    def outside(self) -> list[Point]:
        return [point for point in self.points if point.place.is_outside]

    @property
    def name(self) -> str:
        return called(self.kind)

    @property
    def heading(self) -> str:
        """Who lies outside, if anybody does."""
        if self.funnel is None or len(self.points) < 2:
            return f"There are too few {self.name} to compare"
        around = f"{percent(self.funnel.mean)} {self.measure.words}"
        outside = self.outside
        if not outside:
            return f"{around}: chance explains every difference between {count(len(self.points), *named(self.kind))}"
        if len(outside) > 2:
            who = f"{len(outside)} of {count(len(self.points), *named(self.kind))} lie"
        else:
            names = " and ".join(point.body.name for point in outside)
            who = f"{names} {'lies' if len(outside) == 1 else 'lie'}"
        return f"{who} outside what chance explains; {around} over all {self.name}"


def named(kind: str) -> tuple[str, str]:
    return PLURAL.get(kind, ("agency", "agencies"))


def called(kind: str) -> str:
    return named(kind)[1]


def groups(rows: Mapping[int, Decided], bodies: Mapping[int, Body], measure: Measure) -> dict[str, Group]:
    """By kind of agency. An agency's group is its kind, whatever the page shows beside it."""
    by_kind: dict[str, list[tuple[Body, int, int]]] = {}
    for agency, row in rows.items():
        if measure.whole(row):
            body = bodies[agency]
            by_kind.setdefault(body.kind, []).append((body, measure.part(row), measure.whole(row)))
    return {kind: _group(kind, measure, members) for kind, members in by_kind.items()}


def _group(kind: str, measure: Measure, members: Sequence[tuple[Body, int, int]]) -> Group:
    funnel = Funnel.of([(part, whole) for _, part, whole in members])
    points, number = [], 0
    for body, part, whole in sorted(members, key=lambda one: (-one[2], one[0].name)):
        place = funnel.place(part, whole) if funnel else Place.WITHIN
        number += place.is_outside
        points.append(Point(body, part, whole, place, number if place.is_outside else 0))
    return Group(kind, measure, funnel, points)


def largest(rows: Mapping[int, Decided], bodies: Mapping[int, Body]) -> str:
    """The kind of which most agencies sent something: where a picture of them says most."""
    kinds = Counter(bodies[agency].kind for agency in rows)
    return max(sorted(kinds), key=kinds.__getitem__, default="")
