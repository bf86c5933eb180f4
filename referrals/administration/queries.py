"""What the administrator's pages show, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from mash_portal.accounts.models import Agency, User
from mash_portal.accounts.roles import Role
from mash_portal.govuk.words import count, short_moment
from referrals.codes import SOURCE_LABELS
from referrals.models import ClockSetting, Duty, Notice
from referrals.models.partnership import clock_rules, working_week
from referrals.rules.clocks import COUNTED_FROM, DEFAULTS, RAG_CLOCKS, Rule, in_words
from referrals.vocabulary import AgencyKind, Clock, Unit

from .actions import ON_CALL

PAGE = 50
RECENT = timedelta(days=7)

#: What each message is about, as its subject says it.
SUBJECTS = {
    "receipt": "Referral received",
    "assigned": "Contact assigned",
    "sign_off_wanted": "Waiting for sign-off",
    "sent_back": "Recommendation sent back",
    "feedback_due": "Feedback due",
    "update": "Update for the referrer",
    "reopened": "Contact reopened",
    "advice": "Advice given on a call",
    "form_expected": "Form expected after a call",
    "call_taken": "Call taken as a contact",
    "form_came": "Form for a call has come",
    "joined": "Referral joined to its call",
    "reminder": "Reminder to the referrer",
    "escalation": "Escalation",
    "escalations": "Several escalations",
}


@dataclass(frozen=True)
class ClockRow:
    clock: Clock
    label: str
    length: str
    counted_from: str
    is_own: bool
    default: str
    ladder: str


def clock_rows() -> list[ClockRow]:
    """Every clock with the rule that holds for it now. Two queries."""
    rules = clock_rules()
    own = set(ClockSetting.objects.values_list("clock", flat=True))
    return [
        ClockRow(
            clock=clock,
            label=clock.label,
            length=length(rule),
            counted_from=COUNTED_FROM[clock],
            is_own=clock in own,
            default=length(DEFAULTS[clock]),
            ladder=_ladder(rule),
        )
        for clock, rule in rules.items()
    ]


def _ladder(rule: Rule) -> str:
    if rule.clock in RAG_CLOCKS.values():
        return "The decision’s"
    return count(len(rule.ladder), "step") if rule.ladder else "None: for information"


def length(rule: Rule) -> str:
    """ "24 hours", "1 working day" """
    unit = Unit(rule.unit).label
    return f"{rule.amount:g} {unit.removesuffix('s') if rule.amount == 1 else unit}"


def as_typed(clock: Clock) -> dict[str, str]:
    """The rule that holds now, as the form shows it."""
    rule = clock_rules()[clock]
    return {"amount": f"{rule.amount:g}", "unit": rule.unit}


def described(clock: Clock) -> dict[str, object]:
    """One clock for the page that changes it: its rule in full, and whether it is the default."""
    rule = clock_rules()[clock]
    return {
        "clock": clock,
        "rule": rule,
        "words": in_words(rule, working_week()),
        "default": length(DEFAULTS[clock]),
        "is_priority": clock in RAG_CLOCKS.values(),
        "is_own": ClockSetting.objects.filter(clock=clock).exists(),
        "steps": [step.label for step in rule.ladder],
    }


@dataclass(frozen=True)
class MessageRow:
    pk: int
    subject: str
    to: str
    reference: str
    attempts: int
    error: str
    failed: str


def failed_page(page: str) -> Page[Notice]:
    return Paginator(Notice.objects.failed().select_related("to").order_by("-failed_at", "-id"), PAGE).get_page(page)


def message_rows(notices: Iterable[Notice]) -> list[MessageRow]:
    return [
        MessageRow(
            pk=notice.pk,
            subject=SUBJECTS.get(notice.template, notice.template),
            to=notice.to.full_name,
            reference=notice.reference,
            attempts=notice.attempts,
            error=notice.last_error,
            failed=short_moment(notice.failed_at) if notice.failed_at else "",
        )
        for notice in notices
    ]


def message_tiles(failed: int, now: datetime) -> list[dict[str, object]]:
    waiting = Notice.objects.filter(sent_at=None, failed_at=None).count()
    sent = Notice.objects.filter(sent_at__gte=now - RECENT).count()
    return [
        {"number": f"{waiting:,}", "label": "waiting"},
        {"number": f"{sent:,}", "label": "sent in the last 7 days"},
        {"number": f"{failed:,}", "label": "could not be sent", "state": "overdue" if failed else ""},
    ]


def holders() -> dict[Role, list[User]]:
    """Everybody active who could answer for a role that ladders call upon, the longest-serving first."""
    people = User.objects.filter(role__in=ON_CALL, is_active=True).order_by("id")
    return {role: [person for person in people if person.as_role is role] for role in ON_CALL}


def duties() -> dict[str, str]:
    return {duty.role: str(duty.person_id) for duty in Duty.objects.filter(person__is_active=True)}


@dataclass(frozen=True)
class AgencyRow:
    pk: int
    name: str
    kind: str
    source: str
    people: int
    is_active: bool


def agency_rows() -> list[AgencyRow]:
    """Every agency with its number of active people. One query."""
    kinds = dict(AgencyKind.choices())
    counted = Agency.objects.annotate(staff=Count("people", filter=Q(people__is_active=True))).values_list(
        "pk", "name", "kind", "source", "staff", "is_active"
    )
    return [
        AgencyRow(
            pk=pk,
            name=name,
            kind=kinds.get(kind, kind),
            source=f"{source}: {SOURCE_LABELS.get(source, 'not a national code')}",
            people=staff,
            is_active=is_active,
        )
        for pk, name, kind, source, staff, is_active in counted
    ]
