"""Capacity against demand for the rest of a day, from the same weekday of the last twelve weeks. Plain Python.

Expected: what came after this time of day, a day on average. Decided: decisions per worker-hour, a worker-hour being an
hour of a day in which somebody's contact was decided, times the worker-hours that are usual after this time of day, as
many more or fewer as there are people here today.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from referrals.rules.period import LONDON

WEEKS = 12
#: Of twelve days, at least so many have to have seen a contact before anything is expected of the next.
ENOUGH_DAYS = 4
#: In the place of a worker's number.
NOBODY = 0


@dataclass(frozen=True)
class Usual:
    """Contacts received by (day, hour), and decided by (day, hour, worker), on the same weekday; today so far."""

    now: datetime
    received: Counter[tuple[date, int]]
    decided: Counter[tuple[date, int, int]]
    received_today: int
    decided_today: int

    @property
    def is_enough(self) -> bool:
        return len({day for day, _ in self.received}) >= ENOUGH_DAYS

    @property
    def days(self) -> int:
        """Over how many days the mean is taken: those on which the hub was at work at all."""
        return len({day for day, _ in self.received} | {day for day, _, _ in self.decided})

    def left(self, hour: int) -> float:
        """How much of this hour of today is still to come, from 0 to 1."""
        local = self.now.astimezone(LONDON)
        return float(hour > local.hour) or (1 - local.minute / 60) * (hour == local.hour)

    def expected(self, hour: int) -> float:
        """Contacts that usually come in what is left of this hour."""
        number = sum(count for (_, at), count in self.received.items() if at == hour)
        return self.left(hour) * number / self.days if self.days else 0.0

    def decisions(self, hour: int, here: int) -> float:
        """Contacts that `here` people decide at the usual pace in what is left of this hour.

        What nobody is on record to have held, such as history of an earlier system, is expected as it was.
        """
        if not self.days:
            return 0.0
        nobodys = sum(count for (_, at, worker), count in self.decided.items() if at == hour and worker == NOBODY)
        hours = sum(at == hour and worker != NOBODY for _, at, worker in self.decided) / self.days
        more = here / self.usually_here if self.usually_here else 0.0
        return self.left(hour) * (nobodys / self.days + self.per_worker_hour * hours * more)

    @property
    def per_worker_hour(self) -> float:
        numbers = [count for (_, _, worker), count in self.decided.items() if worker != NOBODY]
        return sum(numbers) / len(numbers) if numbers else 0.0

    @property
    def usually_here(self) -> float:
        """How many people decide something on such a day."""
        people = {(day, worker) for day, _, worker in self.decided if worker != NOBODY}
        return len(people) / self.days if self.days else 0.0


@dataclass(frozen=True)
class Outlook:
    """The rest of today, whole contacts."""

    expected: int
    decided: int
    here: int

    @classmethod
    def of(cls, usual: Usual, here: int) -> "Outlook | None":
        """None where there is too little to expect anything from."""
        if not usual.is_enough:
            return None
        hours = range(24)
        return cls(
            expected=round(sum(usual.expected(hour) for hour in hours)),
            decided=round(sum(usual.decisions(hour, here) for hour in hours)),
            here=here,
        )

    @property
    def sentence(self) -> str:
        more = f"About {self.expected} more {'is' if self.expected == 1 else 'are'} expected today"
        if not self.expected:
            more = "No more are expected today"
        return f"{more}; at the usual pace the team decides {self.decided}."

    def leaves(self, open_now: int) -> str:
        """What it comes to, in words."""
        left = max(open_now + self.expected - self.decided, 0)
        people = "1 person is" if self.here == 1 else f"{self.here} people are"
        return f"{people} here to hold contacts. That leaves about {left} open at midnight; {open_now} are open now."
