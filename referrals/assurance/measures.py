"""What the audits of a period say: grades, whether the threshold was right, how far two auditors agree, what follows.

Of whatever this reader may count. No name of a child, a worker or an auditor is in it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from mash_portal.accounts.models import User
from referrals.models import Audit, AuditAction, Sampled
from referrals.rules import sampling
from referrals.rules.agreement import Agreement, agreement
from referrals.vocabulary.learning import AuditQuestion

from . import cases

OVERALL, THRESHOLD_RIGHT = "overall", "threshold_right"


@dataclass(slots=True)
class Grades:
    """How often each grade was given, and how often the threshold was right. Two audits of one case are two."""

    audits: int = 0
    right: int = 0
    overall: Counter[int] = field(default_factory=Counter)
    questions: dict[AuditQuestion, Counter[int]] = field(
        default_factory=lambda: {question: Counter() for question in AuditQuestion}
    )

    def add(self, audit: Audit) -> None:
        self.audits += 1
        self.right += audit.threshold_right
        self.overall[audit.overall] += 1
        for question, grade in audit.grades.items():
            self.questions[AuditQuestion(question)][grade] += 1


@dataclass(frozen=True, slots=True)
class Report:
    """A period of samples. `pairs` by question, by "overall" and by "threshold_right"."""

    cases: int
    total: Grades
    groups: dict[str, Grades]
    agreed: dict[str, Agreement]
    actions: int
    done: int
    late: int


def report(user: User, first: date, last: date, today: date) -> Report:
    """Of the samples of the months from `first` to `last`: four queries."""
    months = {"sample__month__gte": first.replace(day=1), "sample__month__lte": last}
    sampled = cases.seen_by(user).filter(**months)
    made = list(_audits(sampled))
    groups: dict[str, Grades] = {}
    total = Grades()
    for audit in made:
        total.add(audit)
        groups.setdefault(_group(audit), Grades()).add(audit)
    found = list(AuditAction.objects.filter(audit__in=[audit.pk for audit in made]).values_list("due", "done_at"))
    return Report(
        cases=sampled.count(),
        total=total,
        groups=dict(sorted(groups.items())),
        agreed=agreed(made),
        actions=len(found),
        done=sum(done_at is not None for _, done_at in found),
        late=sum(done_at is None and due < today for due, done_at in found),
    )


def _audits(sampled: QuerySet[Sampled]) -> QuerySet[Audit]:
    return Audit.objects.filter(sampled__in=sampled).select_related("sampled__child__agency").order_by("at", "pk")


def _group(audit: Audit) -> str:
    if audit.sampled.stratum == sampling.SCREENED_OUT:
        return sampling.SCREENED_OUT
    return sampling.kind_group(audit.sampled.child.agency.kind)


def agreed(made: Iterable[Audit]) -> dict[str, Agreement]:
    """How far two auditors of the same case agree, by what they were asked."""
    by_case: dict[int, list[Audit]] = {}
    for audit in made:
        by_case.setdefault(audit.sampled_id, []).append(audit)
    both = [(two[0], two[1]) for two in by_case.values() if len(two) > 1]
    found = {OVERALL: [(one.overall, other.overall) for one, other in both]}
    found[THRESHOLD_RIGHT] = [(int(one.threshold_right), int(other.threshold_right)) for one, other in both]
    for question in AuditQuestion:
        found[question] = [
            (one.grades[question], other.grades[question])
            for one, other in both
            if question in one.grades and question in other.grades
        ]
    return {name: agreement(pairs) for name, pairs in found.items()}


def follow_ups_due(today: date) -> Q:
    """Trainings and meetings whose six weeks are over, and nobody has written down what became of them."""
    return Q(followed_up_at=None, follow_up_on__lte=today)


def weeks_late(due: date, today: date) -> timedelta:
    return max(today - due, timedelta())
