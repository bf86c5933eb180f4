"""What the administrator's pages show, in words."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.http import Http404

from mash_portal.accounts.models import Agency, User
from mash_portal.accounts.roles import Role
from mash_portal.govuk.words import count
from referrals.codes import SOURCE_LABELS
from referrals.models import ClockSetting, Duty
from referrals.models.partnership import clock_rules, working_week
from referrals.rules.clocks import COUNTED_FROM, DEFAULTS, RAG_CLOCKS, Rule, in_words
from referrals.vocabulary import AgencyKind, Clock, Outcome, Unit

from .actions import ON_CALL


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
    receives: str


def agency_rows() -> list[AgencyRow]:
    """Every agency with its number of active people. One query."""
    kinds, outcomes = dict(AgencyKind.choices()), dict(Outcome.choices())
    counted = Agency.objects.annotate(staff=Count("people", filter=Q(people__is_active=True))).values_list(
        "pk", "name", "kind", "source", "staff", "is_active", "receives"
    )
    return [
        AgencyRow(
            pk=pk,
            name=name,
            kind=kinds.get(kind, kind),
            source=f"{source}: {SOURCE_LABELS.get(source, 'not a national code')}",
            people=staff,
            is_active=is_active,
            receives=", ".join(outcomes.get(one, one) for one in receives),
        )
        for pk, name, kind, source, staff, is_active, receives in counted
    ]


def agency(pk: int) -> Agency:
    found = Agency.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
