"""Reach a dip sample, an audit and a training by the actions of the pages."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from mash_portal.accounts.models import User
from referrals.assurance import auditing, drawing, learning
from referrals.assurance.auditing import Found
from referrals.assurance.learning import Held
from referrals.models import Audit, Child, Contact, DipSample, LearningEvent, Sampled
from referrals.vocabulary import LearningKind
from referrals.vocabulary.learning import AuditQuestion
from tests import build

FOR_WORKER = "Your reasons could be followed step by step."
FOR_AGENCY = "The form says what was seen, and not what the child said."


def last_month() -> date:
    return drawing.month_before(timezone.localdate())


def decided_last_month(*contacts: Contact, at: int = 10) -> None:
    """As if they had been received and decided on that day of last month."""
    moment = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0)
    month = last_month()
    moment = moment.replace(year=month.year, month=month.month, day=at)
    for contact in contacts:
        Child.objects.filter(contact=contact).exclude(decided_at=None).update(
            received_at=moment - timedelta(hours=2), decided_at=moment
        )
        contact.decisions.exclude(signed_off_at=None).update(signed_off_at=moment)


def drawn(by: User, auditors: list[User], *, size: int = 24, twice: int = 0, seed: str = "october") -> DipSample:
    return drawing.draw(last_month(), size=size, auditors=auditors, twice=twice, by=by, seed=seed)


def given_out(contact: Contact, *, auditor: User | None, second: User | None = None) -> Sampled:
    """One case of a sample, given to these people whoever else might have been."""
    sample, _ = DipSample.objects.get_or_create(
        month=last_month(),
        defaults={"seed": "s", "size": 1, "drawn_by": build.player("Priya"), "drawn_at": timezone.now()},
    )
    return Sampled.objects.create(
        sample=sample,
        child=contact.children.all()[0],
        stratum="Schools and education: social care",
        auditor=auditor,
        second_auditor=second,
    )


def found(**changes: Any) -> Found:
    grades = dict.fromkeys(AuditQuestion, 2)
    said: dict[str, Any] = {
        "grades": grades,
        "evidence": {question: f"Seen: {question.label}" for question in AuditQuestion},
        "threshold_right": True,
        "overall": 2,
        "finding": "A careful decision, made in time.",
        "for_worker": FOR_WORKER,
        "for_agency": FOR_AGENCY,
    }
    return Found(**(said | changes))


def audited(case: Sampled, *, by: User, **changes: Any) -> Audit:
    return auditing.audit(case.pk, found(**changes), by=by)


def one_of_each(contact: Contact) -> dict[str, int]:
    """A case that Priya has audited, and what follows, for every address that names one."""
    priya = build.player("Priya")
    case = given_out(contact, auditor=priya)
    audit = audited(case, by=priya)
    action = auditing.add_action(
        audit.pk, what="Ask the child", owner=build.player("Grace"), due=timezone.localdate(), by=priya
    )
    return {"sample": case.sample_id, "case": case.pk, "audit": audit.pk, "action": action.pk}


def held(by: User, *names: str, weeks_ago: float = 1, **said: Any) -> LearningEvent:
    facts: dict[str, Any] = {
        "kind": LearningKind.TRAINING,
        "held_on": timezone.localdate() - timedelta(weeks=weeks_ago),
        "topic": "Thresholds at the schools",
        "agencies": [build.agency(name) for name in names or ("Alder Primary",)],
        "who_came": "Rosa Bell",
    }
    return learning.record(Held(**(facts | said)), by=by)
