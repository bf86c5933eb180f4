"""The census rules over every row of lists 1 and 3 of a period: what is wrong, and with which record."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from django.db.models import F

from referrals.models import Handover, StrategyDiscussion
from referrals.models.contact import OPEN_STAGES
from referrals.models.people import ChildQuerySet
from referrals.rules import returns as rules
from referrals.rules.period import Period
from referrals.rules.returns import Facts
from referrals.vocabulary import NFA, REFERRAL

from .lists import AT_ONCE

FACTS = (
    "pk",
    "contact",
    "contact__stage",
    "person",
    "person__external_reference",
    "source",
    "sex",
    "ethnicity",
    "date_of_birth",
    "expected_date",
    "received_at",
    "outcome",
    "referral__referred_at",
    "referral__ended_at",
    "referral__need",
)
HANDED_OVER = "a team still has it in hand"
DISCUSSED = "a strategy discussion was called afterwards"
STILL_REFERRED = "its referral was never ended"


@dataclass(frozen=True, slots=True)
class Broken:
    """One rule that one child's row breaks."""

    contact: int
    child_id: str
    received_at: datetime
    rule: str
    sentence: str


@dataclass(frozen=True)
class Checked:
    """How many rows were looked at, how many are in order, and what is wrong with the others, oldest first."""

    rows: int
    in_order: int
    broken: list[Broken]

    def counts(self) -> Mapping[str, int]:
        return Counter(one.rule for one in self.broken)


def check(children: ChildQuerySet, period: Period) -> Checked:
    """Six queries, however many rows."""
    rows, in_order, broken = 0, 0, []
    later = _later(children, period)
    for row in _rows(children, period):
        facts = _facts(row, later.get(row["pk"], []))
        found = [
            Broken(row["contact"], facts.child_id, row["received_at"], fault.rule, fault.sentence)
            for fault in rules.faults(facts)
        ]
        rows, in_order = rows + 1, in_order + (not found)
        broken += found
    return Checked(rows, in_order, broken)


def _rows(children: ChildQuerySet, period: Period) -> Iterator[dict[str, Any]]:
    """What was received in the period, and before it what was received earlier and became a referral in it."""
    return chain.from_iterable(
        chosen.order_by("received_at", "pk").values(*FACTS).iterator(chunk_size=AT_ONCE)
        for chosen in (_referred_since(children, period), children.counted(period.starts, period.ends))
    )


def _referred_since(children: ChildQuerySet, period: Period) -> ChildQuerySet:
    became = {"referral__referred_at__gte": period.starts, "referral__referred_at__lt": period.ends}
    return children.filter(in_scope=True, received_at__lt=period.starts, **became)


def _facts(row: Mapping[str, Any], later: list[str]) -> Facts:
    is_referral = row["referral__referred_at"] is not None
    goes_on = is_referral and row["referral__ended_at"] is None
    is_open = row["contact__stage"] in OPEN_STAGES
    if goes_on and row["outcome"] in NFA and not is_open:
        later = [*later, STILL_REFERRED]
    return Facts(
        child_id=rules.child_id(row["pk"], row["person"], row["person__external_reference"]),
        source=row["source"],
        sex=row["sex"],
        ethnicity=row["ethnicity"],
        born=row["date_of_birth"],
        expected=row["expected_date"],
        received=rules.day_of(row["received_at"]),
        referred=rules.day_of(row["referral__referred_at"]) if is_referral else None,
        goes_on=goes_on,
        need=row["referral__need"] or "",
        later=later,
    )


def _later(children: ChildQuerySet, period: Period) -> Mapping[int, list[str]]:
    """What is on record after no further action, by child. A contact that is open again is being decided anew."""
    found: dict[int, list[str]] = {}
    for chosen in (_referred_since(children, period), children.counted(period.starts, period.ends)):
        closed = chosen.filter(outcome__in=NFA).exclude(contact__stage__in=OPEN_STAGES)
        handed = Handover.objects.in_hand().filter(child__in=closed, outcome__in=REFERRAL)
        for child in handed.values_list("child", flat=True).distinct():
            found.setdefault(child, []).append(HANDED_OVER)
        discussed = StrategyDiscussion.children.through.objects.filter(
            child__in=closed,
            strategydiscussion__called_off_at=None,
            strategydiscussion__called_at__gt=F("child__decided_at"),
        )
        for child in discussed.values_list("child", flat=True).distinct():
            found.setdefault(child, []).append(DISCUSSED)
    return found
