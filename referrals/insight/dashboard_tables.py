"""The tables of the dashboard to take away: the same figures as on the page, whole."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from mash_portal.accounts.models import Agency, User
from referrals.codes import SOURCE_LABELS

from . import findings
from .exporting import Count, Offered, Share
from .figures import Figures, Summary
from .filters import NOT_DECIDED, OUTCOMES, TIMES, Filters
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
    made = (
        (["Source"], _rows(([SOURCE_LABELS.get(key, key)], row) for key, row in found.sources.items())),
        (["Source", "Month"], _rows(_of_moved(found, months, filters))),
        (["Month"], _rows(([month.name], found.months[month.key]) for month in months)),
        (["Outcome"], [[OUTCOMES[key or NOT_DECIDED], Count(number)] for key, number in found.outcomes.items()]),
        (["Time"], [[TIMES[key], Count(found.times[key])] for key in BAND_KEYS if key in found.times]),
        (["Agency"], _rows(([names[key]], row) for key, row in found.agencies.items())),
    )
    return [
        Offered(*named, [*labels, *(HEADINGS if len(rows[0]) > 2 else HEADINGS[:1])] if rows else labels, rows)
        for named, (labels, rows) in zip(TABLES, made, strict=True)
    ]


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
