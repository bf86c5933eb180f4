"""Where the parts of a clock's picture go: a bar from opening to due, and a numbered mark for what happened when.

Places across are per cent of the picture's width and sizes are pixels, so that marks and words keep their size on any
screen: a picture with a viewBox would shrink its words to nothing at 320 pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mash_portal.govuk import words

DONE, TOLD, LATE = "done", "told", "late"
KEY = ((DONE, "Done by somebody"), (TOLD, "People told by the portal"), (LATE, "Became late"))

#: The latest that are drawn: all are in the table, and more would lie on one another on a small screen.
MOST_MARKS = 12
LEFT, RIGHT, MIDDLE = 5.0, 95.0, 50.0
#: Nearer than this and two marks would touch at 320 pixels.
APART = 10.0
ROW, TOP, BAR, LABEL = 30, 16, 14, 22


@dataclass(frozen=True)
class Mark:
    """One thing that happened to a clock; the table has the same number."""

    number: int
    at: datetime
    kind: str


@dataclass(frozen=True)
class Span:
    """A clock in time: `ended_at` where it was met, replaced or no longer owed; a clock that runs ends now."""

    opened_at: datetime
    due_at: datetime
    ended_at: datetime
    is_running: bool


def bar(span: Span, marks: Sequence[Mark]) -> dict[str, object]:
    """The promised time, how much of it has gone, what lies after it, and the marks above."""
    drawn = marks[-MOST_MARKS:]
    last = max(span.due_at, span.ended_at, *(mark.at for mark in drawn))
    length = max((last - span.opened_at).total_seconds(), 1.0)

    def place(at: datetime) -> float:
        return LEFT + (RIGHT - LEFT) * max((at - span.opened_at).total_seconds(), 0.0) / length

    placed, rows = _stack([(mark, place(mark.at)) for mark in drawn])
    due, ended = place(span.due_at), place(span.ended_at)
    base = TOP + ROW * rows
    labels = [_label(f"Opened {words.short_moment(span.opened_at)}", LEFT), _label(_due(span), due)]
    if span.is_running:
        labels.append(_label("Now", ended))
    return {
        "marks": [{**mark, "y": base - ROW * row - TOP} for mark, row in placed],
        "base": base,
        "middle": base + BAR // 2,
        "bar": BAR,
        "x": _percent(LEFT),
        "promised": _percent(due - LEFT),
        "gone": _percent(min(ended, due) - LEFT),
        "due": _percent(due),
        "late": _percent(ended - due) if ended > due else "",
        "now": _percent(ended) if span.is_running else "",
        "foot": base + BAR + 6,
        "labels": [{**one, "y": base + BAR + LABEL * (row + 1)} for row, one in enumerate(labels)],
        "height": base + BAR + LABEL * len(labels) + 8,
        "left_out": len(marks) - len(drawn),
    }


def _due(span: Span) -> str:
    return f"Due {words.short_moment(span.due_at)}"


def _label(text: str, x: float) -> dict[str, str]:
    """Words below the bar; those of its right half end at their place, so that they never leave the picture."""
    return {"text": text, "x": _percent(x), "anchor": "start" if x <= MIDDLE else "end"}


def _stack(marks: Sequence[tuple[Mark, float]]) -> tuple[list[tuple[dict[str, object], int]], int]:
    """Each mark in the lowest row in which it touches no other; and how many rows there are."""
    ends: list[float] = []
    placed: list[tuple[dict[str, object], int]] = []
    for mark, x in marks:
        row = next((row for row, end in enumerate(ends) if x - end >= APART), len(ends))
        ends[row : row + 1] = [x]
        placed.append(({"number": mark.number, "kind": mark.kind, "x": _percent(x)}, row))
    return placed, len(ends)


def _percent(place: float) -> str:
    return f"{place:.2f}%"
