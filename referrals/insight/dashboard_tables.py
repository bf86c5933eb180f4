"""The tables of the dashboard to take away: the same figures as on the page, whole.

What leaves the MASH has both kinds of no further action in one row: the rows of the other tables say the one kind, and
would say the other. What another table says the sum of is a sum here too.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from mash_portal.accounts.models import Agency, User
from referrals.codes import SOURCE_LABELS
from referrals.rules.suppression import few_are_left
from referrals.vocabulary import Outcome

from . import findings
from .exporting import Count, Offered, Share, leaves_the_mash
from .figures import Figures, Summary
from .filters import BANDS, NOT_DECIDED, OUTCOMES, SEVERAL, TIMES, Filters
from .period import Month, Period
from .queries import BAND_KEYS
from .rolled import Whole

#: By name and title, in the order of the page.
TABLES = (
    ("sources", "Contacts by source"),
    ("pushback", "The source that moved most by month"),
    ("months", "Contacts by month"),
    ("outcomes", "Contacts by outcome"),
    ("times", "Time to decision"),
    ("agencies", "Contacts by agency"),
)
IN_TIME = {band.key for band in BANDS if band.in_time}
HEADINGS = (
    "Contacts",
    "No further action",
    "No further action, share",
    "Returned with advice",
    "Returned with advice, share",
    "Decided within 24 hours",
    "Decided within 24 hours, share of those decided or due",
)


def tables(user: User, period: Period, filters: Filters, now: datetime) -> list[Offered]:
    found = Whole.seen_by(user, period, now, filters).summary()
    names = dict(Agency.objects.filter(pk__in=found.agencies).values_list("pk", "name"))
    months = [month for month in period.months() if month.key in found.months]
    outcomes, kinds_of_nfa = _outcomes(found, leaves=leaves_the_mash(user))
    times = [key for key in BAND_KEYS if key in found.times]
    in_time = [row for row, key in enumerate(times) if key in IN_TIME]
    made = (
        (["Source"], _rows(([SOURCE_LABELS.get(key, key)], row) for key, row in found.sources.items())),
        (["Source", "Month"], _rows(_of_moved(found, months, filters))),
        (["Month"], _rows(([month.name], found.months[month.key]) for month in months)),
        (["Outcome"], outcomes),
        (["Time"], [[TIMES[key], Count(found.times[key])] for key in times]),
        (["Agency"], _rows(([names[key]], row) for key, row in found.agencies.items())),
    )
    said_elsewhere = {"outcomes": _apart(outcomes, kinds_of_nfa), "times": _apart(times, in_time)}
    return [
        Offered(
            *named,
            [*labels, *(HEADINGS if len(rows[0]) > 2 else HEADINGS[:1])] if rows else labels,
            rows,
            known=said_elsewhere.get(named[0]),
            across=() if named[0] in said_elsewhere else _across(len(labels)),
        )
        for named, (labels, rows) in zip(TABLES, made, strict=True)
    ]


def _apart(rows: Sequence[object], some: Sequence[int]) -> list[Sequence[int]]:
    """These rows, and the others."""
    return [some, [row for row in range(len(rows)) if row not in some]]


def _across(first: int) -> list[tuple[int, ...]]:
    """Contacts hold those without action, who hold those returned; and those decided or due, who hold those in time."""
    return [(first, first + 1), (first + 1, first + 3), (first, -first - 5)]


def _outcomes(found: Summary, *, leaves: bool) -> tuple[list[list[object]], list[int]]:
    """What each outcome is called and how many, and the rows that are of no further action."""
    of_nfa, label = SEVERAL["nfa"]
    kinds = {key: number for key, number in found.outcomes.items() if leaves and key in of_nfa}
    others = [(key, number) for key, number in found.outcomes.items() if key not in kinds]
    rows: list[list[object]] = [[OUTCOMES[key or NOT_DECIDED], Count(number)] for key, number in others]
    if not kinds:
        return rows, []
    either = sum(kinds.values())
    few = few_are_left(either, kinds.get(Outcome.NFA_PUSHBACK, 0))
    return [[label, Count(either, tells=few)], *rows], [0]


def _of_moved(found: Summary, months: Sequence[Month], filters: Filters) -> Iterable[tuple[list[str], Figures]]:
    """The source whose returned contacts moved most, or the only one, by month.

    One source and no more: all of them by month, beside the sums by month and by source, would give small numbers away.
    """
    source = findings.pushback_source(found, months) or filters.source
    monthly = found.source_months.get(source, {})
    for month in months if source else []:
        yield [SOURCE_LABELS.get(source, source), month.name], monthly.get(month.key, Figures())


def _rows(rows: Iterable[tuple[list[str], Figures]]) -> list[list[object]]:
    """What a row is called, and its counts, each with its share."""
    made: list[list[object]] = []
    for labels, row in rows:
        first = len(labels)
        made.append(
            [
                *labels,
                Count(row.contacts),
                *(Count(row.nfa), Share(row.nfa, row.contacts, of=first + 1)),
                *(Count(row.pushback), Share(row.pushback, row.contacts, of=first + 3)),
                *(Count(row.in_24h), Share(row.in_24h, row.due, of=first + 5)),
            ]
        )
    return made
