"""Bars for a table of numbers: the figure is text, the bar beside it only repeats it."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of components/bar_table.html. `width` is an SVG length in per cent, so the bar fits any screen."""

    label: str
    value: float
    text: str
    width: str
    href: str = ""


def bars(rows: Iterable[tuple[str, float, str, str]], maximum: float = 0) -> list[Bar]:
    """(label, value, text, link) rows with their bars; the longest fills the column unless `maximum` says otherwise."""
    rows = list(rows)
    full = maximum or max((value for _, value, _, _ in rows), default=0) or 1
    return [Bar(label, value, text, f"{min(100 * value / full, 100):.1f}%", href) for label, value, text, href in rows]
