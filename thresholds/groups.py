"""A matrix version as pages show it: level → factor → domain → indicators."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .models import Domain, Factor, Indicator, Level


@dataclass(frozen=True)
class DomainGroup:
    domain: "Domain"
    indicators: "list[Indicator]"


@dataclass(frozen=True)
class FactorGroup:
    factor: "Factor"
    domains: list[DomainGroup]


@dataclass(frozen=True)
class LevelGroup:
    level: "Level"
    factors: list[FactorGroup]


def grouped(levels: "Iterable[Level]", indicators: "Iterable[Indicator]") -> list[LevelGroup]:
    """Every level, with its indicators by factor and domain in the order of the matrix. Asks the database nothing."""
    ordered = sorted(indicators, key=_place)
    return [LevelGroup(level, _factors([one for one in ordered if one.level_id == level.pk])) for level in levels]


def _place(indicator: "Indicator") -> tuple[int, int, int]:
    return indicator.domain.factor.position, indicator.domain.position, indicator.position


def _factors(indicators: "list[Indicator]") -> list[FactorGroup]:
    runs = [list(run) for _, run in groupby(indicators, key=lambda one: one.domain.factor_id)]
    return [FactorGroup(run[0].domain.factor, _domains(run)) for run in runs]


def _domains(indicators: "list[Indicator]") -> list[DomainGroup]:
    runs = [list(run) for _, run in groupby(indicators, key=lambda one: one.domain_id)]
    return [DomainGroup(run[0].domain, run) for run in runs]
