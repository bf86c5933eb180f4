"""The figures of the look back as rows of text, with the lists behind them, and as a file."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from mash_portal.govuk import words
from referrals import sheets
from referrals.rules import nested, suppression
from referrals.rules.suppression import HIDDEN, few_are_left

from .lookback import AS_WHAT, BACK, NOT_OVER, NOT_OVER_BACK, OVER, UNKNOWN, WINDOWS, Asked, Back, Window

Row = dict[str, Any]


def percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f}%"


def days_of(first: date, last: date) -> str:
    return f"{words.long_date(first)} to {words.long_date(last)}"


def address(asked: Asked) -> str:
    """The list of exactly what a number counts."""
    said = {"start": asked.first.isoformat(), "end": asked.last.isoformat(), "group": asked.group}
    said |= {"days": str(asked.days or ""), "state": asked.state, "became": asked.became}
    query = urlencode({name: value for name, value in said.items() if value})
    return f"{reverse('assurance:look_back_list')}?{query}"


def look_back_heading(found: Back) -> str:
    """What was found, as long as it is enough to say."""
    if not found.closed:
        return "Nobody was closed without further action in this period"
    window = found.windows[WINDOWS[0]]
    if window.over < suppression.LEAST:
        return f"{words.count(found.closed, 'child', 'children')} closed without further action: too early to say"
    return f"{percent(window.share)} of those closed without further action came back within {WINDOWS[0]} days"


def look_back_rows(found: Mapping[str, Back], first: date, last: date) -> list[Row]:
    """All agencies first, then each group: every number with the list behind it."""
    return [_look_back_row(name, back, first, last) for name, back in found.items()]


def _look_back_row(name: str, back: Back, first: date, last: date) -> Row:
    def number(count: int, days: int = WINDOWS[0], state: str = "", share: float | None = None) -> Row:
        text = f"{count:,}" if share is None else f"{count:,}\N{NO-BREAK SPACE}({percent(share)})"
        return {"text": text, "url": address(Asked(first, last, name, days, state))}

    cells = [number(back.closed)]
    for days, window in back.windows.items():
        cells += [number(window.over, days, OVER), number(window.back, days, BACK, window.share)]
    return {"name": name or "All", "cells": cells}


def censored(back: Back, first: date, last: date) -> list[Row]:
    """Whose time is not over yet, and who cannot be followed: said, and not counted as having stayed away."""
    rows = []
    for days, window in back.windows.items():
        if window.waiting:
            rows.append(
                {
                    "text": f"{words.count(window.waiting, 'child', 'children')} closed less than {days} days ago "
                    f"{'is' if window.waiting == 1 else 'are'} not in the share within {days} days.",
                    "url": address(Asked(first, last, "", days, NOT_OVER)),
                    "back": f"{window.waiting_back:,} came back already",
                    "back_url": address(Asked(first, last, "", days, NOT_OVER_BACK)),
                }
            )
    if back.unknown:
        said = f"{words.count(back.unknown, 'child', 'children')} cannot be followed: not known across contacts."
        rows.append({"text": said, "url": address(Asked(first, last, state=UNKNOWN))})
    return rows


def as_what_rows(found: Back, group: str, first: date, last: date) -> list[Row]:
    """What the first contact after the closing became."""

    def cell(days: int, window: Window, became: str) -> Row:
        url = address(Asked(first, last, group, days, BACK, became))
        share = window.as_what[became] / window.back if window.back else None
        return {"text": f"{window.as_what[became]:,}\N{NO-BREAK SPACE}({percent(share)})" if share else "0", "url": url}

    return [
        {
            "name": label[:1].upper() + label[1:],
            "cells": [cell(days, window, became) for days, window in found.windows.items()],
        }
        for became, label in AS_WHAT.items()
    ]


def look_back_sheet(found: Mapping[str, Back], *, whole: bool) -> sheets.Table:
    """The table as a file. Unless it stays in the hub (`whole`), small numbers are not shown in it."""
    headings = ["Agencies", "Closed without further action"]
    for days in WINDOWS:
        headings += [f"{days} days over", f"Came back within {days} days"]
    numbers = {
        name: [back.closed, *(n for window in back.windows.values() for n in (window.over, window.back))]
        for name, back in found.items()
    }
    hidden = frozenset() if whole else _hidden(numbers)
    rows = [
        [
            name or "All",
            *(HIDDEN if (name, column) in hidden else number for column, number in enumerate(counted)),
        ]
        for name, counted in numbers.items()
    ]
    return sheets.Table("NFA look back", headings, rows)


def _hidden(numbers: Mapping[str, Sequence[int]]) -> frozenset[tuple[str, int]]:
    """The closed hold those whose time is over, who hold those that came back; the longer time holds fewer."""
    names = ["", *(name for name in numbers if name)]
    overs = [1 + 2 * place for place in range(len(WINDOWS))]
    sums = [one for over in overs for one in ((0, over), (over, over + 1))]
    few = [
        (row - 1, later)
        for row, name in enumerate(names)
        for over, later in pairwise(overs)
        if few_are_left(numbers[name][over], numbers[name][later])
    ]
    groups = range(len(names) - 1)
    counts = {(row, column): number for row in groups for column, number in enumerate(numbers[names[row + 1]])}
    return frozenset((names[row + 1], column) for row, column in nested.hidden(counts, [groups], sums, few))
