"""What the pages of intake read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from mash_portal.accounts.models import User
from referrals import access
from referrals.models import Call, Contact, Draft, Feedback, Question
from referrals.models.contact import ContactQuerySet
from referrals.rules import marf
from referrals.rules.marf.values import Answers, evidence
from thresholds import frozen
from thresholds.models import Indicator, Matrix

from . import records, versions
from .arrival import Arrival
from .states import State, condition

PAGE = 25


@dataclass(frozen=True)
class Page:
    """A page of a list by keyset: `older` is where the next one begins."""

    contacts: list[Contact]
    older: str


def drafts_of(user: User) -> list[Draft]:
    """Everything the agency has not sent yet, latest first: an unsent referral is a child nobody knows about."""
    return list(Draft.objects.of_agency(user).select_related("author", "updated_by", "agency"))


def referrals_of(user: User, state: State | None = None) -> ContactQuerySet:
    """What the person's agency has sent, newest first."""
    told = Exists(Feedback.objects.filter(contact=OuterRef("pk")))
    asked = Exists(Question.objects.waiting().filter(contact=OuterRef("pk")))
    contacts = access.visible_to(user).annotate(has_feedback=told, has_question=asked)
    return (contacts.filter(condition(state)) if state else contacts).newest_first()


def page_of(contacts: ContactQuerySet, before: str = "") -> Page:
    """One page, from `before` on: an instant and a number. Anything else begins at the top."""
    place = _place(before)
    if place:
        at, number = place
        older = contacts.filter(received_at__lte=at).exclude(received_at=at, pk__gte=number)
        contacts = older
    rows = list(contacts.select_related("referrer").prefetch_related("children")[: PAGE + 1])
    more = len(rows) > PAGE
    last = rows[PAGE - 1] if more else None
    return Page(rows[:PAGE], f"{last.received_at.isoformat()}_{last.pk}" if last else "")


def _place(before: str) -> tuple[datetime, int] | None:
    at, _, number = before.partition("_")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    if not (number.isascii() and number.isdigit() and len(number) < 19 and moment.tzinfo):
        return None
    return moment, int(number)


def sent_from(user: User, key: UUID) -> Contact | None:
    """The contact that a draft has become, for somebody who comes back to the draft."""
    return access.visible_to(user).filter(submission_key=key).first()


def gaps_of(draft: Draft, today: date, matrix: Matrix | None = None) -> list[marf.Gap]:
    """What still stops a draft. With the published `matrix` and the draft's agency at hand it asks no query."""
    found = Arrival.of(draft).gaps(draft.answers, today)
    return [*found, *records.contradictions(draft.answers, matrix), *versions.gaps(draft)]


def expected_call(user: User, reference: str) -> Call | None:
    """The call of the person's own agency that waits for its form."""
    return access.calls_of(user).awaiting_form().filter(reference=reference).first()


def current_matrix() -> Matrix:
    return Matrix.objects.current()


def ticked_in(answers: Answers) -> dict[str, Indicator]:
    """The ticked indicators in the order of the matrix, by code."""
    codes = evidence(answers)
    rows = frozen.rows_of(Matrix.objects.current()).indicators.values() if codes else ()
    return {row.code: row for row in rows if row.code in codes}


def texts_of(contact: Contact) -> Mapping[str, str]:
    """The words of the indicators that a sent form ticks, in the version of the matrix it was sent with."""
    codes = list(evidence(contact.marf.answers))
    return dict(Indicator.objects.filter(matrix=contact.marf.matrix_id, code__in=codes).values_list("code", "text"))


def with_scales(matrix: Matrix) -> list[Indicator]:
    """The indicators that a scale of the domestic violence risk identification matrix is evidence for."""
    return [row for row in frozen.rows_of(matrix).indicators.values() if row.dv_scales]
