"""The rows of a matrix that is no draft, read once in each process: the database lets nobody change them (0002)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.db import connection

from . import matrix as rules
from .models import Indicator, Level, Matrix


@dataclass(frozen=True)
class Rows:
    """The levels and indicators of one version, in its order, and the same for the rules. To read, never to change."""

    levels: tuple[Level, ...]
    indicators: Mapping[str, Indicator]
    ruler: rules.Ruler


#: By the name of the database and the matrix's number in it.
_read: dict[tuple[str, int], Rows] = {}


def rows_of(matrix: Matrix) -> Rows:
    """Two queries the first time; none after that. A draft is read anew each time."""
    if matrix.status == Matrix.Status.DRAFT:
        return _rows(matrix)
    key = (str(connection.settings_dict["NAME"]), matrix.pk)
    found = _read.get(key)
    if found is None:
        found = _read[key] = _rows(matrix)
    return found


def _rows(matrix: Matrix) -> Rows:
    levels = tuple(matrix.levels.all())
    indicators = {row.code: row for row in matrix.indicators.with_places()}
    ruler = rules.Ruler(tuple(one.as_rule() for one in levels), tuple(one.as_rule() for one in indicators.values()))
    return Rows(levels, MappingProxyType(indicators), ruler)
