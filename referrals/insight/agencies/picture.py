"""A funnel as a picture: shares against numbers, with the limits of chance around the mean. Numbers to place marks."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from referrals.insight.findings import percent
from referrals.rules.funnel import BEYOND, EDGE, Funnel, Place

from .comparing import Group, Point

#: Places at which the limits are worked out. The picture's curves are drawn in a square of SIDE by SIDE.
STEPS, SIDE = 40, 1000
SHAPES = {Place.WITHIN: "within", Place.HIGH_EDGE: "edge", Place.LOW_EDGE: "edge"}


@dataclass(frozen=True, slots=True)
class Mark:
    """One agency. Where it lies outside, a number says which."""

    x: str
    y: str
    shape: str
    number: int


@dataclass(frozen=True, slots=True)
class Picture:
    title: str
    desc: str
    curves: Sequence[tuple[str, str]]
    mean: str
    marks: Sequence[Mark]
    shares: Sequence[tuple[str, str]]
    numbers: Sequence[tuple[str, str]]


def of_group(group: Group) -> Picture | None:
    """None where there is nobody to compare."""
    if group.funnel is None or len(group.points) < 2:
        return None
    desc = (
        f"{len(group.points)} {group.name}. Half-way up the funnel is their common share, "
        f"{percent(group.funnel.mean, 1)}. {group.heading}. The table below has every number."
    )
    return _drawn(group.funnel, group.points, f"{group.measure.label}: {group.name}", desc)


def of_one(group: Group, agency: int) -> Picture | None:
    """One agency alone within the limits of its kind: nobody else's numbers are in it."""
    own = [point for point in group.points if point.body.pk == agency]
    if group.funnel is None or not own or len(group.points) < 2:
        return None
    desc = f"The common share of {group.name} is {percent(group.funnel.mean, 1)}."
    return _drawn(group.funnel, own, f"{group.measure.label}: {own[0].body.name}", desc)


def _drawn(funnel: Funnel, points: Sequence[Point], title: str, desc: str) -> Picture:
    widest = _round_up(max(point.whole for point in points) * 1.05)
    numbers = sorted({max(1, round(widest * (step / STEPS) ** 2)) for step in range(1, STEPS + 1)})
    limits = {outside: [funnel.limits(number, outside) for number in numbers] for outside in (EDGE, BEYOND)}
    reached = [
        limit.high / number for number, limit in zip(numbers, limits[BEYOND], strict=True) if number >= widest / 8
    ]
    top = min(1.0, ceil(10 * max([*reached, *(point.share for point in points)])) / 10) or 1.0

    def curve(ends: Sequence[float]) -> str:
        shares = ((number, min(max(end / number / top, 0), 1)) for number, end in zip(numbers, ends, strict=True))
        return " ".join(f"{SIDE * number / widest:.1f},{SIDE * (1 - share):.1f}" for number, share in shares)

    def height(share: float) -> str:
        return f"{100 * (1 - share / top):.2f}%"

    return Picture(
        title=title,
        desc=desc,
        curves=[
            (name, curve([getattr(limit, side) for limit in limits[outside]]))
            for name, outside in (("edge", EDGE), ("beyond", BEYOND))
            for side in ("low", "high")
        ],
        mean=height(funnel.mean),
        marks=[
            Mark(f"{100 * p.whole / widest:.2f}%", height(p.share), SHAPES.get(p.place, "outside"), p.number)
            for p in points
        ],
        shares=[(height(top * part / 4), percent(top * part / 4)) for part in range(5)],
        numbers=[(f"{25 * part}%", f"{round(widest * part / 4):,}") for part in range(5)],
    )


def _round_up(number: float) -> int:
    """To a number that divides by four and looks round: 60 for 53, 5,600 for 5,565."""
    step = 4
    while number / step > 25:
        step *= 10
    return ceil(number / step) * step
