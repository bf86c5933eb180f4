"""Every number of the pages about agencies. Reads only; each function is one statement, however much there is."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, F, OuterRef, Q, Subquery

from mash_portal.accounts.models import Agency
from referrals.codes.kinds import KIND_OF_SOURCE
from referrals.insight import queries, signs
from referrals.insight.figures import Figures
from referrals.insight.filters import Filters
from referrals.insight.period import Month, Period
from referrals.models import Contact
from referrals.models.people import ChildQuerySet
from referrals.vocabulary import NFA, AgencyKind, Clock, Outcome

from .counts import Decided, Told

#: They take children over, or are the hub itself: nobody waits for them to refer.
NOT_REFERRERS = (AgencyKind.HUB, AgencyKind.TEAM)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose children, when, and narrowed by what."""

    children: ChildQuerySet
    period: Period
    now: datetime
    filters: Filters

    def counted(self, more: Q | None = None) -> ChildQuerySet:
        found = queries.counted(self.children, self.period, self.now, self.filters).order_by()
        return found if more is None else found.filter(more)


#: Of a column that the covering index has.
_COUNTS = {
    "total": Count("*"),
    "nfa": Count("received_at", filter=Q(outcome__in=sorted(NFA))),
    "pushback": Count("received_at", filter=Q(outcome=Outcome.NFA_PUSHBACK)),
}


def decided(scope: Scope) -> dict[int, Decided]:
    """By agency: from the covering index alone."""
    rows = scope.counted().values_list("agency", "level_believed", "level_decided")
    found: dict[int, Decided] = defaultdict(Decided)
    for agency, *row in rows.annotate(**_COUNTS):
        found[agency].add(*row)
    return dict(found)


def by_month(scope: Scope, months: Sequence[Month]) -> dict[str, Figures]:
    """By the key of the month, for every month of the period."""
    rows = scope.counted().annotate(month=queries.month_number(months)).values_list("month")
    found = {month.key: Figures() for month in months}
    for month, *row in rows.annotate(**_COUNTS):
        found[months[month - 1].key] = Figures(*row)
    return found


#: One line for each agency. A contact may have been told of, and be owed feedback, more than once.
_TOLD = """
WITH chosen AS MATERIALIZED ({chosen}),
told AS (
    SELECT contact_id, min(sent_at) AS sent_at, bool_or(opened_at IS NOT NULL) AS opened
    FROM referrals_feedback WHERE contact_id IN (SELECT of_contact FROM chosen) GROUP BY contact_id
),
clocks AS (
    SELECT contact_id, bool_or(met_at > due_at OR (met_at IS NULL AND due_at <= %s)) AS late
    FROM referrals_deadline
    WHERE clock = %s AND cancelled_at IS NULL AND contact_id IN (SELECT of_contact FROM chosen) GROUP BY contact_id
),
rows AS (
    SELECT of_agency AS agency, decided_by IS NOT NULL AS decided, told.contact_id IS NOT NULL AS told, told.opened,
           clocks.contact_id IS NOT NULL AS clock, coalesce(clocks.late, false) AS late,
           told.sent_at <= decided_by + interval '24 hours' AS in_a_day,
           decided_by <= %s - interval '24 hours' AS over_a_day,
           consent.id IS NOT NULL AS asked, consent.agreement_given IS TRUE AS agreed,
           mark.id IS NOT NULL AS marked,
           'thin' IN (mark.evidence, mark.consent, mark.threshold, mark.childs_voice) AS thin,
           disagreement.contact_id IS NOT NULL AS disagreed
    FROM chosen
    LEFT JOIN told ON told.contact_id = chosen.of_contact
    LEFT JOIN clocks ON clocks.contact_id = chosen.of_contact
    LEFT JOIN referrals_consent AS consent ON consent.contact_id = chosen.of_contact
    LEFT JOIN referrals_qualitymark AS mark ON mark.contact_id = chosen.of_contact
    LEFT JOIN (SELECT DISTINCT contact_id FROM referrals_disagreement) AS disagreement
              ON disagreement.contact_id = chosen.of_contact
)
SELECT agency, count(*) FILTER (WHERE asked), count(*) FILTER (WHERE asked AND NOT agreed),
       count(*) FILTER (WHERE marked), count(*) FILTER (WHERE thin),
       count(*) FILTER (WHERE decided AND (told OR late OR (NOT clock AND over_a_day))),
       count(*) FILTER (WHERE decided AND told AND NOT late AND (clock OR in_a_day)),
       count(*) FILTER (WHERE decided AND told AND clock), count(*) FILTER (WHERE decided AND clock AND opened),
       count(*) FILTER (WHERE disagreed)
FROM rows GROUP BY agency
"""


def told(scope: Scope) -> dict[int, Told]:
    """By agency: agreement, marks, feedback, disagreements."""
    chosen = scope.counted().values(of_contact=F("contact"), of_agency=F("agency"), decided_by=F("decided_at"))
    sql, parameters = chosen.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_TOLD.replace("{chosen}", sql), [*parameters, scope.now, Clock.FEEDBACK, scope.now])
        return {agency: Told(*map(int, counts)) for agency, *counts in cursor.fetchall()}


def told_and_back(scope: Scope) -> dict[int, Told]:
    """By agency, with how many of those whose 90 days are over were referred again, by anybody. Two statements."""
    found = told(scope)
    closed = scope.counted(signs.is_so("could_come_back", scope.now)).values_list("agency")
    back = Count("pk", filter=signs.is_so("came_back", scope.now))
    for agency, could, came in closed.annotate(could=Count("pk"), came=back):
        found[agency].could_come_back, found[agency].came_back = could, came
    return found


def marks(scope: Scope) -> dict[str, Counter[str]]:
    """Grade by quality: how many children's forms were marked so."""
    qualities = [f"contact__quality__{quality}" for quality in signs.QUALITIES]
    found: dict[str, Counter[str]] = {quality: Counter() for quality in signs.QUALITIES}
    for *grades, children in scope.counted().values_list(*qualities).annotate(total=Count("*")):
        for quality, grade in zip(signs.QUALITIES, grades, strict=True):
            if grade:
                found[quality][grade] += children
    return found


def results(scope: Scope) -> Counter[str]:
    """How the disagreements about these children ended, "" for those that have not."""
    rows = scope.counted(signs.is_so("disagreed", scope.now)).values_list("contact__disagreements__result")
    return Counter(dict(rows.annotate(total=Count("*"))))


@dataclass(frozen=True, slots=True)
class Body:
    """An agency as the figures need it. `size`: how many children it works with, where somebody has said so.

    `refers`: whether anybody would wait for it to refer: it is active, neither the hub nor one of its teams, and
    no stand-in for families and members of the public.
    """

    pk: int
    name: str
    kind: str
    source: str
    size: int | None
    refers: bool


def bodies() -> dict[int, Body]:
    """Every agency by its key, in the order of their names."""
    rows = Agency.objects.order_by("name", "pk").values_list("pk", "name", "kind", "source", "size", "is_active")
    return {
        row[0]: Body(*row[:5], refers=row[5] and row[2] not in NOT_REFERRERS and row[3] in KIND_OF_SOURCE)
        for row in rows
    }


def last_heard(agencies: Iterable[int], hidden: Sequence[int]) -> dict[int, datetime]:
    """When each of these sent anything last, however long ago; `hidden` contacts are not there. One statement."""
    latest = Contact.objects.filter(agency=OuterRef("pk")).exclude(pk__in=hidden).order_by("-received_at", "-id")
    found: Any = Agency.objects.filter(pk__in=list(agencies)).annotate(at=Subquery(latest.values("received_at")[:1]))
    return {pk: at for pk, at in found.values_list("pk", "at") if at is not None}
