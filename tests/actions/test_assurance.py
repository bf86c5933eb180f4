"""Training and meetings, the dip sample, audits and what follows: who may, and what is refused."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals.assurance import auditing, cases, drawing, learning
from referrals.models import Audit, AuditAction, Contact, DipSample, LearningEvent, Notice, Sampled, Screening
from referrals.refusals import NotYours, Refused
from referrals.rules import sampling
from referrals.vocabulary import LearningKind, Outcome
from referrals.vocabulary.learning import AuditQuestion
from tests import auditing as audits
from tests import build
from tests.restricting import restricted

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact(rosa: User, grace: User, maya: User) -> Contact:
    return build.decided(rosa, worker=grace, manager=maya)


@pytest.fixture
def case(contact: Contact, priya: User, helen: User) -> Sampled:
    return audits.given_out(contact, auditor=priya, second=helen)


def test_a_manager_records_a_training_and_it_is_followed_up_after_six_weeks(maya: User, ana: User) -> None:
    event = audits.held(maya, "Alder Primary", "Birch High")
    assert event.follow_up_on == event.held_on + timedelta(days=42)
    assert event.agencies.count() == 2
    with pytest.raises(NotYours):
        learning.follow_up(event.pk, words="Fewer", by=ana)
    with pytest.raises(Refused, match="Write what has become"):
        learning.follow_up(event.pk, words=" ", by=maya)
    assert LearningEvent.objects.get().followed_up_at is None
    learning.follow_up(event.pk, words="They ring first", by=maya)
    assert LearningEvent.objects.get().followed_up_by == maya
    with pytest.raises(Refused, match="followed up already"):
        learning.follow_up(event.pk, words="Again", by=maya)
    with pytest.raises(Refused, match="stays as it is"):
        learning.record(_said(event), by=maya, event=event.pk)
    assert LearningEvent.objects.get().follow_up == "They ring first"


def _said(event: LearningEvent) -> learning.Held:
    return learning.Held(LearningKind(event.kind), event.held_on, "Another topic", list(event.agencies.all()), "Nobody")


def test_a_slip_is_put_right_before_the_follow_up_and_a_training_to_come_is_not_recorded(maya: User) -> None:
    event = audits.held(maya)
    learning.record(_said(event), by=maya, event=event.pk)
    assert LearningEvent.objects.get().topic == "Another topic"
    with pytest.raises(Refused, match="still to come"):
        audits.held(maya, weeks_ago=-1)
    with pytest.raises(Refused, match="must be 1973 or later"):
        learning.record(replace(_said(event), held_on=date(1, 1, 1)), by=maya)
    assert LearningEvent.objects.get().held_on == event.held_on
    with pytest.raises(Refused, match="Choose which agencies"):
        learning.record(learning.Held(LearningKind(event.kind), event.held_on, "T", [], "Nobody"), by=maya)
    assert LearningEvent.objects.count() == 1


def test_the_head_of_safeguarding_draws_a_month_and_its_seed_draws_it_again(helen: User, ivan: User) -> None:
    rosa, omar, grace, maya, priya = (build.player(name) for name in ("Rosa", "Omar", "Grace", "Maya", "Priya"))
    schools = [build.decided(rosa, worker=grace, manager=maya) for _ in range(5)]
    police = build.decided(omar, worker=grace, manager=maya, outcome=Outcome.EARLY_HELP)
    audits.decided_last_month(*schools, police)
    build.decided(rosa, worker=grace, manager=maya)  # this month
    sample = audits.drawn(helen, [ivan, priya], size=3, twice=50)
    there = Sampled.objects.filter(sample=sample)
    assert sample.strata == {
        "Police: help outside social care": {"there": 1, "drawn": 1},
        "Schools and education: social care": {"there": 5, "drawn": 2},
    }
    assert there.count() == 3
    assert drawing.drawn_again(sample) == set(there.values_list("child", flat=True))
    assert all(one.auditor in (ivan, priya) for one in there)
    assert there.exclude(second_auditor=None).count() == 2
    assert set(Notice.objects.filter(template="audits_to_do").values_list("to", flat=True)) == {ivan.pk, priya.pk}
    with pytest.raises(Refused, match="Helen Okoro drew the sample"):
        audits.drawn(priya, [ivan])
    assert DipSample.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"size": 0}, "between 1 and 200"),
        ({"auditors": []}, "Choose who audits"),
        ({"twice": 101}, "between 0 and 100"),
        ({"twice": 10}, "takes two people"),
        ({"month": date(2017, 1, 1)}, "Nothing that may be counted"),
        ({"month": timezone.localdate()}, "not over"),
    ],
)
def test_a_draw_that_cannot_be_is_refused_and_nothing_is_drawn(
    contact: Contact, ivan: User, priya: User, changes: dict[str, object], said: str
) -> None:
    audits.decided_last_month(contact)
    wanted: dict[str, object] = {"month": audits.last_month(), "size": 5, "auditors": [ivan], "twice": 0}
    with pytest.raises(Refused, match=said):
        drawing.draw(**(wanted | changes), by=priya)  # type: ignore[arg-type]  # of every kind
    assert not DipSample.objects.exists()
    drawing.draw(**wanted, by=priya)  # type: ignore[arg-type]  # as above
    assert Sampled.objects.get().auditor == ivan


def test_a_team_manager_cannot_draw(contact: Contact, maya: User, ivan: User) -> None:
    audits.decided_last_month(contact)
    with pytest.raises(NotYours):
        audits.drawn(maya, [ivan])
    assert not DipSample.objects.exists()


def test_who_worked_on_a_case_is_never_given_it(contact: Contact, maya: User, ivan: User, priya: User) -> None:
    audits.decided_last_month(contact)
    sample = audits.drawn(priya, [maya, ivan])
    assert Sampled.objects.get(sample=sample).auditor == ivan, "Maya signed it off"
    only_maya = cases.worked_on([contact.children.all()[0].pk])
    assert maya.pk in only_maya[contact.children.all()[0].pk]


def test_a_case_that_nobody_may_audit_waits_until_it_is_given_to_somebody(
    contact: Contact, maya: User, ivan: User, priya: User
) -> None:
    audits.decided_last_month(contact)
    audits.drawn(priya, [maya])
    case = Sampled.objects.get()
    assert case.auditor is None
    with pytest.raises(Refused, match="audited by nobody yet"):
        audits.audited(case, by=ivan)
    with pytest.raises(Refused, match="worked on this case"):
        drawing.give(case.pk, auditor=maya, second=None, by=priya)
    with pytest.raises(Refused, match="somebody else"):
        drawing.give(case.pk, auditor=ivan, second=ivan, by=priya)
    drawing.give(case.pk, auditor=ivan, second=None, by=priya)
    audits.audited(case, by=ivan)
    with pytest.raises(Refused, match="audited already"):
        drawing.give(case.pk, auditor=priya, second=None, by=priya)
    assert Sampled.objects.get().auditor == ivan


def test_domestic_abuse_that_was_screened_out_is_a_stratum_of_its_own(
    omar: User, grace: User, maya: User, priya: User, ivan: User
) -> None:
    usual, screened = (build.decided(omar, worker=grace, manager=maya, outcome=Outcome.EARLY_HELP) for _ in range(2))
    audits.decided_last_month(usual, screened)
    child = screened.children.get()
    child.refresh_from_db()
    assert child.decided_at is not None
    Screening.objects.create(
        child=child,
        grade="standard",
        screened_out=True,
        level=1,
        reason="No injury",
        by=grace,
        at=child.decided_at,
        signed_off_by=maya,
        signed_off_at=child.decided_at,
    )
    sample = audits.drawn(priya, [ivan])
    assert sample.strata[sampling.SCREENED_OUT] == {"there": 1, "drawn": 1}
    assert Sampled.objects.get(stratum=sampling.SCREENED_OUT).child == child


def test_a_restricted_record_is_in_no_sample_and_leaves_one_that_it_was_in(
    contact: Contact, grace: User, maya: User, ivan: User, priya: User
) -> None:
    other = build.decided(contact.referrer, worker=grace, manager=maya)
    audits.decided_last_month(contact, other)
    restricted(other, by=maya)
    sample = audits.drawn(priya, [ivan])
    assert Sampled.objects.get(sample=sample).child.contact == contact
    restricted(contact, by=maya)
    assert not cases.seen_by(ivan).exists()
    assert not cases.seen_by(priya).exists()


def test_an_auditor_audits_once_and_a_second_auditor_too(case: Sampled, priya: User, helen: User, ivan: User) -> None:
    with pytest.raises(Refused, match="audited by Priya Nair and Helen Okoro"):
        audits.audited(case, by=ivan)
    assert not Audit.objects.exists()
    audit = audits.audited(case, by=priya)
    assert audit.grades["threshold"] == 2
    with pytest.raises(Refused, match="already"):
        audits.audited(case, by=priya)
    audits.audited(case, by=helen, overall=3)
    assert Audit.objects.count() == 2
    assert Event.objects.filter(verb="audit:record").count() == 2


def test_who_worked_on_a_case_cannot_audit_it_even_if_it_was_given_to_them(contact: Contact, maya: User) -> None:
    case = audits.given_out(contact, auditor=maya)
    with pytest.raises(Refused, match="You worked on this case"):
        audits.audited(case, by=maya)
    assert not Audit.objects.exists()


def test_every_question_needs_a_grade_and_its_evidence(case: Sampled, priya: User) -> None:
    short = audits.found(grades={AuditQuestion.CONSENT: 0}, evidence={}, overall=7, finding=" ")
    with pytest.raises(Refused) as refused:
        auditing.audit(case.pk, short, by=priya)
    fields = [reason.field for reason in refused.value.reasons]  # type: ignore[attr-defined]  # an Objection
    assert "grade_consent" not in fields, "it may not apply"
    assert {"grade_threshold", "evidence_consent", "overall", "finding"} <= set(fields)
    assert not Audit.objects.exists()
    audits.audited(case, by=priya, grades=dict.fromkeys(AuditQuestion, 3) | {AuditQuestion.CONSENT: 0})
    assert "consent" not in Audit.objects.get().grades


def test_the_worker_and_the_agency_are_told_that_there_is_something_to_read(
    case: Sampled, priya: User, grace: User, rosa: User, ivan: User
) -> None:
    audit = audits.audited(case, by=priya)
    assert not cases.found_about(grace).exists()
    with pytest.raises(Refused, match="wrote these findings"):
        auditing.tell(audit.pk, by=ivan)
    assert not Notice.objects.filter(template__startswith="audit_").exists()
    auditing.tell(audit.pk, by=priya)
    told = dict(Notice.objects.filter(template__startswith="audit_").values_list("template", "to"))
    assert told == {"audit_finding": grace.pk, "audit_for_agency": rosa.pk}
    assert cases.found_about(grace).get() == audit
    assert not cases.found_about(ivan).exists()
    assert cases.found_about_forms_of(rosa).get() == audit
    assert not cases.found_about_forms_of(build.player("Tom")).exists()
    with pytest.raises(Refused, match="nobody left to tell"):
        auditing.tell(audit.pk, by=priya)


def test_nobody_is_told_where_nothing_was_written_for_them(case: Sampled, priya: User) -> None:
    audit = audits.audited(case, by=priya, for_worker="", for_agency=" ")
    with pytest.raises(Refused, match="nobody left to tell"):
        auditing.tell(audit.pk, by=priya)
    audit.refresh_from_db()
    assert (audit.worker_told_at, audit.agency_told_at) == (None, None)


def test_an_action_has_an_owner_who_does_it(case: Sampled, priya: User, grace: User, sam: User, ivan: User) -> None:
    audit, today = audits.audited(case, by=priya), timezone.localdate()
    with pytest.raises(Refused, match="must not be over"):
        auditing.add_action(audit.pk, what="Ask", owner=grace, due=today - timedelta(days=1), by=priya)
    with pytest.raises(Refused, match="somebody of the hub"):
        auditing.add_action(audit.pk, what="Ask", owner=sam, due=today, by=priya)
    assert not AuditAction.objects.exists()
    action = auditing.add_action(audit.pk, what="Ask the child", owner=grace, due=today, by=priya)
    assert Notice.objects.get(template="audit_action").to == grace
    with pytest.raises(NotYours):
        auditing.finish(action.pk, done="Yes", by=ivan)
    with pytest.raises(Refused, match="Write what was done"):
        auditing.finish(action.pk, done="", by=grace)
    action.refresh_from_db()
    assert action.done_at is None
    auditing.finish(action.pk, done="She told me", by=grace)
    with pytest.raises(Refused, match="done already"):
        auditing.finish(action.pk, done="Again", by=grace)
    assert AuditAction.objects.get().done == "She told me"
