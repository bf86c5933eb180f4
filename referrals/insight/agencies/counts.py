"""What is counted of one agency, or of several together. Plain Python."""

from collections import Counter
from dataclasses import dataclass, field, fields
from typing import Self

from referrals.insight.figures import Counted

#: (level believed, level decided)
Levels = tuple[int, int]


@dataclass(slots=True)
class Decided(Counted):
    """What was believed, and what was decided."""

    levels: Counter[Levels] = field(default_factory=Counter)

    def add(self, believed: int | None, decided: int | None, contacts: int, nfa: int, pushback: int) -> None:
        self.contacts += contacts
        self.nfa += nfa
        self.pushback += pushback
        if believed and decided:
            self.levels[believed, decided] += contacts

    def __iadd__(self, other: Self) -> Self:
        self.contacts += other.contacts
        self.nfa += other.nfa
        self.pushback += other.pushback
        self.levels += other.levels
        return self

    @property
    def both_known(self) -> int:
        return self.levels.total()

    @property
    def over(self) -> int:
        """Believed at a higher level than was decided."""
        return sum(number for (believed, decided), number in self.levels.items() if believed > decided)

    @property
    def under(self) -> int:
        """Believed at a lower level than was decided."""
        return sum(number for (believed, decided), number in self.levels.items() if believed < decided)

    @property
    def same(self) -> int:
        return self.both_known - self.over - self.under


@dataclass(slots=True)
class Told:
    """What came with a contact, and what came after it. Each is counted per child, like the contact."""

    asked: int = 0
    no_agreement: int = 0
    marked: int = 0
    thin: int = 0
    owed: int = 0
    in_time: int = 0
    told_here: int = 0
    opened: int = 0
    disagreed: int = 0
    could_come_back: int = 0
    came_back: int = 0

    def __iadd__(self, other: Self) -> Self:
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))
        return self
