"""How often what happens: who sends, when, what becomes of it, how long it takes. Plain Python.

Each is a list of slots of which one is drawn, so that a database draws without arithmetic. Shares of sources as in
front-door.md 5; police 73 % without further action; the week as the hub sees it: police on Monday morning, schools
between three and five and on Fridays, fewer at night and on Sundays.
"""

import math
from collections.abc import Sequence
from statistics import NormalDist

SLOTS = 1000
POLICE, SCHOOLS, HEALTH, COUNCIL, OTHERS = "police", "schools", "health", "council", "others"
#: Out of 100 contacts.
SHARES = {POLICE: 30, SCHOOLS: 20, HEALTH: 15, COUNCIL: 13, OTHERS: 22}
#: First character of the national source code → whose it is.
OF_SOURCE = {"6": POLICE, "2": SCHOOLS, "3": HEALTH, "5": COUNCIL}
#: Outcome → how many out of 100, and the level decided.
OUTCOMES = {
    POLICE: {
        ("nfa_information", 1): 40, ("nfa_information", 2): 26, ("nfa_pushback", 2): 7, ("early_help", 3): 9,
        ("section_17", 4): 10, ("strategy_discussion", 4): 6, ("open_case", 4): 2,
    },
    SCHOOLS: {
        ("nfa_information", 1): 14, ("nfa_pushback", 2): 16, ("signpost", 2): 8, ("early_help", 3): 26,
        ("section_17", 4): 24, ("strategy_discussion", 4): 8, ("open_case", 4): 4,
    },
    OTHERS: {
        ("nfa_information", 1): 20, ("nfa_information", 2): 14, ("nfa_pushback", 2): 10, ("signpost", 2): 8,
        ("early_help", 3): 18, ("section_17", 4): 20, ("strategy_discussion", 4): 6, ("transfer", 4): 2,
        ("disabilities", 3): 2,
    },
}  # fmt: skip
#: How much comes in each hour of a weekday, from midnight.
_POLICE_DAY = (6, 5, 4, 3, 3, 4, 8, 16, 20, 14, 10, 8, 7, 7, 7, 8, 8, 8, 8, 8, 9, 9, 8, 7)
_OTHERS_DAY = (1, 1, 1, 1, 1, 1, 2, 4, 10, 16, 16, 15, 13, 13, 16, 26, 24, 10, 5, 3, 3, 2, 2, 1)
#: Monday to Sunday.
_POLICE_WEEK = (1.5, 1.0, 1.0, 1.0, 1.0, 0.8, 0.7)
_OTHERS_WEEK = (1.0, 1.0, 1.0, 1.0, 1.2, 0.15, 0.1)
#: Half are decided within so many minutes of receipt, and one in seven takes more than 24 hours.
_MEDIAN_MINUTES, _SPREAD = 11 * 60.0, 0.75


def kind_of(source: str) -> str:
    return OF_SOURCE.get(source[:1], OTHERS)


def slots(weights: Sequence[float]) -> list[int]:
    """The numbers from 0, each as often among SLOTS as its weight says."""
    total, reached = sum(weights), 0.0
    found: list[int] = []
    for number, weight in enumerate(weights):
        reached += weight
        found += [number] * (round(SLOTS * reached / total) - len(found))
    return found


def minutes_of_week(kind: str) -> list[int]:
    """When it comes in, in minutes from the beginning of Monday, to the hour."""
    day, week = (_POLICE_DAY, _POLICE_WEEK) if kind == POLICE else (_OTHERS_DAY, _OTHERS_WEEK)
    return [60 * hour for hour in slots([often * share for share in week for often in day])]


def minutes_taken() -> list[int]:
    """From receipt to decision: a few minutes to some days."""
    usual = NormalDist(math.log(_MEDIAN_MINUTES), _SPREAD)
    return [max(5, round(math.exp(usual.inv_cdf((slot + 0.5) / SLOTS)))) for slot in range(SLOTS)]


def outcomes(kind: str) -> tuple[list[str], list[int]]:
    """What is decided, and at which level, slot by slot."""
    likely = OUTCOMES.get(kind, OUTCOMES[OTHERS])
    drawn = [list(likely)[number] for number in slots(list(likely.values()))]
    return [outcome for outcome, _ in drawn], [level for _, level in drawn]


def senders(agencies: Sequence[tuple[int, str]]) -> list[int]:
    """Numbers of agencies of (number, source), slot by slot: a few of each kind send most of what it sends."""
    weights = []
    seen: dict[str, int] = {}
    kinds = [kind_of(source) for _, source in agencies]
    totals = {kind: sum(1 / rank for rank in range(1, kinds.count(kind) + 1)) for kind in kinds}
    for kind in kinds:
        seen[kind] = seen.get(kind, 0) + 1
        weights.append(SHARES[kind] / seen[kind] / totals[kind])
    return [agencies[number][0] for number in slots(weights)]
