"""G9: many reach for one decision and what follows: one has it, the others are told who. On real connections."""

from typing import Any

from mash_portal.accounts.models import User
from referrals.decision import actions as decisions
from referrals.feedback import actions as feedback
from referrals.handover import actions as handovers
from referrals.models import ChildOutcome, Decision, Feedback, Handover, Referral
from referrals.triage import sharing
from referrals.vocabulary import Clock, Stage, Verb
from tests import build
from tests.races.together import DONE, NOT_THERE, at_once, current, messages, nothing_is_there_twice, written

EIGHT = 8
FOUR = 4


def people(count: int, like: User) -> list[User]:
    """That many colleagues with the same role and agency."""
    facts: dict[str, Any] = {"agency": like.agency, "role": like.role, "registration_number": "SW000001"}
    return [
        User.objects.create_user(f"colleague{number}@alderbrook.example", full_name=f"Colleague {number}", **facts)
        for number in range(count)
    ]


def test_eight_managers_decide_at_once_one_does_and_the_others_are_told_who(committed: str) -> None:
    rosa, grace, _zofia = (build.player(name) for name in ("Rosa", "Grace", "Zofia"))
    contact = build.recommended(rosa, worker=grace)
    managers = people(EIGHT, build.player("Maya"))
    answers = at_once(
        *(lambda who=who: decisions.sign_off(contact.reference, by=who, version=contact.version) for who in managers)
    )
    assert answers.count(DONE) == 1
    winner = managers[answers.index(DONE)]
    assert Decision.objects.get().signed_off_by == winner
    assert answers.count(f"The decision has already been signed off by {winner}.") == EIGHT - 1
    assert written(contact, Verb.SIGN_OFF) == (1, 1)
    assert (Referral.objects.count(), Handover.objects.count()) == (1, 1)
    assert sorted(contact.deadlines.live().values_list("clock", flat=True)) == [Clock.FEEDBACK, Clock.HANDOVER]
    assert (messages(contact, "feedback_due"), messages(contact, "handed_over")) == (1, 1)
    nothing_is_there_twice(contact)


def test_eight_recommendations_at_once_leave_one_to_sign_off_and_one_message_to_the_manager(committed: str) -> None:
    rosa, grace, _maya = (build.player(name) for name in ("Rosa", "Grace", "Maya"))
    contact = build.assessed(rosa, worker=grace)
    contact.refresh_from_db()
    said = [build.recommendation(contact, texts={"rationale": f"Reason {number}"}) for number in range(EIGHT)]
    answers = at_once(
        *(
            lambda one=one: decisions.recommend(contact.reference, one, by=grace, version=contact.version)
            for one in said
        )
    )
    assert answers.count(DONE) == 1
    assert answers.count("A recommendation is already waiting for sign-off.") == EIGHT - 1
    decision = Decision.objects.get()
    assert decision.rationale == f"Reason {answers.index(DONE)}"
    assert (decision.on_version, ChildOutcome.objects.count()) == (current(contact).version, 1)
    assert (written(contact, Verb.RECOMMEND), messages(contact, "sign_off_wanted")) == ((1, 1), 1)
    nothing_is_there_twice(contact)


def test_a_recommendation_signed_off_and_sent_back_at_once_ends_one_way(committed: str) -> None:
    rosa, grace, maya, ivan = (build.player(name) for name in ("Rosa", "Grace", "Maya", "Ivan"))
    contact = build.recommended(rosa, worker=grace)
    signed, returned = at_once(
        lambda: decisions.sign_off(contact.reference, by=maya, version=contact.version),
        lambda: decisions.send_back(contact.reference, reason="The father's view", by=ivan),
    )
    decision = Decision.objects.get()
    assert (signed == DONE) != (returned == DONE)
    if signed == DONE:
        assert returned == "The decision has already been signed off by Maya Shah."
        assert (decision.signed_off_by, decision.sent_back_by) == (maya, None)
        assert current(contact).stage == Stage.DECIDED
    else:
        assert signed == "There is no recommendation to sign off."
        assert (decision.signed_off_by, decision.sent_back_by) == (None, ivan)
        assert current(contact).stage == Stage.TRIAGE
    nothing_is_there_twice(contact)


def test_a_child_accepted_and_sent_back_at_once_is_one_of_the_two_and_the_other_is_told(committed: str) -> None:
    rosa, grace, maya, zofia = (build.player(name) for name in ("Rosa", "Grace", "Maya", "Zofia"))
    contact = build.decided(rosa, worker=grace, manager=maya)
    [colleague], handover = people(1, zofia), contact.handovers.get()
    accepted, declined = at_once(
        lambda: handovers.accept(contact.reference, handover.pk, by=zofia),
        lambda: handovers.decline(contact.reference, handover.pk, reason="He lives elsewhere", by=colleague),
    )
    handover.refresh_from_db()
    running = contact.deadlines.live().filter(clock=Clock.HANDOVER).count()
    if accepted == DONE:
        assert declined == "Zofia Nowak has accepted this child already."
        assert (handover.accepted_by, handover.declined_by, running) == (zofia, None, 0)
    else:
        assert declined == DONE
        assert accepted in ("Colleague 0 has sent this child back already.", NOT_THERE)
        assert (handover.accepted_by, handover.declined_by, running) == (None, colleague, 1)
    assert contact.steps.filter(verb__in=(Verb.ACCEPT, Verb.DECLINE)).count() == 1
    assert messages(contact, "handover_sent_back") == (2 if declined == DONE else 0)
    nothing_is_there_twice(contact)


def test_eight_pieces_of_feedback_at_once_are_one_and_the_referrer_is_told_once(committed: str) -> None:
    rosa, grace, maya = (build.player(name) for name in ("Rosa", "Grace", "Maya"))
    contact = build.decided(rosa, worker=grace, manager=maya)
    words: dict[str, Any] = {"reason": "A visit", "next_steps": "Keep watching", "who_to_call": "Grace Lin"}
    answers = at_once(
        *[lambda: feedback.give_feedback(contact.reference, **words, by=grace, version=contact.version)] * EIGHT
    )
    assert answers.count(DONE) == 1
    changed = "This contact has changed since you opened the page: Grace Lin sent feedback to the referrer at "
    assert all(answer.startswith(changed) for answer in answers if answer != DONE)
    assert Feedback.objects.count() == 1
    assert (written(contact, Verb.GIVE_FEEDBACK), messages(contact, "update")) == ((1, 1), 1)
    nothing_is_there_twice(contact)


def test_two_managers_share_out_the_same_contacts_and_each_contact_goes_one_way(committed: str) -> None:
    rosa, maya, ivan = (build.player(name) for name in ("Rosa", "Maya", "Ivan"))
    contacts = [build.received(rosa) for _ in range(FOUR)]
    versions = {contact.reference: contact.version for contact in contacts}
    workers = dict(zip((maya, ivan), people(2, build.player("Grace")), strict=True))
    shared: dict[User, sharing.Shared] = {}

    def share(by: User, order: int) -> None:
        wanted = dict(list(versions.items())[::order])
        shared[by] = sharing.share_out(wanted, to=workers[by], by=by)

    assert at_once(lambda: share(maya, 1), lambda: share(ivan, -1)) == [DONE, DONE]
    hers, his = set(shared[maya].done), set(shared[ivan].done)
    assert hers | his == set(versions)
    assert not hers & his
    assert (set(shared[maya].refused), set(shared[ivan].refused)) == (his, hers)
    for contact in contacts:
        winner, other = (maya, ivan) if contact.reference in hers else (ivan, maya)
        assert current(contact).owner == workers[winner]
        changed = f"This contact has changed since you opened the page: {winner} assigned the contact at "
        assert shared[other].refused[contact.reference].startswith(changed)
        assert (written(contact, Verb.ASSIGN), messages(contact, "assigned")) == ((1, 1), 1)
        nothing_is_there_twice(contact)
