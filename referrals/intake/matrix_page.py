"""The matrix as the threshold page shows it, its strings prepared, because there are two hundred rows."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from mash_portal.govuk.words import count
from thresholds.finding import Found
from thresholds.groups import DomainGroup, LevelGroup


@dataclass(frozen=True)
class Tick:
    code: str
    text: str
    checked: bool
    level: int


@dataclass(frozen=True)
class Group:
    """Indicators of one domain under its factor: "Child development: health"."""

    title: str
    rows: list[Tick]


@dataclass(frozen=True)
class LevelRows:
    title: str
    counted: str
    leads_to: str
    is_open: bool
    groups: list[Group]


def found_ticks(found: Iterable[Found], ticked: Collection[str]) -> list[Tick]:
    """What a search found, best first."""
    return [Tick(one.code, one.text, one.code in ticked, one.level) for one in found]


def shown_levels(
    levels: Iterable[LevelGroup], ticked: Collection[str], without: Collection[str] | None = None
) -> list[LevelRows]:
    """Levels from the highest need down. With a search, what it found is shown `without`: only other ticks are left."""
    shown = [_level(level, frozenset(ticked), without) for level in levels]
    return [level for level in reversed(shown) if level.groups]


def _level(level: LevelGroup, ticked: frozenset[str], without: Collection[str] | None) -> LevelRows:
    groups = [
        Group(f"{factor.factor.name}: {domain.domain.name.lower()}", rows)
        for factor in level.factors
        for domain in factor.domains
        if (rows := _rows(domain, ticked, without, level.level.number))
    ]
    total = sum(len(group.rows) for group in groups)
    chosen = sum(row.checked for group in groups for row in group.rows)
    return LevelRows(
        title=f"Level {level.level.number}: {level.level.name}",
        counted=count(total, "indicator") + (f", {chosen} ticked" if chosen else ""),
        leads_to=level.level.intervention,
        is_open=bool(chosen),
        groups=groups,
    )


def _rows(domain: DomainGroup, ticked: frozenset[str], without: Collection[str] | None, level: int) -> list[Tick]:
    rows = [Tick(one.code, one.text, one.code in ticked, level) for one in domain.indicators]
    return rows if without is None else [row for row in rows if row.checked and row.code not in without]
