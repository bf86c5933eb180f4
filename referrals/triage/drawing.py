"""Where the marks of two pictures go: a child's contacts in time, and the levels they were at. Numbers only.

Places across are per cent of the picture's width and sizes are pixels, so that marks and words keep their size on any
screen: a picture with a viewBox would shrink its words to nothing at 320 pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mash_portal.govuk import words

OPEN, ENDED, HELPED, PROTECTED = "open", "ended", "helped", "protected"
KEY = (
    (OPEN, "Not decided yet"),
    (ENDED, "No further action, or signposted"),
    (HELPED, "Help or assessment"),
    (PROTECTED, "Strategy discussion or emergency"),
)

#: The latest of each that are drawn: all are in the table, and more would lie on one another on a small screen.
MOST_MARKS, MOST_STEPS = 24, 10
LEFT, RIGHT = 5.0, 95.0
#: Nearer than this and two marks would touch at 320 pixels.
APART = 10.0
ROW, TOP = 30, 16
LANE = 34
LEVELS = (4, 3, 2, 1)
FIRST_COLUMN = 10.0


@dataclass(frozen=True)
class Mark:
    """One contact on the line of time."""

    number: int
    at: datetime
    kind: str


@dataclass(frozen=True)
class Steps:
    """The levels of one contact."""

    number: int
    believed: int | None
    assessed: int | None
    decided: int | None

    @property
    def level(self) -> int | None:
        return self.decided or self.assessed or self.believed


def _percent(place: float) -> str:
    return f"{place:.2f}%"


def timeline(marks: Sequence[Mark], first: datetime, last: datetime) -> dict[str, object]:
    """Each mark at its time; marks that would touch are set one above another."""
    drawn = marks[-MOST_MARKS:]
    first = drawn[0].at if len(drawn) < len(marks) else first
    span = max((last - first).total_seconds(), 1.0)
    ends: list[float] = []
    placed = []
    for mark in drawn:
        x = LEFT + (RIGHT - LEFT) * (mark.at - first).total_seconds() / span
        row = next((row for row, end in enumerate(ends) if x - end >= APART), len(ends))
        ends[row : row + 1] = [x]
        placed.append((mark, x, row))
    base = TOP + ROW * len(ends)
    return {
        "marks": [
            {"number": mark.number, "kind": mark.kind, "x": _percent(x), "y": base - ROW * (row + 1) + TOP // 2}
            for mark, x, row in placed
        ],
        "base": base,
        "label": base + 22,
        "height": base + 32,
        "left": _percent(LEFT),
        "right": _percent(RIGHT),
        "first": words.short_date(first),
        "last": words.short_date(last),
        "left_out": len(marks) - len(drawn),
    }


def staircase(steps: Sequence[Steps]) -> dict[str, object]:
    """Lanes for the four levels; a stair at the level that stood, and a mark for each of the three views."""
    drawn = steps[-MOST_STEPS:]
    width = (100 - FIRST_COLUMN) / len(drawn)
    stairs: list[dict[str, object]] = []
    risers: list[dict[str, object]] = []
    before: int | None = None
    for column, one in enumerate(drawn):
        start, end = FIRST_COLUMN + width * column, FIRST_COLUMN + width * (column + 1)
        if one.level:
            stairs.append({"from": _percent(start), "to": _percent(end), "y": _lane(one.level)})
            if before and before != one.level:
                risers.append({"x": _percent(start), "from": _lane(before), "to": _lane(one.level)})
        before = one.level
    return {
        "lanes": [{"level": level, "y": _lane(level), "label": _lane(level) + 5} for level in LEVELS],
        "columns": [_column(one, FIRST_COLUMN + width * (nth + 0.5)) for nth, one in enumerate(drawn)],
        "stairs": stairs,
        "risers": risers,
        "numbers": _lane(1) + 32,
        "height": _lane(1) + 40,
        "left_out": len(steps) - len(drawn),
    }


def _lane(level: int) -> int:
    return TOP + LANE * (4 - level)


def _column(steps: Steps, middle: float) -> dict[str, object]:
    views = (("believed", steps.believed), ("assessed", steps.assessed), ("decided", steps.decided))
    return {
        "number": steps.number,
        "x": _percent(middle),
        "views": [{"kind": kind, "y": _lane(level)} for kind, level in views if level],
    }
