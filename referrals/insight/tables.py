"""Figures as rows of text and links, prepared here so that templates only print."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mash_portal.govuk.bars import Bar, bars

from .findings import percent
from .queries import Figures

#: What a row is called, its figures, and the address of the list behind them, narrowed as a number needs.
Row = tuple[str, Figures, Callable[..., str]]


@dataclass(frozen=True, slots=True)
class Line:
    """Several numbers about one source, agency or month. `width` is the bar's, which repeats the contacts."""

    label: str
    cells: tuple[tuple[str, str, str], ...]
    width: str


HEADINGS = ("Contacts", "No further action", "Returned with advice", "Decided within 24 hours")


def lines(rows: Iterable[Row], of: int = 0) -> list[Line]:
    """`of`: how many contacts there are in all, where each row's share of them is worth saying."""
    rows = list(rows)
    most = max((figures.contacts for _, figures, _ in rows), default=0) or 1
    return [_line(row, most, of) for row in rows]


def counts(rows: Iterable[tuple[str, int, Callable[..., str]]]) -> list[Bar]:
    """A bar for each number."""
    return bars((label, number, f"{number:,}", address()) for label, number, address in rows)


def pushbacks(rows: Iterable[Row]) -> list[Bar]:
    """A bar of its contacts that were returned with advice for each row."""
    return bars(
        (label, row.pushback, f"{row.pushback:,}", address(outcome="nfa_pushback")) for label, row, address in rows
    )


def _line(row: Row, most: int, of: int) -> Line:
    label, figures, address = row
    numbers = (
        (_with_rate(figures.contacts, figures.contacts / of if of else None), address()),
        (_with_rate(figures.nfa, figures.nfa_rate), address(outcome="nfa")),
        (_with_rate(figures.pushback, figures.pushback_rate), address(outcome="nfa_pushback")),
        (_with_rate(figures.in_24h, figures.decided_in_24h_rate), address(time="in_24h")),
    )
    cells = tuple((heading, text, href) for heading, (text, href) in zip(HEADINGS, numbers, strict=True))
    return Line(label, cells, f"{100 * figures.contacts / most:.1f}%")


def _with_rate(number: int, rate: float | None) -> str:
    return f"{number:,}" if rate is None else f"{number:,}\N{NO-BREAK SPACE}({percent(rate, 1)})"
