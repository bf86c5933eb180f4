"""What the pages of agency checks read. Each function says how many queries it makes; none grows with the rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Aggregate, Case, Count, DurationField, Exists, F, OuterRef, Q, QuerySet, Value, When

from mash_portal.accounts.models import Agency, User
from referrals import access
from referrals.models import Adult, Assessment, Check, Consent, Contact, Marf, Synthesis
from referrals.models.enquiries import CheckQuerySet
from referrals.rules import permissions
from referrals.rules.calls import ANONYMOUS_SOURCE, PUBLIC_SOURCES
from referrals.rules.checks import Standing
from referrals.rules.marf.values import Answers, part, people, text
from referrals.vocabulary import AgencyKind

PAGE = 50
#: Nobody outside works there, or they are told another way.
NEVER_ASKED = (AgencyKind.HUB, AgencyKind.TEAM)
#: Turnaround is counted over what was asked within this time.
RECENT = timedelta(days=90)


def standing_of(contact: Contact) -> Standing:
    """The level that decides whether a manager is needed, and the family's agreement: two queries."""
    assessed = Assessment.objects.by_the_hub(contact).order_by("-at", "-id").values_list("level", flat=True).first()
    return Standing(
        level=contact.level_believed if assessed is None else assessed,
        is_assessed=assessed is not None,
        agreement=Consent.objects.filter(contact=contact, agreement_given=True).exists(),
    )


def checks_of_contact(contact: Contact) -> list[Check]:
    """Every check about a contact, what is open first and soonest due: two queries.

    `answers_here`: somebody at the agency has an account and can answer in the portal.
    """
    people = _answering().filter(agency=OuterRef("agency"))
    found = contact.checks.select_related("agency", "requested_by", "authorised_by", "answered_by", "closed_by")
    return list(open_first(found).annotate(answers_here=Exists(people)).prefetch_related("children"))


def syntheses_of(contact: Contact) -> list[Synthesis]:
    """The latest first: one query."""
    return list(contact.syntheses.select_related("by"))


def open_first(checks: QuerySet[Check]) -> QuerySet[Check]:
    """Open ones by when they are due, then the rest, the newest first."""
    over = Q(answered_at__isnull=False) | Q(closed_at__isnull=False)
    ordered = checks.annotate(is_over=Case(When(over, then=Value(1)), default=Value(0)))
    due = Case(When(is_over=0, then=F("due_at")))
    return ordered.order_by("is_over", due.asc(nulls_last=True), "-requested_at", "-id")


@dataclass(frozen=True)
class Choice:
    """An agency that may be asked. `answers_here`: somebody there has an account and answers in the portal."""

    agency: Agency
    answers_here: bool


def agencies_to_ask() -> list[Choice]:
    """Every active agency outside the hub: two queries. Members of the public who once told the hub are none."""
    here = set(_answering().exclude(agency=None).values_list("agency", flat=True))
    found = Agency.objects.filter(is_active=True, is_hub=False).exclude(kind__in=NEVER_ASKED)
    named = found.exclude(source__in=(*PUBLIC_SOURCES, ANONYMOUS_SOURCE)).order_by("name")
    return [Choice(agency, agency.pk in here) for agency in named]


def _answering() -> QuerySet[User]:
    """Everybody who answers checks for an agency."""
    return User.objects.filter(is_active=True, role__in=permissions.ANSWERERS).order_by()


def page_of(checks: CheckQuerySet, condition: Q, number: str) -> Page[Check]:
    """One page of a list, with what its rows say: three queries, however many rows."""
    found = checks.filter(condition).select_related("agency", "requested_by", "contact__owner")
    return Paginator(open_first(found).prefetch_related("children"), PAGE).get_page(number)


@dataclass(frozen=True)
class Turnaround:
    """How long one agency takes, from the request to its first answer, in elapsed time whatever its clock counts."""

    agency: str
    agency_id: int
    asked: int
    answered: int
    unanswered: int
    on_time: int
    median: timedelta | None
    slowest_tenth: timedelta | None
    open_now: int
    late_now: int


class _Percentile(Aggregate):
    function = "percentile_cont"
    template = "%(function)s(%(at)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def turnaround(checks: CheckQuerySet, since: datetime, now: datetime) -> list[Turnaround]:
    """Each agency that was asked since then, or has a check open: one query.

    `unanswered`: closed by the hub and never answered. A late answer to a closed check counts as an answer.
    """
    answered, still_open = Q(answered_at__isnull=False), Q(answered_at=None, closed_at=None)
    took = F("answered_at") - F("requested_at")
    rows = (
        checks.asked()
        .filter(Q(requested_at__gte=since) | still_open)
        .order_by()
        .values("agency", "agency__name")
        .annotate(
            asked=Count("pk"),
            answered=Count("pk", filter=answered),
            unanswered=Count("pk", filter=Q(answered_at=None, closed_at__isnull=False)),
            on_time=Count("pk", filter=answered & Q(answered_at__lte=F("due_at"))),
            median=_Percentile(took, at=0.5, filter=answered),
            slowest_tenth=_Percentile(took, at=0.9, filter=answered),
            open_now=Count("pk", filter=still_open),
            late_now=Count("pk", filter=still_open & Q(due_at__lt=now)),
        )
        .order_by("agency__name")
    )
    return [_turnaround(dict(row)) for row in rows]


def _turnaround(row: dict[str, Any]) -> Turnaround:
    return Turnaround(agency=row.pop("agency__name"), agency_id=row.pop("agency"), **row)


def agencies_with_checks(user: User) -> list[tuple[int, str]]:
    """The agencies of the checks that this person may see, for the filter: one query."""
    found = access.checks_of(user).order_by("agency__name").values_list("agency", "agency__name").distinct()
    return [(number, name) for number, name in found]


@dataclass(frozen=True)
class Family:
    """As much of a family as an agency needs to look it up, and nothing else of the contact."""

    adults: Sequence[Adult]
    addresses: Mapping[str, Answers]
    is_address_kept_from_somebody: bool


def family_of(check: Check) -> Family:
    """The adults who are something to the children named, and where the children live: two queries, three with adults.

    The form is not read but for the children's addresses, and whether an address must be kept from somebody.
    """
    named = [child.pk for child in check.children.all()]
    adults = Adult.objects.filter(contact=check.contact_id, relationships__child__in=named).distinct()
    forms = Marf.objects.filter(contact=check.contact_id)
    asked_for, about_safety = forms.values_list("answers__children", "answers__safety").first() or (None, None)
    children, safety = people({"children": asked_for}, "children"), part({"safety": about_safety}, "safety")
    return Family(
        adults=list(adults.prefetch_related("relationships").order_by("id")),
        addresses={text(child, "key"): child for child in children if text(child, "key")},
        is_address_kept_from_somebody=bool(text(safety, "withhold_address_from")),
    )
