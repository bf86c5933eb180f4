"""Control charts and ranges as pictures: places in per cent across and pixels down, so that they fit any screen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from referrals.rules.control_chart import Chart, Sign

TOP, HEIGHT, LABEL = 30, 180, 22
STEPS = 70
LEFT, RIGHT = 1.0, 99.0


@dataclass(frozen=True, slots=True)
class Point:
    x: str
    y: str
    special: bool


@dataclass(frozen=True, slots=True)
class Line:
    """From one month to the next, or a limit across all of them."""

    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A level across the chart, in words above its line."""

    y: str
    label_y: str
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Panel:
    height: int
    label_y: int
    points: Sequence[Point]
    lines: Sequence[Line]
    limits: Sequence[Limit]


@dataclass(frozen=True, slots=True)
class Picture:
    """Both panels of a control chart. `said` is what a reader who does not see it is told; the table has the rest."""

    name: str
    title: str
    said: str
    first: str
    last: str
    values: Panel
    steps: Panel


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where a value stands: `months` columns, `height` pixels between `lower` and `upper`."""

    months: int
    lower: float
    upper: float
    height: int

    def x(self, place: int) -> str:
        return f"{LEFT + (RIGHT - LEFT) * (place + 0.5) / self.months:.2f}%"

    def y(self, value: float, above: int = 0) -> str:
        width = self.upper - self.lower or 1.0
        return f"{TOP + self.height * (1 - (value - self.lower) / width) - above:.1f}"


@dataclass(frozen=True, slots=True)
class Told:
    """What a picture is called, what it says in a sentence, the names of its months, and how it puts a value."""

    name: str
    title: str
    said: str
    months: Sequence[str]
    words: Callable[[float], str]


def picture(told: Told, chart: Chart) -> Picture:
    names, words = told.months, told.words
    scale = _Scale(len(names), min(*chart.values, chart.low), max(*chart.values, chart.high), HEIGHT)
    levels = {
        f"Upper limit {words(chart.high)}": (chart.high, "limit"),
        f"Average {words(chart.mean)}": (chart.mean, "mean"),
        f"Lower limit {words(chart.low)}": (chart.low, "limit"),
    }
    values = _panel(scale, dict(enumerate(chart.values)), set(chart.special), levels)
    steps = {place: step for place, step in enumerate(chart.ranges) if step is not None}
    jumps = {place for place in steps if Sign.JUMP in chart.signs[place]}
    steps_scale = _Scale(len(names), 0.0, max(*steps.values(), chart.range_limit), STEPS)
    step_levels = {
        f"Limit {words(chart.range_limit)}": (chart.range_limit, "limit"),
        f"Average {words(chart.average_range)}": (chart.average_range, "mean"),
    }
    return Picture(
        told.name, told.title, told.said, names[0], names[-1], values, _panel(steps_scale, steps, jumps, step_levels)
    )


def _panel(
    scale: _Scale, values: Mapping[int, float], special: set[int], levels: Mapping[str, tuple[float, str]]
) -> Panel:
    points = [Point(scale.x(place), scale.y(value), place in special) for place, value in values.items()]
    return Panel(
        height=TOP + scale.height + LABEL + 8,
        label_y=TOP + scale.height + LABEL,
        points=points,
        lines=[Line(one.x, one.y, after.x, after.y) for one, after in pairwise(points)],
        limits=[Limit(scale.y(at), scale.y(at, above=5), text, kind) for text, (at, kind) in levels.items()],
    )
