"""What the figures are: counts, and the rates and rows that they make. Plain Python."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

from .filters import BANDS, LATE, WAITING

BAND_KEYS = (*(band.key for band in BANDS), WAITING, LATE)


def share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


@dataclass(slots=True)
class Counted:
    """Contacts, and how many came to nothing. Rates are between 0 and 1, and None where there is nothing to share."""

    contacts: int = 0
    nfa: int = 0
    pushback: int = 0

    @property
    def nfa_rate(self) -> float | None:
        return share(self.nfa, self.contacts)

    @property
    def pushback_rate(self) -> float | None:
        return share(self.pushback, self.contacts)


@dataclass(slots=True)
class Figures(Counted):
    """The counts of one row."""

    decided: int = 0
    in_24h: int = 0
    due: int = 0

    def __add__(self, other: Self) -> "Figures":
        return Figures(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    @property
    def decided_in_24h_rate(self) -> float | None:
        """Of those that are decided, or whose 24 hours have passed."""
        return share(self.in_24h, self.due)


@dataclass(slots=True)
class Summary:
    """A whole dashboard: months in order, everything else with most contacts first."""

    total: Figures = field(default_factory=Figures)
    sources: dict[str, Figures] = field(default_factory=dict)
    agencies: dict[int, Figures] = field(default_factory=dict)
    months: dict[str, Figures] = field(default_factory=dict)
    outcomes: dict[str, int] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=dict)
    source_months: dict[str, dict[str, Figures]] = field(default_factory=dict)

    def by(self, name: str) -> Mapping[Any, Figures]:
        """The rows by "source", "agency" or "month"."""
        ways: dict[str, Mapping[Any, Figures]] = {"source": self.sources, "agency": self.agencies, "month": self.months}
        return ways[name]

    def __add__(self, other: "Summary") -> "Summary":
        """Of two stretches that have no contact in common."""
        return Summary(
            self.total + other.total,
            _most_first(_added(self.sources, other.sources)),
            _most_first(_added(self.agencies, other.agencies)),
            dict(sorted(_added(self.months, other.months).items())),
            _most_first(_added(self.outcomes, other.outcomes)),
            _most_first(_added(self.times, other.times)),
            {
                source: dict(sorted(_added(self.source_months.get(source, {}), monthly).items()))
                for source, monthly in (*self._only_here(other), *other.source_months.items())
            },
        )

    def _only_here(self, other: "Summary") -> list[tuple[str, dict[str, Figures]]]:
        return [(source, {}) for source in self.source_months if source not in other.source_months]


def _added(some: Mapping[Any, Any], more: Mapping[Any, Any]) -> dict[Any, Any]:
    both = dict(some)
    for key, number in more.items():
        both[key] = both[key] + number if key in both else number
    return both


def _most_first(rows: Mapping[Any, Any]) -> dict[Any, Any]:
    """By contacts, and where they are equal by key: the same order however they were counted."""

    def place(item: tuple[Any, Any]) -> tuple[int, Any]:
        key, number = item
        return -(number.contacts if isinstance(number, Figures) else number), key

    return dict(sorted(rows.items(), key=place))
