"""What a new decision does to a disagreement, and where one stands in a line. For any phase that needs it.

A changed outcome is a new decision: the disagreement ends in the transaction of its sign-off, whichever phase signs
off, and somebody else signs it than signed the first.
"""

from collections.abc import Iterable
from datetime import datetime

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import Role
from mash_portal.audit import trail
from mash_portal.govuk import words
from referrals import notices
from referrals.models import Contact, Decision, Disagreement
from referrals.refusals import Refused
from referrals.rules.disagreement import Deciders
from referrals.vocabulary import DisagreementResult

NEW_DECISION = "A new decision is being made."
CHANGED = "A new decision has been made. It takes the place of the first."
SAME = "A new decision has been made. It decides the same as the first."


def deciders_of(decision: Decision) -> Deciders:
    """Who recommended and who signed off. The decision has been fetched with both."""
    people = [one for one in (decision.recommended_by, decision.signed_off_by) if one is not None]
    head = any(one.as_role is Role.SERVICE_MANAGER for one in people)
    return Deciders(frozenset(one.pk for one in people), head)


def end_with(contact: Contact, decision: Decision, *, by: User, now: datetime) -> None:
    """End the disagreement that was settled by looking again, with this decision. One query where there is none."""
    found = contact.disagreements.open().filter(result=DisagreementResult.CHANGED).select_related("decision").first()
    if found is not None:
        finish(found, decision, by=by, now=now)


def finish(disagreement: Disagreement, decision: Decision, *, by: User, now: datetime) -> None:
    """The new decision is signed off by somebody else than the first was, or not at all."""
    first = disagreement.decision
    if decision.signed_off_by_id == first.signed_off_by_id:
        raise Refused(
            f"{decision.signed_off_by} signed off the decision that is disagreed with, so somebody else must sign off "
            "the new one."
        )
    is_same = _decided(decision) == _decided(first)
    disagreement.result = DisagreementResult.UPHELD if is_same else DisagreementResult.CHANGED
    disagreement.new_decision, disagreement.ended_at = decision, now
    disagreement.save(update_fields=["result", "new_decision", "ended_at"])
    contact = disagreement.contact
    trail.record("disagreement:end", by=by, reference=contact.reference, details={"result": disagreement.result})
    tell_the_agency(disagreement, by=by, now=now, occasion=f"d{decision.pk}")


def tell_the_agency(disagreement: Disagreement, *, by: User, now: datetime, occasion: str) -> None:
    """Whoever raised it, and the safeguarding leads of their agency; nobody of what they did themselves."""
    contact = disagreement.contact
    people = {one.pk: one for one in (*notices.leads_of(contact.agency), disagreement.raised_by)}
    told = [one for one in people.values() if one != by]
    notices.queue("disagreement_news", contact.reference, told, occasion=occasion, now=now)


def line_of(contact: Contact) -> str:
    """Where a disagreement about this contact stands, in a line; nothing where there is none. One query."""
    found = contact.disagreements.select_related("raised_by").first()
    if found is None:
        return ""
    raised = f"{found.raised_by} disagreed with the decision, {words.long_moment(found.raised_at)}."
    return f"{raised} {standing(found)}"


def standing(disagreement: Disagreement) -> str:
    """How it ended, or how far it is."""
    if disagreement.ended_at is not None:
        ended = f"{DisagreementResult(disagreement.result).label}, {words.long_moment(disagreement.ended_at)}."
        return f"Ended: {ended[0].lower()}{ended[1:]}"
    return NEW_DECISION if disagreement.result else f"It is at stage {disagreement.stage}."


def _decided(decision: Decision) -> set[tuple[int, str, int]]:
    rows: Iterable[tuple[int, str, int]] = decision.outcomes.values_list("child_id", "outcome", "level")
    return set(rows)
