"""What the demonstration's people have done so far today: contacts at every stage, by the actions of the pages."""

from collections.abc import Mapping, Sequence
from typing import Any

from mash_portal.accounts.models import User
from referrals.decision import actions as decisions
from referrals.feedback import actions as feedback
from referrals.intake import actions as intake
from referrals.intake import documents
from referrals.intake.senders import sender_of
from referrals.models import Assessment, Contact
from referrals.triage import actions as triage
from referrals.vocabulary import Outcome, Rag

from . import meetings


def leave_as_draft(document: Mapping[str, Any]) -> None:
    """A form that somebody has begun and cannot send yet."""
    read = documents.read(document)
    intake.start_draft(by=sender_of(read), answers=read.answers)


def at_every_stage(sent: Mapping[str, str], people: Mapping[str, User]) -> None:
    """`sent` has the reference of each referral by its name."""
    grace, maya, ivan, rosa = (people[name] for name in ("Grace", "Maya", "Ivan", "Rosa"))
    _hungry_and_late(sent["hungry-and-late"], grace=grace, maya=maya, rosa=rosa)
    _shut_out(sent["disabled-and-shut-out"], grace=grace, ivan=ivan)
    _knife(sent["knife-in-bag"], grace=grace)
    _rated_only(sent["unborn-and-earlier-removals"], grace=grace)
    _bruise(sent["bruise-under-one"], grace=grace, maya=maya)
    meetings.called_about_a_disclosure(sent["disclosure-at-school"], grace=grace, rosa=rosa)
    meetings.domestic_abuse_of_today(sent["shouting-heard"], maya=maya, grace=grace)


def _hungry_and_late(reference: str, *, grace: User, maya: User, rosa: User) -> None:
    """Closed: early help, told, and read by the school."""
    _claim_and_rate(reference, Rag.AMBER, "Several needs, children safe tonight", by=grace)
    _assess(reference, by=grace)
    _recommend(
        reference,
        Outcome.EARLY_HELP,
        3,
        by=grace,
        facts="31 late marks and 14 absences since September; both children hungry, in damp clothes; two extractions "
        "and no dentist since. Their mother is not sleeping and is behind with rent. She asks for help.",
        risk_analysis="Cumulative neglect, moderate. No immediate danger: warm relationship, mother comes when asked.",
        childs_voice="Maisie: “I do the breakfast when Mum's poorly.” She carries worries that are not a child's.",
        rationale="Needs in health, home and school that no agency can meet alone: level 3, with agreement. "
        "One plan, one lead professional, review in six weeks.",
    )
    _sign_off(reference, by=maya)
    _tell(
        reference,
        by=grace,
        reason="Maisie and Callum need several agencies to work together. Their mother has agreed to early help, and "
        "the Early Help Hub will ring her and you this week.",
        next_steps="Take part in the early help plan. Keep the breakfast club place open. Tell us at once if either "
        "child says they are frightened, or if their mother stops answering.",
    )
    feedback.open_feedback(reference, by=rosa)


def _shut_out(reference: str, *, grace: User, ivan: User) -> None:
    """Decided, feedback still owed."""
    _claim_and_rate(reference, Rag.AMBER, "Carer exhausted, provision lost", by=grace)
    _assess(reference, by=grace)
    _recommend(
        reference,
        Outcome.DISABILITIES,
        4,
        by=grace,
        facts="No school since half term, when the transport contract ended. Father alone with him day and night.",
        risk_analysis="Injury to Elis from hitting himself, and breakdown of the only placement he has.",
        childs_voice="Elis pointed to the school picture again and again.",
        rationale="A disabled child whose needs are beyond one agency; the disabilities team assesses.",
        why_no_strategy="No evidence of harm by a carer: need that comes from disability and lost provision.",
    )
    _sign_off(reference, by=ivan)


def _knife(reference: str, *, grace: User) -> None:
    """Waiting for a manager."""
    _claim(reference, by=grace)
    _assess(reference, by=grace)
    meetings.held_about_a_knife(reference, grace=grace)
    _recommend(
        reference,
        Outcome.STRATEGY,
        4,
        by=grace,
        facts="Third stop with the same adult of 24 since August; a knife, two phones; missing four nights in October.",
        risk_analysis="Criminal exploitation, likely and serious. His grandmother cannot keep these adults away.",
        childs_voice="He said he would “get done” if he talked.",
        rationale="Reasonable cause to suspect significant harm outside the home.",
    )


def _rated_only(reference: str, *, grace: User) -> None:
    """Being looked at, not assessed yet."""
    _claim_and_rate(reference, Rag.GREEN, "Birth is not expected before the spring", by=grace)


def _bruise(reference: str, *, grace: User, maya: User) -> None:
    """Red, assigned by the manager, assessed: the decision is due within the hour and a half."""
    contact = Contact.objects.get(reference=reference)
    triage.assign(reference, to=grace, by=maya, version=contact.version)
    contact.refresh_from_db()
    triage.rate(
        reference,
        rag=Rag.RED,
        reason="Unexplained bruises on a baby who cannot move",
        by=grace,
        version=contact.version,
    )
    _assess(reference, by=grace)


def _claim(reference: str, *, by: User) -> None:
    triage.claim(reference, by=by)


def _claim_and_rate(reference: str, rag: Rag, reason: str, *, by: User) -> None:
    contact = triage.claim(reference, by=by)
    triage.rate(reference, rag=rag, reason=reason, by=by, version=contact.version)


def _assess(reference: str, *, by: User) -> None:
    """The hub's own record, which here confirms what the referrer evidenced."""
    contact = Contact.objects.get(reference=reference)
    theirs = Assessment.objects.latest_of(contact, Assessment.REFERRER)
    if theirs is None:
        raise LookupError(f"{reference} came without the referrer's view of the threshold.")
    view = triage.View(
        level=theirs.suggested_level or theirs.level,
        rationale="",
        findings={row.indicator.code: ("evidenced", row.evidence) for row in theirs.findings.all()},
        care_profile_grade=theirs.care_profile_grade,
        dvrim_scale=theirs.dvrim_scale,
    )
    triage.assess(reference, view, by=by, version=contact.version)


def _recommend(reference: str, outcome: Outcome, level: int, *, by: User, **texts: str) -> None:
    contact = Contact.objects.get(reference=reference)
    children: Sequence[int] = [child.pk for child in contact.children.all() if child.in_scope]
    said = decisions.Recommendation(
        outcomes={child: [outcome] for child in children}, levels=dict.fromkeys(children, level), texts=texts
    )
    decisions.recommend(reference, said, by=by, version=contact.version)


def _sign_off(reference: str, *, by: User) -> None:
    decisions.sign_off(reference, by=by, version=Contact.objects.get(reference=reference).version)


def _tell(reference: str, *, by: User, reason: str, next_steps: str) -> None:
    feedback.give_feedback(
        reference,
        reason=reason,
        next_steps=next_steps,
        who_to_call=f"{by.full_name}, 01632 960100",
        by=by,
        version=Contact.objects.get(reference=reference).version,
    )
