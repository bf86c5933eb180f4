"""Learning in the demonstration: a training whose effect shows, a follow-up that is due, last month's dip sample."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from mash_portal.accounts.models import Agency, User
from referrals.assurance import auditing, drawing, learning
from referrals.assurance.auditing import Found
from referrals.assurance.learning import Held
from referrals.models import Audit, Sampled
from referrals.rules import permissions
from referrals.vocabulary import AgencyKind, LearningKind
from referrals.vocabulary.learning import AuditQuestion as Asked

#: What an auditor saw, by question: enough for a page that reads like one.
SEEN = {
    Asked.THRESHOLD: "Two indicators at level 2 with evidence; the level decided follows from them.",
    Asked.CONSENT: "The mother was told and agreed; it is written down who spoke to her, and when.",
    Asked.VOICE: "Nobody wrote down what the child said, or that nobody asked.",
    Asked.ANALYSIS: "Facts and judgement are told apart; the earlier contact is not weighed.",
    Asked.TIMELINESS: "Decided within 24 hours.",
    Asked.FEEDBACK: "The reason is one sentence; what the agency should do next is clear.",
}
#: Case of the sample by turns → grades in the order of the questions, overall, and whether the level was right.
GRADES = (
    ((2, 2, 3, 2, 1, 2), 2, True),
    ((3, 2, 4, 3, 2, 3), 3, False),
    ((1, 2, 2, 1, 1, 2), 1, True),
    ((2, 3, 3, 2, 2, 2), 2, True),
)


def of_this_month(people: Mapping[str, User], now: datetime) -> None:
    """The history that was brought over ends yesterday: half of it lies before the training with the schools."""
    maya, helen, ivan, priya = (people[name] for name in ("Maya", "Helen", "Ivan", "Priya"))
    today = timezone.localdate(now)
    schools = Agency.objects.filter(kind=AgencyKind.SCHOOL)
    trained = Held(
        LearningKind.TRAINING,
        today - timedelta(days=90),
        "Thresholds: what a school can do itself",
        list(schools),
        "Head teachers and DSLs of 31 schools; Cobden Nursery and Hazel High were invited and did not come.",
        "Each school rings for advice before it sends a form about a level 2 worry. Maya sends the list of services.",
    )
    event = learning.record(trained, by=maya)
    learning.follow_up(
        event.pk, words="The schools ring: 61 calls since. Two schools still send forms first.", by=helen
    )
    met = Held(
        LearningKind.MEETING,
        today - timedelta(days=45),
        "Notifications that need nothing from social care",
        list(Agency.objects.filter(kind=AgencyKind.POLICE)),
        "Omar Khan; Maya Shah; Grace Lin.",
        "The police grade each notification, and send standard ones in one file on Mondays.",
    )
    learning.record(met, by=maya)
    month = drawing.month_before(today)
    drawing.draw(month, size=20, auditors=[helen, ivan, maya, priya], twice=60, by=priya, seed="alderbrook")
    _audit(people, now)


def _audit(people: Mapping[str, User], now: datetime) -> None:
    """All that two people look at, and half of the rest. The cast's agencies are told; one audit leads to an action."""
    done = list(Sampled.objects.exclude(auditor=None).select_related("auditor", "second_auditor"))
    for number, case in enumerate(done):
        if case.second_auditor is None and number % 2:
            continue
        for second, auditor in enumerate(one for one in (case.auditor, case.second_auditor) if one is not None):
            _one(case, auditor, number + second * (number % 3 == 0))
    firsts = Audit.objects.order_by("sampled_id", "pk").distinct("sampled_id")
    of_the_cast = {one.agency_id for one in people.values() if one.as_role in permissions.DRAFTING}
    for audit in firsts.filter(sampled__child__agency__in=of_the_cast).select_related("by"):
        auditing.tell(audit.pk, by=audit.by)
    first = Audit.objects.earliest("pk")
    owner, today = first.by, timezone.localdate(now)
    auditing.add_action(
        first.pk, what="Add “what the child said” to the advice for school forms", owner=owner, due=today, by=first.by
    )


def _one(case: Sampled, auditor: User, number: int) -> None:
    grades, overall, right = GRADES[number % len(GRADES)]
    found = Found(
        grades=dict(zip(Asked, grades, strict=True)),
        evidence=SEEN,
        threshold_right=right,
        overall=overall,
        finding="The decision can be followed from what was seen to what was decided. The child is hard to find in it.",
        for_worker="Your reasons are clear. Write down what the child said, or that nobody could ask.",
        for_agency="The form says what was seen and when. It does not say what the child said.",
    )
    auditing.audit(case.pk, found, by=auditor)
