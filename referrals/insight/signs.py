"""What agencies learn from, as something that is or is not so of a child row: one condition counts, and finds the list.

Feedback, agreement, marks and disagreements belong to a contact; each of its children who is referred has them.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from mash_portal.accounts.models import Agency
from referrals.models import Child, Consent, Deadline, Disagreement, Feedback, QualityMark, Restriction
from referrals.models.people import could_come_back
from referrals.vocabulary import AgencyKind, Clock, DisagreementResult, Grade

#: How soon a child who was closed has to be heard of again to be counted as coming back (front-door.md 3.5).
BACK = timedelta(days=90)
#: When feedback is owed where no clock ran, in the records of an earlier system (front-door.md 3.3).
DAY = timedelta(hours=24)
LEVELS = (1, 2, 3, 4)
QUALITIES: Mapping[str, str] = MappingProxyType(
    {
        "evidence": "Evidence",
        "consent": "Agreement of the family",
        "threshold": "Threshold",
        "childs_voice": "The child’s voice",
    }
)
OPEN = "open"
RESULTS = {**dict(DisagreementResult.choices()), OPEN: "Not settled yet"}


def mark(quality: str, grade: str) -> str:
    """The sign of a form whose quality was marked so."""
    return f"{quality}_{grade}"


def ended(result: str) -> str:
    """The sign of a disagreement that ended so."""
    return f"ended_{result}"


_MARKS = {mark(quality, grade): (quality, grade) for quality in QUALITIES for grade in Grade}
_ENDED = {ended(result): "" if result == OPEN else result for result in RESULTS}
SIGNS: Mapping[str, str] = MappingProxyType(
    {
        **{key: f"{QUALITIES[quality]}: {grade.label.lower()}" for key, (quality, grade) in _MARKS.items()},
        **{ended(result): f"Disagreement: {label.lower()}" for result, label in RESULTS.items()},
        "over": "Believed at a higher level than was decided",
        "under": "Believed at a lower level than was decided",
        "same": "Believed at the level that was decided",
        "levels": "Both levels are known",
        "asked": "What the family agreed to is on record, or is missing",
        "no_agreement": "No agreement on record",
        "marked": "The quality of the form was marked",
        "thin": "Something in the form was too little",
        "owed": "Feedback was sent or is owed",
        "in_time": "Feedback sent on time",
        "told_here": "Feedback sent through the portal",
        "opened": "Feedback opened",
        "disagreed": "The agency disagreed with the decision",
        "could_come_back": "Closed with no further action more than 90 days ago",
        "came_back": "Came back within 90 days of no further action",
    }
)
KINDS = dict(AgencyKind.choices())


def is_so(sign: str, now: datetime) -> Q:
    """Of which child rows it is so."""
    if sign in _MARKS:
        quality, grade = _MARKS[sign]
        return Q(contact__in=QualityMark.objects.filter(**{quality: grade}).values("contact"))
    if sign in _ENDED:
        return Q(contact__in=Disagreement.objects.filter(result=_ENDED[sign]).values("contact"))
    return _MEANING[sign](now)


def of_kind(kind: str) -> Q:
    return Q(agency__in=Agency.objects.filter(kind=kind))


def too_little() -> Q:
    """Of a mark: one of its four grades is the lowest."""
    found = Q()
    for quality in QUALITIES:
        found |= Q(**{quality: Grade.THIN})
    return found


def _owed(now: datetime) -> Q:
    no_clock_and_late = ~Q(_clock()) & Q(decided_at__lte=now - DAY)
    return Q(decided_at__isnull=False) & (Q(_told()) | Q(_late(now)) | no_clock_and_late)


def _in_time(now: datetime) -> Q:
    within_a_day = Exists(_feedback().filter(sent_at__lte=OuterRef("decided_at") + DAY))
    return Q(decided_at__isnull=False) & Q(_told()) & ~Q(_late(now)) & (Q(_clock()) | Q(within_a_day))


def _told_here(_now: datetime) -> Q:
    return Q(decided_at__isnull=False) & Q(_told()) & Q(_clock())


def _opened(now: datetime) -> Q:
    return _told_here(now) & Q(Exists(_feedback().filter(opened_at__isnull=False)))


def _came_back(now: datetime) -> Q:
    """The same person was referred again in another contact. A restricted record is not there, here as everywhere."""
    later = Child.objects.filter(
        person=OuterRef("person"),
        in_scope=True,
        received_at__gt=OuterRef("decided_at"),
        received_at__lte=OuterRef("decided_at") + BACK,
    ).exclude(contact__in=Restriction.objects.in_force().values("contact"))
    return could_come_back(BACK, now) & Q(Exists(later.exclude(contact=OuterRef("contact"))))


def _feedback() -> QuerySet[Feedback]:
    return Feedback.objects.filter(contact=OuterRef("contact"))


def _told() -> Exists:
    return Exists(_feedback())


def _clocks() -> QuerySet[Deadline]:
    return Deadline.objects.filter(contact=OuterRef("contact"), clock=Clock.FEEDBACK, cancelled_at=None)


def _clock() -> Exists:
    return Exists(_clocks())


def _late(now: datetime) -> Exists:
    return Exists(_clocks().filter(Q(met_at__gt=F("due_at")) | Q(met_at=None, due_at__lte=now)))


_MEANING: Mapping[str, Callable[[datetime], Q]] = MappingProxyType(
    {
        "over": lambda _: Q(level_believed__gt=F("level_decided")),
        "under": lambda _: Q(level_believed__lt=F("level_decided")),
        "same": lambda _: Q(level_believed=F("level_decided")),
        "levels": lambda _: Q(level_believed__isnull=False, level_decided__isnull=False),
        "asked": lambda _: Q(contact__in=Consent.objects.values("contact")),
        "no_agreement": lambda _: Q(contact__in=Consent.objects.exclude(agreement_given=True).values("contact")),
        "marked": lambda _: Q(contact__in=QualityMark.objects.values("contact")),
        "thin": lambda _: Q(contact__in=QualityMark.objects.filter(too_little()).values("contact")),
        "owed": _owed,
        "in_time": _in_time,
        "told_here": _told_here,
        "opened": _opened,
        "disagreed": lambda _: Q(contact__in=Disagreement.objects.values("contact")),
        "could_come_back": lambda now: could_come_back(BACK, now),
        "came_back": _came_back,
    }
)
