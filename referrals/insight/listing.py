"""The list behind a number, a page at a time, newest first. Without names: who may open a contact has its reference."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from django.db.models import Q
from django.urls import reverse

from mash_portal.accounts.models import User
from mash_portal.govuk import words
from referrals import access
from referrals.codes import SOURCE_LABELS
from referrals.models.people import ChildQuerySet
from referrals.vocabulary import Outcome

from . import findings, links, narrowing
from .filters import NO_FILTERS, OUTCOMES, TIMES, Filters
from .period import Period

PAGE = 50
#: Rows are counted up to here, what one authority receives in a year: beyond it the page says "more than".
MOST = 100_000
FACTS = ("pk", "contact", "received_at", "agency__name", "level_believed", "level_decided", "outcome", "decided_at")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after the child row received at this microsecond, with this number."""

    at: int
    pk: int

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The place that a link names; None, the beginning, for anything else."""
        at, _, pk = text.partition("-")
        if not all(part.isascii() and part.isdigit() and len(part) < 18 for part in (at, pk)):
            return None
        return cls(int(at), int(pk))

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        return cls((row["received_at"] - EPOCH) // timedelta(microseconds=1), row["pk"])

    def __str__(self) -> str:
        return f"{self.at}-{self.pk}"

    def beyond(self) -> Q:
        at = EPOCH + timedelta(microseconds=self.at)
        return Q(received_at__lt=at) | Q(received_at=at, pk__lt=self.pk)


@dataclass(frozen=True, slots=True)
class Listed:
    """One child row in words. Without `url` this person may count it and not open it."""

    received: str
    url: str
    reference: str
    agency: str
    believed: str
    decided: str
    outcome: str
    took: str


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Listed]
    total: int
    following: Place | None
    opens: bool

    @property
    def heading(self) -> str:
        return f"More than {words.count(MOST, 'contact')}" if self.total > MOST else words.count(self.total, "contact")


def page(chosen: ChildQuerySet, user: User, after: Place | None) -> Page:
    """Three queries, however many rows.

    Counting stops once MOST have been found; what is rare is looked for in the whole of the period.
    """
    total = chosen[: MOST + 1].count()
    rest = chosen.filter(after.beyond(), received_at__lte=EPOCH + timedelta(microseconds=after.at)) if after else chosen
    found = list(rest.order_by("-received_at", "-pk").values(*FACTS)[: PAGE + 1])
    shown = found[:PAGE]
    contacts = {row["contact"] for row in shown}
    references = dict(access.visible_to(user).filter(pk__in=contacts).values_list("pk", "reference"))
    following = Place.of(shown[-1]) if len(found) > PAGE else None
    return Page([_listed(row, references.get(row["contact"], "")) for row in shown], total, following, bool(references))


def _listed(row: Mapping[str, Any], reference: str) -> Listed:
    decided_at = row["decided_at"]
    return Listed(
        received=f"{words.short_date(row['received_at'])}, {words.time_of_day(row['received_at'])}",
        url=reverse("triage:contact", args=[reference]) if reference else "",
        reference=reference,
        agency=row["agency__name"],
        believed=str(row["level_believed"] or "–"),
        decided=str(row["level_decided"] or "–"),
        outcome=Outcome(row["outcome"]).label if row["outcome"] else "Not decided yet",
        took=findings.hours((decided_at - row["received_at"]) / timedelta(hours=1)) if decided_at else "–",
    )


def chosen_filters(period: Period, filters: Filters, agency: str) -> Sequence[tuple[str, str]]:
    """(what it says, the address without it) for each filter that narrows the list."""
    said = (
        (SOURCE_LABELS.get(filters.source, ""), "source"),
        (agency, "agency"),
        (OUTCOMES.get(filters.outcome, ""), "outcome"),
        (TIMES.get(filters.time, ""), "time"),
        *narrowing.said(filters),
    )
    return [
        (label, links.contacts(period, replace(filters, **{name: getattr(NO_FILTERS, name)})))
        for label, name in said
        if label
    ]
