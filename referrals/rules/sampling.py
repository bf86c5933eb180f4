"""A month's dip sample from a recorded seed: whoever draws it again gets the same. Plain Python.

Every stratum that has anything is in the sample, a large one never less than a small one (front-door.md 3.8).
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence, Set

from referrals.vocabulary import AgencyKind, Outcome
from referrals.vocabulary.learning import BECAME

SCREENED_OUT = "Domestic abuse, screened out"
_SCHOOLS, _SERVICES, _OTHERS = "Schools and education", "Councils and housing", "Voluntary, legal and others"
#: Agency kinds that share a stratum: a month has too few of each to sample every kind by itself.
KINDS: Mapping[AgencyKind, str] = {
    AgencyKind.SCHOOL: _SCHOOLS,
    AgencyKind.EDUCATION: _SCHOOLS,
    AgencyKind.HEALTH: "Health",
    AgencyKind.POLICE: "Police",
    AgencyKind.COUNCIL: _SERVICES,
    AgencyKind.HOUSING: _SERVICES,
    AgencyKind.EARLY_HELP: _SERVICES,
    AgencyKind.TEAM: _SERVICES,
    AgencyKind.AUTHORITY: _SERVICES,
    AgencyKind.HUB: _SERVICES,
    AgencyKind.LEGAL: _OTHERS,
    AgencyKind.VOLUNTARY: _OTHERS,
}


def kind_group(kind: str) -> str:
    return KINDS[AgencyKind(kind)]


def stratum(kind: str, outcome: str, *, screened_out: bool) -> str:
    """What one decided child stands for. Screened-out domestic abuse is looked at for itself, whoever sent it."""
    if screened_out:
        return SCREENED_OUT
    return f"{kind_group(kind)}: {BECAME[Outcome(outcome)].label}"


def sizes(strata: Mapping[str, int], size: int) -> dict[str, int]:
    """How many to draw from each: in proportion, at least one of each that has any, never more than there are.

    More than `size` are drawn where there are more strata than that.
    """
    there = {name: number for name, number in sorted(strata.items()) if number > 0}
    total = sum(there.values())
    wanted = min(total, max(size, len(there)))
    given = dict.fromkeys(there, 1)
    for _ in range(wanted - len(given)):
        furthest_behind = max(there, key=lambda name: there[name] * wanted / total - given[name])
        given[furthest_behind] += 1
    return given


def draw(strata: Mapping[str, Collection[int]], size: int, seed: str) -> dict[str, list[int]]:
    """The numbers drawn from each stratum. It does not matter in which order they come, nor which Python draws."""
    wanted = sizes({name: len(numbers) for name, numbers in strata.items()}, size)
    return {name: shuffled(strata[name], seed)[:number] for name, number in wanted.items()}


def shuffled(numbers: Collection[int], seed: str) -> list[int]:
    """In the order of a digest of seed and number."""
    return sorted(numbers, key=lambda number: (hashlib.sha256(f"{seed}:{number}".encode()).digest(), number))


def twice(numbers: Collection[int], percent: int, seed: str) -> frozenset[int]:
    """Which of the sample a second auditor looks at too: the share of it, rounded up."""
    wanted = -(-len(numbers) * percent // 100)
    return frozenset(shuffled(numbers, f"{seed}:twice")[:wanted])


def assign(
    cases: Mapping[int, Set[int]], auditors: Sequence[int], also: Set[int] = frozenset()
) -> dict[int, tuple[int | None, int | None]]:
    """case → (auditor, second auditor). `cases` says who may not audit each: who worked on it, decided it or signed it.

    Whoever has least to do is next. None where nobody is left; a second auditor only for the cases in `also`.
    """
    load = dict.fromkeys(auditors, 0)
    found: dict[int, tuple[int | None, int | None]] = {}
    hardest_first = sorted(cases, key=lambda case: (-len(cases[case] & load.keys()), case))
    for case in hardest_first:
        first = _least_busy(load, cases[case])
        second = _least_busy(load, cases[case] | {first}) if case in also and first is not None else None
        found[case] = (first, second)
    return found


def _least_busy(load: dict[int, int], barred: Set[int | None]) -> int | None:
    free = [person for person in load if person not in barred]
    if not free:
        return None
    chosen = min(free, key=load.__getitem__)
    load[chosen] += 1
    return chosen
