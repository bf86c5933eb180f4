"""What the figures say, in one sentence each: the headings of the dashboard. Plain Python.

A rate of few contacts says little: nothing is found in fewer than ENOUGH.
"""

from collections.abc import Mapping, Sequence

from mash_portal.govuk.words import count

from .period import Month
from .queries import Figures, Summary, share

#: Below this, one contact more or less moves a rate by more than five points.
ENOUGH = 20
#: A count has to have been at least this, once, before its rise or fall is worth a heading.
WORTH_SAYING = 10


def percent(rate: float | None, digits: int = 0) -> str:
    return "–" if rate is None else f"{100 * rate:.{digits}f}%"


def headline(found: Summary, labels: Mapping[str, str]) -> str:
    """Who sent most, and how much of it needed nothing from social care."""
    total = found.total.contacts
    if not total:
        return "No contacts in this period"
    if total < ENOUGH:
        return f"{count(total, 'contact')} in this period: too few to compare"
    source, most = next(iter(found.sources.items()))
    if len(found.sources) == 1:
        return f"{labels.get(source, source)}: {percent(most.nfa_rate)} of contacts needed no further action"
    sent = f"{labels.get(source, source)} sent {percent(share(most.contacts, total))} of contacts"
    if most.contacts < ENOUGH:
        return sent
    return f"{sent}; {percent(most.nfa_rate)} of those needed no further action"


def by_source(found: Summary, labels: Mapping[str, str]) -> str:
    """Which source needed no further action most often, where there is enough of it to say so."""
    known = {source: row for source, row in found.sources.items() if row.contacts >= ENOUGH}
    if len(known) < 2:
        return f"Contacts came from {count(len(found.sources), 'source')}"
    rates = {source: row.nfa_rate or 0 for source, row in known.items()}
    most, least = max(rates, key=rates.__getitem__), min(rates, key=rates.__getitem__)
    return (
        f"No further action: from {percent(rates[least])} of contacts ({labels.get(least, least)}) "
        f"to {percent(rates[most])} ({labels.get(most, most)})"
    )


def by_agency(found: Summary, names: Mapping[int, str]) -> str:
    """Who sent most, unless several did, or nobody sent much."""
    agency, most = next(iter(found.agencies.items()))
    rivals = [row for row in found.agencies.values() if row.contacts == most.contacts]
    total = count(found.total.contacts, "contact")
    if len(rivals) > 1 or most.contacts < WORTH_SAYING:
        return f"{total} from {count(len(found.agencies), 'agency', 'agencies')}"
    if len(found.agencies) == 1:
        return f"{names[agency]} sent every contact"
    return f"{names[agency]} sent most: {most.contacts:,} of {total}"


def by_month(found: Summary, months: Sequence[Month]) -> str:
    """From the first whole month to the last."""
    compared = ends(months, found.months)
    if compared is None:
        return f"{count(found.total.contacts, 'contact')} in {count(len(found.months), 'month')}"
    (first, before), (last, after) = compared
    return f"{before.contacts:,} contacts in {first.name}, {after.contacts:,} in {last.name}"


def pushback_source(found: Summary, months: Sequence[Month]) -> str:
    """The source whose returned contacts rose or fell most between the first whole month and the last, or nothing."""
    moved = {}
    for source, monthly in found.source_months.items():
        compared = ends(months, {month: monthly.get(month, Figures()) for month in found.months})
        if compared is not None:
            before, after = compared[0][1].pushback, compared[1][1].pushback
            if max(before, after) >= WORTH_SAYING:
                moved[source] = abs(after - before)
    return max(sorted(moved), key=moved.__getitem__, default="")


def pushback(found: Summary, months: Sequence[Month], source: str, labels: Mapping[str, str]) -> str:
    """How many contacts were returned with advice: of the source that moved most, else of all."""
    compared = ends(months, found.source_months.get(source, {})) if source else None
    if compared is None:
        return f"{_part(found.total.pushback, found.total.contacts)} were returned with advice"
    (first, before), (last, after) = compared
    return (
        f"{labels.get(source, source)}: {before.pushback:,} returned with advice in {first.name}, "
        f"{after.pushback:,} in {last.name}"
    )


def outcomes(found: Summary) -> str:
    return f"{_part(found.total.nfa, found.total.contacts)} needed no further action from social care"


def times(found: Summary, median: float | None) -> str:
    """How many were decided in time, and how long the one in the middle took."""
    if median is None:
        return "Nothing is decided yet"
    in_time = _part(found.total.in_24h, found.total.due)
    return f"{in_time} were decided within 24 hours; half took less than {hours(median)}"


def hours(number: float) -> str:
    """ "13 hours 43 minutes" """
    whole, minutes = divmod(round(number * 60), 60)
    parts = [count(whole, "hour") if whole else "", count(minutes, "minute") if minutes or not whole else ""]
    return " ".join(part for part in parts if part)


def _part(some: int, whole: int) -> str:
    """A share where there is enough to take it of, else the two numbers: "53%", "1 of 6"."""
    return percent(share(some, whole)) if whole >= ENOUGH else f"{some:,} of {whole:,}"


def ends(
    months: Sequence[Month], monthly: Mapping[str, Figures]
) -> tuple[tuple[Month, Figures], tuple[Month, Figures]] | None:
    """The first and the last whole month that have figures, where there are two."""
    whole = [(month, monthly[month.key]) for month in months if month.whole and month.key in monthly]
    return (whole[0], whole[-1]) if len(whole) > 1 else None
