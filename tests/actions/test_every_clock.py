"""Every clock of front-door.md 3.3: what opens it, what meets it, and what becomes of it when a contact is reopened."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone

from mash_portal.accounts.models import User
from referrals.decision import actions as decisions
from referrals.feedback import actions as feedback
from referrals.feedback import asking
from referrals.handover import actions as handing
from referrals.intake import actions as intake
from referrals.models import Contact, Notice
from referrals.models.partnership import working_week
from referrals.restricted import breaking
from referrals.retention.actions import look_after_drafts
from referrals.rules.clocks import DEFAULTS, RAG_CLOCKS, due_at
from referrals.vocabulary import Clock, Outcome, Rag
from tests import build, checking, disagreeing, discussing, restricting, ringing
from tests.actions.after_sending import answered, asked
from tests.actions.test_emergency import acted, looked_at
from tests.actions.test_intake import draft_by

pytestmark = pytest.mark.django_db


class Cast(dict[str, User]):
    """Whoever is asked for, with an account."""

    def __missing__(self, name: str) -> User:
        return build.player(name)


Opens = Callable[[Cast], Contact]
Meets = Callable[[Cast, Contact], object]


@dataclass(frozen=True)
class Story:
    """One clock: the act that opens it, and the act that meets it."""

    clock: Clock
    opens: Opens
    meets: Meets


def decided(cast: Cast, outcome: Outcome = Outcome.SECTION_17) -> Contact:
    return build.decided(cast["Rosa"], worker=cast["Grace"], manager=cast["Maya"], outcome=outcome)


def told(cast: Cast) -> Contact:
    return build.told(cast["Rosa"], worker=cast["Grace"], manager=cast["Maya"])


def claimed(cast: Cast, rag: Rag | None = None) -> Contact:
    contact = build.claimed(cast["Rosa"], worker=cast["Grace"])
    return build.rated(contact, rag, by=cast["Grace"]) if rag else contact


def sign_off(cast: Cast, contact: Contact) -> object:
    build.assess(contact, by=cast["Grace"])
    build.recommend(contact, Outcome.SECTION_17, by=cast["Grace"])
    contact.refresh_from_db()
    return decisions.sign_off(contact.reference, by=cast["Maya"], version=contact.version)


def check(cast: Cast, rag: Rag) -> Contact:
    contact = claimed(cast, rag)
    cast["Omar"], cast["Nell"]
    checking.asked(contact, cast["Nell"], by=cast["Grace"])
    return contact


def answer_check(cast: Cast, contact: Contact) -> object:
    return checking.answered(contact.checks.get(), cast["Nell"])


def discussed(cast: Cast) -> Contact:
    contact = claimed(cast)
    build.discussed(contact, by=cast["Grace"])
    return contact


def routed(cast: Cast) -> Contact:
    cast["Dev"]
    return decided(cast, Outcome.EARLY_HELP)


def accept(cast: Cast, contact: Contact) -> object:
    return handing.accept(contact.reference, contact.handovers.get().pk, by=cast["Dev"])


def in_danger(cast: Cast) -> Contact:
    contact = claimed(cast)
    acted(contact, cast["Grace"])
    return contact


def broken(cast: Cast) -> Contact:
    contact = restricting.restricted(claimed(cast), by=cast["Maya"])
    restricting.broken(contact, by=cast["Ivan"])
    return contact


def review(cast: Cast, contact: Contact) -> object:
    glass = contact.broken_glass.get()
    return breaking.review(glass.pk, was_right=True, words="Right", by=cast["Priya"])


def give_feedback(cast: Cast, contact: Contact) -> object:
    return feedback.give_feedback(
        contact.reference,
        reason="We visit",
        next_steps="Watch",
        who_to_call="Grace Lin",
        by=cast["Grace"],
        version=contact.version,
    )


def question_back(cast: Cast) -> Contact:
    contact = told(cast)
    asking.ask(contact.reference, text="What does it mean?", by=cast["Rosa"])
    return contact


def answer_back(cast: Cast, contact: Contact) -> object:
    number = contact.feedback.get().questions.get().pk
    return asking.answer(contact.reference, question=number, text="That we visit", by=cast["Grace"])


def question(cast: Cast, rag: Rag) -> Contact:
    contact = claimed(cast, rag)
    asked(contact, cast["Grace"])
    return contact


def phoned(cast: Cast) -> Contact:
    return ringing.contact_of(ringing.call_of(cast["Rosa"], cast["Sam"]))


def form_comes(cast: Cast, contact: Contact) -> object:
    return intake.submit(ringing.form_for(contact.call, cast["Rosa"]).key, by=cast["Rosa"])


def disagreed(stage: int) -> Opens:
    def opens(cast: Cast) -> Contact:
        contact = told(cast)
        disagreeing.raised(contact, by=cast["Rosa"])
        for number in range(1, stage):
            disagreeing.taken_up(contact, by=cast["Rosa"], stage=number, in_danger=True)
        return contact

    return opens


def responds(stage: int) -> Meets:
    def meets(cast: Cast, contact: Contact) -> object:
        return disagreeing.answered(contact, by=cast["Ivan" if stage == 1 else "Helen"], stage=stage, spoke=True)

    return meets


STORIES = [
    Story(Clock.DECISION, claimed, sign_off),
    Story(Clock.STATUTORY, claimed, sign_off),
    Story(Clock.WRITTEN_CONFIRMATION, phoned, form_comes),
    Story(Clock.CHECK_RED, lambda cast: check(cast, Rag.RED), answer_check),
    Story(Clock.CHECK_AMBER, lambda cast: check(cast, Rag.AMBER), answer_check),
    Story(Clock.CHECK_GREEN, lambda cast: check(cast, Rag.GREEN), answer_check),
    Story(
        Clock.STRATEGY,
        discussed,
        lambda cast, contact: discussing.held(contact.strategy_discussions.get(), by=cast["Grace"]),
    ),
    Story(Clock.HANDOVER, routed, accept),
    Story(Clock.EMERGENCY, in_danger, lambda cast, contact: looked_at(contact, cast["Maya"])),
    Story(Clock.BREAK_REVIEW, broken, review),
    Story(Clock.FEEDBACK, decided, give_feedback),
    Story(Clock.FEEDBACK_READ, told, lambda cast, contact: feedback.open_feedback(contact.reference, by=cast["Rosa"])),
    Story(Clock.QUESTION_BACK, question_back, answer_back),
    Story(
        Clock.QUESTION,
        lambda cast: question(cast, Rag.GREEN),
        lambda cast, contact: answered(contact.questions.get(), cast["Rosa"]),
    ),
    Story(
        Clock.QUESTION_RED,
        lambda cast: question(cast, Rag.RED),
        lambda cast, contact: answered(contact.questions.get(), cast["Rosa"]),
    ),
    Story(Clock.DISAGREEMENT_1, disagreed(1), responds(1)),
    Story(Clock.DISAGREEMENT_2, disagreed(2), responds(2)),
    Story(Clock.DISAGREEMENT_3, disagreed(3), responds(3)),
    Story(Clock.DISAGREEMENT_4, disagreed(4), responds(4)),
]


@pytest.mark.parametrize("story", STORIES, ids=[story.clock for story in STORIES])
def test_a_clock_is_opened_by_its_act_with_its_ladder_and_met_by_its_act(story: Story) -> None:
    cast = Cast()
    for name in ("Maya", "Helen", "Priya"):
        cast[name] = build.player(name)

    contact = story.opens(cast)
    opened = contact.deadlines.live().get(clock=story.clock)
    rule = DEFAULTS[story.clock]
    if story.clock is not Clock.DECISION:
        assert opened.due_at == due_at(rule, opened.opened_at, working_week())
    armed = set(opened.escalations.filter(fired_at=None, cancelled_at=None).values_list("step", flat=True))
    assert armed == {step.key for step in rule.ladder}

    story.meets(cast, contact)
    opened.refresh_from_db()
    assert opened.met_at is not None
    assert opened.cancelled_at is None
    assert not opened.escalations.filter(fired_at=None, cancelled_at=None).exists()


def test_every_clock_has_its_story_but_those_of_a_priority_and_for_information() -> None:
    told_of = {story.clock for story in STORIES}
    assert set(Clock) - told_of == {*RAG_CLOCKS.values(), Clock.ASSESSMENT, Clock.POLICE_PROTECTION}


@pytest.mark.parametrize(("rag", "clock"), list(RAG_CLOCKS.items()))
def test_the_clock_of_a_priority_is_counted_in_the_decision(rag: Rag, clock: Clock, rosa: User, grace: User) -> None:
    contact = build.rated(build.claimed(rosa, worker=grace), rag, by=grace)
    decision = contact.deadlines.live().get(clock=Clock.DECISION)
    assert decision.rule["priority"]["clock"] == clock
    assert decision.due_at - decision.opened_at == timedelta(hours=DEFAULTS[clock].amount)


def test_a_police_protection_has_the_laws_own_hours(rosa: User, grace: User, maya: User) -> None:
    contact = build.claimed(rosa, worker=grace)
    taken = timezone.now() - timedelta(minutes=30)
    act = acted(contact, grace, police_protection_at=taken)
    own = contact.deadlines.get(clock=Clock.POLICE_PROTECTION)
    assert (own.about, own.opened_at, own.due_at) == (act.about, taken, taken + timedelta(hours=72))
    assert not own.escalations.exists()


def test_an_unsent_draft_is_reminded_of(rosa: User) -> None:
    """Of a form that nobody has sent there is no contact: its clock is the draft's own, in the draft itself."""
    draft = draft_by(rosa)
    look_after_drafts(draft.updated_at + timedelta(hours=23))
    assert not Notice.objects.filter(template="draft_unsent").exists()
    look_after_drafts(draft.updated_at + timedelta(days=3))
    assert [notice.to for notice in Notice.objects.filter(template="draft_unsent")] == [rosa]


# reopening
