"""The page about decisions: promises, how long they took, hours of the day, and months."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from referrals.insight import grids
from referrals.insight import links as insight_links
from referrals.insight.figures import BAND_KEYS
from referrals.insight.filters import TIMES, Filters
from referrals.insight.findings import hours, percent
from referrals.insight.grids import Address, Cell, Column, Grid
from referrals.insight.period import Month, Period
from referrals.insight.promises import HOURS, RAGS, Promise
from referrals.rules import control_chart
from referrals.rules.clocks import RAG_CLOCKS, Rule, in_words
from referrals.rules.control_chart import Chart, Sign
from referrals.vocabulary import Clock, Rag

from . import charts, links, words
from .charts import Told
from .decisions import Decisions, Hours, Kept
from .sections import Section

PROMISE_COLUMNS = tuple(grids.number_and_share(promise.label) for promise in Promise)
#: Contacts hold those owed by each of the first two promises, who hold those for whom it was kept.
OWED = [(1, -2), (1, -4)]
SPREAD_COLUMNS = (grids.in_hours("Half within"), grids.in_hours("90% within"), grids.in_hours("95% within"))
RULES_IN_WORDS = (
    f"A month is more than chance where it is {Sign.OUTSIDE}, {Sign.RUN}, {Sign.NEAR}, or {Sign.JUMP}. Limits are the "
    "average and 2.66 times the average step from one month to the next. Part months are left out."
)


BOTH_PROMISES = (
    "A promise counts as owed once the decision is made or its time has passed. 24 hours and one working day both run "
    "from receipt: they are different promises. A decision is due at the earlier of 24 hours and the time of its "
    "priority."
)
TOO_FEW = f"Limits need {control_chart.ENOUGH} whole months or more: choose a longer period."


def sections(
    found: Decisions, period: Period, filters: Filters, now: datetime, rules: Mapping[Clock, Rule]
) -> list[Section]:
    here = links.contacts(period, filters)
    months = [month for month in period.months() if month.whole and _ended(month, now)]
    return [
        Section(
            words.promises(found),
            _by_priority(found, here, rules),
            note=BOTH_PROMISES,
        ),
        Section(words.spread(found), _spread(found, here)),
        Section(words.distribution(found), _distribution(found, here)),
        Section(words.by_hour(found), _by_hour(found, here)),
        *_by_month(found, months, filters),
    ]


def _ended(month: Month, now: datetime) -> bool:
    return Period(month.first, month.last).ends <= now


def _kept_cells(kept: Kept, here: Address) -> list[Cell]:
    return [
        grids.part(kept.kept.get(promise, 0), kept.owed.get(promise, 0), here(promise=f"{promise}_kept"))
        for promise in Promise
    ]


def _by_priority(found: Decisions, here: Address, rules: Mapping[Clock, Rule]) -> Grid:
    rows = [("Every priority", [grids.counted(found.total.contacts, here()), *_kept_cells(found.total, here)])]
    for rag, label in RAGS.items():
        kept = found.rags.get(rag, Kept())
        of_rag = partial(here, rag=rag)
        own = f"{label}: {in_words(rules[RAG_CLOCKS[Rag(rag)]])}" if rag in RAG_CLOCKS else label
        rows.append((own, [grids.counted(kept.contacts, of_rag()), *_kept_cells(kept, of_rag)]))
    columns = (Column("Priority"), Column("Contacts"), *PROMISE_COLUMNS)
    each = range(1, len(rows))
    return Grid("promises", "Decided on time, by priority", columns, rows, known=[each], across=OWED)


def _took(took: Hours | None, href: str) -> list[Cell]:
    times = (took.median, took.ninety, took.ninety_five) if took else (None, None, None)
    return [grids.took(one, href) for one in times]


def _spread(found: Decisions, here: Address) -> Grid:
    columns = (Column("Priority"), Column("Decided"), *SPREAD_COLUMNS)
    everything = here(time="decided")
    rows = [("Every priority", [grids.counted(found.total.decided, everything), *_took(found.took, everything)])]
    for rag, label in RAGS.items():
        href = here(rag=rag, time="decided")
        decided = found.rags.get(rag, Kept()).decided
        rows.append((label, [grids.counted(decided, href), *_took(found.rags_took.get(rag), href)]))
    return Grid("spread", "Time from receipt to decision, by priority", columns, rows, known=[range(1, len(rows))])


def _distribution(found: Decisions, here: Address) -> Grid:
    columns = (Column("Time from receipt to decision"), grids.number_and_share("Contacts"))
    rows = [
        (TIMES[key], [grids.part(found.bands[key].contacts, found.total.contacts, here(time=key))])
        for key in BAND_KEYS
        if key in found.bands
    ]
    bars = [found.bands[key].contacts for key in BAND_KEYS if key in found.bands]
    return Grid("distribution", "Contacts by time from receipt to decision", columns, rows, bars)


def _by_hour(found: Decisions, here: Address) -> Grid:
    columns = (Column("Received"), Column("Contacts"), *PROMISE_COLUMNS[:2], *SPREAD_COLUMNS)
    rows = []
    for hour, label in HOURS.items():
        if hour in found.hours:
            kept, of_hour = found.hours[hour], partial(here, hour=hour)
            own = [grids.counted(kept.contacts, of_hour()), *_kept_cells(kept, of_hour)[:2]]
            rows.append((f"From {label}", [*own, *_took(found.hours_took.get(hour), of_hour(time="decided"))]))
    bars = [found.hours[hour].contacts for hour in HOURS if hour in found.hours]
    return Grid("hours", "Contacts by hour of receipt", columns, rows, bars, across=OWED)


@dataclass(frozen=True)
class Charted:
    """One number a month. `ceiling`: what it cannot be above; nothing is below nought."""

    name: str
    what: str
    values: Mapping[Month, float]
    words: Callable[[float], str]
    column: Column
    cell: Callable[[Month], Cell]
    ceiling: float | None = None

    def section(self) -> Section:
        chart = control_chart.chart(list(self.values.values()), floor=0.0, ceiling=self.ceiling)
        names = [month.name for month in self.values]
        heading = words.by_month(chart, names, self.what)
        return Section(
            heading,
            self._grid(chart),
            note=RULES_IN_WORDS if chart else TOO_FEW,
            picture=(
                charts.picture(Told(self.name, f"{self.what}, by month", heading, names, self.words), chart)
                if chart
                else None
            ),
        )

    def _grid(self, chart: Chart | None) -> Grid:
        columns = [Column("Month"), self.column]
        if chart:
            columns += [Column("Step from the month before"), Column("More than chance")]
        rows = [
            (month.name, [self.cell(month), *(self._judged(chart, place) if chart else [])])
            for place, month in enumerate(self.values)
        ]
        return Grid(self.name, f"{self.what}, by month", columns, rows)

    def _judged(self, chart: Chart, place: int) -> list[Cell]:
        step, signs = chart.ranges[place], "; ".join(chart.signs[place])
        step_cell = grids.plain(grids.NOTHING) if step is None else grids.plain(self.words(step))
        return [step_cell, grids.plain(signs or "no")]


def _by_month(found: Decisions, months: Sequence[Month], filters: Filters) -> list[Section]:
    """Two control charts: the share decided within 24 hours, and the time in the middle."""
    pairs = {month: _of_24_hours(found, month) for month in months}
    shares = {month: some / whole for month, (some, whole) in pairs.items() if whole}
    middles = {month: found.months_took[month.key].median for month in months if month.key in found.months_took}
    here = partial(insight_links.of_month, filters=filters)
    in_time = Charted(
        "months",
        Promise.HOURS_24.label,
        shares,
        percent,
        grids.number_and_share(Promise.HOURS_24.label),
        lambda month: grids.part(*pairs[month], here(month, promise=f"{Promise.HOURS_24}_kept")),
        ceiling=1.0,
    )
    took = Charted(
        "middles",
        "Time in which half were decided",
        middles,
        hours,
        grids.in_hours("Half within"),
        lambda month: grids.took(middles[month], here(month, time="decided")),
    )
    return [in_time.section(), took.section()]


def _of_24_hours(found: Decisions, month: Month) -> tuple[int, int]:
    kept = found.months.get(month.key, Kept())
    return kept.kept.get(Promise.HOURS_24, 0), kept.owed.get(Promise.HOURS_24, 0)
