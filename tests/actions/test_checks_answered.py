"""Answering a check, correcting the answer, closing without it, and what the answers mean together."""

from typing import Any

import pytest

from mash_portal.accounts.models import User
from mash_portal.accounts.roles import Role
from mash_portal.audit.models import Event
from referrals.decision import actions as decisions
from referrals.enquiries import actions
from referrals.models import Contact, Notice, StageChange, Synthesis
from referrals.refusals import NotYours, Refused, Stale
from referrals.vocabulary import Outcome, Stage, Verb
from tests import build, checking
from tests.actions.after_sending import told
from tests.checking import answer_of, answered, asked, closed, one_asked, rows

pytestmark = pytest.mark.django_db


# Answering


def test_a_practitioner_answers_and_the_worker_is_told(rosa: User, grace: User, omar: User) -> None:
    check = one_asked(rosa, omar, worker=grace)
    version = Contact.objects.get(pk=check.contact_id).version
    done = answered(check, omar, may_share="some", share_with="Not with the father")
    assert (done.known, done.facts, done.may_share) == (True, checking.FACTS, "some")
    assert (done.answered_by, done.is_open, len(done.answers)) == (omar, False, 1)
    deadline = check.contact.deadlines.get(about=check.about)
    assert deadline.met_at == done.answered_at
    assert not deadline.escalations.filter(fired_at=None, cancelled_at=None).exists()
    assert told("check_answered") == [grace]
    assert check.contact.steps.get(verb=Verb.ANSWER_CHECK).by == omar
    assert Contact.objects.get(pk=check.contact_id).version == version + 1


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"known": None}, "Say whether the family is known"),
        ({"facts": " "}, "Write the facts"),
        ({"may_share": ""}, "may be passed on"),
        ({"may_share": "no"}, "more detrimental"),
    ],
)
def test_an_answer_that_lacks_something_is_refused_and_nothing_is_written(
    said: dict[str, Any], sentence: str, rosa: User, grace: User, omar: User
) -> None:
    check = one_asked(rosa, omar, worker=grace)
    before = rows()
    with pytest.raises(Refused, match=sentence):
        answered(check, omar, **said)
    assert rows() == before
    assert answered(check, omar).answered_at


def test_nothing_known_is_an_answer_and_has_nothing_to_share(rosa: User, grace: User, omar: User) -> None:
    check = one_asked(rosa, omar, worker=grace)
    done = answered(check, omar, known=False, facts=" ", may_share="no", share_with="x")
    assert (done.known, done.facts, done.may_share, done.share_with) == (False, "", "", "")


def test_a_correction_is_another_answer_and_the_earlier_one_stays(rosa: User, grace: User, omar: User) -> None:
    check = one_asked(rosa, omar, worker=grace)
    first = answered(check, omar)
    assert len(answered(check, omar).answers) == 1, "a double click"
    corrected = answered(
        check, omar, seen=1, facts="Three calls, one arrest.", may_share="no", share_with="She would suffer"
    )
    assert (corrected.facts, corrected.may_share) == ("Three calls, one arrest.", "no")
    assert [one["facts"] for one in corrected.answers] == [checking.FACTS, "Three calls, one arrest."]
    assert corrected.answered_at == first.answered_at, "turnaround is counted to the first answer"
    assert told("check_answered") == [grace, grace]


def test_a_colleague_who_wrote_at_the_same_time_reads_the_first_answer_first(
    rosa: User, grace: User, omar: User
) -> None:
    check = one_asked(rosa, omar, worker=grace)
    answered(check, omar)
    colleague = User.objects.create_user("cy@police.example", full_name="Cy Lee", agency=omar.agency, role=Role.PARTNER)
    before = rows()
    with pytest.raises(Refused, match="Omar Khan answered this at"):
        answered(check, colleague, facts="I know more")
    with pytest.raises(Refused, match="lost its place"):
        actions.answer(one_asked(rosa, omar, worker=grace).pk, answer_of(), seen=7, by=omar)
    check.refresh_from_db()
    assert len(check.answers) == 1
    assert before[2] + 3 == StageChange.objects.count(), "only the second contact's own steps"
    assert len(answered(check, colleague, seen=1, facts="I know more").answers) == 2


def test_an_answer_after_the_check_was_closed_and_the_contact_decided_is_kept_and_the_worker_told(
    rosa: User, grace: User, maya: User, omar: User
) -> None:
    contact = build.assessed(rosa, worker=grace)
    checks = asked(contact, omar, by=grace)
    closed(checks, grace)
    assert told("check_closed") == [omar]
    build.recommend(contact, Outcome.SECTION_17, by=grace)
    contact.refresh_from_db()
    decisions.sign_off(contact.reference, by=maya, version=contact.version)
    done = answered(checks[0], omar)
    assert (done.facts, done.closed_by, done.answered_by) == (checking.FACTS, grace, omar)
    contact.refresh_from_db()
    assert contact.stage == Stage.DECIDED
    assert told("check_answered") == [grace]


def test_a_waiting_recommendation_must_be_looked_at_again_when_an_agency_answers(
    rosa: User, grace: User, maya: User, omar: User
) -> None:
    contact = build.assessed(rosa, worker=grace)
    checks = asked(contact, omar, by=grace)
    closed(checks, grace)
    build.recommend(contact, Outcome.SECTION_17, by=grace)
    answered(checks[0], omar)
    contact.refresh_from_db()
    with pytest.raises(Stale, match="send it back"):
        decisions.sign_off(contact.reference, by=maya, version=contact.version)


# Closing, and the guard of front-door.md 3.5


def test_no_decision_is_recommended_while_a_check_is_open(rosa: User, grace: User, omar: User, nell: User) -> None:
    contact = build.assessed(rosa, worker=grace)
    police, health = asked(contact, omar, nell, by=grace)
    answered(police, omar)
    before = rows()
    with pytest.raises(Refused, match="An agency check is still open: Trent Vale Community Health"):
        build.recommend(contact, Outcome.SECTION_17, by=grace)
    assert rows() == before
    closed([health], grace)
    assert build.recommend(contact, Outcome.SECTION_17, by=grace).is_waiting


def test_a_check_that_waits_for_authority_is_open_too(rosa: User, grace: User, omar: User) -> None:
    contact = build.assessed(rosa, worker=grace, agreed=False)
    asked(contact, omar, by=grace, legal_basis="public_task")
    with pytest.raises(Refused, match="still open: Regional Police"):
        build.recommend(contact, Outcome.SECTION_17, by=grace)


def test_a_check_is_closed_with_a_reason_and_its_clock_stops_unmet(
    rosa: User, grace: User, sam: User, omar: User, nell: User
) -> None:
    contact = build.claimed(rosa, worker=grace)
    police, health = asked(contact, omar, nell, by=grace)
    before = rows()
    with pytest.raises(Refused, match="Say why you do not wait"):
        closed([police], grace, " ")
    with pytest.raises(NotYours):
        closed([police], sam)
    with pytest.raises(Refused, match="Choose the checks"):
        actions.close(contact.reference, [0], because="x", by=grace)
    assert rows() == before
    [done] = closed([police], grace)
    assert (done.closed_by, done.is_open) == (grace, False)
    deadline = contact.deadlines.get(about=police.about)
    assert (deadline.met_at, deadline.cancelled_at) == (None, done.closed_at)
    assert contact.deadlines.live().filter(about=health.about).exists()
    after = rows()
    assert closed([police], grace) == [done], "a double click"
    with pytest.raises(Refused, match="Grace Lin has closed the check with Regional Police already"):
        closed([police], build.player("Maya"), "Other")
    assert rows() == after


def test_a_check_that_was_answered_cannot_be_closed(rosa: User, grace: User, omar: User) -> None:
    check = answered(one_asked(rosa, omar, worker=grace), omar)
    before = rows()
    with pytest.raises(Refused, match="Regional Police has answered in the meantime"):
        closed([check], grace)
    assert rows() == before


# Together


def test_a_worker_puts_the_answers_together_and_earlier_words_stay(
    rosa: User, grace: User, omar: User, maya: User
) -> None:
    check = one_asked(rosa, omar, worker=grace)
    contact = Contact.objects.get(pk=check.contact_id)
    before = rows()
    with pytest.raises(Refused, match="No agency has answered yet"):
        actions.synthesise(contact.reference, text="x", by=grace, version=contact.version)
    answered(check, omar)
    with pytest.raises(Stale, match="Omar Khan answered an agency check"):
        actions.synthesise(contact.reference, text="x", by=grace, version=contact.version)
    contact.refresh_from_db()
    with pytest.raises(Refused, match="Write what the answers mean"):
        actions.synthesise(contact.reference, text=" ", by=grace, version=contact.version)
    with pytest.raises(NotYours):
        actions.synthesise(contact.reference, text="x", by=maya, version=contact.version)
    assert Synthesis.objects.count() == before[3]
    first = actions.synthesise(contact.reference, text="Quiet since September.", by=grace, version=contact.version)
    again = actions.synthesise(contact.reference, text="Quiet since September.", by=grace, version=contact.version)
    assert again == first, "a double click"
    contact.refresh_from_db()
    actions.synthesise(contact.reference, text="Not so quiet.", by=grace, version=contact.version)
    assert [one.text for one in contact.syntheses.all()] == ["Not so quiet.", "Quiet since September."]


def test_the_trail_and_the_outbox_hold_none_of_the_words(rosa: User, grace: User, maya: User, omar: User) -> None:
    contact = build.claimed(rosa, worker=grace, agreed=False)
    [check] = asked(contact, omar, by=grace, purpose="CANARY-1", legal_basis="public_task")
    actions.authorise(contact.reference, [check.pk], because="CANARY-2", by=maya)
    answered(check, omar, facts="CANARY-3", may_share="no", share_with="CANARY-4")
    contact.refresh_from_db()
    actions.synthesise(contact.reference, text="CANARY-5", by=grace, version=contact.version)
    [other] = asked(contact, build.player("Nell"), by=maya, legal_basis="public_task", because="CANARY-6")
    closed([other], maya, "CANARY-7")
    verbs = set(Event.objects.about(contact.reference).values_list("verb", flat=True))
    assert {"check", "answer_check", "close_check", "synthesise"} <= verbs
    assert "CANARY" not in str(list(Event.objects.values()))
    assert "CANARY" not in str(list(Notice.objects.values()))
