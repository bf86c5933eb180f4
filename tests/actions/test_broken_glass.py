"""Breaking the glass of a restricted record: for four hours, told of within the minute, reviewed by somebody else."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from mash_portal.accounts.models import User
from mash_portal.audit.models import Event
from referrals import access
from referrals.escalation.sweep import sweep
from referrals.models import BrokenGlass, Contact, Deadline, Notice
from referrals.refusals import NotYours, Refused
from referrals.restricted import actions, breaking, queries
from referrals.triage import actions as triage
from referrals.vocabulary import Clock, Verb
from tests import build
from tests.checking import asked
from tests.restricting import BECAUSE, broken, restricted, run_out


@pytest.fixture
def shut(rosa: User, grace: User, maya: User) -> Contact:
    """A record that Rosa sent, Grace holds and Maya has restricted."""
    return restricted(build.claimed(rosa, worker=grace), by=maya)


def sees(user: User, contact: Contact) -> bool:
    return access.visible_to(user).filter(pk=contact.pk).exists()


def test_a_manager_who_is_not_named_breaks_the_glass_and_the_auditor_and_the_named_manager_are_told(
    shut: Contact, ivan: User, maya: User, priya: User
) -> None:
    assert not sees(ivan, shut)
    assert breaking.break_glass(shut.reference, reason=BECAUSE, by=ivan) == shut
    assert access.read(ivan, shut.reference) == shut
    glass = BrokenGlass.objects.get()
    assert (glass.by, glass.reason, glass.expires_at - glass.at) == (ivan, BECAUSE, timedelta(hours=4))
    told = Notice.objects.filter(template__startswith="glass").order_by("template")
    assert [(notice.template, notice.to) for notice in told] == [("glass_broken", priya), ("glass_opened", maya)]
    assert all(notice.next_attempt_at == glass.at for notice in told)
    clock = Deadline.objects.get(clock=Clock.BREAK_REVIEW)
    assert (clock.about, clock.met_at) == (glass.about, None)
    verbs = list(Event.objects.filter(by=ivan).order_by("id").values_list("verb", flat=True))
    assert verbs == ["break_glass:tried", "break_glass", "viewed:read"]
    version = Contact.objects.get(pk=shut.pk).version
    assert version == shut.version


@pytest.mark.parametrize("what", ["absent", "no reference", "no reason", "not theirs"])
def test_nobody_opens_anything_without_a_reference_and_a_reason_and_the_attempt_is_kept(
    what: str, shut: Contact, ivan: User, sam: User
) -> None:
    wrong = {
        "absent": ("ZZZZ-ZZZZ", BECAUSE, ivan, breaking.NOTHING),
        "no reference": ("x' OR 1=1", BECAUSE, ivan, breaking.NOTHING),
        "no reason": (shut.reference, " ", ivan, "Say why"),
        "not theirs": (shut.reference, BECAUSE, sam, "contact officer cannot"),
    }
    reference, reason, who, words = wrong[what]
    with pytest.raises(Refused, match=words):
        breaking.break_glass(reference, reason=reason, by=who)
    assert not BrokenGlass.objects.exists()
    assert not Notice.objects.filter(template__startswith="glass").exists()
    assert not sees(who, shut)
    assert Event.objects.get(by=who).verb == "break_glass:tried"


def test_the_same_words_answer_for_what_is_absent_and_what_a_person_may_never_open(
    shut: Contact, rosa: User, cy: User, ivan: User
) -> None:
    said = set()
    for reference in ("ZZZZ-ZZZZ", "A", ""):
        with pytest.raises(Refused) as refused:
            breaking.break_glass(reference, reason=BECAUSE, by=ivan)
        said.add(str(refused.value))
    assert said == {breaking.NOTHING}
    for stranger in (rosa, cy):
        for reference in (shut.reference, "ZZZZ-ZZZZ"):
            with pytest.raises(NotYours):
                breaking.break_glass(reference, reason=BECAUSE, by=stranger)


def test_whoever_sees_the_record_anyway_breaks_nothing_and_twice_is_once(
    shut: Contact, maya: User, grace: User, ivan: User
) -> None:
    for who in (maya, grace):
        assert breaking.break_glass(shut.reference, reason=BECAUSE, by=who) == shut
    assert not BrokenGlass.objects.exists()
    for _ in range(2):
        breaking.break_glass(shut.reference, reason=BECAUSE, by=ivan)
    assert BrokenGlass.objects.count() == 1


def test_the_glass_closes_by_itself_after_four_hours_with_nothing_running(shut: Contact, ivan: User) -> None:
    glass = broken(shut, by=ivan)
    assert sees(ivan, shut)
    run_out(glass)
    assert not sees(ivan, shut)
    with pytest.raises(Http404):
        access.read(ivan, shut.reference)


def test_the_reader_gives_it_back_and_has_to_say_why_again(shut: Contact, ivan: User) -> None:
    glass = broken(shut, by=ivan)
    breaking.give_back(shut.reference, by=ivan)
    assert not sees(ivan, shut)
    glass.refresh_from_db()
    assert glass.closed_at is not None
    assert glass.reviewed_at is None
    breaking.break_glass(shut.reference, reason=BECAUSE, by=ivan)
    assert BrokenGlass.objects.count() == 2


def test_whoever_broke_the_glass_reads_and_cannot_take_change_or_unlock_the_record(
    rosa: User, maya: User, ivan: User, grace: User
) -> None:
    shut = restricted(build.received(rosa), by=maya)
    broken(shut, by=ivan)
    assert access.may(ivan, shut) == {Verb.READ, Verb.NOTE, Verb.ACT_NOW, Verb.CONFIRM_ACT, Verb.BREAK_GLASS}
    with pytest.raises(NotYours, match="breaking the glass"):
        triage.claim(shut.reference, by=ivan)
    with pytest.raises(NotYours, match="breaking the glass"):
        triage.assign(shut.reference, to=grace, by=ivan, version=shut.version)
    for act in (actions.restrict, actions.name):
        with pytest.raises(NotYours):
            act(shut.reference, reason="Mine", people=[ivan], by=ivan, version=shut.version)
    with pytest.raises(NotYours):
        actions.lift(shut.reference, reason="Mine", by=ivan, version=shut.version)
    triage.claim(shut.reference, by=maya)


def test_an_auditor_reviews_what_was_broken_and_its_clock_is_met(shut: Contact, ivan: User, priya: User) -> None:
    glass = broken(shut, by=ivan)
    access.read(ivan, shut.reference)
    assert [line.what for line in queries.pages_read(glass)][:1] == ["Opened the contact"]
    with pytest.raises(Refused, match="Write what you found"):
        breaking.review(glass.pk, was_right=True, words=" ", by=priya)
    assert Deadline.objects.get(about=glass.about).met_at is None
    done = breaking.review(glass.pk, was_right=True, words="He rang Maya first, and she was away.", by=priya)
    assert (done.was_right, done.reviewed_by) == (True, priya)
    assert Deadline.objects.get(about=glass.about).met_at == done.reviewed_at
    with pytest.raises(Refused, match="Priya Nair has reviewed this already"):
        breaking.review(glass.pk, was_right=False, words="No", by=priya)
    assert BrokenGlass.objects.get().was_right


def test_nobody_reviews_their_own_glass_and_nobody_else_than_a_reviewer_does(
    shut: Contact, helen: User, ivan: User, priya: User
) -> None:
    glass = broken(shut, by=helen)
    with pytest.raises(Refused, match="You broke this glass yourself"):
        breaking.review(glass.pk, was_right=True, words="It was right", by=helen)
    with pytest.raises(Http404):
        breaking.review(glass.pk, was_right=True, words="It was right", by=ivan)
    with pytest.raises(IntegrityError), transaction.atomic():
        BrokenGlass.objects.filter(pk=glass.pk).update(reviewed_by=helen)
    assert BrokenGlass.objects.get().reviewed_by is None
    breaking.review(glass.pk, was_right=True, words="It was right", by=priya)


def test_a_reviewer_sees_the_broken_glass_and_not_the_record(shut: Contact, ivan: User, helen: User) -> None:
    glass = broken(shut, by=ivan)
    assert access.read_glass(helen, glass.pk) == glass
    assert not sees(helen, shut)


def test_a_late_review_escalates_to_the_reviewers_and_nothing_else_about_the_record_does(
    shut: Contact, ivan: User, helen: User, priya: User
) -> None:
    inside = {build.player("Maya"), build.player("Grace"), shut.referrer}
    glass = broken(shut, by=ivan)
    due = Deadline.objects.get(about=glass.about).due_at
    Notice.objects.all().delete()
    sweep(due + timedelta(hours=20))
    late = Notice.objects.filter(template="glass_late")
    assert {notice.to for notice in late} == {helen, priya}
    rest = Notice.objects.exclude(template="glass_late")
    assert rest.exists()
    assert {notice.to for notice in rest} <= inside
    others = shut.escalations.fired().exclude(deadline__clock=Clock.BREAK_REVIEW)
    assert {who for step in others for who in step.told.all()} <= inside


def test_a_glass_broken_before_the_record_was_open_to_all_opens_nothing_when_it_is_restricted_again(
    shut: Contact, ivan: User, maya: User
) -> None:
    broken(shut, by=ivan)
    shut.refresh_from_db()
    actions.lift(shut.reference, reason="It was a namesake", by=maya, version=shut.version)
    assert sees(ivan, shut)
    restricted(shut, by=maya)
    assert not sees(ivan, shut)


def test_an_agency_is_told_of_a_check_only_where_somebody_of_it_is_named_and_can_read_it(
    shut: Contact, omar: User, nell: User, grace: User, maya: User
) -> None:
    shut.refresh_from_db()
    actions.name(shut.reference, reason=BECAUSE, people=[omar], by=maya, version=shut.version)
    checks = asked(shut, omar, nell, by=grace)
    assert [notice.to for notice in Notice.objects.filter(template="check_asked")] == [omar]
    assert [access.checks_of(person).filter(pk__in=[one.pk for one in checks]).count() for person in (omar, nell)] == [
        1,
        0,
    ]
