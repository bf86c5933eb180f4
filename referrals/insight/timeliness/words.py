"""What the times say, in one sentence each: the headings. Nothing is found in few. Plain Python."""

from collections.abc import Mapping, Sequence

from mash_portal.govuk.words import count
from referrals.insight.figures import BAND_KEYS, share
from referrals.insight.filters import LATE, TIMES
from referrals.insight.findings import ENOUGH, hours, percent
from referrals.insight.promises import HOURS, RAGS, Promise
from referrals.rules.control_chart import Chart, Sign
from referrals.rules.intervals import wilson
from referrals.vocabulary import AgencyKind

from .decisions import Decisions, Kept
from .work import Attendance, Discussions, StageTime, Turnaround

#: Many hours are compared at once, so each has to be surer than 95 in 100: this holds 997 times in 1,000.
SURE = 3.0
CORE = (AgencyKind.POLICE, AgencyKind.HEALTH)


def part(some: int, whole: int) -> str:
    """A share where there is enough to take it of, else the two numbers: "53%", "1 of 6"."""
    return percent(share(some, whole)) if whole >= ENOUGH else f"{some:,} of {whole:,}"


def headline(found: Decisions) -> str:
    total = found.total
    if not total.contacts:
        return "No contacts in this period"
    if not total.owed.get(Promise.HOURS_24):
        return f"{count(total.contacts, 'contact')} in this period: none is due yet"
    in_24h, in_day = (_kept(total, promise) for promise in (Promise.HOURS_24, Promise.WORKING_DAY))
    return f"{in_24h} were decided within 24 hours, {in_day} within one working day"


def promises(found: Decisions) -> str:
    """Which priority's own time is kept least, where chance does not explain it."""
    own = {rag: (kept.kept[Promise.OWN], kept.owed[Promise.OWN]) for rag, kept in found.rags.items()}
    whole = _kept(found.total, Promise.OWN)
    apart = {rag: some / owed for rag, (some, owed) in own.items() if below_the_others(rag, own)}
    if not apart:
        return f"{whole} were decided within the time of their priority"
    least = min(apart, key=apart.__getitem__)
    return f"{RAGS[least]} is kept least: {percent(apart[least])} within its own time; of all contacts {whole}"


def below_the_others(one: str, pairs: Mapping[str, tuple[int, int]]) -> bool:
    """Whether its share is below that of the others by more than chance: their intervals do not even touch."""
    others = [pair for key, pair in pairs.items() if key != one]
    mine = wilson(*pairs[one], SURE)
    theirs = wilson(sum(some for some, _ in others), sum(owed for _, owed in others), SURE)
    return mine is not None and theirs is not None and mine.high < theirs.low


def spread(found: Decisions) -> str:
    if found.took is None:
        return "Nothing is decided yet"
    if found.total.decided < ENOUGH:
        return f"Half took less than {hours(found.took.median)}"
    return f"Half took less than {hours(found.took.median)}, and 1 in 10 more than {hours(found.took.ninety)}"


def distribution(found: Decisions) -> str:
    """Where most contacts are, and what has no decision though its 24 hours have passed."""
    if not found.bands:
        return "No contacts in this period"
    most = max(BAND_KEYS, key=lambda key: found.bands.get(key, Kept()).contacts)
    said = f"{TIMES[most]}: {part(found.bands[most].contacts, found.total.contacts)} of contacts"
    late = found.bands.get(LATE, Kept()).contacts
    return f"{said}; {late:,} late and not decided" if late else said


def by_hour(found: Decisions) -> str:
    """The hours of receipt after which fewer are decided in time than after the others, beyond chance."""
    pairs = {hour: (kept.kept[Promise.HOURS_24], kept.owed[Promise.HOURS_24]) for hour, kept in found.hours.items()}
    worse = sorted((hour for hour in pairs if below_the_others(hour, pairs)), key=int)
    whole = _kept(found.total, Promise.HOURS_24)
    if not worse:
        return f"No hour of receipt differs by more than chance: {whole} within 24 hours"
    named = ", ".join(f"{HOURS[hour]} ({part(*pairs[hour])})" for hour in worse)
    return f"Fewer are decided within 24 hours after {named}; of all contacts {whole}"


def by_month(chart: Chart | None, names: Sequence[str], what: str) -> str:
    """Which months are more than chance, and why."""
    if chart is None:
        whole = count(len(names), "whole month")
        return f"{what}: {whole} {'is' if len(names) == 1 else 'are'} too few to tell change from chance"
    if not chart.special:
        return f"{what}: no month differs from the others by more than chance"
    outside = [place for place in chart.special if Sign.OUTSIDE in chart.signs[place]]
    if outside:
        return f"{what}: {_listed([names[place] for place in outside])} outside the limits, which is more than chance"
    first, last = chart.special[0], chart.special[-1]
    if Sign.RUN in chart.signs[first] and first != last:
        side = "above" if chart.values[first] > chart.mean else "below"
        return f"{what}: {side} the average for months in a row from {names[first]}, which is more than chance"
    return f"{what}: {_listed([names[place] for place in chart.special])} more than chance"


def stages(found: Sequence[StageTime]) -> str:
    known = [one for one in found if one.median is not None]
    if not known:
        return "No contact has moved on from a stage yet"
    longest = max(known, key=lambda one: one.median or 0)
    return f"Longest in “{longest.stage.label}”: half took more than {hours(longest.median or 0)}"


def checks(found: Sequence[Turnaround]) -> str:
    asked, owed, late = (sum(getattr(one, name) for one in found) for name in ("asked", "owed", "late"))
    if not asked:
        return "No agency was asked for a check"
    if not late:
        return f"{count(asked, 'agency check')}, none late"
    said = (
        f"{part(late, owed)} of agency checks were late"
        if owed >= ENOUGH
        else f"{late} of {owed} agency checks were late"
    )
    worst, *others = sorted(found, key=lambda one: -one.late)
    if not others or others[0].late == worst.late:
        return said
    is_most = worst.late * 2 > late
    by = f"most of them by {worst.agency}" if is_most else f"more of them by {worst.agency} than by any other"
    return f"{said}; {by} ({worst.late} of {worst.owed})"


def discussions(found: Discussions) -> str:
    if not found.called:
        return "No strategy discussion was called"
    if not found.owed:
        return f"{count(found.called, 'strategy discussion')} called, none due yet"
    return f"{found.owed - found.late:,} of {count(found.owed, 'strategy discussion')} held on time"


def attendance(found: Sequence[Attendance]) -> str:
    """Whether the partners without whom there is no discussion came (Working Together), and who was missing most."""
    invited = [one for one in found if one.invited]
    if not invited:
        return "No strategy discussion has been recorded"
    missing = [one for one in invited if one.came < one.invited]
    if not missing:
        return "Everybody who was invited to a strategy discussion came"
    core = [one for one in missing if one.kind in CORE]
    said = core or [max(missing, key=lambda one: one.invited - one.came)]
    came = [f"{AgencyKind(one.kind).label} came to {one.came:,} of {one.invited:,}" for one in said]
    return f"{'; '.join(came)} strategy discussions"


def feedback(signs: Mapping[str, int]) -> str:
    if not signs["owed"]:
        return "No feedback is owed yet"
    said = f"Feedback on {part(signs['in_time'], signs['owed'])} was sent on time"
    return (
        f"{said}; {part(signs['opened'], signs['told_here'])} of what was sent here was opened"
        if signs["told_here"]
        else said
    )


def _kept(kept: Kept, promise: Promise) -> str:
    return part(kept.kept.get(promise, 0), kept.owed.get(promise, 0))


def _listed(names: Sequence[str]) -> str:
    """ "May 2026 is", "May and June 2026 are", "4 months are" """
    if len(names) > 2:
        return f"{len(names)} months are"
    return f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'}"
