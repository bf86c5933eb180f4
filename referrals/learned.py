"""What changed it: the months before and after a training or a meeting, for the agencies that it was for.

Months of 30 days that are over, a year at most on either side; the time before the portal had its first contact is not
counted as months in which nothing came. Reads only, three queries however many months. Any page may show it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, Count, DateTimeField, F, Func, IntegerField, Min, Q, Sum, Value, When

from mash_portal.accounts.models import Agency
from mash_portal.govuk import words
from mash_portal.govuk.words import LONDON
from referrals.models import LearningEvent, QualityMark
from referrals.models.people import ChildQuerySet
from referrals.rules import interrupted
from referrals.rules.interrupted import Change
from referrals.rules.period import midnight
from referrals.vocabulary import NFA, Grade, LearningKind, Outcome

MONTHS = 12
MARKS = ("evidence", "consent", "threshold", "childs_voice")
HEIGHT = 140


@dataclass(slots=True)
class MonthFigures:
    """One month of the agencies concerned. `good` of `marks`: four marks for each form that was marked."""

    first: date
    after: bool
    contacts: int = 0
    nfa: int = 0
    pushback: int = 0
    marks: int = 0
    good: int = 0


@dataclass(frozen=True, slots=True)
class Learned:
    """An event, and what the months say about it. `sentences` begin with the one that matters most."""

    event: LearningEvent
    months: Sequence[MonthFigures]
    sentences: Sequence[str]
    rows: Sequence[dict[str, Any]] = field(default_factory=list)
    chart: dict[str, Any] = field(default_factory=dict)


def about(event: LearningEvent, agencies: Collection[int], children: ChildQuerySet, today: date) -> Learned:
    """The months around an event, of these agencies, counted in these children: access.countable_by of the reader."""
    months = _months(event.held_on, children, today)
    if months:
        _count(months, agencies, children)
        _mark(months, agencies, children)
    return Learned(event, months, _sentences(event, months), [_row(month) for month in months], _chart(months))


def of_agency(agency: Agency, children: ChildQuerySet, today: date, most: int = 3) -> list[Learned]:
    """The latest trainings and meetings that an agency was at, each with its own months before and after."""
    events = LearningEvent.objects.filter(agencies=agency).order_by("-held_on", "-pk")[:most]
    return [about(event, [agency.pk], children, today) for event in events]


def named(event: LearningEvent) -> str:
    """ "the threshold training on 3 March 2018" """
    return f"the {LearningKind(event.kind).label.lower()} on {words.long_date(event.held_on)}"


def _months(held_on: date, children: ChildQuerySet, today: date) -> list[MonthFigures]:
    started = children.aggregate(first=Min("received_at"))["first"]
    if started is None:
        return []
    earliest = started.astimezone(LONDON).date()
    return [MonthFigures(first, after) for first, after in interrupted.months(held_on, earliest, today, MONTHS)]


def _within(months: Sequence[MonthFigures]) -> dict[str, datetime]:
    return {
        "received_at__gte": midnight(months[0].first),
        "received_at__lt": midnight(months[-1].first + interrupted.MONTH),
    }


def _number(months: Sequence[MonthFigures], moment: str) -> Func:
    """1 for the first of the months."""
    starts = Value([midnight(month.first) for month in months], output_field=ArrayField(DateTimeField()))
    return Func(F(moment), starts, function="width_bucket", output_field=IntegerField())


def _count(months: Sequence[MonthFigures], agencies: Collection[int], children: ChildQuerySet) -> None:
    there = children.filter(in_scope=True, agency__in=agencies, **_within(months))
    by_month = there.order_by().values(month=_number(months, "received_at"))
    pushed, nfa = Q(outcome=Outcome.NFA_PUSHBACK), Q(outcome__in=sorted(NFA))
    counted = by_month.annotate(contacts=Count("pk"), pushback=Count("pk", filter=pushed), nfa=Count("pk", filter=nfa))
    _fill(months, counted, ("contacts", "pushback", "nfa"))


def _mark(months: Sequence[MonthFigures], agencies: Collection[int], children: ChildQuerySet) -> None:
    there = children.filter(agency__in=agencies, **_within(months))
    forms = QualityMark.objects.filter(contact__in=there.values("contact"))
    good = sum(
        (
            Case(When(**{mark: Grade.GOOD}, then=Value(1)), default=Value(0), output_field=IntegerField())
            for mark in MARKS
        ),
        start=Value(0),
    )
    by_month = forms.order_by().values(month=_number(months, "contact__received_at"))
    _fill(months, by_month.annotate(marks=Count("pk") * len(MARKS), good=Sum(good)), ("marks", "good"))


def _fill(months: Sequence[MonthFigures], counted: Iterable[Mapping[str, Any]], names: Sequence[str]) -> None:
    for row in counted:
        for name in names:
            setattr(months[row["month"] - 1], name, row[name])


def _sentences(event: LearningEvent, months: Sequence[MonthFigures]) -> list[str]:
    """The finding in words, with its uncertainty; too few months are said to be too few."""
    before, after = ([month for month in months if month.after is one] for one in (False, True))
    if min(len(before), len(after)) < interrupted.ENOUGH:
        there = f"{words.count(len(before), 'whole month')} before {named(event)} and {len(after)} after"
        return [f"Too few months to say: {there}. It takes {interrupted.ENOUGH} of each."]
    counted = interrupted.of_counts([month.pushback for month in before], [month.pushback for month in after])
    said = [_counted(event, counted)] if counted else []
    for what, part, whole in (
        ("returned with advice", "pushback", "contacts"),
        ("closed without further action, of either kind", "nfa", "contacts"),
        ("marked good, of the marks for the quality of their forms", "good", "marks"),
    ):
        pairs = [[(getattr(month, part), getattr(month, whole)) for month in one] for one in (before, after)]
        if (change := interrupted.of_shares(*pairs)) is not None:
            said.append(_shared(what, change))
    return said


def _counted(event: LearningEvent, change: Change) -> str:
    if not change.before and not change.after:
        return f"Nothing was pushed back in the months before or after {named(event)}."
    from_to = f"from {_mean(change.before)} a month to {_mean(change.after)}"
    if not change.is_clear:
        fewer, more = _mean(min(-change.low, change.before)), _mean(change.high)
        return (
            f"After {named(event)} pushbacks went {from_to}. Chance alone can do that "
            f"(95% interval: from {fewer} a month fewer to {more} more)."
        )
    fell = change.difference < 0
    low, high = (-change.high, min(-change.low, change.before)) if fell else (change.low, change.high)
    said = (
        f"After {named(event)} pushbacks {'fell' if fell else 'rose'} {from_to} "
        f"(95% interval: {_mean(low)} to {_mean(high)} a month {'fewer' if fell else 'more'})."
    )
    return f"{said} {_under_way(change, fell)}" if change.was_under_way else said


def _under_way(change: Change, fell: bool) -> str:
    way = "falling" if fell else "rising"
    return (
        f"They were {way} before it already: on that line {_mean(change.carried_on)} a month were to be expected, "
        "so it alone does not explain the change."
    )


def _shared(what: str, change: Change) -> str:
    said = f"{_percent(change.before)} before and {_percent(change.after)} after were {what}"
    if change.is_clear:
        less = change.difference < 0
        low, high = sorted((abs(change.low), abs(change.high)))
        between = f"{100 * low:.0f} to {100 * high:.0f} points {'less' if less else 'more'}"
        return f"{said} (95% interval: {between})."
    down, up = 100 * max(-change.low, 0), 100 * max(change.high, 0)
    return f"{said}: no clear difference (95% interval: from {down:.0f} points less to {up:.0f} more)."


def _mean(number: float) -> str:
    return f"{number:,.0f}" if number >= 5 else f"{number:.1f}".removesuffix(".0")


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def _row(month: MonthFigures) -> dict[str, Any]:
    """One month as text. `starts` and `ends` are for the address of the list behind it."""
    last = month.first + interrupted.MONTH - timedelta(days=1)
    return {
        "month": f"{words.short_date(month.first)} to {words.short_date(last)}",
        "side": "After" if month.after else "Before",
        "starts": month.first.isoformat(),
        "ends": last.isoformat(),
        "contacts": f"{month.contacts:,}",
        "pushback": _of(month.pushback, month.contacts),
        "nfa": _of(month.nfa, month.contacts),
        "marks": _of(month.good, month.marks) if month.marks else "–",
    }


def _of(part: int, whole: int) -> str:
    return f"{part:,}\N{NO-BREAK SPACE}({_percent(part / whole)})" if whole else f"{part:,}"


def _chart(months: Sequence[MonthFigures]) -> dict[str, Any]:
    """Bars of the pushbacks a month, and a line at the mean of each side. In per cent, so that it fits any screen."""
    most = max((month.pushback for month in months), default=0)
    if not most:
        return {}
    step = 100 / len(months)
    bars = [
        {
            "x": f"{place * step + step * 0.15:.2f}%",
            "width": f"{step * 0.7:.2f}%",
            "y": round(HEIGHT * (1 - month.pushback / most), 1),
            "height": round(HEIGHT * month.pushback / most, 1),
            "side": "after" if month.after else "before",
        }
        for place, month in enumerate(months)
    ]
    lines = [line for after in (False, True) if (line := _line(months, step, most, after=after))]
    first, last = months[0].first, months[-1].first + interrupted.MONTH - timedelta(days=1)
    return {
        "bars": bars,
        "lines": lines,
        "height": HEIGHT,
        "most": most,
        "caption": f"Pushbacks a month, {words.long_date(first)} to {words.long_date(last)}; the highest is {most:,}",
    }


def _line(months: Sequence[MonthFigures], step: float, most: int, *, after: bool) -> dict[str, Any] | None:
    places = [place for place, month in enumerate(months) if month.after is after]
    if not places:
        return None
    mean = sum(months[place].pushback for place in places) / len(places)
    return {
        "from": f"{places[0] * step:.2f}%",
        "to": f"{(places[-1] + 1) * step:.2f}%",
        "y": round(HEIGHT * (1 - mean / most), 1),
    }
