"""The matrix as the threshold page shows it, its strings prepared, because there are two hundred rows."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from mash_portal.govuk.words import count
from thresholds.groups import DomainGroup, LevelGroup
from thresholds.models import Indicator


@dataclass(frozen=True)
class Tick:
    code: str
    text: str
    checked: bool


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


def shown_levels(levels: Iterable[LevelGroup], ticked: Collection[str], sought: str = "") -> list[LevelRows]:
    """Levels from the highest need down. With words sought: what contains all of them, and whatever is ticked."""
    words = sought.lower().split()
    shown = [_level(level, frozenset(ticked), words) for level in levels]
    return [level for level in reversed(shown) if level.groups]


def _level(level: LevelGroup, ticked: frozenset[str], words: list[str]) -> LevelRows:
    groups = [
        Group(f"{factor.factor.name}: {domain.domain.name.lower()}", rows)
        for factor in level.factors
        for domain in factor.domains
        if (rows := _rows(domain, ticked, words))
    ]
    total = sum(len(group.rows) for group in groups)
    chosen = sum(row.checked for group in groups for row in group.rows)
    return LevelRows(
        title=f"Level {level.level.number}: {level.level.name}",
        counted=count(total, "indicator") + (f", {chosen} ticked" if chosen else ""),
        leads_to=level.level.intervention,
        is_open=bool(words or chosen),
        groups=groups,
    )


def _rows(domain: DomainGroup, ticked: frozenset[str], words: list[str]) -> list[Tick]:
    found = [Tick(one.code, one.text, one.code in ticked) for one in domain.indicators]
    return [
        row
        for row, indicator in zip(found, domain.indicators, strict=True)
        if row.checked or _contains(indicator, domain, words)
    ]


def _contains(indicator: Indicator, domain: DomainGroup, words: list[str]) -> bool:
    text = f"{indicator.text} {indicator.code} {domain.domain.name}".lower()
    return all(word in text for word in words)
