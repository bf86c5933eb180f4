"""The monthly dip sample: drawn from a seed that is kept, and given to people who did not work on the case."""

import secrets
from collections.abc import Sequence
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit import trail
from referrals import clockwork, notices
from referrals.models import DipSample, Sampled
from referrals.refusals import NotYours, Objection, Refused
from referrals.rules import permissions, sampling

from . import cases

USUAL_SIZE, LARGEST, USUAL_TWICE = 24, 200, 25


@transaction.atomic
def draw(month: date, *, size: int, auditors: Sequence[User], twice: int, by: User, seed: str = "") -> DipSample:
    """`month` by its first day; `twice`: which share of the sample, in per cent, a second auditor looks at too.

    What was decided in the month and may be counted. Without a seed of somebody's choice, a new one.
    """
    now = timezone.now()
    _may_draw(by)
    month = month.replace(day=1)
    if following(month) > timezone.localdate(now):
        raise Refused(Objection("month", "That month is not over: it is drawn from when everything in it is decided."))
    _check(size, auditors, twice)
    strata = cases.strata(month)
    if not strata:
        raise Refused(Objection("month", f"Nothing that may be counted was decided in {month:%B %Y}."))
    seed = seed or secrets.token_hex(8)
    drawn = sampling.draw(strata, size, seed)
    counts = {name: {"there": len(strata[name]), "drawn": len(numbers)} for name, numbers in drawn.items()}
    sample = _create(DipSample(month=month, seed=seed, size=size, strata=counts, drawn_by=by, drawn_at=now))
    _give_out(sample, drawn, auditors, twice)
    trail.record("sample:draw", by=by, details={"sample": sample.pk, "month": f"{month:%Y-%m}"})
    notices.queue("audits_to_do", "", auditors, occasion=f"sample{sample.pk}", now=now)
    return sample


@transaction.atomic
def give(case: int, *, auditor: User, second: User | None, by: User) -> Sampled:
    """Give a case to other auditors: somebody is away, or nobody was left who had not worked on it."""
    _may_draw(by)
    sampled = cases.open_case(by, case)
    done = {audit.by_id for audit in sampled.audits.all()}
    if done - {auditor.pk, second.pk if second else None}:
        raise Refused("It has been audited already by somebody whom this would take it from.")
    if auditor == second:
        raise Refused(Objection("second", "The second auditor has to be somebody else."))
    barred = cases.worked_on([sampled.child_id])[sampled.child_id]
    for field, person in (("auditor", auditor), ("second", second)):
        if person is not None and (person.pk in barred or person.as_role not in permissions.AUDITS):
            raise Refused(Objection(field, f"{person.full_name} worked on this case, or does not audit."))
    sampled.auditor, sampled.second_auditor = auditor, second
    sampled.save(update_fields=["auditor", "second_auditor"])
    trail.record("sample:give", by=by, reference=sampled.child.contact.reference, details={"case": sampled.pk})
    people = [person for person in (auditor, second) if person is not None and person.pk not in done]
    occasion = f"case{sampled.pk}"
    notices.queue("audits_to_do", "", people, occasion=occasion, now=timezone.now())
    return sampled


def drawn_again(sample: DipSample) -> frozenset[int]:
    """The children whom its seed draws today: the same, but for what has been decided again or restricted since."""
    there = {name: one["drawn"] for name, one in sample.strata.items()}
    found = {name: numbers for name, numbers in cases.strata(sample.month).items() if name in there}
    drawn = {name: sampling.shuffled(numbers, sample.seed)[: there[name]] for name, numbers in found.items()}
    return frozenset(number for numbers in drawn.values() for number in numbers)


def following(month: date) -> date:
    """The first day of the month after."""
    return (month + timedelta(days=31)).replace(day=1)


def finished_months(today: date, number: int) -> list[date]:
    """The last months that are over, the latest first."""
    found = [month_before(today)]
    while len(found) < number:
        found.append(month_before(found[-1]))
    return found


def month_before(day: date) -> date:
    """The first day of the month before."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def _may_draw(by: User) -> None:
    if by.as_role not in permissions.DRAWS:
        raise NotYours("The head of safeguarding or an auditor draws a dip sample and gives out its cases.")


def _check(size: int, auditors: Sequence[User], twice: int) -> None:
    if not 1 <= size <= LARGEST:
        raise Refused(Objection("size", f"Draw between 1 and {LARGEST} children."))
    if not auditors or any(one.as_role not in permissions.AUDITS or not one.is_active for one in auditors):
        raise Refused(Objection("auditors", "Choose who audits."))
    if not 0 <= twice <= 100:
        raise Refused(Objection("twice", "The share for a second auditor is between 0 and 100 per cent."))
    if twice and len(auditors) < 2:
        raise Refused(Objection("auditors", "A second auditor for some of them takes two people: choose another."))


def _create(sample: DipSample) -> DipSample:
    """Once for a month, also where two people draw at the same moment."""
    try:
        with transaction.atomic():
            sample.save()
    except IntegrityError:
        earlier = DipSample.objects.select_related("drawn_by").get(month=sample.month)
        on = clockwork.london(earlier.drawn_at).date()
        raise Refused(
            Objection("month", f"{earlier.drawn_by} drew the sample of {sample.month:%B %Y} on {on:%-d %B %Y}.")
        ) from None
    return sample


def _give_out(sample: DipSample, drawn: dict[str, list[int]], auditors: Sequence[User], twice: int) -> None:
    children = {number: name for name, numbers in drawn.items() for number in numbers}
    also = sampling.twice(children, twice, sample.seed)
    given = sampling.assign(cases.worked_on(children), [one.pk for one in auditors], also)
    Sampled.objects.bulk_create(
        Sampled(
            sample=sample,
            child_id=child,
            stratum=stratum,
            auditor_id=given[child][0],
            second_auditor_id=given[child][1],
        )
        for child, stratum in sorted(children.items())
    )
