"""The page of equity as ready words: a section for each characteristic, whose heading says what was found."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from mash_portal.govuk.words import count
from referrals.insight import grids, links
from referrals.insight.characteristics import CHARACTERISTICS, NOT_KNOWN, Characteristic
from referrals.insight.exporting import Count
from referrals.insight.filters import Filters
from referrals.insight.findings import percent
from referrals.insight.grids import Address, Cell, Column, Grid, Part
from referrals.insight.period import Period
from referrals.rules.intervals import Interval
from referrals.rules.suppression import HIDDEN

from .comparing import IN_TIME, SHARES, Share, Shown, beside, differences, tells, whole
from .queries import OUTCOMES, Equity, Group

EVERYBODY = "Everybody"
FIELDS = ("share", "from", "to")
COLUMNS = tuple(Column(name, (name, *(f"{name}: {field}" for field in FIELDS))) for name in SHARES.values())
NOT_SHOWN = "not\N{NO-BREAK SPACE}shown"
NOTHING = "No contacts in this period"
#: What a row is called, and its cells.
Line = tuple[str, Sequence[Cell]]
APART = {-1: "lower", 1: "higher"}
#: What each share is said to be, in a sentence about a group.
SAID = {
    0: "become a referral",
    1: "go to early help",
    2: "need no further action",
    IN_TIME: "are decided within 24 hours",
}
OFTEN = {-1: "less often", 1: "more often"}
DISABILITY_NOTE = "The record does not tell a child who is not disabled from one of whom nobody said."


@dataclass(frozen=True, slots=True)
class Section:
    """`findings`: a sentence for each difference. `note`: what is missing from the recording."""

    heading: str
    grid: Grid
    findings: Sequence[str]
    note: str


def headline(found: Equity) -> str:
    total = found.total.contacts
    if not total:
        return (
            f"{count(found.undecided, 'contact')} in this period: none is decided yet" if found.undecided else NOTHING
        )
    everybody = whole(found.total)
    number = sum(len(differences(beside(groups, everybody, found.total))) for groups in found.groups.values())
    if not number:
        return f"{count(total, 'decided contact')}: no group differs from the whole by more than chance"
    return f"{count(number, 'difference')} that chance does not explain, among {count(total, 'decided contact')}"


def sections(found: Equity, period: Period, filters: Filters, *, listed: bool) -> list[Section]:
    """`listed`: whether who reads it may list children by what is recorded about them: else no group is a link."""
    if not found.total.contacts:
        return []
    everybody = whole(found.total)
    here = partial(links.contacts, period, filters)
    made = []
    for one in CHARACTERISTICS.values():
        rows = beside(_ordered(one, found), everybody, found.total)
        grid = _grid(one, [_everybody(everybody, tells(found.total), here), *_groups(one, rows, here, listed=listed)])
        made.append(_section(one, rows, everybody, grid))
    return made


def _ordered(one: Characteristic, found: Equity) -> dict[str, Group]:
    groups = found.groups.get(one.key, {})
    if one.labels is None:
        return dict(sorted(groups.items(), key=lambda item: (item[0] == NOT_KNOWN, -item[1].contacts, item[0])))
    return {key: groups[key] for key in one.labels if key in groups}


def _section(one: Characteristic, rows: Mapping[str, Shown], everybody: Shown, grid: Grid) -> Section:
    apart = differences(rows)
    groups = len({key for key, _ in apart})
    said = [_finding(one.label_of(key), measure, rows[key], everybody) for key, measure in apart]
    heading = (
        f"{one.label}: {groups} of {count(len(rows), 'group')} "
        f"{'differs' if groups == 1 else 'differ'} from the whole by more than chance"
        if apart
        else f"{one.label}: no group differs from the whole by more than chance"
    )
    return Section(heading, grid, said, _recording(one, rows, everybody))


def _finding(label: str, measure: int, row: Shown, everybody: Shown) -> str:
    share, all_of = row.shares[measure], everybody.shares[measure]
    if share is None or all_of is None:
        raise ValueError("Only what is shown can differ.")
    return (
        f"{label}: {SAID[measure]} {OFTEN[share.apart]}, {percent(share.rate)} ({_between(share.interval)}); "
        f"of everybody {percent(all_of.rate)} ({_between(all_of.interval)})"
    )


def _recording(one: Characteristic, rows: Mapping[str, Shown], everybody: Shown) -> str:
    if one.key == "disability":
        return DISABILITY_NOTE
    missing, total = rows.get(NOT_KNOWN), everybody.contacts or 0
    if missing is None:
        return f"{one.label} is recorded for everybody."
    if missing.contacts is None:
        return ""
    return f"{one.label} is not known for {percent(missing.contacts / total, 1)} of them: ask how it is recorded."


def _grid(one: Characteristic, lines: Sequence[Line]) -> Grid:
    columns = (Column(one.label), Column("Decided"), *COLUMNS, grids.in_hours("Half decided within"))
    return Grid(one.key, f"Outcome and waiting by {one.label.lower()}", columns, lines)


def _everybody(row: Shown, tells: Collection[int], here: Address) -> Line:
    """In a file that leaves the MASH even these hide, where they are few or give few away."""
    decided, *cells, waited = _cells(row, here)
    made = [replace(decided, values=(Count(row.contacts or 0),))]
    for measure, cell in zip(SHARES, cells, strict=True):
        number, share = row.parts[measure] or 0, row.shares[measure]
        ends = (share.interval.low, share.interval.high) if share and share.interval else (None, None)
        said = (Part(number, row.contacts or 0, one) for one in (None, *ends))
        made.append(replace(cell, values=(Count(number, tells=measure in tells), *said)))
    return EVERYBODY, [*made, waited]


def _groups(one: Characteristic, rows: Mapping[str, Shown], here: Address, *, listed: bool) -> list[Line]:
    def of(key: str) -> Address:
        return partial(here, **{one.key: key}) if listed else _nowhere

    return [(one.label_of(key), _cells(row, of(key))) for key, row in rows.items()]


def _nowhere(**_: str) -> str:
    return ""


def _cells(row: Shown, here: Address) -> list[Cell]:
    cells = [_contacts(row.contacts, here(time="decided"))]
    for measure in SHARES:
        narrowed = {"time": "in_24h"} if measure == IN_TIME else {"outcome": OUTCOMES[measure]}
        cells.append(_share(row.parts[measure], row.shares[measure], here(**narrowed)))
    waited = grids.took(row.median, here(time="decided"))
    return [*cells, waited if row.contacts is not None else Cell(NOT_SHOWN, "", (HIDDEN,))]


def _contacts(number: int | None, href: str) -> Cell:
    return Cell(NOT_SHOWN, "", (HIDDEN,)) if number is None else Cell(f"{number:,}", href, (number,))


def _share(number: int | None, share: Share | None, href: str) -> Cell:
    if number is None:
        return Cell(NOT_SHOWN, "", (HIDDEN,) * (1 + len(FIELDS)))
    if share is None or share.interval is None:
        return Cell(f"{number:,}", href, (number, *(HIDDEN if share is None else None for _ in FIELDS)))
    note = _between(share.interval) + (f": {APART[share.apart]}" if share.apart else "")
    values = (number, *(round(one, 4) for one in (number / share.whole, share.interval.low, share.interval.high)))
    return Cell(f"{number:,}\N{NO-BREAK SPACE}({percent(share.rate, 1)})", href, values, note)


def _between(interval: Interval | None) -> str:
    return "" if interval is None else f"{percent(interval.low)} to {percent(interval.high)}"
