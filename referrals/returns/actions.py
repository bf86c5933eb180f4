"""What leaves a line in the trail: a list that is taken away, a run of the checks, and a primary need put right."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from django.db import transaction

from mash_portal.accounts.models import User
from mash_portal.audit import trail
from referrals import access, sheets
from referrals.models import Contact, Referral
from referrals.rules.period import Period
from referrals.sheets import Kind, Table
from referrals.vocabulary import Verb

from . import checks
from .checks import Checked
from .lists import Listed


@transaction.atomic
def take(listed: Listed, period: Period, kind: Kind, *, by: User) -> bytes:
    """The list as a file: written down with its days and how many rows were taken away."""
    table = listed.table(access.countable(), period)
    counting = _Counting(table.rows)
    content = _as(kind, replace(table, rows=counting))
    trail.record("return_taken", by=by, details=_details(period, list=listed.key, kind=str(kind), rows=counting.rows))
    return content


@transaction.atomic
def check(period: Period, *, by: User) -> Checked:
    """The census rules over the period's rows: written down with its days and how many rows were looked at."""
    found = checks.check(access.countable(), period)
    details = _details(period, rows=found.rows, faults=len(found.broken))
    trail.record("returns_checked", by=by, details=details)
    return found


def referrals_of(contact: Contact) -> list[Referral]:
    """What goes on to social care, by child."""
    standing = Referral.objects.filter(child__contact=contact, ended_at=None)
    return list(standing.select_related("child").order_by("child"))


@transaction.atomic
def record_needs(reference: str, needs: Mapping[int, str], *, by: User) -> None:
    """The primary need by child, said by whoever signs decisions off. The decision itself stays as it was made."""
    contact = access.open_for(by, reference, Verb.SIGN_OFF)
    for referral in referrals_of(contact):
        need = needs.get(referral.child_id, referral.need)
        if need != referral.need:
            Referral.objects.filter(pk=referral.pk).update(need=need)
            details = {"child": referral.child_id, "need": need, "was": referral.need}
            trail.record("need_recorded", by=by, reference=contact.reference, details=details)


class _Counting:
    """Rows that are counted as they are written."""

    def __init__(self, rows: Iterable[Sequence[object]]) -> None:
        self._left, self.rows = rows, 0

    def __iter__(self) -> Iterator[Sequence[object]]:
        for row in self._left:
            self.rows += 1
            yield row


def _as(kind: Kind, table: Table) -> bytes:
    return sheets.as_csv(table) if kind is Kind.CSV else sheets.as_xlsx(table)


def _details(period: Period, **more: object) -> dict[str, object]:
    return {"from": period.first.isoformat(), "to": period.last.isoformat(), **more}
