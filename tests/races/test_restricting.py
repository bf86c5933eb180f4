"""G9, G13: a record is restricted, opened and lifted under several hands at once. On real connections."""

from referrals.models import BrokenGlass, Notice, Restriction
from referrals.restricted import actions, breaking
from referrals.triage import actions as triage
from referrals.vocabulary import Clock, Verb
from tests import build, restricting
from tests.races.together import (
    DONE,
    NOT_THERE,
    at_once,
    current,
    messages,
    nothing_is_there_twice,
    while_it_is_under_way,
    written,
)


def test_whoever_was_about_to_write_on_a_record_that_is_being_restricted_finds_nothing(committed: str) -> None:
    rosa, grace, maya, ivan = (build.player(name) for name in ("Rosa", "Grace", "Maya", "Ivan"))
    contact = build.received(rosa)
    with while_it_is_under_way(
        lambda: restricting.restricted(contact, by=maya),
        lambda: triage.assign(contact.reference, to=grace, by=ivan, version=contact.version),
    ) as answer:
        assert answer() == NOT_THERE
    assert (current(contact).owner, current(contact).is_restricted) == (None, True)
    assert (written(contact, Verb.ASSIGN), messages(contact, "assigned")) == ((0, 0), 0)
    nothing_is_there_twice(contact)


def test_a_record_that_somebody_is_writing_on_is_not_restricted_unread(committed: str) -> None:
    rosa, grace, maya, ivan = (build.player(name) for name in ("Rosa", "Grace", "Maya", "Ivan"))
    contact = build.received(rosa)
    with while_it_is_under_way(
        lambda: triage.assign(contact.reference, to=grace, by=ivan, version=contact.version),
        lambda: actions.restrict(
            contact.reference, reason=restricting.REASON, people=(), by=maya, version=contact.version
        ),
    ) as answer:
        changed = "This contact has changed since you opened the page: Ivan Petrov assigned the contact at "
        assert answer().startswith(changed)
    assert (current(contact).owner, current(contact).is_restricted) == (grace, False)
    assert not Restriction.objects.exists()
    assert written(contact, Verb.RESTRICT) == (0, 0)
    nothing_is_there_twice(contact)


def test_two_managers_restrict_at_once_and_one_circle_is_in_force(committed: str) -> None:
    rosa, maya, ivan = (build.player(name) for name in ("Rosa", "Maya", "Ivan"))
    contact = build.received(rosa)
    answers = at_once(
        *(
            lambda who=who: actions.restrict(
                contact.reference, reason=restricting.REASON, people=(), by=who, version=contact.version
            )
            for who in (maya, ivan)
        )
    )
    assert sorted(answers) == sorted([DONE, NOT_THERE])
    assert list(Restriction.objects.get().named.all()) == [(maya, ivan)[answers.index(DONE)]]
    assert written(contact, Verb.RESTRICT) == (1, 1)
    nothing_is_there_twice(contact)


def test_a_glass_broken_while_the_restriction_is_lifted_is_not_broken_and_the_record_is_there(committed: str) -> None:
    rosa, maya, ivan, _priya = (build.player(name) for name in ("Rosa", "Maya", "Ivan", "Priya"))
    contact = restricting.restricted(build.received(rosa), by=maya)
    with while_it_is_under_way(
        lambda: actions.lift(contact.reference, reason="It is over", by=maya, version=contact.version),
        lambda: breaking.break_glass(contact.reference, reason=restricting.BECAUSE, by=ivan),
    ) as answer:
        assert answer() == DONE
    assert not current(contact).is_restricted
    assert not BrokenGlass.objects.exists()
    assert not contact.deadlines.filter(clock=Clock.BREAK_REVIEW).exists()
    assert not Notice.objects.filter(template__startswith="glass").exists()
    nothing_is_there_twice(contact)


def test_a_restriction_lifted_while_its_glass_is_broken_is_lifted_and_the_broken_glass_is_reviewed(
    committed: str,
) -> None:
    rosa, maya, ivan, _priya = (build.player(name) for name in ("Rosa", "Maya", "Ivan", "Priya"))
    contact = restricting.restricted(build.received(rosa), by=maya)
    with while_it_is_under_way(
        lambda: breaking.break_glass(contact.reference, reason=restricting.BECAUSE, by=ivan),
        lambda: actions.lift(contact.reference, reason="It is over", by=maya, version=contact.version),
    ) as answer:
        assert answer() == DONE
    assert not current(contact).is_restricted
    glass = BrokenGlass.objects.get()
    assert (glass.by, glass.reviewed_at) == (ivan, None)
    assert contact.deadlines.live().filter(clock=Clock.BREAK_REVIEW, about=glass.about).count() == 1
    assert (messages(contact, "glass_broken"), messages(contact, "glass_opened")) == (1, 1)
    nothing_is_there_twice(contact)
