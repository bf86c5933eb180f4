"""The time in the middle, from how many took how many minutes. Plain Python."""

from collections.abc import Mapping

MINUTES = 60


def middles(total: int) -> tuple[int, int]:
    """The places of the two in the middle, from 0: the same one where the number is odd."""
    return (total - 1) // 2, total // 2


def at(place: int, counts: Mapping[int, int]) -> int:
    """What stands at this place, from 0, when everything is put in order."""
    for value in sorted(counts):
        if place < counts[value]:
            return value
        place -= counts[value]
    raise ValueError("There are fewer.")


def median(minutes: Mapping[int, int]) -> float | None:
    """In hours; None where there is none."""
    total = sum(minutes.values())
    if not total:
        return None
    return sum(at(place, minutes) for place in middles(total)) / 2 / MINUTES


def hour_of(minutes: int) -> int:
    """1 for up to 60 minutes, 2 for up to 120: as a TimeFigure has it."""
    return -(-minutes // MINUTES)
