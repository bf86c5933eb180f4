"""One part of a page of times: what was found, a picture where there is one, its table, and what it means."""

from dataclasses import dataclass

from referrals.insight.grids import Grid

from .charts import Picture


@dataclass(frozen=True, slots=True)
class Section:
    heading: str
    grid: Grid
    note: str = ""
    picture: Picture | None = None

    @property
    def id(self) -> str:
        return self.grid.name
