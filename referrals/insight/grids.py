"""A table that is on a page with links, in a file with plain numbers, and says the same in both."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from referrals.rules.nested import Sum
from referrals.rules.suppression import few_are_left

from .exporting import Count, Offered, Share
from .figures import share
from .findings import percent

NOTHING = "–"
#: A list's address, narrowed as one number needs.
Address = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Part:
    """In a file, the share that the count before it is of a whole, or what is `said` in its place."""

    part: int
    whole: int
    said: float | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """What the page says, the list behind it, and what a file says: a value for each of the column's headings there.

    `note`: a second line on the page.
    """

    text: str
    href: str = ""
    values: tuple[object, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """Its heading on the page, and in a file where that needs more than one."""

    heading: str
    in_files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """The first column is what its rows are called. `bars`: for each row, the number that a bar beneath repeats.

    `known` and `across` as in exporting.Offered: what adds up in its file.
    """

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    bars: Sequence[float] = ()
    known: Sequence[Sequence[int]] | None = None
    across: Sequence[Sum] = ()

    def lines(self) -> Iterator[tuple[str, list[tuple[str, Cell]], str]]:
        """Each row's label, its cells, each with its heading, and how wide its bar is: for the page."""
        names = [column.heading for column in self.columns[1:]]
        widest = max(self.bars, default=0) or 1
        widths = [f"{100 * value / widest:.1f}%" for value in self.bars] or [""] * len(self.rows)
        for (label, cells), width in zip(self.rows, widths, strict=True):
            yield label, list(zip(names, cells, strict=True)), width

    def offered(self) -> Offered:
        headings = [name for column in self.columns for name in column.in_files or (column.heading,)]
        rows = [list(_values(label, cells)) for label, cells in self.rows]
        return Offered(self.name, self.title, headings, rows, self.known, self.across)


def _values(label: str, cells: Iterable[Cell]) -> Iterator[object]:
    yield label
    counted = 0
    for place, value in enumerate((value for cell in cells for value in cell.values), start=1):
        counted = place if isinstance(value, Count) else counted
        yield Share(value.part, value.whole, counted, value.said) if isinstance(value, Part) else value


def plain(text: str) -> Cell:
    return Cell(text, "", (text,))


def counted(number: int, href: str = "") -> Cell:
    return Cell(f"{number:,}", href, (Count(number),))


def without_share(number: int, href: str = "") -> Cell:
    """A number in a column where others are shares."""
    return Cell(f"{number:,}", href, (Count(number), None))


def part(some: int, whole: int, href: str = "", *, beneath: bool = False) -> Cell:
    """ "12 (40.0%)"; in a file the number and the share. `beneath`: the whole is a count of another row."""
    rate = share(some, whole)
    text = f"{some:,}" if rate is None else f"{some:,}\N{NO-BREAK SPACE}({percent(rate, 1)})"
    tells = beneath and few_are_left(whole, some)
    return Cell(text, href, (Count(some, tells=tells), Part(some, whole)))


def took(number: float | None, href: str = "") -> Cell:
    """Hours and minutes; in a file hours as a number."""
    if number is None:
        return Cell(NOTHING, "", (None,))
    return Cell(briefly(number), href, (round(number, 2),))


def briefly(number: float) -> str:
    """ "13 h 43 min" """
    whole, minutes = divmod(round(number * 60), 60)
    said = f"{minutes}\N{NO-BREAK SPACE}min"
    return f"{whole:,}\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}{said}" if whole else said


def number_and_share(heading: str) -> Column:
    return Column(heading, (heading, f"{heading}: share"))


def in_hours(heading: str) -> Column:
    return Column(heading, (f"{heading} (hours)",))


def downloads(grids: Iterable[Grid]) -> list[Offered]:
    return [grid.offered() for grid in grids]


def plain_rows(grid: Grid) -> list[dict[str, object]]:
    """What a file says, without hiding: for the command line of whoever runs the portal."""
    offered = grid.offered()
    return [dict(zip(offered.headings, map(_number, row), strict=True)) for row in offered.rows]


def _number(value: object) -> object:
    if isinstance(value, Share):
        rate = value.part / value.whole if value.whole and value.said is None else value.said
        return None if rate is None else round(rate, 6)
    return value.number if isinstance(value, Count) else value
