"""What the file of equity hides of everybody is not added up from the groups of a characteristic."""

from collections.abc import Sequence
from fractions import Fraction

from hypothesis import example, given, settings
from hypothesis import strategies as st

from referrals.insight.equity.comparing import beside, tells, whole
from referrals.insight.equity.queries import Group

OTHER = 3
SMALL = st.one_of(st.integers(0, 6), st.integers(0, 40))
OUTCOMES = st.tuples(SMALL, SMALL, SMALL, SMALL)
Equation = dict[object, int]


def solved(equations: Sequence[Equation], unknown: Sequence[object]) -> set[object]:
    """The unknowns that have one value, by elimination: those that are alone in an equation in the end."""
    rows = [[Fraction(one.get(key, 0)) for key in unknown] for one in equations]
    done = 0
    for column in range(len(unknown)):
        pivot = next((at for at in range(done, len(rows)) if rows[at][column]), None)
        if pivot is None:
            continue
        rows[done], rows[pivot] = rows[pivot], rows[done]
        rows[done] = [one / rows[done][column] for one in rows[done]]
        for at, row in enumerate(rows):
            if at != done and row[column]:
                rows[at] = [one - row[column] * base for one, base in zip(row, rows[done], strict=True)]
        done += 1
    return {unknown[row.index(Fraction(1))] for row in rows if sum(map(bool, row)) == 1}


@settings(max_examples=200, deadline=None)
@given(st.lists(OUTCOMES, min_size=1, max_size=4))
@example([(6, 30, 50, 2), (7, 20, 40, 2), (60, 5, 20, 0)])
def test_nobody_adds_everybodys_hidden_numbers_up_from_the_groups(said: list[tuple[int, int, int, int]]) -> None:
    groups = {f"{number}": Group(one, (sum(one), 0)) for number, one in enumerate(said)}
    totals = tuple(map(sum, zip(*said, strict=True)))
    total = Group(totals, (sum(totals), 0))
    rows, hidden = beside(groups, whole(total), total), tells(total)
    unknown: list[object] = [("all", place) for place in hidden if place <= OTHER and totals[place]]
    asked = set(unknown)
    for key, row in rows.items():
        shown = {place for place, number in row.parts.items() if number is not None}
        if row.contacts is not None and len(shown & {0, 1, 2}) == OTHER:
            shown.add(OTHER)  # what is left of them
        unknown += [(key, place) for place in range(4) if place not in shown]
        unknown += [key] if row.contacts is None else []
    equations: list[Equation] = [
        dict.fromkeys([("all", place) for place in range(4)], 1),
        *(dict[object, int]({(key, place): 1 for place in range(4)}) | {key: -1} for key in rows),
        *(dict[object, int]({(key, place): 1 for key in rows}) | {("all", place): -1} for place in range(4)),
    ]
    if sum(totals) >= 5:
        assert not asked & solved(equations, unknown)
